"""A clock that runs only while people work: the shifts of working days, without lunch, nights and holidays.

Time limits are counted on it. Working days come from `reminders.calendar`, so 调休 counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.pack import Packs
from reminders.calendar import DAY, is_workday, local_instant
from storage.model.clock import local_date

NOTHING = timedelta()
OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(18)))  # where no pack declares shifts


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The shifts of a working day, in order and apart, for people in `zone`."""

    shifts: Sequence[tuple[time, time]]
    zone: ZoneInfo

    @classmethod
    def of(cls, packs: Packs, zone: ZoneInfo) -> WorkingHours:
        """As the packs declare them."""
        return cls(tuple(sorted(shift.span for shift in packs.shifts)) or OFFICE_HOURS, zone)

    @property
    def hours_a_day(self) -> float:
        """How many hours a working day has."""
        return sum((ends.hour - begins.hour) + (ends.minute - begins.minute) / 60 for begins, ends in self.shifts)

    def between(self, first: datetime, last: datetime) -> timedelta:
        """How long people worked from `first` to `last`; nothing when `last` is not later."""
        worked = NOTHING
        for begins, ends in self._shifts_from(first):
            if begins >= last:
                break
            worked += max(NOTHING, min(ends, last) - max(begins, first))
        return worked

    def after(self, start: datetime, length: timedelta) -> datetime:
        """The first instant by which people have worked for `length` since `start`; `start` itself for none."""
        if length <= NOTHING:
            return start
        left = length
        for begins, ends in self._shifts_from(start):
            begins = max(begins, start)
            if ends - begins >= left:
                return begins + left
            left -= max(NOTHING, ends - begins)
        raise AssertionError("the days do not end")

    def before(self, end: datetime, length: timedelta) -> datetime:
        """The last instant since which people have worked for `length` until `end`; `end` itself for none."""
        if length <= NOTHING:
            return end
        left = length
        for begins, ends in self._shifts_until(end):
            ends = min(ends, end)
            if ends - begins >= left:
                return ends - left
            left -= max(NOTHING, ends - begins)
        raise AssertionError("the days do not end")

    def is_open(self, now: datetime) -> bool:
        """Whether people are at work."""
        day = local_date(now, self.zone)
        return is_workday(day) and any(begins <= now < ends for begins, ends in self._of_day(day))

    def _shifts_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = local_date(start, self.zone)
        while True:
            if is_workday(day):
                yield from self._of_day(day)
            day += DAY

    def _shifts_until(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = local_date(end, self.zone)
        while True:
            if is_workday(day):
                yield from reversed(self._of_day(day))
            day -= DAY

    def _of_day(self, day: date) -> list[tuple[datetime, datetime]]:
        zone = self.zone
        return [(local_instant(day, begins, zone), local_instant(day, ends, zone)) for begins, ends in self.shifts]
