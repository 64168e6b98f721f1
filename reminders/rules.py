"""A reminder rule as one SQL statement: INSERT … SELECT … ON CONFLICT (key) DO NOTHING.

The days to plan become a small table of slots (fact day, offset, instant of showing) that is joined to the
date column, so an index finds exactly what falls due and the cost does not grow with what is stored. The
key `rule:object:due:offset:receiver` makes every further run add nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Insert,
    Select,
    SmallInteger,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import BIRTHDAYS, CREATED, ENTERED, EVENT, SILENCE, Condition, Packs, ReminderRule
from reminders.calendar import (
    DAY,
    day_bounds,
    days_shifted_to,
    local_instant,
    lunar_codes_celebrated_on,
    solar_days_celebrated_on,
)
from reminders.events import event_slots, happened, on_accounts
from reminders.receivers import receiver_of
from reminders.rule_conditions import TABLES, BadRule, compile_condition, field_value, spoken_condition
from reminders.slots import Slot, SlotColumns, anniversaries, columns_of, literal_of, slot_table, slots_of
from storage.database import UnitOfWork
from storage.tables import (
    Json,
    UTCDateTime,
    accounts,
    clients,
    consents,
    contracts,
    instalments,
    interactions,
    journey_runs,
    reminders,
    transactions,
)

__all__ = [
    "BIRTHDAYS", "BIRTHDAY_KEEPS", "CAUSE_GONE", "RULE_GONE",
    "Asked", "BadRule", "asked", "birthday_keeps", "calendars", "compile_rule", "conditions", "date_of", "links",
    "selection", "silence", "would_hit",
]

LOST, CARE = "lost", "care"
# What a client who left is still served with: what is owed, and what the adviser wrote into the diary.
# What ends a journey is said by the journey itself.
_SERVED_WHEN_LOST = ("premium", "repayment", "follow_up", "journey")
Asked = Condition | Literal["stage", "care", "kinds", "account", "moved", "unpaid", "running"]
_OF_THE_RECORD: tuple[Asked, ...] = ("kinds", "account", "moved", "unpaid", "running")
BIRTHDAY_KEEPS = timedelta(days=7)  # a wish that is a week late is better left unsaid
CAUSE_GONE, RULE_GONE = "原因已消失", "规则已停用"  # why the system itself cancelled a reminder
# Which records a rule may ask about, by the one that it is about.
_REACH: Mapping[str, frozenset[str]] = {
    "client": frozenset({"client"}), "contract": frozenset({"client", "contract"}),
    "instalment": frozenset({"client", "contract", "instalment"}),
    "account": frozenset({"client", "account"}), "transaction": frozenset({"client", "account", "transaction"}),
    "interaction": frozenset({"client"}),
}
_WRITTEN = (
    "key", "rule", "category", "receiver_id", "owner_id", "client_id", "object_type", "object_id", "due_on",
    "offset_days", "remind_at", "weight", "timed", "state", "data", "snoozed", "version", "created_at",
)  # fmt: skip


def compile_rule(
    rule: ReminderRule, packs: Packs, first: date, last: date, *, zone: ZoneInfo, now: datetime, dialect: str
) -> Insert | None:
    """The statement that writes the rule's reminders of the days `first` to `last`; None when it has none.

    `dialect` is "sqlite" or "postgresql". Raises BadRule."""
    due = _due(rule, packs, first, last, zone, now)
    if due is None:
        return None
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    chosen = select(*due.c).where(~_is_written(rule, due))
    statement = make(reminders).from_select(list(_WRITTEN), chosen, include_defaults=False)
    once = statement.on_conflict_do_nothing(index_elements=["key"])
    return once.execution_options(preserve_rowcount=True)


def selection(
    rule: ReminderRule, packs: Packs, first: date, last: date, *, zone: ZoneInfo, now: datetime, wide: bool = False
) -> Select[Any] | None:
    """The rows that the rule makes on the days `first` to `last`, whether or not they are written already; `wide`:
    also those that its conditions pass over, as long as the contract is in force and the instalment unpaid."""
    due = _due(rule, packs, first, last, zone, now, wide)
    return None if due is None else select(*due.c)


def _due(
    rule: ReminderRule, packs: Packs, first: date, last: date, zone: ZoneInfo, now: datetime, wide: bool = False
) -> Subquery | None:
    parts = _parts(rule, packs, first, last, zone)
    if not parts:
        return None
    # Also for an adviser who is away or has left: the rows wait for the colleague who takes the client over.
    asks = _alive(rule, packs, zone) if wide else conditions(rule, packs, last, zone)
    filters = [*asks, *links(rule.source_record), *receiver_of(rule).links]
    chosen = [part.where(*filters) for part in _with_stamp(parts, now)]
    return (union_all(*chosen) if len(chosen) > 1 else chosen[0]).subquery("due")


def _is_written(rule: ReminderRule, due: Subquery) -> ColumnElement[bool]:
    """The occurrence has its row, though perhaps under the key of the adviser who had the client before. What he
    finished is finished, and what he left open went along."""
    his = [reminders.c.receiver_id == due.c.receiver_id] if receiver_of(rule).several else []
    return exists().where(
        reminders.c.object_type == rule.source_record, reminders.c.object_id == due.c.object_id,
        reminders.c.rule == rule.id, reminders.c.due_on == due.c.due_on,
        reminders.c.offset_days == due.c.offset_days, *his,
    )  # fmt: skip


def would_hit(uow: UnitOfWork, rule: ReminderRule, day: date, zone: ZoneInfo) -> int:
    """How many reminders the rule makes for one day, over all books. Nothing is written."""
    chosen = selection(rule, uow.packs, day, day, zone=zone, now=uow.now)
    if chosen is None:
        return 0
    return int(uow.conn.execute(select(func.count()).select_from(chosen.subquery())).scalar_one())


def silence(packs: Packs, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
    """Which clients are over the longest silence that their tier allows, as of a day; lost ones are not."""
    limits = _limits(packs, day, 0, zone)
    if not limits:
        return clients.c.id.is_(None)
    since = func.coalesce(clients.c.last_contact_at, clients.c.created_at)
    return and_(clients.c.stage != LOST, since < _instants(limits))


# ---------------------------------------------------------------- the sources


def _parts(
    rule: ReminderRule, packs: Packs, first: date, last: date, zone: ZoneInfo
) -> list[Select[Any]]:
    if rule.source.startswith(EVENT):
        return _happened(rule, first, last, zone)
    slots = slots_of(rule, first, last, zone)
    if not slots:
        return []
    if rule.source == SILENCE:
        return _silent(rule, packs, last, zone)
    if rule.source in BIRTHDAYS:
        return _celebrated(rule, [s for s in slots if s.due_on > last - birthday_keeps(rule)])
    if rule.source == CREATED:
        return [_created(rule, slot, zone) for slot in slots]
    table = slot_table("slots", [(slot, 0) for slot in slots])
    rows, on = _rows(rule, columns_of(table)), date_of(rule, packs)
    if rule.yearly:
        kept = anniversaries(slot.due_on for slot in slots)
        return [rows.where(kept.c.due_on == table.c.due_on, on == kept.c.since)]
    return [rows.where(on == table.c.due_on)]


def _happened(rule: ReminderRule, first: date, last: date, zone: ZoneInfo) -> list[Select[Any]]:
    slots = event_slots(rule, first, last, zone)
    if not slots:
        return []
    table, days = slot_table("slots", slots), [slot.due_on for slot, _ in slots]
    return [_rows(rule, columns_of(table)).where(*happened(rule, table, days, zone))]


def date_of(rule: ReminderRule, packs: Packs) -> ColumnElement[Any]:
    """The date that the rule looks at. One that lives in JSON is text and has no index."""
    if rule.source == ENTERED:
        return journey_runs.c.entered_on
    spec = packs.field(rule.source_record, rule.source_field)
    value = field_value(rule.source_record, spec)
    return value if spec.column else func.date(value, type_=Date)


def birthday_keeps(rule: ReminderRule) -> timedelta:
    """For how long a birthday is spoken of: a week, and a week after the last day on which the rule itself asks."""
    return BIRTHDAY_KEEPS + DAY * max(0, *rule.offsets)


class _Calendar(NamedTuple):
    """A way to celebrate: where the birthday stands, which ones a day is for, and who goes by it."""

    name: str
    column: ColumnElement[Any]
    codes_on: Callable[[date], list[int]]
    whose: ColumnElement[bool]


def calendars(rule: ReminderRule) -> list[_Calendar]:
    """How the clients of a birthday rule celebrate."""
    by_moon = clients.c.birthday_calendar == "lunar"
    moon = _Calendar("lunar_slots", clients.c.lunar_birthday, lunar_codes_celebrated_on, by_moon)
    if rule.source == "client.lunar_birthday":
        return [moon]
    by_sun = or_(clients.c.birthday_calendar == "solar", clients.c.lunar_birthday.is_(None))
    return [_Calendar("solar_slots", clients.c.birth_day, solar_days_celebrated_on, by_sun), moon]


def _celebrated(rule: ReminderRule, slots: Sequence[Slot]) -> list[Select[Any]]:
    parts = []
    for way in calendars(rule):
        if coded := [(slot, code) for slot in slots for code in way.codes_on(slot.due_on)]:
            table = slot_table(way.name, coded)
            parts.append(_rows(rule, columns_of(table)).where(way.column == table.c.code, way.whose))
    return parts


def _created(rule: ReminderRule, slot: Slot, zone: ZoneInfo) -> Select[Any]:
    """Who was entered on the slot's day, as people in `zone` count days."""
    begins, ends = day_bounds(slot.due_on, zone)
    return _rows(rule, literal_of(slot)).where(clients.c.created_at >= begins, clients.c.created_at < ends)


