import asyncio
from datetime import timedelta

import pytest

from bot.wecom.errors import Misconfigured, Unreachable
from bot.wecom.token import MemoryTokenStore, Token, TokenKeeper
from storage.model.clock import MovableClock


class Counter:
    """A fetch that hands out t1, t2, …; `fault` is raised instead when set."""

    def __init__(self, seconds: int = 7200, takes: float = 0.0) -> None:
        self.asked = 0
        self.fault: Exception | None = None
        self._seconds = seconds
        self._takes = takes

    async def __call__(self) -> tuple[str, int]:
        self.asked += 1
        await asyncio.sleep(self._takes)
        if self.fault is not None:
            raise self.fault
        return f"t{self.asked}", self._seconds


def a_keeper(fetch: Counter, clock: MovableClock, store: MemoryTokenStore | None = None) -> TokenKeeper:
    return TokenKeeper("ww:1", fetch, store or MemoryTokenStore(), clock)


async def test_a_hundred_who_ask_at_once_cause_one_fetch(clock):
    fetch = Counter(takes=0.01)
    keeper = a_keeper(fetch, clock)
    assert set(await asyncio.gather(*(keeper.get() for _ in range(100)))) == {"t1"}
    assert fetch.asked == 1


async def test_a_token_is_renewed_five_minutes_before_its_end(clock):
    fetch = Counter()
    keeper = a_keeper(fetch, clock)
    await keeper.get()
    clock.advance(timedelta(seconds=7200 - 301))
    assert await keeper.get() == "t1"
    clock.advance(timedelta(seconds=1))
    assert await keeper.get() == "t2"


async def test_a_token_with_little_life_left_is_not_fetched_at_every_call(clock):
    fetch = Counter(seconds=100)
    keeper = a_keeper(fetch, clock)
    for _ in range(79):
        await keeper.get()
        clock.advance(timedelta(seconds=1))
    assert fetch.asked == 1
    clock.advance(timedelta(seconds=1))
    await keeper.get()
    assert fetch.asked == 2


async def test_a_second_process_takes_the_token_from_the_store(clock):
    store, one, two = MemoryTokenStore(), Counter(), Counter()
    assert await a_keeper(one, clock, store).get() == "t1"
    assert await a_keeper(two, clock, store).get() == "t1"
    assert two.asked == 0


async def test_a_stored_token_near_its_end_is_renewed(clock):
    store, fetch = MemoryTokenStore(), Counter()
    await store.put("ww:1", Token.fetched("old", 7200, clock.now() - timedelta(seconds=7000)))
    assert await a_keeper(fetch, clock, store).get() == "t1"


async def test_dropping_a_token_that_was_replaced_meanwhile_keeps_the_new_one(clock):
    fetch = Counter()
    keeper = a_keeper(fetch, clock)
    first = await keeper.get()
    await keeper.drop(first)
    assert await keeper.get() == "t2"
    await keeper.drop(first)
    assert await keeper.get() == "t2"
    assert fetch.asked == 2


async def test_a_process_whose_token_died_finds_the_one_that_another_fetched(clock):
    store, one, two = MemoryTokenStore(), Counter(), Counter()
    keeper_one, keeper_two = a_keeper(one, clock, store), a_keeper(two, clock, store)
    await keeper_one.get()
    dead = await keeper_two.get()
    await keeper_one.drop(dead)
    assert await keeper_one.get() == "t2"
    await keeper_two.drop(dead)
    assert await keeper_two.get() == "t2"
    assert two.asked == 0


class ClaimedStore(MemoryTokenStore):
    """As Redis: the first who claims fetches, the others wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.claimed: set[str] = set()
        self.all_taken = False

    async def claim(self, key: str, seconds: float) -> bool:
        first = not self.all_taken and key not in self.claimed
        self.claimed.add(key)
        return first


async def test_of_two_processes_only_the_one_that_holds_the_claim_fetches(clock, monkeypatch):
    monkeypatch.setattr("bot.wecom.token.WAIT_STEP", 0.005)
    store, one, two = ClaimedStore(), Counter(takes=0.02), Counter(takes=0.02)
    tokens = await asyncio.gather(a_keeper(one, clock, store).get(), a_keeper(two, clock, store).get())
    assert tokens == ["t1", "t1"]
    assert one.asked + two.asked == 1


async def test_a_token_that_dies_right_after_it_was_fetched_is_replaced_without_waiting(clock):
    store, fetch = ClaimedStore(), Counter()
    keeper = a_keeper(fetch, clock, store)
    for number in (1, 2, 3):
        token = await asyncio.wait_for(keeper.get(), 0.5)
        assert token == f"t{number}"
        await keeper.drop(token)
    assert not any("t1" in key for key in store.claimed)


async def test_a_claim_whose_holder_died_does_not_stop_the_others(clock, monkeypatch):
    monkeypatch.setattr("bot.wecom.token.WAIT_STEP", 0.001)
    store, fetch = ClaimedStore(), Counter()
    store.all_taken = True
    assert await a_keeper(fetch, clock, store).get() == "t1"


async def test_a_set_up_fault_is_remembered_and_the_pause_doubles_up_to_an_hour(clock):
    fetch = Counter()
    fetch.fault = Misconfigured("gettoken", 40001)
    keeper = a_keeper(fetch, clock)
    pauses = []
    for _ in range(9):
        asked = fetch.asked
        for _ in range(20):
            with pytest.raises(Misconfigured) as raised:
                await keeper.get()
        assert fetch.asked == asked + 1
        pauses.append(raised.value.retry_after)
        clock.advance(timedelta(seconds=raised.value.retry_after))
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


async def test_a_hundred_who_ask_at_once_with_a_wrong_secret_ask_wecom_once(clock):
    fetch = Counter(takes=0.01)
    fetch.fault = Misconfigured("gettoken", 40001)
    keeper = a_keeper(fetch, clock)
    results = await asyncio.gather(*(keeper.get() for _ in range(100)), return_exceptions=True)
    assert {type(r) for r in results} == {Misconfigured}
    assert fetch.asked == 1


async def test_after_the_set_up_is_mended_the_next_fault_starts_with_a_short_pause(clock):
    fetch = Counter()
    keeper = a_keeper(fetch, clock)
    for _ in range(5):
        keeper.remember(Misconfigured("message/send", 40001))
    clock.advance(timedelta(hours=2))
    assert await keeper.get() == "t1"
    keeper.call_succeeded()
    assert keeper.remember(Misconfigured("message/send", 40001)).retry_after == 60


async def test_an_outage_while_fetching_is_not_remembered(clock):
    fetch = Counter()
    fetch.fault = Unreachable("gettoken", "timeout")
    keeper = a_keeper(fetch, clock)
    with pytest.raises(Unreachable):
        await keeper.get()
    fetch.fault = None
    assert await keeper.get() == "t2"


async def test_a_clock_set_back_does_not_make_a_fault_last_for_ever(clock):
    fetch = Counter()
    keeper = a_keeper(fetch, clock)
    clock.advance(timedelta(days=10))
    keeper.remember(Misconfigured("gettoken", 40001))
    clock.advance(-timedelta(days=10))
    assert await keeper.get() == "t1"


def test_a_token_does_not_show_its_value_and_survives_a_store_of_strings(clock):
    token = Token.fetched("top secret", 7200, clock.now())
    assert "secret" not in repr(token)
    assert Token.from_text(token.as_text()) == token
    with pytest.raises(ValueError, match="not enough"):
        Token.from_text("garbage")
