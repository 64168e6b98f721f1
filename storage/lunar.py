"""The lunar calendar, and on which day a lunar birthday is celebrated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

DAY = timedelta(days=1)


def lunar_codes_celebrated_on(day: date) -> list[int]:
    """The lunar birthdays, as month * 100 + day (negative: born in a leap month), celebrated on `day`.

    A 30th that the month does not have this year falls on its 29th (no 腊月三十 from 2025 to 2028). Who was
    born in a leap month celebrates in the ordinary month of a year without that leap month. So everyone has
    exactly one birthday in every lunar year."""
    year, month, day_of_month = lunar_date(day)
    days = [day_of_month]
    if day_of_month == 29 and _days_in(year, month) == 29:
        days.append(30)
    if month < 0:
        return [month * 100 - d for d in days]
    codes = [month * 100 + d for d in days]
    if _leap_month(year) != month:
        codes += [-code for code in codes]
    return codes


def lunar_codes_celebrated_between(first: date, last: date) -> list[int]:
    """The lunar birthdays celebrated on any of the days."""
    days = (first + DAY * n for n in range((last - first).days + 1))
    return sorted({code for day in days for code in lunar_codes_celebrated_on(day)})


def next_lunar_birthday(code: int, after: date) -> date:
    """The first celebration of a lunar birthday on or after a day: 803 (八月初三) after 2025-06-09 is
    2025-09-24. Same rules as `lunar_codes_celebrated_on`."""
    # A lunar year begins up to seven weeks after the solar one, so the current one may be last year's.
    years = range(after.year - 1, after.year + 3)
    return next(found for year in years if (found := _celebrated_in(year, code)) >= after)


def lunar_date(day: date) -> tuple[int, int, int]:
    """The lunar year, month (negative: a leap month) and day of a solar day."""
    # A lunar year begins in January or February.
    year = day.year if day >= lunar_months(day.year)[0].first_day else day.year - 1
    month = next(m for m in reversed(lunar_months(year)) if m.first_day <= day)
    return year, month.number, (day - month.first_day).days + 1


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """A month of a lunar year; `number` is negative for a leap month."""

    number: int
    first_day: date
    days: int


@lru_cache(maxsize=256)
def lunar_months(year: int) -> tuple[LunarMonth, ...]:
    """The twelve or thirteen months of a lunar year, in order."""
    # lunar_python works a year out anew for every date it is asked, so each year is asked once.
    from lunar_python import LunarYear, Solar

    def month(found: Any) -> LunarMonth:
        first = Solar.fromJulianDay(found.getFirstJulianDay())
        return LunarMonth(
            found.getMonth(), date(first.getYear(), first.getMonth(), first.getDay()), found.getDayCount()
        )

    return tuple(month(found) for found in LunarYear.fromYear(year).getMonthsInYear())


def _celebrated_in(year: int, code: int) -> date:
    number, day = divmod(abs(code), 100)
    if code < 0 and _leap_month(year) == number:
        number = -number
    month = next(m for m in lunar_months(year) if m.number == number)
    return month.first_day + DAY * (min(day, month.days) - 1)


def _days_in(year: int, number: int) -> int:
    return next(m.days for m in lunar_months(year) if m.number == number)


def _leap_month(year: int) -> int:
    """The month that is doubled in a lunar year; 0 for none."""
    return next((-m.number for m in lunar_months(year) if m.number < 0), 0)
