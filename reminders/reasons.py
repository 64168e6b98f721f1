"""Why a rule reminds of something, or does not: asked of one record at a time, in the terms in which it is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, literal, select

from config.pack import ENTERED, EVENT, SILENCE, Complaint, Packs, ReminderRule
from reminders.calendar import DAY, next_anniversary, next_lunar_birthday, next_solar_birthday, shifted_day
from reminders.events import complaints_of, events_of
from reminders.rule_conditions import TABLES, BadRule, dictionary_of, view_of
from reminders.rules import BIRTHDAYS, Asked, asked, date_of, links
from storage.conditions import Clause, outline
from storage.conditions.checking import rule_condition
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.tables import clients, contracts, journey_runs

LONG = 10**6  # days: what has no date comes last


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that a rule asks, and whether it holds now."""

    asked: Asked | Clause
    holds: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """A record that a rule looks at: the client himself, a contract, an instalment, an account, a complaint, an
    entry into a journey. `on` is its date, or None."""

    id: int
    on: date | None
    name: str = ""


def judge(uow: UnitOfWork, line: ReminderRule, object_id: int, today: date, zone: ZoneInfo) -> list[Verdict]:
    """What the rule asks of a record and whether it holds, in one statement; empty when the record is no more.

    For who may see the record's client. Raises BadRule."""
    parts: list[tuple[Asked | Clause, ColumnElement[bool]]] = [*asked(line, uow.packs, zone).items()]
    parts += [(clause, clause.condition) for clause in _clauses(line, uow.packs, today, zone)]
    table = TABLES[line.source_record]
    query = select(*(case((condition, 1), else_=0) for _, condition in parts), literal(1)).select_from(table)
    row = uow.conn.execute(query.where(table.c.id == object_id, *links(line.source_record))).one_or_none()
    return [] if row is None else [Verdict(part, bool(held)) for (part, _), held in zip(parts, row, strict=False)]


def _clauses(line: ReminderRule, packs: Packs, today: date, zone: ZoneInfo) -> Sequence[Clause]:
    try:
        tree = rule_condition(line, dictionary_of(packs), today)
    except Invalid:
        raise BadRule(f"{line.id} has a condition that cannot be read under the packs in force") from None
    return [] if tree is None else list(outline(tree, view_of(line, packs, today, zone)))


def matters(
    uow: UnitOfWork, rule: ReminderRule, client: Client, today: date, zone: ZoneInfo, most: int
) -> list[Matter]:
    """The client's records of the rule's kinds with the dates that it looks at, the one nearest to today first."""
    if rule.source_record == "client":
        return [Matter(client.id, _date_of_client(uow, rule, client, today, zone))]
    if rule.source == ENTERED:
        return _entries(uow, rule, client, most)
    if rule.source.startswith(EVENT):
        return _events(uow, rule, client, today, zone, most)
    table, on = TABLES[rule.source_record], date_of(rule, uow.packs)
    kinds = rule.kinds or tuple(kind.name for kind in uow.packs.kinds)
    query = select(table.c.id, on.label("on"), contracts.c.product_name).where(
        *links(rule.source_record), clients.c.id == client.id, contracts.c.kind.in_(kinds)
    )
    found = [Matter(row.id, _looked_at(rule, row.on, today), row.product_name) for row in uow.conn.execute(query)]
    return sorted(found, key=lambda matter: _distance(matter, today))[:most]


def _distance(matter: Matter, today: date) -> tuple[int, int]:
    return (LONG if matter.on is None else abs((matter.on - today).days)), matter.id


def _looked_at(rule: ReminderRule, on: date | None, today: date) -> date | None:
    """The date itself; of a yearly rule its next anniversary, or one that is over if the rule speaks after it."""
    return next_anniversary(on, today - DAY * max(0, *rule.offsets)) if on is not None and rule.yearly else on


def _events(
    uow: UnitOfWork, rule: ReminderRule, client: Client, today: date, zone: ZoneInfo, most: int
) -> list[Matter]:
    """The client's complaints; what happened on his accounts, or the accounts on which nothing did."""
    if isinstance(rule.event, Complaint):
        return [Matter(contact, on) for contact, on in complaints_of(uow, client.id, zone, most)]
    spec = uow.packs.field("account", "kind")
    labels = {choice.value: choice.label for choice in spec.choices}
    found = events_of(uow, rule, client.id, today, most)
    return [Matter(record, on, f"{labels.get(kind, kind)}（尾号 {tail}）") for record, on, kind, tail in found]


def _entries(uow: UnitOfWork, step: ReminderRule, client: Client, most: int) -> list[Matter]:
    """The client's entries into the step's journey."""
    c = journey_runs.c
    query = select(c.id, c.entered_on).where(c.client_id == client.id, c.journey.in_(step.kinds))
    return [Matter(row.id, row.entered_on) for row in uow.conn.execute(query.order_by(c.id.desc()).limit(most))]


def _date_of_client(uow: UnitOfWork, rule: ReminderRule, client: Client, today: date, zone: ZoneInfo) -> date | None:
    if rule.source == SILENCE:
        return silent_from(uow.packs, client, zone, rule.silent_days)
    if rule.source in BIRTHDAYS:
        return _birthday(rule, client, today)
    value = client.value(rule.source_field)
    return _looked_at(rule, date.fromisoformat(value) if isinstance(value, str) else value, today)


def silent_from(packs: Packs, client: Client, zone: ZoneInfo, days: int | None = None) -> date | None:
    """The day on which the client is silent for so many days, or as long as the tier allows; None without a tier that
    says."""
    limits = [days] if days is not None else [
        tier.contact_days for scheme in packs.tiers for tier in scheme.tiers if client.value(scheme.name) == tier.name
    ]
    since = client.last_contact_at or client.created_at
    return local_date(since, zone) + DAY * min(limits) if limits and since else None


def _birthday(rule: ReminderRule, client: Client, today: date) -> date | None:
    """The next one, or one that is over if the rule speaks after it."""
    after = today - DAY * max(0, *rule.offsets)
    if client.lunar_birthday and (client.birthday_calendar == "lunar" or rule.source == "client.lunar_birthday"):
        return next_lunar_birthday(client.lunar_birthday, after)
    if client.birthday is None or rule.source == "client.lunar_birthday":
        return None
    return next_solar_birthday(client.birthday.month * 100 + client.birthday.day, after)


def days_of(rule: ReminderRule, on: date) -> list[tuple[date, int]]:
    """The days on which a rule reminds of a date, and the offset of each, in order."""
    return sorted((shifted_day(on + DAY * offset, rule.shift), offset) for offset in rule.offsets)