def _silent(rule: ReminderRule, packs: Packs, last: date, zone: ZoneInfo) -> list[Select[Any]]:
    """Everyone over the limit of his tier, once per step of a silence: not only who passed it today, so that
    a client whose tier or owner changed, or who was imported, is not forgotten (goal G5)."""
    if not days_shifted_to(last, rule.shift):
        return []  # they are as silent on the next working day
    offsets = [*sorted(rule.offsets), None]
    at = time.fromisoformat(rule.hour)
    parts = []
    for offset, further in pairwise(offsets):
        assert offset is not None
        slot = Slot(last - timedelta(days=offset), offset, local_instant(last, at, zone))
        latest = _limits(packs, last, offset, zone, rule.silent_days)
        if not latest:
            return []
        earliest = _limits(packs, last, further, zone, rule.silent_days) if further is not None else None
        for since in (clients.c.last_contact_at, clients.c.created_at):
            parts.append(_silent_since(rule, slot, since, latest, earliest))
    return parts


def _limits(
    packs: Packs, day: date, offset: int, zone: ZoneInfo, all_clients: int | None = None
) -> list[tuple[ColumnElement[bool], datetime]]:
    """By tier, shortest limit first: before which instant the last contact must lie; `all_clients`: after so many days,
    whatever the tier."""
    if all_clients is not None:
        return [(true(), local_instant(day - timedelta(days=all_clients + offset - 1), time(), zone))]
    tiers = sorted(
        (tier.contact_days, scheme.name, tier.name) for scheme in packs.tiers for tier in scheme.tiers
    )
    return [
        (
            field_value("client", packs.field("client", scheme)) == name,
            local_instant(day - timedelta(days=days + offset - 1), time(), zone),
        )
        for days, scheme, name in tiers
    ]  # fmt: skip


