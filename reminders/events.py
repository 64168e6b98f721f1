"""What happened, as SQL: a surplus that reached its length with a month, a large sum that moved on a day, a complaint
that was written down.

An event is told of once. What the bank's systems tell late, and what happened just before a rule was put in force, is
told of on the first day that is planned, as long as it is fresh."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    Alias,
    ColumnElement,
    Date,
    FromClause,
    and_,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    values,
)

from config.pack import Complaint, Event, Movement, ReminderRule, Surplus
from reminders.calendar import DAY, day_bounds, local_instant, shifted_day
from reminders.slots import Slot
from storage.database import UnitOfWork
from storage.model.accounts import first_day_of, month_number
from storage.model.clock import local_date
from storage.model.values import money_text
from storage.tables import (
    UTCDateTime,
    account_months,
    accounts,
    interactions,
    reminders,
    transactions,
)

HOME = "CNY"  # amounts in rules are yuan
_WEEK = timedelta(days=7)
FRESH = {"surplus": timedelta(days=31), "inflow": _WEEK, "outflow": _WEEK, "complaint": _WEEK}
_COMPLAINT = interactions.c.kind == literal_column("'complaint'")  # written out: the index is of these rows alone
REMEMBERED = 24  # months: an open reminder of a surplus that lies further back stands until it is handled


def event_of(rule: ReminderRule) -> Event:
    """The event of a rule that is known to have one."""
    assert rule.event is not None
    return rule.event


def event_words(event: Event) -> str:
    """连续 3 个月结余超过 2 万元 · 一次转出 50 万元以上 · 客户投诉"""
    if isinstance(event, Complaint):
        return "客户投诉"
    over = money_text(event.over)
    if isinstance(event, Surplus):
        return f"连续 {event.months} 个月结余超过 {over}"
    return f"一次{'转入' if event.kind == 'inflow' else '转出'} {over}以上"


# ---------------------------------------------------------------- the days


def event_slots(rule: ReminderRule, first: date, last: date, zone: ZoneInfo) -> list[tuple[Slot, int]]:
    """For each day on which the event may have happened and each offset, the day from `first` to `last` on which it is
    shown, and the month before it. What is older than `first` and still fresh is shown on `first`."""
    event, at = event_of(rule), time.fromisoformat(rule.hour)
    found = []
    for offset in rule.offsets:
        for due in _days(event, first - FRESH[event.kind] - DAY * offset, last - DAY * offset):
            day = max(first, shifted_day(due + DAY * offset, rule.shift))
            if day <= last and rule.is_valid_on(day):
                found.append((Slot(due, offset, local_instant(day, at, zone)), month_number(due) - 1))
    return found


def is_fresh(rule: ReminderRule, shown_on: date, today: date) -> bool:
    """An event that was to be shown on a day and was not is shown by the next plan."""
    return shown_on > today + DAY - FRESH[event_of(rule).kind]


def _days(event: Event, after: date, until: date) -> list[date]:
    days = [after + DAY * n for n in range(1, (until - after).days + 1)]
    return [day for day in days if day.day == 1] if isinstance(event, Surplus) else days


# ---------------------------------------------------------------- what must have happened


def happened(
    rule: ReminderRule, slots: CTE, days: Collection[date], zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    """The conditions that join the rule's record to the slots, which are of `days` as `zone` counts them, on whose day
    its event happened, where that was not told before."""
    event, object_id = event_of(rule), _object_id(rule)
    told = exists().where(
        reminders.c.object_type == rule.source_record, reminders.c.object_id == object_id,
        reminders.c.rule == rule.id, reminders.c.due_on == slots.c.due_on,
        reminders.c.offset_days == slots.c.offset_days,
    )  # fmt: skip
    if isinstance(event, Movement):
        return [transactions.c.happened_on == slots.c.due_on, _large(event), ~told]
    if isinstance(event, Complaint):
        return [_COMPLAINT, *_within(slots, days, zone), ~told]
    month = account_months.alias("month")
    return [month.c.month == slots.c.code, *_becomes_full(event, month), ~told]


def still_happened(rule: ReminderRule, today: date) -> ColumnElement[bool]:
    """The event of a reminder of the rule stands, as the accounts are now. A row of months that proves to be longer
    than it was known stands all the same."""
    event = event_of(rule)
    if isinstance(event, Movement):
        return and_(transactions.c.happened_on == reminders.c.due_on, _large(event))
    if isinstance(event, Complaint):
        return _COMPLAINT
    month, this = account_months.alias("month"), month_number(today)
    known = [(first_day_of(number), number - 1) for number in range(this - REMEMBERED, this + 1)]
    full = exists().where(tuple_(reminders.c.due_on, month.c.month).in_(known), *_is_full(event, month))
    # Days that no plan has reached are not looked at: a clock that ran ahead may have written them.
    unknown = or_(reminders.c.due_on < known[0][0], reminders.c.due_on > today)
    return or_(unknown, full.correlate(reminders, accounts))


def on_accounts(rule: ReminderRule) -> ColumnElement[bool]:
    """The account is of the rule's kinds and in yuan; in use, where the rule looks at its months. A sum counts also
    when the account was closed with it."""
    found = [accounts.c.currency == HOME]
    found += [accounts.c.kind.in_(rule.kinds)] if rule.kinds else []
    found += [accounts.c.state == "open"] if isinstance(rule.event, Surplus) else []
    return and_(*found)


def _object_id(rule: ReminderRule) -> ColumnElement[Any]:
    return {"account": accounts, "transaction": transactions, "interaction": interactions}[rule.source_record].c.id


def _within(slots: CTE, days: Collection[date], zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """The contact lies between the first instant of the slot's day and the first of the next."""
    bounds = values(column("due_on", Date), column("begins", UTCDateTime), column("ends", UTCDateTime), name="bounds")
    day = bounds.data([(day, *day_bounds(day, zone)) for day in sorted(set(days))]).cte("bounds", nesting=True)
    at = interactions.c.happened_at
    return [day.c.due_on == slots.c.due_on, at >= day.c.begins, at < day.c.ends]


