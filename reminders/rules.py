"""A reminder rule as one SQL statement: INSERT … SELECT … ON CONFLICT (key) DO NOTHING.

The days to plan become a small table of slots (fact day, offset, instant of showing) that is joined to the
date column, so an index finds exactly what falls due and the cost does not grow with what is stored. The
key `rule:object:due:offset:receiver` makes every further run add nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
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
    column,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import SILENCE, Packs, ReminderRule
from reminders.calendar import DAY, local_instant, lunar_codes_celebrated_on, solar_days_celebrated_on
from reminders.rule_conditions import TABLES, BadRule, compile_condition, field_value
from storage.database import UnitOfWork
from storage.tables import Json, UTCDateTime, clients, consents, contracts, instalments, reminders

__all__ = [
    "BIRTHDAYS", "BIRTHDAY_KEEPS", "CAUSE_GONE", "RULE_GONE",
    "BadRule", "calendars", "compile_rule", "conditions", "date_of", "links", "selection", "silence", "would_hit",
]

LOST, CARE = "lost", "care"
# What a client who left is still served with: what is owed, and what the adviser wrote into the diary.
_SERVED_WHEN_LOST = ("premium", "repayment", "follow_up")
BIRTHDAYS = ("client.birthday", "client.lunar_birthday")
BIRTHDAY_KEEPS = timedelta(days=7)  # a wish that is a week late is better left unsaid
CAUSE_GONE, RULE_GONE = "原因已消失", "规则已停用"  # why the system itself cancelled a reminder
_WRITTEN = (
    "key", "rule", "category", "receiver_id", "owner_id", "client_id", "object_type", "object_id", "due_on",
    "offset_days", "remind_at", "weight", "timed", "state", "data", "snoozed", "version", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact on `due_on` is to be shown from `remind_at`."""

    due_on: date
    offset: int
    remind_at: datetime

    @property
    def mark(self) -> str:
        return f"{self.due_on}:{self.offset}"


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
    rule: ReminderRule, packs: Packs, first: date, last: date, *, zone: ZoneInfo, now: datetime
) -> Select[Any] | None:
    """The rows that the rule makes on the days `first` to `last`, whether or not they are written already."""
    due = _due(rule, packs, first, last, zone, now)
    return None if due is None else select(*due.c)


def _due(
    rule: ReminderRule, packs: Packs, first: date, last: date, zone: ZoneInfo, now: datetime
) -> Subquery | None:
    slots = _slots(rule, first, last, zone)
    parts = _parts(rule, packs, slots, last, zone) if slots else []
    if not parts:
        return None
    # Also for an adviser who is away or has left: the rows wait for the colleague who takes the client over.
    filters = [*conditions(rule, packs, zone), *links(rule.source_record)]
    chosen = [part.where(*filters) for part in _with_stamp(parts, now)]
    return (union_all(*chosen) if len(chosen) > 1 else chosen[0]).subquery("due")