def _silent_since(
    rule: ReminderRule, slot: Slot, since: ColumnElement[datetime],
    latest: list[tuple[ColumnElement[bool], datetime]],
    earliest: list[tuple[ColumnElement[bool], datetime]] | None,
) -> Select[Any]:  # fmt: skip
    told = exists().where(
        reminders.c.object_type == "client", reminders.c.object_id == clients.c.id,
        reminders.c.rule == rule.id, reminders.c.offset_days >= slot.offset, reminders.c.created_at >= since,
        func.coalesce(reminders.c.cause, "").not_in((CAUSE_GONE, RULE_GONE)),
    )  # fmt: skip
    # The outermost limit lets the index cut; the tier's own decides.
    days = literal_of(slot) if rule.silent_days is None else _once_a_silence(rule, slot, since)
    rows = _rows(rule, days).where(since < max(at for _, at in latest), since < _instants(latest), ~told)
    if since is clients.c.created_at:
        rows = rows.where(clients.c.last_contact_at.is_(None))
    if earliest:
        rows = rows.where(since >= min(at for _, at in earliest), since >= _instants(earliest))
    return rows


def _once_a_silence(rule: ReminderRule, slot: Slot, since: ColumnElement[datetime]) -> SlotColumns:
    """The key tells the silence by the last contact, so that one silence makes one row a step on whatever day it is
    planned; what was taken back with its cause or its rule does not count."""
    taken_back = select(func.count()).where(
        reminders.c.object_type == "client", reminders.c.object_id == clients.c.id, reminders.c.rule == rule.id,
        reminders.c.created_at >= since, reminders.c.cause.in_((CAUSE_GONE, RULE_GONE)),
    ).scalar_subquery()  # fmt: skip
    mark = literal("since ", String) + cast(since, String) + f":{slot.offset}:" + cast(taken_back, String)
    return literal_of(slot)._replace(mark=mark)


def _instants(limits: list[tuple[ColumnElement[bool], datetime]]) -> ColumnElement[Any]:
    return case(*((is_tier, literal(at, UTCDateTime)) for is_tier, at in limits))


# ---------------------------------------------------------------- what is written, and when it counts


