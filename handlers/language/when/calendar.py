"""Lunar days, festivals, solar terms and Chinese working days as civil dates. The libraries load at first use."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, timedelta
from functools import lru_cache

from handlers.language.when.words import FESTIVALS
from reminders.calendar import add_months, is_workday, lunar_date, lunar_months

__all__ = ["add_months", "festival", "is_workday", "lunar", "month_end", "next_lunar", "nth_weekday", "season", "solar", "term", "workday"]

FIRST_YEAR, LAST_YEAR = 1901, 2099  # lunar dates are checked against a second library for these years


def solar(year: int, month: int, day: int, leap: bool = False) -> date | None:
    """The civil date of a day of lunar `year`; None when that year has no such month.

    The 30th of a month that has 29 days is its last day: 腊月三十 is 除夕 in every year."""
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR or not 1 <= day <= 30:
        return None
    found = next((m for m in lunar_months(year) if m.number == (-month if leap else month)), None)
    return None if found is None else found.first_day + timedelta(days=min(day, found.days) - 1)


def lunar(day: date) -> tuple[int, int, int, bool]:
    """(lunar year, month, day, leap month?) of a civil date."""
    year, number, day_of_month = lunar_date(day)
    return year, abs(number), day_of_month, number < 0


def next_lunar(month: int | None, day: int, leap: bool, today: date, step: int = 1) -> date | None:
    """The next (`step` 1, today counts) or last (`step` -1) civil date of a lunar day; `month` None = of any month.

    Leap months only when asked for; they may be decades away."""
    if month is None:
        return _next_day_of_any_month(day, today, step)
    year = lunar(today)[0] - step
    for _ in range(60 if leap else 4):
        found = solar(year, month, day, leap)
        if found is not None and (found - today).days * step >= 0:
            return found
        year += step
    return None


def _next_day_of_any_month(day: int, today: date, step: int) -> date | None:
    for offset in range(62):
        candidate = today + timedelta(days=offset * step)
        if lunar(candidate)[2] == day:
            return candidate
    return None


@lru_cache(maxsize=512)
def festival(name: str, year: int) -> date | None:
    """The festival that falls in civil `year`."""
    rule = FESTIVALS[name]
    if rule[0] == "solar":
        return date(year, rule[1], rule[2])
    if rule[0] == "nth":
        return nth_weekday(year, rule[1], rule[3], rule[2])  # type: ignore[misc]
    for lunar_year in (year, year - 1):
        found = solar(lunar_year, rule[1], max(rule[2], 1))
        if found is not None and rule[2] == 0:
            found -= timedelta(days=1)
        if found is not None and found.year == year:
            return found
    return solar(year, rule[1], rule[2]) if rule[2] else None  # civil 2023 had no 腊八: the one of the lunar year


@lru_cache(maxsize=512)
def term(name: str, year: int) -> date | None:
    """A solar term of civil `year`, as the date in UTC+8."""
    from lunar_python import Solar

    table = Solar.fromYmd(year, 6, 15).getLunar().getJieQiTable()
    for key in (name, _TERMS_OF_THE_END.get(name, name)):
        found = table.get(key)
        if found is not None and found.getYear() == year:
            return date(found.getYear(), found.getMonth(), found.getDay())
    return None


def season(name: str, year: int) -> tuple[date, date] | None:
    """春夏秋冬 from 立春, 立夏 … to the next of these; 寒 and 暑, the school holidays, by the usual months. The end is exclusive."""
    if name in "寒暑":
        return (date(year, 7, 1), date(year, 9, 1)) if name == "暑" else (date(year, 1, 15), date(year, 3, 1))
    names = ("立春", "立夏", "立秋", "立冬")
    at = "春夏秋冬".index(name)
    start, end = term(names[at], year), term(names[(at + 1) % 4], year + (at == 3))
    return None if start is None or end is None else (start, end)


# The library's table of a lunar year runs into the next winter; these are its names for the second time round.
_TERMS_OF_THE_END = {"大雪": "DA_XUE", "冬至": "DONG_ZHI", "小寒": "XIAO_HAN", "大寒": "DA_HAN", "立春": "LI_CHUN",
                     "雨水": "YU_SHUI", "惊蛰": "JING_ZHE"}


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date | None:
    """The n-th (from the end when negative) Monday … Sunday (0 … 6) of a month."""
    last = gregorian.monthrange(year, month)[1]
    days = [d for d in range(1, last + 1) if date(year, month, d).weekday() == weekday]
    index = n - 1 if n > 0 else n
    return date(year, month, days[index]) if -len(days) <= index < len(days) else None


def workday(start: date, n: int) -> date:
    """The n-th working day after (before, when negative) `start`."""
    step = 1 if n > 0 else -1
    day = start
    for _ in range(abs(n)):
        day += timedelta(days=step)
        while not is_workday(day):
            day += timedelta(days=step)
    return day


def month_end(day: date) -> date:
    """The last day of its month."""
    return date(day.year, day.month, gregorian.monthrange(day.year, day.month)[1])
