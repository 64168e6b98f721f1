"""What a rule would do over days to come, beside the rules in force. Nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, func, select, union_all

from config.pack import SILENCE, ReminderRule
from reminders.calendar import DAY
from reminders.rule_faults import apart
from reminders.rules import selection
from storage.database import UnitOfWork
from storage.model.clock import local_date
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
    label: str = ""


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
    query = select(due.c.object_id, due.c.client_id, due.c.receiver_id, due.c.due_on, due.c.remind_at)
    told = _told_by_then(uow, line, days[0], zone)
    return query if told is None else query.where(due.c.object_id.not_in(select(told.subquery().c.object_id)))


def _told_by_then(uow: UnitOfWork, line: ReminderRule, day: date, zone: ZoneInfo) -> Select[Any] | None:
    """What the rule will have said before a day to come: a silence, and an event that is still fresh, are told of on
    the first day on which a plan meets them."""
    today = local_date(uow.now, zone)
    if day <= today or not (line.source == SILENCE or line.event):
        return None
    return selection(line, uow.packs, today, day - DAY, zone=zone, now=uow.now)


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


# ---------------------------------------------------------------- who gets what


@dataclass(frozen=True, slots=True)
class Share:
    """What one member gets: how many reminders, of which rules, and how many of the compared ones. `samples` are the
    first of them, for the members who get most."""

    receiver_id: str
    count: int
    labels: Mapping[str, int]
    before: int
    samples: Sequence[Sample]


def shares_on(
    uow: UnitOfWork, lines: Sequence[ReminderRule], beside: Sequence[ReminderRule], days: tuple[date, date],
    zone: ZoneInfo, *, faults: list[str], most: int,
) -> list[Share]:  # fmt: skip
    """By member, who gets most first, with samples for the first `most` of them. A line that cannot run is passed over
    and its id added to `faults`. Reads over all books, as the planner does."""
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        for receiver, count in _by_receiver(uow, line, days, zone, faults):
            labels[receiver][line.label] += count
    before = Counter[str]()
    for line in beside:
        before.update(dict(_by_receiver(uow, line, days, zone, faults)))
    order = sorted({*labels, *before}, key=lambda who: (-labels[who].total(), -before[who], who))
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    for line in lines:
        for sample in _first_of_each(uow, line, days, zone, order[:most]):
            found[sample.receiver_id].append(sample)
    return [
        Share(who, labels[who].total(), dict(labels[who].most_common()), before[who],
              sorted(found[who], key=lambda s: (s.remind_at, s.due_on, s.client_id))[:SAMPLES])
        for who in order
    ]  # fmt: skip


def _by_receiver(
    uow: UnitOfWork, line: ReminderRule, days: tuple[date, date], zone: ZoneInfo, faults: list[str]
) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    with apart(uow, line, faults):
        if (rows := _of_line(uow, line, days, zone)) is not None:
            due = rows.subquery()
            query = select(due.c.receiver_id, func.count()).group_by(due.c.receiver_id)
            found = [(row[0], row[1]) for row in uow.conn.execute(query)]
    return found


def _first_of_each(
    uow: UnitOfWork, line: ReminderRule, days: tuple[date, date], zone: ZoneInfo, receivers: Sequence[str]
) -> list[Sample]:
    """The first few of a line for each of these members."""
    found: list[Sample] = []
    with apart(uow, line):
        if receivers and (rows := _of_line(uow, line, days, zone)) is not None:
            due = rows.subquery()
            order = (due.c.remind_at, due.c.due_on, due.c.object_id)
            place = func.row_number().over(partition_by=due.c.receiver_id, order_by=order).label("place")
            ranked = select(*due.c, place).where(due.c.receiver_id.in_(receivers)).subquery()
            query = select(
                ranked.c.client_id, clients.c.name, ranked.c.receiver_id, ranked.c.due_on, ranked.c.remind_at
            ).join(clients, clients.c.id == ranked.c.client_id).where(ranked.c.place <= SAMPLES)  # fmt: skip
            found = [Sample(*row, label=line.label) for row in uow.conn.execute(query)]
    return found


def _count(uow: UnitOfWork, query: Select[Any]) -> int:
    return int(uow.conn.execute(query).scalar_one())