def _rows(rule: ReminderRule, slot: SlotColumns) -> Select[Any]:
    """The values of a reminder, in the order of `_WRITTEN`, less the last."""
    record = rule.source_record
    table, receiver = TABLES[record], receiver_of(rule).column
    client_id = clients.c.id if record == "client" else table.c.client_id
    key = literal(f"{rule.id}:", String) + cast(table.c.id, String) + ":" + slot.mark + ":" + receiver
    return select(
        key.label("key"), literal(rule.id, String).label("rule"),
        literal(rule.category, String).label("category"), receiver.label("receiver_id"),
        table.c.owner_id.label("owner_id"), client_id.label("client_id"),
        literal(record, String).label("object_type"), table.c.id.label("object_id"),
        slot.due_on.label("due_on"), slot.offset_days.label("offset_days"), slot.remind_at.label("remind_at"),
        literal(rule.weight, SmallInteger).label("weight"), literal(False).label("timed"),
        literal("open", String).label("state"), literal({}, Json).label("data"),
        literal(0, SmallInteger).label("snoozed"), literal(1).label("version"),
    )  # fmt: skip


def _with_stamp(parts: list[Select[Any]], now: datetime) -> list[Select[Any]]:
    return [part.add_columns(literal(now, UTCDateTime).label("created_at")) for part in parts]


def links(record: str) -> list[ColumnElement[bool]]:
    """How the tables of a rule hang together: the record and its client."""
    return {
        "contract": [clients.c.id == contracts.c.client_id],
        "instalment": [contracts.c.id == instalments.c.contract_id, clients.c.id == instalments.c.client_id],
        "journey": [clients.c.id == journey_runs.c.client_id],
        "account": [clients.c.id == accounts.c.client_id],
        "interaction": [clients.c.id == interactions.c.client_id],
        "transaction": [accounts.c.id == transactions.c.account_id, clients.c.id == transactions.c.client_id],
    }.get(record, [])


def conditions(rule: ReminderRule, packs: Packs, today: date, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """What must hold of the record besides its date, as of a day. Raises BadRule."""
    return [*asked(rule, packs, zone).values(), *spoken_condition(rule, packs, today, zone)]


def _alive(rule: ReminderRule, packs: Packs, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    plain = asked(rule.model_copy(update={"where": ()}), packs, zone)
    return [condition for what, condition in plain.items() if what in _OF_THE_RECORD]


def asked(rule: ReminderRule, packs: Packs, zone: ZoneInfo) -> dict[Asked, ColumnElement[bool]]:
    """What a rule's `where` asks, and what goes without saying: "stage" (the client has not left), "care" (care was not
    refused), "kinds" (the contract is of the rule's kinds and in force), "unpaid", "running" (the client is in the
    rule's journey), "account" (the account is of the rule's kinds, in use and in yuan), "moved" (the sum moved on such
    an account, which may be closed since). Raises BadRule."""
    if rule.source == ENTERED:
        return {"running": and_(journey_runs.c.journey.in_(rule.kinds), journey_runs.c.state == "running")}
    records = _REACH[rule.source_record]
    found: dict[Asked, ColumnElement[bool]] = {
        condition: compile_condition(condition, packs, records, zone) for condition in rule.where
    }
    fields = {condition.field for condition in rule.where}
    if "client.stage" not in fields and rule.category not in _SERVED_WHEN_LOST:
        found["stage"] = clients.c.stage != LOST
    if rule.category == "birthday":
        found["care"] = ~_refuses_care()
    if "account" in records:
        found["moved" if "transaction" in records else "account"] = on_accounts(rule)
    if "contract" in records:
        found["kinds"] = _kinds(rule, packs, any_state="contract.state" in fields)
    if "instalment" in records and "instalment.state" not in fields:
        found["unpaid"] = instalments.c.state == "due"
    return found


def _refuses_care() -> ColumnElement[bool]:
    """The client's last word on care messages was no: an opted-out client never appears (S12)."""
    later = consents.alias("later")
    overruled = exists().where(
        later.c.client_id == consents.c.client_id, later.c.purpose == CARE,
        or_(later.c.at > consents.c.at, and_(later.c.at == consents.c.at, later.c.id > consents.c.id)),
    )  # fmt: skip
    return exists().where(
        consents.c.client_id == clients.c.id, consents.c.purpose == CARE, consents.c.granted.is_(False), ~overruled
    )


def _kinds(rule: ReminderRule, packs: Packs, *, any_state: bool) -> ColumnElement[bool]:
    """The rule's kinds of contract, and only those in force, unless the rule itself says which states."""
    kinds = rule.kinds or tuple(kind.name for kind in packs.kinds)
    if any_state:
        return contracts.c.kind.in_(kinds)
    return or_(*(
        and_(contracts.c.kind == kind, contracts.c.state.in_(packs.kind(kind).open_states)) for kind in kinds
    ))  # fmt: skip

