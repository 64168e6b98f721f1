"""Days as people here live them: working days with 调休, birthdays, the ends of months, quiet hours; the lunar part
stands in `storage.lunar`.

Planning is set-based, so birthdays are asked the other way round: not "when is this client's birthday" but
"which stored birthdays are celebrated on this day"."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from storage.lunar import (  # all kinds of days are asked for here
    LunarMonth as LunarMonth,
)
from storage.lunar import (
    lunar_codes_celebrated_on as lunar_codes_celebrated_on,
)
from storage.lunar import (
    lunar_date as lunar_date,
)
from storage.lunar import (
    lunar_months as lunar_months,
)
from storage.lunar import (
    next_lunar_birthday as next_lunar_birthday,
)
from storage.model.plans import add_months as add_months

DAY = timedelta(days=1)
# Nothing is pushed at night: 21:00 to 08:00 (security.md: no message may disturb at 3 am after an outage).
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(8, 0)


# ---------------------------------------------------------------- working days


def is_known_year(year: int) -> bool:
    """Whether the official holiday arrangement of the year is on board (the State Council gives next
    year's in November). For other years Monday to Friday are taken as working days."""
    return year in _known_years()


def last_known_year() -> int:
    """The last year whose holiday arrangement is on board."""
    return max(_known_years())


def year_note(first: date, last: date) -> str:
    """What is to be said when working days from `first` to `last` were counted without the arrangement of a year
    among them; "" where all are known."""
    unknown = [str(year) for year in range(first.year, last.year + 1) if not is_known_year(year)]
    return f"{'、'.join(unknown)} 年的放假安排系统里还没有，工作日先按周一到周五算。" if unknown else ""


@lru_cache(maxsize=1)
def _known_years() -> frozenset[int]:
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)


def is_workday(day: date) -> bool:
    """A day on which people work, make-up days (调休) included."""
    if not is_known_year(day.year):
        return day.weekday() < 5
    import chinese_calendar

    return bool(chinese_calendar.is_workday(day))


def next_workday(day: date) -> date:
    """The first working day after `day`."""
    return add_workdays(day, 1)


def add_workdays(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself for 0."""
    while count > 0:
        day += DAY
        count -= is_workday(day)
    return day


def days_shifted_to(day: date, shift: str) -> list[date]:
    """The days that are kept on `day` when those that are no working days move to the working day before them
    ("previous") or after them ("next"); "none" moves nothing."""
    if shift == "none":
        return [day]
    if not is_workday(day):
        return []
    step = DAY if shift == "previous" else -DAY
    found = [day]
    while not is_workday(found[-1] + step):
        found.append(found[-1] + step)
    return found


def shifted_day(day: date, shift: str) -> date:
    """The day on which `day` is kept under a shift; the other way round of `days_shifted_to`."""
    step = {"previous": -DAY, "next": DAY}.get(shift)
    while step is not None and not is_workday(day):
        day += step
    return day


# ---------------------------------------------------------------- solar birthdays and other anniversaries

LONGEST_KEPT = 120  # years that a date may lie back and still be remembered


def solar_days_celebrated_on(day: date) -> list[int]:
    """The solar birthdays, as month * 100 + day, that are celebrated on `day`.

    In common years those of 29 February are celebrated on the 28th."""
    days = [day.month * 100 + day.day]
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
        days.append(229)
    return days


def next_solar_birthday(month_day: int, after: date) -> date:
    """The first celebration of a solar birthday (month * 100 + day) on or after a day."""
    return next(
        found for year in (after.year, after.year + 1) if (found := _solar(year, month_day)) >= after
    )


def dates_remembered_on(day: date) -> list[date]:
    """The dates of earlier years whose anniversary is kept on `day`, the latest first; those of 29 February as
    birthdays are."""
    found = []
    for code in solar_days_celebrated_on(day):
        month, of_month = divmod(code, 100)
        years = range(day.year - 1, day.year - 1 - LONGEST_KEPT, -1)
        found += [date(y, month, of_month) for y in years if code != 229 or calendar.isleap(y)]
    return sorted(found, reverse=True)


def next_anniversary(on: date, after: date) -> date:
    """The first anniversary of a date on or after a day; the date itself is none."""
    return next_solar_birthday(on.month * 100 + on.day, max(after, date(on.year + 1, 1, 1)))


def _solar(year: int, month_day: int) -> date:
    month, day = divmod(month_day, 100)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


# ---------------------------------------------------------------- hours


def clock_time(text: str, default: time) -> time:
    """"08:30" as a time of day; the default for anything that is none."""
    try:
        return time.fromisoformat(text)
    except (ValueError, TypeError):
        return default


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which it is `at` o'clock on `day` for people in `zone`."""
    return datetime.combine(day, at, zone)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a day and the first of the next."""
    return local_instant(day, time(), zone), local_instant(day + DAY, time(), zone)


def is_quiet(now: datetime, zone: ZoneInfo) -> bool:
    """Whether people should be left alone at this hour."""
    at = now.astimezone(zone).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL
