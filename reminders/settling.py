"""What becomes of open reminders when the world moves on, as one UPDATE a rule.

A reminder stands as long as its cause does: `compile_settle` cancels it when it is paid, renewed, moved to
another day or spoken to, `compile_return` opens it again when that was a mistake. `compile_retire` cancels what
nobody asks for any more because its rule is gone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Update, and_, exists, func, or_, select, tuple_, update

from config.pack import EVENT, SILENCE, Packs, ReminderRule
from reminders.calendar import DAY, local_instant
from reminders.events import still_happened
from reminders.receivers import receiver_of
from reminders.rule_conditions import TABLES
from reminders.rules import (
    BIRTHDAYS,
    CAUSE_GONE,
    RULE_GONE,
    birthday_keeps,
    calendars,
    conditions,
    date_of,
    links,
)
from reminders.slots import has_anniversary_on
from storage.model.clock import local_date
from storage.tables import clients, reminders

MANUAL = "manual"  # the rule of what people set themselves
LONGEST_HOLIDAY = 12  # days without a working day in a row, amply
RETURNS_WITHIN = timedelta(days=30)  # a fact that lies further back is history; later steps speak of what is still owed


def compile_settle(rule: ReminderRule, packs: Packs, *, zone: ZoneInfo, now: datetime) -> Update:
    """Cancel the rule's open reminders whose cause is gone. Gives their ids, clients and rules. Raises BadRule."""
    cause = _has_cause(rule, packs, zone, now)
    return _cancelled(CAUSE_GONE, now).where(reminders.c.rule == rule.id, reminders.c.state == "open", ~cause)


def compile_return(rule: ReminderRule, packs: Packs, *, zone: ZoneInfo, now: datetime) -> Update:
    """Open again what was cancelled by `compile_settle` or `compile_retire` and has its cause again, while it is of
    use. It goes to whoever has the client now. Gives ids, clients and rules. Raises BadRule."""
    owner = select(clients.c.owner_id).where(clients.c.id == reminders.c.client_id).scalar_subquery()
    receiver = receiver_of(rule).of_open_reminder
    return (
        update(reminders)
        .where(
            reminders.c.rule == rule.id, reminders.c.state == "cancelled",
            reminders.c.cause.in_((CAUSE_GONE, RULE_GONE)), *_of_use(rule, zone, now),
            _has_cause(rule, packs, zone, now),
        )
        .values(
            state="open", cause=None, done_at=None, done_by=None, owner_id=owner, receiver_id=receiver,
            version=reminders.c.version + 1,
        )
        .returning(reminders.c.id, reminders.c.client_id, reminders.c.rule)
    )  # fmt: skip


def compile_retire(enabled: Collection[str], now: datetime) -> Update:
    """Cancel open reminders of rules that were removed, renamed or disabled. Gives ids, clients and rules."""
    kept = [*enabled, MANUAL]
    return _cancelled(RULE_GONE, now).where(reminders.c.state == "open", reminders.c.rule.not_in(kept))


def _cancelled(cause: str, now: datetime) -> Update:
    return (
        update(reminders)
        .values(
            state="cancelled", cause=cause, done_at=now, done_by="system", version=reminders.c.version + 1
        )
        .returning(reminders.c.id, reminders.c.client_id, reminders.c.rule)
    )  # fmt: skip


def _of_use(rule: ReminderRule, zone: ZoneInfo, now: datetime) -> list[ColumnElement[bool]]:
    """Its day is to come or not long past, or it was shown not long ago (an overdue step lies after its day)."""
    since = local_date(now, zone) - RETURNS_WITHIN
    lead = DAY * (max(0, -min(rule.offsets)) + (LONGEST_HOLIDAY if rule.shift == "previous" else 0))
    midnight = time()
    return [
        # For the index: no reminder of use was to be shown before, and either way of showing it counts.
        reminders.c.timed.in_((True, False)), reminders.c.remind_at >= local_instant(since - lead, midnight, zone),
        or_(reminders.c.due_on >= since, reminders.c.remind_at >= local_instant(since, midnight, zone)),
    ]  # fmt: skip


def _has_cause(rule: ReminderRule, packs: Packs, zone: ZoneInfo, now: datetime) -> ColumnElement[bool]:
    record = rule.source_record
    cause = exists().where(
        TABLES[record].c.id == reminders.c.object_id, *links(record),
        *conditions(rule, packs, local_date(now, zone), zone), _cause(rule, packs, local_date(now, zone)),
    )  # fmt: skip
    return and_(cause, receiver_of(rule).stands)


def _cause(rule: ReminderRule, packs: Packs, today: date) -> ColumnElement[bool]:
    """What must hold of the record's date for a reminder to stand."""
    if rule.source == SILENCE:
        return func.coalesce(clients.c.last_contact_at, clients.c.created_at) <= reminders.c.created_at
    if rule.source in BIRTHDAYS:
        return _is_celebrated(rule, today)
    if rule.source.startswith(EVENT):
        return still_happened(rule, today)
    on: ColumnElement[Any] = date_of(rule, packs)
    return has_anniversary_on(on, reminders.c.due_on) if rule.yearly else on == reminders.c.due_on


def _is_celebrated(rule: ReminderRule, today: date) -> ColumnElement[bool]:
    """The client's birthday is celebrated on the reminder's day, and that was less than a week ago.

    Days that no plan has reached are not looked at: a clock that ran ahead may have written them."""
    first, last = today - birthday_keeps(rule) + DAY, today + DAY * max(0, -min(rule.offsets))
    days = [first + DAY * n for n in range((last - first).days + 1)]
    celebrated = or_(*(
        and_(
            tuple_(reminders.c.due_on, way.column).in_([(day, code) for day in days for code in way.codes_on(day)]),
            way.whose,
        )
        for way in calendars(rule)
    ))  # fmt: skip
    return and_(reminders.c.due_on >= first, or_(reminders.c.due_on > last, celebrated))
