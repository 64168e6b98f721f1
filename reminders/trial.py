"""What a rule would do over days to come, beside the rules in force. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, func, select, union_all

from config.pack import ReminderRule
from reminders.rules import selection
from storage.database import UnitOfWork
from storage.tables import clients

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the reminders: about whom, for whom, for which day's fact, shown when."""

    client_id: int
    client_name: str
    receiver_id: str
    due_on: date
    remind_at: datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """`by_day` counts reminders by the instant of showing; `receivers` by member. `fresh` is how many matters (clients,
    contracts, instalments) the compared rules do not remind of in these days, `left_out` how many only those do."""

    by_day: Mapping[datetime, int]
    receivers: Mapping[str, int]
    samples: Sequence[Sample]
    before: int
    fresh: int
    left_out: int

    @property
    def total(self) -> int:
        return sum(self.by_day.values())


def try_out(
    uow: UnitOfWork, rule: ReminderRule, beside: Sequence[ReminderRule], days: tuple[date, date], zone: ZoneInfo
) -> Trial:
    """The rule over the days from the first to the last, beside lines of rules of the same record. Raises BadRule.

    Reads over all books, as the planner does; who asks must not be shown more than he may see."""
    new = _rows(uow, rule.lines() if rule.enabled else (), days, zone)
    old = _rows(uow, beside, days, zone)
    if new is None:
        left = 0 if old is None else _count(uow, select(func.count(func.distinct(old.c.object_id))))
        return Trial({}, {}, (), 0 if old is None else _count(uow, select(func.count()).select_from(old)), 0, left)
    by_day = select(new.c.remind_at, func.count()).group_by(new.c.remind_at).order_by(new.c.remind_at)
    receivers = select(new.c.receiver_id, func.count()).group_by(new.c.receiver_id).order_by(func.count().desc())
    return Trial(
        {row[0]: row[1] for row in uow.conn.execute(by_day)}, {row[0]: row[1] for row in uow.conn.execute(receivers)},
        _samples(uow, new), 0 if old is None else _count(uow, select(func.count()).select_from(old)),
        _only_in(uow, new, old), 0 if old is None else _only_in(uow, old, new),
    )


def _rows(
    uow: UnitOfWork, lines: Sequence[ReminderRule], days: tuple[date, date], zone: ZoneInfo
) -> Subquery | None:
    chosen = [found for line in lines if (found := _of_line(uow, line, days, zone)) is not None]
    if not chosen:
        return None
    return (union_all(*chosen) if len(chosen) > 1 else chosen[0]).subquery()


def _of_line(uow: UnitOfWork, line: ReminderRule, days: tuple[date, date], zone: ZoneInfo) -> Select[Any] | None:
    found = selection(line, uow.packs, *days, zone=zone, now=uow.now)
    if found is None:
        return None
    due = found.subquery()
    return select(due.c.object_id, due.c.client_id, due.c.receiver_id, due.c.due_on, due.c.remind_at)


def _only_in(uow: UnitOfWork, these: Subquery, those: Subquery | None) -> int:
    query = select(func.count(func.distinct(these.c.object_id)))
    if those is not None:
        query = query.where(these.c.object_id.not_in(select(those.c.object_id)))
    return _count(uow, query)


def _samples(uow: UnitOfWork, new: Subquery) -> list[Sample]:
    query = (
        select(new.c.client_id, clients.c.name, new.c.receiver_id, new.c.due_on, new.c.remind_at)
        .join(clients, clients.c.id == new.c.client_id)
        .order_by(new.c.remind_at, new.c.due_on, new.c.object_id).limit(SAMPLES)
    )
    return [Sample(*row) for row in uow.conn.execute(query)]


def _count(uow: UnitOfWork, query: Select[Any]) -> int:
    return int(uow.conn.execute(query).scalar_one())
