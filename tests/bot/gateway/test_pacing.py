import asyncio
from datetime import datetime, timedelta

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.pacing import ApiBlocks, Breaker, Gate, MemberPacer
from bot.wecom.shared_pacing import SharedPacer
from storage.cache import RedisCache
from tests.servers import RedisServer

START = datetime.fromisoformat("2026-11-23T08:30:00+08:00")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


# ---------------------------------------------------------------- one process


def test_the_29th_message_within_a_minute_waits_for_the_first_to_leave():
    pacer = MemberPacer()
    assert all(pacer.take("li", at(i)) for i in range(28))
    assert not pacer.take("li", at(28))
    assert pacer.delay("li", at(28)) == 32
    assert pacer.take("li", at(60))


def test_an_hour_has_its_own_limit():
    pacer = MemberPacer(per_minute=28, per_hour=100)
    taken = [s for s in range(0, 3600, 3) if pacer.take("li", at(s))]
    assert len(taken) == 100
    assert pacer.delay("li", at(3599)) == pytest.approx(1)
    assert pacer.take("li", at(3600))


def test_asking_for_the_delay_counts_nothing():
    pacer = MemberPacer(per_minute=1)
    assert [pacer.delay("li", at(0)) for _ in range(3)] == [0, 0, 0]
    assert pacer.take("li", at(0))


def test_members_do_not_share_a_limit_but_spellings_of_one_member_do():
    pacer = MemberPacer(per_minute=1)
    assert pacer.take("LiGuWen", at(0))
    assert pacer.take("chen", at(0))
    assert not pacer.take("liguwen", at(1))


def test_a_clock_set_back_neither_frees_nor_locks_a_member():
    pacer = MemberPacer(per_minute=2)
    assert pacer.take("li", at(7200))
    assert pacer.take("li", at(7200))
    assert pacer.delay("li", at(0)) == 60
    assert pacer.take("li", at(60))


def test_what_was_sent_before_a_restart_can_be_told():
    pacer = MemberPacer(per_minute=2)
    pacer.record("li", at(-30))
    pacer.record("li", at(-20))
    assert pacer.delay("li", at(0)) == 30


def test_silent_members_are_forgotten_and_memory_stays_bounded():
    pacer = MemberPacer(max_members=100)
    for i in range(1000):
        pacer.take(f"m{i}", at(i * 0.001))
    assert len(pacer._sent) == 100
    pacer.take("late", at(4000))
    assert list(pacer._sent) == ["late"]


@given(st.lists(st.floats(0, 40), min_size=1, max_size=200))
def test_no_minute_ever_holds_more_than_the_limit(gaps):
    pacer, now, taken = MemberPacer(per_minute=5, per_hour=50), 0.0, []
    for gap in gaps:
        now += gap
        if pacer.take("li", at(now)):
            taken.append(at(now))
    for end in taken:
        assert sum(end - timedelta(minutes=1) < t <= end for t in taken) <= 5
        assert sum(end - timedelta(hours=1) < t <= end for t in taken) <= 50


@given(st.integers(0, 200))
def test_waiting_exactly_the_delay_is_enough(milliseconds):
    pacer = MemberPacer(per_minute=3)
    for _ in range(3):
        pacer.take("li", at(milliseconds / 1000))
    wait = pacer.delay("li", at(10))
    assert pacer.take("li", at(10) + timedelta(seconds=wait, microseconds=1))


# ---------------------------------------------------------------- several processes


@pytest.fixture
async def shared(redis_server: RedisServer):
    redis_server.empty()
    cache = RedisCache(redis_server.url)
    yield cache
    await cache.close()


async def test_two_processes_share_one_limit(shared):
    one, two = SharedPacer(shared, per_minute=4), SharedPacer(shared, per_minute=4)
    waits = [await pacer.reserve("Li", at(i)) for i in range(2) for pacer in (one, two)]
    assert waits == [0, 0, 0, 0]
    assert await one.reserve("li", at(5)) == 55
    assert await two.reserve("LI", at(5)) == 55
    assert await two.reserve("chen", at(5)) == 0
    assert await one.reserve("li", at(60.001)) == 0


async def test_two_processes_share_the_hour_as_well(shared):
    pacers = [SharedPacer(shared, per_minute=100, per_hour=10) for _ in range(2)]
    for i in range(10):
        assert await pacers[i % 2].reserve("li", at(i)) == 0
    assert await pacers[0].reserve("li", at(100)) == 3500


async def test_a_clock_set_back_does_not_lock_the_shared_limit(shared):
    one, two = SharedPacer(shared, per_minute=2), SharedPacer(shared, per_minute=2)
    await one.reserve("li", at(7200))
    await one.reserve("li", at(7200))
    assert await two.reserve("li", at(0)) == 60


async def test_without_redis_the_local_limit_holds_and_it_is_said_once(tmp_path):
    gone = RedisCache(f"unix://{tmp_path}/nobody.sock")
    pacer = SharedPacer(gone, per_minute=3)
    with structlog.testing.capture_logs() as logs:
        waits = [await pacer.reserve("li", at(i)) for i in range(4)]
    assert waits == [0, 0, 0, 57]
    assert [line["event"] for line in logs] == ["cache.degraded"]
    await gone.close()


