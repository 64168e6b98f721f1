"""Redis holds nothing whose loss matters: without it the service goes on, and says so once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import the_cast
from tests.servers import RedisServer
from tests.service.house import House, open_house


@pytest.fixture
def mortal_redis() -> Iterator[RedisServer]:
    """A Redis of this test's own, to be killed."""
    with RedisServer() as server:
        yield server


@pytest.fixture
async def redis_house(
    postgres_database: Database, clock: MovableClock, tmp_path: Path, mortal_redis: RedisServer
) -> AsyncIterator[House]:
    with postgres_database.system(clock.now()) as uow:
        the_cast(uow)
    async with open_house(postgres_database, clock, tmp_path, redis_url=mortal_redis.url) as house:
        yield house


async def test_without_redis_everybody_is_still_answered_and_the_log_says_it_once(
    redis_house: House, mortal_redis: RedisServer
):
    house = redis_house
    await house.hears("lixiang", "查客户 王芳")
    mortal_redis.kill()
    with structlog.testing.capture_logs() as logs:
        for number in range(15):
            await house.says("lixiang", f"查客户 王{number}")
            await house.says("wangke", f"查客户 王{number}")
        await house.settled(within=20)
    assert (len(house.texts("lixiang")), len(house.texts("wangke"))) == (16, 15)
    warnings = [entry["event"] for entry in logs if entry["log_level"] == "warning"]
    assert warnings == ["cache.degraded"]


async def test_the_pace_is_kept_while_redis_is_away(redis_house: House, mortal_redis: RedisServer):
    house = redis_house
    for number in range(20):
        await house.says("lixiang", f"查客户 王{number}")
    await house.settled(within=20)
    mortal_redis.kill()
    for number in range(20):
        await house.says("lixiang", f"查客户 李{number}")
    await asyncio.sleep(1.5)
    assert len(house.texts("lixiang")) == 28
    for _ in range(5):
        await house.passes(61)
        await asyncio.sleep(0.2)
    await house.settled()
    assert len(house.texts("lixiang")) == 40
    assert house.fake.dropped == []


async def test_a_redis_that_forgets_everything_costs_one_token_and_no_message(
    redis_house: House, mortal_redis: RedisServer
):
    house = redis_house
    await house.hears("lixiang", "查客户 王芳")
    mortal_redis.empty()
    await house.hears("lixiang", "查客户 刘洋")
    await house.settled()
    assert house.fake.api.token_requests <= 2
    assert len(house.texts("lixiang")) == 2


async def test_the_shared_token_cannot_be_read_in_redis(redis_house: House, mortal_redis: RedisServer):
    house = redis_house
    await house.hears("lixiang", "查客户 王芳")
    token = house.fake.api.tokens._live
    with mortal_redis.client() as client:
        held = b"".join(client.dump(key) or b"" for key in client.scan_iter())
    assert token
    assert held
    assert token.encode() not in held
