from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.calendar import (
    add_workdays,
    clock_time,
    day_bounds,
    is_known_year,
    is_quiet,
    is_workday,
    last_known_year,
    lunar_codes_celebrated_on,
    next_lunar_birthday,
    next_solar_birthday,
    next_workday,
    solar_days_celebrated_on,
    year_note,
)

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + DAY * n for n in range(365)]


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2025, 6, 9), True),
            (date(2025, 6, 2), False),  # Dragon Boat, a Monday
            (date(2025, 9, 28), True),  # a Sunday, made up for National Day
            (date(2025, 10, 6), False),  # Mid-Autumn, a Monday
            (date(2026, 2, 14), True),  # a Saturday, made up for Spring Festival
        ],
    )
    def test_holidays_and_make_up_days_are_known(self, day: date, works: bool) -> None:
        assert is_workday(day) is works

    def test_the_next_working_day_after_spring_festival_is_far(self) -> None:
        assert next_workday(date(2025, 1, 27)) == date(2025, 2, 5)

    def test_a_year_without_an_arrangement_has_plain_weeks_and_says_so(self) -> None:
        unknown = last_known_year() + 1
        assert is_known_year(unknown - 1)
        assert not is_known_year(unknown)
        assert {is_workday(day) == (day.weekday() < 5) for day in days_of(unknown)} == {True}
        assert year_note(date(unknown, 1, 1), date(unknown, 1, 4)) == (
            f"{unknown} 年的放假安排系统里还没有，工作日先按周一到周五算。"
        )

    def test_a_span_that_reaches_into_an_unknown_year_says_so_and_a_known_one_does_not(self) -> None:
        last = last_known_year()
        assert year_note(date(last, 12, 30), date(last + 2, 1, 4)).startswith(f"{last + 1}、{last + 2} 年的放假安排")
        assert year_note(date(last, 1, 1), date(last, 12, 31)) == ""

    def test_counting_no_working_days_stays_on_the_day(self) -> None:
        assert add_workdays(date(2025, 6, 8), 0) == date(2025, 6, 8)
        assert add_workdays(date(2025, 6, 6), 3) == date(2025, 6, 11)


class TestSolarBirthdays:
    def test_29_february_is_celebrated_on_the_28th_of_common_years(self) -> None:
        assert solar_days_celebrated_on(date(2025, 2, 28)) == [228, 229]
        assert solar_days_celebrated_on(date(2024, 2, 28)) == [228]
        assert solar_days_celebrated_on(date(2024, 2, 29)) == [229]

    def test_everybody_has_one_birthday_a_year(self) -> None:
        for year in (2024, 2025, 2100):
            days = [date(year, 1, 1) + DAY * n for n in range(366) if (date(year, 1, 1) + DAY * n).year == year]
            seen = Counter(code for day in days for code in solar_days_celebrated_on(day))
            assert len(seen) == 366
            assert set(seen.values()) == {1}

    def test_the_next_birthday_may_be_today_or_next_year(self) -> None:
        assert next_solar_birthday(609, date(2025, 6, 9)) == date(2025, 6, 9)
        assert next_solar_birthday(608, date(2025, 6, 9)) == date(2026, 6, 8)
        assert next_solar_birthday(229, date(2025, 1, 1)) == date(2025, 2, 28)


class TestLunarBirthdays:
    def test_the_third_of_the_eighth_month_is_24_september_2025(self) -> None:
        assert next_lunar_birthday(803, date(2025, 6, 9)) == date(2025, 9, 24)
        assert lunar_codes_celebrated_on(date(2025, 9, 24)) == [803, -803]

    @pytest.mark.parametrize(
        ("eve", "short"),
        [
            (date(2025, 1, 28), True), (date(2026, 2, 16), True), (date(2027, 2, 5), True),
            (date(2028, 1, 25), True), (date(2029, 2, 12), True), (date(2030, 2, 2), False),
        ],
    )  # fmt: skip
    def test_born_on_the_thirtieth_of_the_twelfth_month_celebrates_on_the_eve_of_the_new_year(
        self, eve: date, short: bool
    ) -> None:
        assert 1230 in lunar_codes_celebrated_on(eve)
        assert (1229 in lunar_codes_celebrated_on(eve)) is short
        assert next_lunar_birthday(1230, eve - timedelta(days=20)) == eve

    def test_a_birthday_of_last_lunar_year_may_come_in_january(self) -> None:
        assert next_lunar_birthday(1201, date(2025, 1, 10)) == date(2026, 1, 19)
        assert next_lunar_birthday(1215, date(2025, 1, 10)) == date(2025, 1, 14)

    def test_a_leap_month_birth_is_celebrated_in_the_leap_month_of_a_year_that_has_it(self) -> None:
        assert next_lunar_birthday(-601, date(2025, 6, 9)) == date(2025, 7, 25)
        assert lunar_codes_celebrated_on(date(2025, 7, 25)) == [-601]
        assert lunar_codes_celebrated_on(date(2025, 6, 25)) == [601]

    def test_a_leap_month_birth_is_celebrated_in_the_ordinary_month_of_other_years(self) -> None:
        assert next_lunar_birthday(-601, date(2026, 1, 1)) == date(2026, 7, 14)
        assert lunar_codes_celebrated_on(date(2026, 7, 14)) == [601, -601]

    def test_everybody_has_one_birthday_in_each_lunar_year_and_both_ways_agree(self) -> None:
        seen: Counter[int] = Counter()
        day, end = date(2023, 1, 22), date(2030, 2, 3)  # seven lunar years, leap months 2, 6 and 5
        while day < end:
            for code in lunar_codes_celebrated_on(day):
                seen[code] += 1
                assert next_lunar_birthday(code, day) == day
            day += DAY
        assert len(seen) == 2 * 12 * 30
        assert set(seen.values()) == {7}


class TestHours:
    @pytest.mark.parametrize(
        ("now", "quiet"),
        [
            ("2025-06-09 20:59", False), ("2025-06-09 21:00", True),
            ("2025-06-09 03:00", True), ("2025-06-09 08:00", False),
        ],
    )
    def test_nights_are_quiet(self, now: str, quiet: bool) -> None:
        assert is_quiet(at(now), ZONE) is quiet

    def test_a_preferred_hour_that_is_none_falls_back(self) -> None:
        assert clock_time("07:45", time(8, 30)) == time(7, 45)
        assert clock_time("early", time(8, 30)) == time(8, 30)

    def test_a_local_day_has_its_own_bounds(self) -> None:
        first, last = day_bounds(date(2025, 6, 9), ZONE)
        assert first.astimezone(UTC) == datetime(2025, 6, 8, 16, tzinfo=UTC)
        assert last - first == DAY
