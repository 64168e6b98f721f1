"""kill -9 at random moments under load: nothing is lost and nothing shows twice, as seen from outside.

The seed is printed; BOT_CRASH_SEED repeats it, BOT_CRASH_KILLS asks for more kills than twenty."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from config.pack import PackStore
from storage import audit
from storage.database import Database
from storage.model.errors import Unavailable
from storage.products import sync_products
from storage.vault import Keys, Vault
from tests.crash.fleet import Fleet, Watcher, serve_environment
from tests.crash.load import Load, a_load, left_to_do, notes_written, prepare, reckon, speak
from tests.service.waiting import until

KILLS = int(os.environ.get("BOT_CRASH_KILLS", "20"))
SEED = int(os.environ.get("BOT_CRASH_SEED", str(random.randrange(10**6))))
MEMBERS = 60
PAUSE = (0.1, 2.0)
DRAIN_WITHIN = 400.0  # a busy machine; a lost message would never drain

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_on_sqlite_one_process_loses_and_doubles_nothing(
    sqlite_url: str, pack_store: PackStore, tmp_path: Path, session: ClientSession
):
    await _survive(sqlite_url, pack_store, tmp_path, session, processes=1)


async def test_on_postgres_two_processes_lose_and_double_nothing(
    postgres_url: str, redis_url: str, pack_store: PackStore, tmp_path: Path, session: ClientSession
):
    await _survive(postgres_url, pack_store, tmp_path, session, processes=2, redis_url=redis_url)


async def _survive(
    url: str, packs: PackStore, folder: Path, session: ClientSession, *, processes: int, redis_url: str = ""
) -> None:
    keys = Keys.fresh()
    keys.save(folder / "keys.json")
    database = Database(url, Vault(keys), packs)
    chance, load = random.Random(SEED), a_load(MEMBERS)
    seconds = KILLS * 2.5
    with database.system(datetime.now(UTC)) as uow:
        sync_products(uow)
    prepare(database, load, datetime.now(UTC), timedelta(seconds=seconds), chance)
    watcher = Watcher(session, folder, load.members, "")
    environment = serve_environment(folder, url, folder / "keys.json", watcher.api, redis_url)
    fleet = Fleet(folder, environment, processes, chance)
    try:
        await watcher.start()
        await watcher.steer("callback", {"url": f"{fleet.url}/wecom/callback"})
        fleet.start()
        await asyncio.gather(*(process.serves() for process in fleet.processes))
        await _run(fleet, watcher, load, seconds, chance)
        drained = await until(lambda: _is_quiet(fleet, watcher, database), DRAIN_WITHIN, every=0.5)
        await fleet.serves()
        statuses = await fleet.stop()
        _check(load, await watcher.seen(), database, fleet, statuses, drained)
    finally:
        fleet.end()
        watcher.process.end()
        database.close()


async def _run(fleet: Fleet, watcher: Watcher, load: Load, seconds: float, chance: random.Random) -> None:
    async with asyncio.TaskGroup() as work:
        work.create_task(speak(watcher, load, fleet, KILLS, random.Random(SEED + 1)))
        work.create_task(fleet.kill_at_random(KILLS, PAUSE))
        work.create_task(_bad_days(watcher, seconds))


async def _bad_days(watcher: Watcher, seconds: float) -> None:
    """WeCom has its own troubles meanwhile: answers get lost, tokens die early, servers stumble."""
    for fault in ({"lost_answers": 5}, {"expire_tokens": 1}, {"http_500": 2}, {"lost_answers": 10}, {"expire_tokens": 1}):
        await asyncio.sleep(seconds / 6)
        await watcher.steer("faults", dict(fault))


async def _is_quiet(fleet: Fleet, watcher: Watcher, database: Database) -> bool:
    """Nothing under way on either side."""
    fleet.assert_running()
    seen = await watcher.seen()
    try:
        return not seen["underway"] and not left_to_do(database)
    except Unavailable:  # who starts after a kill may keep the file to itself for a while
        return False


def _check(load: Load, seen: dict, database: Database, fleet: Fleet, statuses: list[int], drained: float) -> None:
    result = reckon(load, seen)
    sys.stdout.write(
        f"\nseed {SEED}: {len(load.says)} messages, {len(load.reminders)} reminders, {fleet.kills} kills, "
        f"drained in {drained:.0f} s; {result}\n"
    )
    assert (result.lost, result.doubled) == ([], [])
    assert (result.given_up, result.dropped) == (0, 0)
    assert statuses == [0] * len(fleet.processes)
    with database.system(datetime.now(UTC)) as uow:
        assert uow.inbox.counts() == {"done": len(load.says)}
        assert uow.outbox.counts() == {"sent": result.seen}
    assert set(notes_written(database).values()) == {1}
    assert len(notes_written(database)) == len(load.says) / 2
    with database.engine.connect() as conn:
        assert audit.verify(conn, database.vault) is None
        if not database.is_postgres:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert list((fleet.folder / "spool").iterdir()) == []
    assert fleet.logs().count("service.stopped") == len(fleet.processes)
