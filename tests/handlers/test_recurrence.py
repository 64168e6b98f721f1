"""The next day of a repeating reminder."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.recurrence import NotSupported, next_day


@pytest.mark.parametrize(("rrule", "start", "after", "expected"), [
    ("FREQ=DAILY", "2025-06-09", "2025-06-09", "2025-06-10"),
    ("FREQ=DAILY;INTERVAL=3", "2025-06-09", "2025-06-10", "2025-06-12"),
    ("FREQ=WEEKLY;BYDAY=FR", "2025-06-13", "2025-06-13", "2025-06-20"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2025-06-09", "2025-06-09", "2025-06-23"),
    ("FREQ=WEEKLY;BYDAY=MO,TH", "2025-06-09", "2025-06-09", "2025-06-12"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2025-06-30", "2025-06-30", "2025-07-31"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "2025-08-31", "2025-08-31", "2025-09-30"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2025-06-27", "2025-06-27", "2025-07-25"),
    ("FREQ=MONTHLY;BYDAY=2MO", "2025-06-09", "2025-06-09", "2025-07-14"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "2024-02-29", "2025-02-28"),
    ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=3", "2025-09-24", "2025-09-24", "2026-09-13"),
    ("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15", "2025-06-10", "2025-06-10", "2025-06-25"),
    # 28 September 2025 is a Sunday on which people work (调休), 1 to 8 October are holidays.
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN", "2025-09-26", "2025-09-27", "2025-09-28"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN", "2025-09-26", "2025-09-30", "2025-10-09"),
])
def test_the_next_day_follows_the_rule(rrule: str, start: str, after: str, expected: str):
    found = next_day(rrule, date.fromisoformat(start), date.fromisoformat(after))
    assert found == date.fromisoformat(expected)


def test_a_rule_that_ended_has_no_next_day():
    assert next_day("FREQ=DAILY;UNTIL=20250610", date(2025, 6, 9), date(2025, 6, 10)) is None


@pytest.mark.parametrize("rrule", ["FREQ=HOURLY", "FREQ=DAILY;COUNT=3", "FREQ=YEARLY;BYEASTER=0", "", "FREQ=DAILY;BYDAY=XX"])
def test_what_is_beyond_the_subset_is_refused(rrule: str):
    with pytest.raises(NotSupported):
        next_day(rrule, date(2025, 6, 9), date(2025, 6, 9))
