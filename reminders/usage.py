"""How many of the members use the assistant, week by week (R245)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from reminders.calendar import DAY
from reminders.figures import Span
from storage.database import UnitOfWork
from storage.repositories.usage import UsageRepository

KEPT_DAYS = 30  # how long what people sent is kept, and so how far back this can be told
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Usage:
    """Over a span of days: who is here, who of them sent something, the same in each of its last weeks (the latest
    first), and what was not understood."""

    span: Span
    members: Sequence[str]
    active: frozenset[str]
    weeks: Sequence[tuple[Span, frozenset[str]]]
    unread: int
    unread_from: int


def usage(uow: UnitOfWork, span: Span, zone: ZoneInfo) -> Usage:
    """In the actor's scope; of the whole firm for operations."""
    found, weeks = UsageRepository(uow), weeks_of(span)
    active, *by_week = found.active([each.instants(zone) for each in (span, *weeks)])
    told = list(zip(weeks, by_week, strict=True))
    return Usage(span, found.members(), active, told, *found.puzzled(*span.instants(zone)))


def weeks_of(span: Span) -> list[Span]:
    """The whole weeks before the end of a span, four at most, the latest first."""
    ends = [span.last - DAY * 7 * n for n in range(WEEKS)]
    return [_week(last) for last in ends if last - DAY * 6 >= span.first]


def _week(last: date) -> Span:
    first = last - DAY * 6
    return Span(first, last, f"{first:%m-%d} 至 {last:%m-%d}")