def _is_written(rule: ReminderRule, due: Subquery) -> ColumnElement[bool]:
    """The occurrence has its row, though perhaps under the key of the adviser who had the client before. What he
    finished is finished, and what he left open went along. A rule speaks to one person, the client's adviser."""
    return exists().where(
        reminders.c.object_type == rule.source_record, reminders.c.object_id == due.c.object_id,
        reminders.c.rule == rule.id, reminders.c.due_on == due.c.due_on,
        reminders.c.offset_days == due.c.offset_days,
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


# ---------------------------------------------------------------- the days


def _slots(rule: ReminderRule, first: date, last: date, zone: ZoneInfo) -> list[Slot]:
    at = time.fromisoformat(rule.hour)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    return [
        Slot(day - timedelta(days=offset), offset, local_instant(day, at, zone))
        for day in days if rule.is_valid_on(day) for offset in rule.offsets
    ]  # fmt: skip


def _table(name: str, slots: Sequence[tuple[Slot, int]]) -> CTE:
    """The slots as a table to join; `code` is the birthday, as month * 100 + day, that a slot looks for."""
    # Nested: sqlite3 counts the rows of a statement that begins with INSERT, not of one that begins with WITH.
    rows = [(slot.due_on, slot.offset, slot.remind_at, slot.mark, code) for slot, code in slots]
    return values(
        column("due_on", Date), column("offset_days", SmallInteger), column("remind_at", UTCDateTime),
        column("mark", String), column("code", SmallInteger), name=name,
    ).data(rows).cte(name, nesting=True)  # fmt: skip


class _SlotColumns(NamedTuple):
    """What a row takes from its slot."""

    due_on: ColumnElement[Any]
    offset_days: ColumnElement[Any]
    remind_at: ColumnElement[Any]
    mark: ColumnElement[Any]


def _columns(table: CTE) -> _SlotColumns:
    return _SlotColumns(table.c.due_on, table.c.offset_days, table.c.remind_at, table.c.mark)


def _literal(slot: Slot) -> _SlotColumns:
    return _SlotColumns(
        literal(slot.due_on, Date), literal(slot.offset, SmallInteger), literal(slot.remind_at, UTCDateTime),
        literal(slot.mark, String),
    )  # fmt: skip


# ---------------------------------------------------------------- the sources


def _parts(
    rule: ReminderRule, packs: Packs, slots: Sequence[Slot], last: date, zone: ZoneInfo
) -> list[Select[Any]]:
    if rule.source == SILENCE:
        return _silent(rule, packs, last, zone)
    if rule.source in BIRTHDAYS:
        return _celebrated(rule, [s for s in slots if s.due_on > last - BIRTHDAY_KEEPS])
    table = _table("slots", [(slot, 0) for slot in slots])
    return [_rows(rule, _columns(table)).where(date_of(rule, packs) == table.c.due_on)]


def date_of(rule: ReminderRule, packs: Packs) -> ColumnElement[Any]:
    """The date that the rule looks at. One that lives in JSON is text and has no index."""
    spec = packs.field(rule.source_record, rule.source_field)
    value = field_value(rule.source_record, spec)
    return value if spec.column else func.date(value, type_=Date)


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
            table = _table(way.name, coded)
            parts.append(_rows(rule, _columns(table)).where(way.column == table.c.code, way.whose))
    return parts


def _silent(rule: ReminderRule, packs: Packs, last: date, zone: ZoneInfo) -> list[Select[Any]]:
    """Everyone over the limit of his tier, once per step of a silence: not only who passed it today, so that
    a client whose tier or owner changed, or who was imported, is not forgotten (goal G5)."""
    offsets = [*sorted(rule.offsets), None]
    at = time.fromisoformat(rule.hour)
    parts = []
    for offset, further in pairwise(offsets):
        assert offset is not None
        slot = Slot(last - timedelta(days=offset), offset, local_instant(last, at, zone))
        latest = _limits(packs, last, offset, zone)
        if not latest:
            return []
        earliest = _limits(packs, last, further, zone) if further is not None else None
        for since in (clients.c.last_contact_at, clients.c.created_at):
            parts.append(_silent_since(rule, slot, since, latest, earliest))
    return parts


def _limits(packs: Packs, day: date, offset: int, zone: ZoneInfo) -> list[tuple[ColumnElement[bool], datetime]]:
    """By tier, shortest limit first: before which instant the last contact must lie."""
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
    rows = _rows(rule, _literal(slot)).where(since < max(at for _, at in latest), since < _instants(latest), ~told)
    if since is clients.c.created_at:
        rows = rows.where(clients.c.last_contact_at.is_(None))
    if earliest:
        rows = rows.where(since >= min(at for _, at in earliest), since >= _instants(earliest))
    return rows


def _instants(limits: list[tuple[ColumnElement[bool], datetime]]) -> ColumnElement[Any]:
    return case(*((is_tier, literal(at, UTCDateTime)) for is_tier, at in limits))


# ---------------------------------------------------------------- what is written, and when it counts


def _rows(rule: ReminderRule, slot: _SlotColumns) -> Select[Any]:
    """The values of a reminder, in the order of `_WRITTEN`, less the last."""
    record = rule.source_record
    table = TABLES[record]
    client_id = clients.c.id if record == "client" else table.c.client_id
    key = (
        literal(f"{rule.id}:", String) + cast(table.c.id, String) + ":" + slot.mark + ":" + table.c.owner_id
    )
    return select(
        key.label("key"), literal(rule.id, String).label("rule"),
        literal(rule.category, String).label("category"), table.c.owner_id.label("receiver_id"),
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
    }.get(record, [])


def conditions(rule: ReminderRule, packs: Packs, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """What must hold of the record besides its date. Raises BadRule."""
    records = {"client": {"client"}, "contract": {"client", "contract"}}.get(
        rule.source_record, {"client", "contract", "instalment"}
    )
    found = [compile_condition(c, packs, frozenset(records), zone) for c in rule.where]
    asked = {condition.field for condition in rule.where}
    if "client.stage" not in asked and rule.category not in _SERVED_WHEN_LOST:
        found.append(clients.c.stage != LOST)
    if rule.category == "birthday":
        found.append(~_refuses_care())
    if "contract" in records:
        found.append(_kinds(rule, packs, any_state="contract.state" in asked))
    if "instalment" in records and "instalment.state" not in asked:
        found.append(instalments.c.state == "due")
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

