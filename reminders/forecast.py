"""What the rules in force will bring over days to come, and what they pass over although its day comes.

Nothing is written. Silences are left out: who will be silent by then is not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select

from config.pack import SILENCE, ReminderRule
from reminders.calendar import DAY
from reminders.rule_faults import apart
from reminders.rules import BIRTHDAY_KEEPS, BIRTHDAYS, selection
from storage.database import UnitOfWork

_Row = tuple[int, int, str, date, int, datetime]  # object, client, receiver, day of the fact, offset, shown from


@dataclass(frozen=True, slots=True)
class Expected:
    """A date that a rule looks at, in the days asked for. `fires`: it will remind; else one of its conditions does
    not hold as things are now."""

    line: ReminderRule
    object_id: int
    client_id: int
    receiver_id: str
    due_on: date
    offset: int
    remind_at: datetime
    fires: bool


def forecast(uow: UnitOfWork, first: date, last: date, zone: ZoneInfo) -> list[Expected]:
    """In the order of time. Over all books, as the planner reads: who asks must be told no more than he may see."""
    found = [
        expected for line in uow.rules.in_force().enabled_lines if line.source != SILENCE
        for expected in _of_line(uow, line, first, last, zone)
    ]
    return sorted(found, key=lambda e: (e.remind_at, -e.line.weight, e.due_on, e.object_id))


def _of_line(uow: UnitOfWork, line: ReminderRule, first: date, last: date, zone: ZoneInfo) -> list[Expected]:
    found: dict[tuple[object, ...], Expected] = {}
    with apart(uow, line):
        for begins, ends in _stretches(line, first, last):
            meant = set(_rows(uow, line, begins, ends, zone))
            for row in _rows(uow, line, begins, ends, zone, wide=True):
                # An event that is fresh for days is met again in each stretch, and told of in the first that lets it.
                occurrence, expected = row[:-1], Expected(line, *row, fires=row in meant)
                if occurrence not in found or (expected.fires and not found[occurrence].fires):
                    found[occurrence] = expected
    return list(found.values())


def _rows(
    uow: UnitOfWork, line: ReminderRule, first: date, last: date, zone: ZoneInfo, *, wide: bool = False
) -> list[_Row]:
    chosen = selection(line, uow.packs, first, last, zone=zone, now=uow.now, wide=wide)
    if chosen is None:
        return []
    due = chosen.subquery()
    columns = [due.c[name] for name in ("object_id", "client_id", "receiver_id", "due_on", "offset_days", "remind_at")]
    return [cast(_Row, tuple(row)) for row in uow.conn.execute(select(*columns))]


def _stretches(line: ReminderRule, first: date, last: date) -> Iterator[tuple[date, date]]:
    """A rule of birthdays forgets what is a week old, so it is asked a few days at a time; what is said in words (30
    天未联系) is read as of its day."""
    length = timedelta() if line.when else BIRTHDAY_KEEPS - DAY if line.source in BIRTHDAYS else last - first
    while first <= last:
        yield first, min(last, first + length)
        first += length + DAY
