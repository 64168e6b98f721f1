"""The calendar against other libraries: working days, and every birthday of 1900 to 2099 over 2025 to 2045."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from borax.calendars.lunardate import LunarDate
from lunar_python.util import HolidayUtil
from sqlalchemy import select
from zhdate import ZhDate

from reminders import planner
from reminders.calendar import is_workday, local_instant, lunar_codes_celebrated_on, solar_days_celebrated_on
from storage.database import Database
from storage.tables import clients, reminders
from tests.builders import a_client, the_cast
from tests.reminders.firm import ZONE

DAY, NINE = timedelta(days=1), time(9)
YEARS = range(2025, 2046)


def days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


def births() -> set[int]:
    """All lunar birthdays that anybody born from 1900 (as far as the library knows) to 2099 has: month * 100 + day,
    negative for a leap month."""
    found = set()
    for day in days(date(1900, 1, 31), date(2099, 12, 31)):
        moon = LunarDate.from_solar(day)
        found.add((-1 if moon.leap else 1) * (moon.month * 100 + moon.day))
    return found


BIRTHS = births()


# ---------------------------------------------------------------- two libraries, and the rules in plain steps


def by_borax(year: int, month: int, day: int, *, leap: bool) -> date:
    found = LunarDate(year, month, day, leap).to_solar_date()
    return date(found.year, found.month, found.day)


def by_zhdate(year: int, month: int, day: int, *, leap: bool) -> date:
    return ZhDate(year, month, day, leap_month=leap).to_datetime().date()


def celebrated(year: int, code: int, library: Callable[..., date]) -> date:
    """When a lunar birthday is celebrated in a lunar year: in the leap month if the year has it, else in the ordinary
    one; a 30th that the month lacks on its 29th."""
    month, day = divmod(abs(code), 100)
    for leap, on in ((code < 0, day), (code < 0, 29), (False, day), (False, 29)):
        try:
            return library(year, month, on, leap=leap)
        except (ValueError, TypeError):
            continue
    raise AssertionError(f"{code} has no day in {year}")


# ---------------------------------------------------------------- truth


def test_working_days_of_2024_to_2026_agree_with_another_library() -> None:
    for day in days(date(2024, 1, 1), date(2026, 12, 31)):
        special: Any = HolidayUtil.getHoliday(day.isoformat())
        assert is_workday(day) == (special.isWork() if special else day.weekday() < 5), day


@pytest.mark.parametrize("library", [by_borax, by_zhdate])
def test_each_lunar_birthday_is_celebrated_once_a_lunar_year_on_the_day_that_the_library_says(
    library: Callable[..., date],
) -> None:
    ours: dict[date, set[int]] = {
        day: set(lunar_codes_celebrated_on(day)) for day in days(date(2025, 1, 1), date(2046, 12, 31))
    }
    seen = Counter[tuple[int, int]]()
    for year in YEARS:
        for code in BIRTHS:
            day = celebrated(year, code, library)
            assert code in ours[day], (year, code, day)
            seen[year, code] += 1
    # Nothing beside those: every code of ours on every day belongs to one of them.
    first, last = celebrated(2025, 101, library), celebrated(2046, 101, library)
    told = Counter(code for day, codes in ours.items() if first <= day < last for code in codes & BIRTHS)
    assert set(told) == BIRTHS
    assert set(told.values()) == {len(YEARS)}


def test_each_solar_birthday_is_celebrated_once_a_year() -> None:
    for year in YEARS:
        told = Counter(
            code for day in days(date(year, 1, 1), date(year, 12, 31)) for code in solar_days_celebrated_on(day)
        )
        assert len(told) == 366
        assert set(told.values()) == {1}
        assert 229 in solar_days_celebrated_on(date(year, 2, 29 if calendar.isleap(year) else 28))


@pytest.mark.slow
def test_the_planner_reminds_of_every_birthday_exactly_once_a_year(sqlite_database: Database) -> None:
    """A client for each of the 366 solar and all lunar birthdays, planned every five days over the 21 years."""
    opened = local_instant(date(2024, 12, 31), NINE, ZONE)
    with sqlite_database.system(opened) as uow:
        the_cast(uow)
        for code in sorted(BIRTHS):
            a_client(uow, "农历客户", lunar_birthday=code, birthday_calendar="lunar", birthday=date(1980, 1, 1))
        for day in days(date(2000, 1, 1), date(2000, 12, 31)):
            a_client(uow, "公历客户", birthday=day)
    for day in (date(2025, 1, 1) + DAY * 5 * n for n in range(366 * 21 // 5 + 75)):
        with sqlite_database.system(local_instant(day, NINE, ZONE)) as uow:
            for piece in planner.pieces(uow.rules.in_force(), day - DAY * 4, day, ZONE):
                if piece.name == "rule:birthday":
                    piece.work(uow)
    with sqlite_database.system(opened) as uow:
        rows = uow.conn.execute(
            select(reminders.c.client_id, reminders.c.due_on, clients.c.birthday_calendar)
            .join(clients, clients.c.id == reminders.c.client_id).where(reminders.c.rule == "birthday")
        ).all()
    new_year = {year: by_borax(year, 1, 1, leap=False) for year in (*YEARS, 2046)}
    told = Counter[tuple[int, int]]()
    for row in rows:
        if row.birthday_calendar == "lunar":
            year = row.due_on.year if row.due_on >= new_year.get(row.due_on.year, date.max) else row.due_on.year - 1
        else:
            year = row.due_on.year
        told[row.client_id, year] += 1
    assert max(told.values()) == 1
    whole = [count for (_, year), count in told.items() if year in YEARS]
    assert len(whole) == (len(BIRTHS) + 366) * len(YEARS)
