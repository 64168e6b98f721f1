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


STRETCHES = ("今天", "明天", "后天", "本周", "下周", "本月", "下月", "本季度", "下季度", "今年", "明年")


def stretch(word: str, today: date) -> tuple[date, date]:
    """The first and the last day of one of `STRETCHES`."""
    if word in ("今天", "明天", "后天"):
        day = today + timedelta(days=STRETCHES.index(word))
        return day, day
    later = word[0] in "下明"
    if word.endswith("周"):
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=later)
        return first, first + timedelta(days=6)
    months = {"月": 1, "度": 3, "年": 12}[word[-1]]
    first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
    first = _months_from(first, months * later)
    return first, _months_from(first, months) - timedelta(days=1)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; of 29 February the 28th. Raises ValueError before the year 1."""
    return _months_from(day, -12 * years)


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
