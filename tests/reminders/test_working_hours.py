"""The clock of working hours against a slow count, minute by minute, over 2024 to 2026 with 调休."""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from config.pack import PackStore
from config.settings import Settings
from reminders.working_hours import WorkingHours

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = WorkingHours(((time(9), time(12)), (time(13, 30), time(18))), ZONE)
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def worked_minutes() -> list[datetime]:
    """Every minute at whose beginning somebody is at work, counted without any cleverness."""
    found = []
    now, end = datetime.combine(FIRST, time(), ZONE), datetime.combine(LAST, time(23, 59), ZONE)
    while now <= end:
        open_shop = time(9) <= now.time() < time(12) or time(13, 30) <= now.time() < time(18)
        if open_shop and chinese_calendar.is_workday(now.date()):
            found.append(now)
        now += MINUTE
    return found


@pytest.fixture(scope="module")
def minutes() -> list[datetime]:
    return worked_minutes()


def test_ten_thousand_deadlines_agree_with_the_count_of_minutes(minutes: list[datetime]) -> None:
    luck = random.Random(20251129)
    span = int((datetime(2026, 11, 1, tzinfo=ZONE) - minutes[0]) / MINUTE)
    for _ in range(10_000):
        start = minutes[0] + MINUTE * luck.randrange(span)
        length = luck.randint(1, 60 * 40)
        deadline = minutes[bisect_left(minutes, start) + length - 1] + MINUTE
        assert HOURS.after(start, MINUTE * length) == deadline
        assert HOURS.between(start, deadline) == MINUTE * length
        assert HOURS.before(deadline, MINUTE * length) >= start
        assert HOURS.between(HOURS.before(deadline, MINUTE * length), deadline) == MINUTE * length


@pytest.mark.parametrize(
    ("start", "hours", "deadline"),
    [
        ("2025-06-06 17:30", 2, "2025-06-09 10:30"),  # over the weekend
        ("2025-06-09 11:30", 1, "2025-06-09 14:00"),  # over lunch
        ("2025-06-09 10:00", 2, "2025-06-09 12:00"),  # to the minute of lunch
        ("2025-09-28 16:00", 3, "2025-09-29 10:00"),  # a Sunday that was worked (调休)
        ("2025-09-30 17:00", 2, "2025-10-09 10:00"),  # over the National Day week
        ("2025-06-07 10:00", 1, "2025-06-09 10:00"),  # asked on a Saturday
    ],
)
def test_a_deadline_passes_over_what_is_not_worked(start: str, hours: int, deadline: str) -> None:
    assert HOURS.after(at(start), timedelta(hours=hours)) == at(deadline)


def test_nothing_is_worked_backwards_or_at_once() -> None:
    assert HOURS.between(at("2025-06-09 15:00"), at("2025-06-09 10:00")) == timedelta()
    assert HOURS.after(at("2025-06-07 10:00"), timedelta()) == at("2025-06-07 10:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2025-06-09 09:00", True), ("2025-06-09 12:00", False), ("2025-06-09 18:00", False), ("2025-06-07 10:00", False)],
)
def test_the_office_is_open_from_the_first_minute_of_a_shift_up_to_the_last(moment: str, is_open: bool) -> None:
    assert HOURS.is_open(at(moment)) is is_open


def test_the_shifts_are_those_of_the_packs() -> None:
    packs = PackStore(Settings.model_fields["packs"].default).current
    assert WorkingHours.of(packs, ZONE) == HOURS
