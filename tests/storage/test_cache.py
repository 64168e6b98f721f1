"""What may vanish: in memory and on a real Redis, which is killed in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from storage.cache import Cache, MemoryCache, RedisCache
from storage.vault import Keys, Vault
from tests.servers import RedisServer


@pytest.fixture(params=["memory", "redis", "sealed redis"])
async def cache(request: pytest.FixtureRequest, vault: Vault) -> AsyncIterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    url = request.getfixturevalue("redis_url")
    shared = RedisCache(url, vault if request.param == "sealed redis" else None)
    yield shared
    await shared.close()


async def test_a_value_is_kept_until_its_time_is_over(cache: Cache) -> None:
    await cache.set("token:corp", "密 value", ttl=0.15)
    assert await cache.get("token:corp") == "密 value"
    assert await cache.get("token:other") is None

    await asyncio.sleep(0.2)

    assert await cache.get("token:corp") is None


async def test_a_value_is_replaced_and_deleted(cache: Cache) -> None:
    await cache.set("k", "1", ttl=60)
    await cache.set("k", "2", ttl=60)
    assert await cache.get("k") == "2"

    await cache.delete("k")
    await cache.delete("k")

    assert await cache.get("k") is None


async def test_a_value_that_was_replaced_meanwhile_is_not_deleted(cache: Cache) -> None:
    await cache.set("token", "new", ttl=60)

    assert not await cache.compare_and_delete("token", "old")
    assert await cache.get("token") == "new"
    assert await cache.compare_and_delete("token", "new")
    assert not await cache.compare_and_delete("token", "new")
    assert await cache.get("token") is None


async def test_a_lock_is_held_by_one_until_let_go(cache: Cache) -> None:
    mine = await cache.lock("refresh", ttl=60)

    assert mine
    assert await cache.lock("refresh", ttl=60) is None
    assert await cache.lock("another", ttl=60)
    assert not await cache.compare_and_delete("refresh", "somebody else's token")
    assert await cache.compare_and_delete("refresh", mine)
    assert await cache.lock("refresh", ttl=60)


async def test_of_many_who_want_a_lock_at_once_one_gets_it(cache: Cache) -> None:
    got = await asyncio.gather(*(cache.lock("refresh", ttl=60) for _ in range(20)))

    assert len([token for token in got if token]) == 1


async def test_a_lock_of_somebody_who_died_is_free_after_its_time(cache: Cache) -> None:
    assert await cache.lock("refresh", ttl=0.1)
    await asyncio.sleep(0.15)

    assert await cache.lock("refresh", ttl=60)


async def test_events_are_counted_within_a_window_that_moves(cache: Cache) -> None:
    assert [await cache.count("li", window=0.4) for _ in range(3)] == [1, 2, 3]
    assert await cache.count("chen", window=0.4) == 1
    await asyncio.sleep(0.25)
    assert await cache.count("li", window=0.4) == 4
    await asyncio.sleep(0.25)

    assert await cache.count("li", window=0.4) == 2


async def test_two_processes_see_the_same(redis_url: str) -> None:
    one, two = RedisCache(redis_url), RedisCache(redis_url)
    await one.set("token", "shared", ttl=60)

    assert await two.get("token") == "shared"
    assert await one.lock("refresh", ttl=60)
    assert await two.lock("refresh", ttl=60) is None
    assert [await one.count("li", 60), await two.count("li", 60)] == [1, 2]
    await one.close()
    await two.close()


async def test_a_token_does_not_lie_open_in_redis(
    redis_url: str, redis_server: RedisServer, vault: Vault
) -> None:
    cache = RedisCache(redis_url, vault)
    await cache.set("token", "CANARY-TOKEN", ttl=60)
    with redis_server.client() as client:
        raw = client.get("bot:token")
    await cache.close()

    assert isinstance(raw, bytes)
    assert b"CANARY" not in raw


async def test_what_another_key_sealed_counts_as_not_there(redis_url: str, vault: Vault) -> None:
    foreign, ours = RedisCache(redis_url, Vault(Keys.fresh())), RedisCache(redis_url, vault)
    await foreign.set("token", "x", ttl=60)

    assert await ours.get("token") is None
    assert not await ours.compare_and_delete("token", "x")
    await foreign.close()
    await ours.close()


async def test_redis_killed_in_the_middle_degrades_once_and_recovers() -> None:
    with RedisServer() as server, capture_logs() as logs:
        cache = RedisCache(server.url, retry_after=0.2)
        await cache.set("token", "before", ttl=60)
        server.kill()

        assert await cache.get("token") is None  # lost, and nobody was told an error
        await cache.set("token", "meanwhile", ttl=60)
        assert await cache.get("token") == "meanwhile"
        assert await cache.lock("refresh", ttl=60)
        assert await cache.lock("refresh", ttl=60) is None
        assert [await cache.count("li", 60) for _ in range(2)] == [1, 2]
        await cache.delete("token")
        assert not await cache.compare_and_delete("token", "meanwhile")
        await asyncio.sleep(0.25)
        assert await cache.get("token") is None  # asked Redis again, still away
        assert [entry["event"] for entry in logs] == ["cache.degraded"]

        server.start()
        await asyncio.sleep(0.25)
        await cache.set("token", "after", ttl=60)
        with server.client() as client:
            assert client.get("bot:token") == b"after"
        assert await cache.lock("refresh", ttl=60)  # what was kept meanwhile is forgotten
        assert [entry["event"] for entry in logs] == ["cache.degraded", "cache.recovered"]
        await cache.close()


async def test_a_redis_that_was_never_there_is_no_hindrance() -> None:
    cache = RedisCache("unix:///nowhere/redis.sock")
    with capture_logs() as logs:
        await cache.set("token", "x", ttl=60)
        assert await cache.get("token") == "x"

    assert [entry["event"] for entry in logs] == ["cache.degraded"]
    await cache.close()


async def test_everything_flushed_is_only_forgotten(redis_url: str, redis_server: RedisServer) -> None:
    cache = RedisCache(redis_url)
    await cache.set("token", "x", ttl=60)
    redis_server.empty()

    assert await cache.get("token") is None
    assert await cache.lock("refresh", ttl=60)
    await cache.close()


async def test_memory_is_bounded() -> None:
    cache = MemoryCache(most=10)
    for number in range(100):
        await cache.set(str(number), "x", ttl=60)
        await cache.count(str(number), window=60)

    assert [number for number in range(100) if await cache.get(str(number))] == list(range(90, 100))
    assert await cache.count("0", window=60) == 1
    assert await cache.count("99", window=60) == 2
