"""Lengths of time as people say them, counted on the calendar: three months before 31 May is 28 February."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "year"]
LABELS: dict[Unit, str] = {"day": "天", "week": "周", "month": "个月", "year": "年"}


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, weeks, months or years."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {LABELS[self.unit]}"

    def before(self, day: date) -> date:
        """The day that lies this long before `day`. Raises OverflowError or ValueError before the year 1."""
        return self._from(day, -1)

    def after(self, day: date) -> date:
        """The day that lies this long after `day`. Raises OverflowError or ValueError beyond the year 9999."""
        return self._from(day, 1)

    def _from(self, day: date, sign: int) -> date:
        match self.unit:
            case "day":
                return day + timedelta(days=sign * self.count)
            case "week":
                return day + timedelta(weeks=sign * self.count)
            case "month":
                return _months_from(day, sign * self.count)
        return _months_from(day, sign * self.count * 12)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; of 29 February the 28th. Raises ValueError before the year 1."""
    return _months_from(day, -12 * years)


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