async def test_losing_redis_starts_no_count_from_zero_and_it_is_taken_up_again():
    with RedisServer() as server, structlog.testing.capture_logs() as logs:
        cache = RedisCache(server.url, retry_after=0.0)
        pacer = SharedPacer(cache, per_minute=3)
        assert await pacer.reserve("li", at(0)) == 0
        assert await pacer.reserve("li", at(1)) == 0
        server.kill()
        assert await pacer.reserve("li", at(2)) == 0
        assert await pacer.reserve("li", at(3)) == 57
        server.start()
        assert await pacer.reserve("chen", at(4)) == 0
        await cache.close()
    assert [line["event"] for line in logs] == ["cache.degraded", "cache.recovered"]


# ---------------------------------------------------------------- closed APIs


def test_an_api_closes_for_a_minute_and_when_it_closes_again_for_an_hour():
    blocks = ApiBlocks()
    assert blocks.remaining("message/send", at(0)) == 0
    assert blocks.block("message/send", at(0)) == 60
    assert blocks.remaining("message/send", at(20)) == 40
    assert blocks.remaining("user/get", at(20)) == 0
    assert blocks.block("message/send", at(61)) == 3600
    assert blocks.remaining("message/send", at(3600)) == 61
    assert blocks.block("message/send", at(9000)) == 60


def test_calls_under_way_when_an_api_closes_do_not_make_it_an_hour():
    blocks = ApiBlocks()
    blocks.block("message/send", at(0))
    assert blocks.block("message/send", at(1)) == 60


def test_a_clock_set_back_opens_what_would_stay_closed():
    blocks = ApiBlocks()
    blocks.block("message/send", at(100_000))
    assert blocks.remaining("message/send", at(0)) == 0


# ---------------------------------------------------------------- outages


def test_after_three_silent_calls_one_probe_goes_at_a_time():
    breaker = Breaker()
    for _ in range(3):
        assert breaker.admit(at(0)) == 0
        breaker.failed(at(0))
    assert breaker.admit(at(0.5)) == 0.5
    assert breaker.admit(at(1)) == 0
    assert breaker.admit(at(1)) > 0
    breaker.failed(at(2))
    assert breaker.admit(at(2)) == 2
    breaker.admit(at(4))
    breaker.answered()
    assert [breaker.admit(at(4)) for _ in range(5)] == [0] * 5


def test_the_pause_between_probes_grows_to_half_a_minute_and_not_beyond():
    breaker, now = Breaker(), 0.0
    for _ in range(20):
        now += breaker.admit(at(now))
        breaker.admit(at(now))
        breaker.failed(at(now))
    assert breaker.admit(at(now)) == 30


def test_a_hundred_calls_failing_together_count_as_one_outage():
    breaker = Breaker()
    for _ in range(100):
        breaker.failed(at(0))
    assert breaker.admit(at(0)) == 1


def test_a_probe_that_never_reports_back_does_not_close_the_way_for_ever():
    breaker = Breaker()
    for _ in range(3):
        breaker.failed(at(0))
    assert breaker.admit(at(1)) == 0
    assert breaker.admit(at(2)) == 14
    assert breaker.admit(at(16)) == 0


def test_a_probe_that_is_not_used_goes_to_the_next():
    breaker = Breaker()
    for _ in range(3):
        breaker.failed(at(0))
    breaker.admit(at(1))
    breaker.unused(at(1))
    assert breaker.admit(at(1)) == 0


async def test_the_gate_narrows_by_half_and_widens_slowly():
    gate = Gate(8)
    gate.narrow()
    assert gate.allowed == 4
    for _ in range(4):
        gate.widen()
    assert gate.allowed == 4
    for _ in range(100):
        gate.narrow()
    assert gate.allowed == 1
    async with gate:
        assert gate._inside == 1
    assert gate._inside == 0


async def test_the_gate_lets_as_many_in_as_there_is_room_for_and_who_came_first_goes_first():
    gate, inside = Gate(2), []
    most = 0

    async def call(name: int) -> None:
        nonlocal most
        async with gate:
            inside.append(name)
            most = max(most, gate._inside)
            await asyncio.sleep(0)

    await asyncio.gather(*(call(name) for name in range(20)))
    assert inside == list(range(20))
    assert most == 2
    assert gate._inside == 0


@pytest.mark.parametrize("let_in_first", [True, False])
async def test_who_is_called_off_at_the_gate_takes_nobodys_place(let_in_first: bool):
    gate = Gate(1)
    await gate.__aenter__()
    waiting = [asyncio.create_task(gate.__aenter__()) for _ in range(2)]
    await asyncio.sleep(0)
    if let_in_first:
        await gate.__aexit__()
        waiting[0].cancel()
    else:
        waiting[0].cancel()
        await asyncio.sleep(0)
        await gate.__aexit__()
    await asyncio.wait_for(waiting[1], 1.0)
    assert waiting[0].cancelled()
    assert gate._inside == 1
