from datetime import UTC, datetime, timedelta

from reminders.brake import Brake

NOON = datetime(2025, 6, 9, 4, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def closed_brake() -> Brake:
    brake = Brake()
    for _ in range(3):
        brake.failed(NOON)
    return brake


def test_single_failures_do_not_close_it() -> None:
    brake = Brake()
    for _ in range(5):
        brake.failed(NOON)
        brake.failed(NOON)
        brake.answered()
    assert brake.limit(NOON, 20) == 20


def test_three_failures_in_a_row_stop_everybody_then_one_goes_ahead() -> None:
    brake = closed_brake()
    assert brake.limit(after(0.9), 20) == 0
    assert brake.limit(after(1), 20) == 1
    assert brake.limit(after(1), 20) == 0


def test_the_pause_doubles_up_to_half_a_minute() -> None:
    brake, now, pauses = closed_brake(), after(1), []
    for _ in range(7):
        assert brake.limit(now, 20) == 1
        brake.failed(now)
        pause = next(s for s in range(1, 60) if brake.limit(now + timedelta(seconds=s), 20))
        brake.unused()
        pauses.append(pause)
        now += timedelta(seconds=pause)
    assert pauses == [2, 4, 8, 16, 30, 30, 30]


def test_those_under_way_when_it_closed_do_not_lengthen_the_pause() -> None:
    brake = closed_brake()
    for _ in range(17):
        brake.failed(NOON)
    assert brake.limit(after(1), 20) == 1


def test_an_answer_opens_the_way_for_all() -> None:
    brake = closed_brake()
    brake.limit(after(1), 20)
    brake.answered()
    assert brake.limit(after(1), 20) == 20
    brake.failed(after(2))
    assert brake.limit(after(2), 20) == 20


def test_a_block_lasts_as_long_as_the_sender_says() -> None:
    brake = Brake()
    brake.blocked(NOON, 60)
    brake.blocked(NOON, 10)
    assert brake.limit(after(59), 20) == 0
    assert brake.limit(after(60), 20) == 1


def test_a_probe_that_finds_nothing_or_never_returns_frees_the_way_for_the_next() -> None:
    brake = closed_brake()
    assert brake.limit(after(1), 20) == 1
    brake.unused()
    assert brake.limit(after(1), 20) == 1
    assert brake.limit(after(62), 20) == 1


def test_a_clock_that_is_set_back_does_not_keep_it_closed() -> None:
    brake = Brake()
    brake.blocked(NOON, 3600)
    assert brake.limit(after(-86400), 20) == 1
