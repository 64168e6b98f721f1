"""When texts to clients that had to wait for the morning leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reminders.lifetime import leaves_at

MORNING = datetime(2025, 6, 10, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
NIGHT = MORNING - timedelta(hours=9)


def test_texts_that_waited_for_the_morning_leave_one_after_the_other() -> None:
    at = [leaves_at(MORNING, client, NIGHT) for client in range(1, 201)]
    assert all(timedelta(minutes=1) <= instant - MORNING <= timedelta(minutes=20) for instant in at)
    assert len({instant.replace(second=0, microsecond=0) for instant in at}) == 19, "every minute of them is used"
    assert at == [leaves_at(MORNING, client, NIGHT + timedelta(hours=1)) for client in range(1, 201)]


def test_what_need_not_wait_or_would_be_too_late_is_not_put_off() -> None:
    assert leaves_at(NIGHT, 1, NIGHT) == NIGHT
    assert leaves_at(MORNING, 1, NIGHT, until=MORNING + timedelta(seconds=30)) == MORNING
