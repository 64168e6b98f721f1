"""The plan of a day, made by the clock: once, piece by piece, over restarts and in whichever process."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, datetime, time
from functools import partial
from time import monotonic
from zoneinfo import ZoneInfo

import structlog

from reminders import planner
from reminders.calendar import DAY, local_instant
from reminders.push_times import brief_at, readers
from storage.database import Database, UnitOfWork
from storage.engine import refresh_statistics
from storage.model.clock import local_date
from storage.repositories.jobs import JobRepository
from storage.rules import RuleBook
from storage.tables import reminders

log = structlog.get_logger(__name__)

PLAN_AT = time(7, 50)
FIRST_LOOK_BACK = 7  # days: an installation's first plan also shows what came due in the week before
MANY = 10_000  # reminders of a plan, after which the database must hear that there are so many
LONGEST_GAP = 366  # days: more than a year of missed days is not caught up


class Planning:
    """Plans the days since the last plan, in pieces that each commit with their own row in `job_runs`."""

    def __init__(self, database: Database, zone: ZoneInfo, owner: str) -> None:
        self._database, self._zone, self._owner = database, zone, owner
        self._counts = Counter[str]()  # of this process; a plan that went on elsewhere counted there

    async def run_if_due(self, now: datetime, until: float = math.inf) -> bool:
        """Once a day from 07:50 (earlier if somebody's brief is earlier). False when there is more to do `until` is
        over, an instant of the process's own clock.

        The last planned day is planned again, for what was entered after its plan ran. Days that a clock which
        ran ahead has planned do not count: the days up to them are still to come. A plan that was cut off goes on
        where it was."""
        days = await self._database.run(partial(self._days, now))
        if days is None:
            return True
        book, done = await self._database.run(partial(self._begun, days, now))
        for piece in planner.pieces(book, *days, self._zone):
            if _job(piece) in done:
                continue
            taken, count = await self._database.run(partial(self._do, piece, days, now))
            self._counts[piece.kind] += count
            if taken and monotonic() > until:
                return False
        await self._database.run(partial(self._end, days, now))
        return True

    def _days(self, now: datetime) -> tuple[date, date] | None:
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            jobs.begin(self._owner)
            last = jobs.last_slot("plan", today.isoformat())
            if last == today.isoformat():
                return None
            if last is not None and now < local_instant(today, _hour(uow), self._zone):
                return None
        return _first_day(last, today), today

    def _begun(self, days: tuple[date, date], now: datetime) -> tuple[RuleBook, set[str]]:
        """The rules, and the jobs of the pieces that are done."""
        with self._database.system(now) as uow:
            return uow.rules.in_force(), {job for job, _ in JobRepository(uow).done([days[1].isoformat()])}

    def _do(self, piece: planner.Piece, days: tuple[date, date], now: datetime) -> tuple[bool, int]:
        # A piece that a power cut undoes is done again: its row in `job_runs` goes with it.
        with self._database.system(now, durable=False) as uow:
            taken = JobRepository(uow).start(_job(piece), days[1].isoformat(), self._owner)
            return taken, piece.work(uow) if taken else 0

    def _end(self, days: tuple[date, date], now: datetime) -> None:
        first, today = map(str, days)
        counts, self._counts = self._counts, Counter[str]()
        with self._database.system(now) as uow:
            if not JobRepository(uow).start("plan", today, self._owner):
                return
            uow.audit.record("plan", "reminder", "*", first=first, last=today)
            if counts["added"] > MANY:
                refresh_statistics(uow.conn, reminders)
        log.info("plan.done", first=first, last=today, **counts)


def _job(piece: planner.Piece) -> str:
    return f"plan:{piece.name}"


def _hour(uow: UnitOfWork) -> time:
    firm = uow.push_times.in_force()
    return min([PLAN_AT, *(brief_at(user, firm) for user in readers(uow))])


def _first_day(last_slot: str | None, today: date) -> date:
    if last_slot is None:
        return today - DAY * FIRST_LOOK_BACK
    return max(date.fromisoformat(last_slot), today - DAY * LONGEST_GAP)