def _large(event: Movement) -> ColumnElement[bool]:
    amount = transactions.c.amount
    return amount >= event.over if event.kind == "inflow" else amount <= -event.over


def _becomes_full(event: Surplus, last: Alias | FromClause) -> list[ColumnElement[bool]]:
    """The account's row of surplus months reaches its length with the month `last`, and not before."""
    return [*_is_full(event, last), ~_has_surplus(event, last, event.months)]


def _is_full(event: Surplus, last: Alias | FromClause) -> list[ColumnElement[bool]]:
    """The account's row of surplus months has its length with the month `last`."""
    earlier = [_has_surplus(event, last, back) for back in range(1, event.months)]
    return [last.c.account_id == accounts.c.id, last.c.net > event.over, *earlier]


def _has_surplus(event: Surplus, last: Alias | FromClause, back: int) -> ColumnElement[bool]:
    before = account_months.alias(f"back_{back}")
    return exists().where(
        before.c.account_id == last.c.account_id, before.c.month == last.c.month - back, before.c.net > event.over
    )


# ---------------------------------------------------------------- of one client


def events_of(
    uow: UnitOfWork, rule: ReminderRule, client_id: int, today: date, most: int
) -> Sequence[tuple[int, date | None, str, str]]:
    """(id of the record, day of its latest event, kind and tail of the account) of what happened on the accounts of one
    client, the latest first. An account on which there was none has None for the day."""
    event, mine = event_of(rule), accounts.c.client_id == client_id
    of_kinds = accounts.c.kind.in_(rule.kinds) if rule.kinds else accounts.c.kind.is_not(None)
    about = (accounts.c.kind, accounts.c.number_tail)
    if isinstance(event, Movement):
        query = select(transactions.c.id, transactions.c.happened_on, *about).where(
            transactions.c.account_id == accounts.c.id, mine, of_kinds, _large(event)
        )
        newest = query.order_by(transactions.c.happened_on.desc(), transactions.c.id)
        return [tuple(row) for row in uow.conn.execute(newest.limit(most))]
    assert isinstance(event, Surplus)
    month = account_months.alias("month")
    full = select(func.max(month.c.month)).where(month.c.month < month_number(today), *_becomes_full(event, month))
    latest = full.correlate(accounts).scalar_subquery()
    rows = uow.conn.execute(select(accounts.c.id, latest, *about).where(mine, of_kinds))
    found = [(row[0], None if row[1] is None else first_day_of(row[1] + 1), row[2], row[3]) for row in rows]
    return sorted(found, key=lambda each: each[1] or date.min, reverse=True)[:most]


def complaints_of(uow: UnitOfWork, client_id: int, zone: ZoneInfo, most: int) -> list[tuple[int, date]]:
    """(id, day) of the complaints of one client, the latest first."""
    at = interactions.c.happened_at
    query = select(interactions.c.id, at).where(interactions.c.client_id == client_id, _COMPLAINT)
    rows = uow.conn.execute(query.order_by(at.desc(), interactions.c.id.desc()).limit(most))
    return [(row[0], local_date(row[1], zone)) for row in rows]


def recent_months(uow: UnitOfWork, event: Surplus, account_id: int, today: date) -> list[tuple[date, Decimal]]:
    """(first day of the month, what was left of it) of the months that decide now, oldest first."""
    this = month_number(today)
    sums = uow.accounts.months([account_id], this - event.months)
    return [(first_day_of(each.month), each.net) for each in sums if each.month < this]


