"""Starting and stopping as a process: SIGTERM finishes what is in hand, and bad set-ups end with a sentence."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession

from bot.service import SetupError, serve_forever
from config.pack import PackStore
from config.settings import load_settings
from storage.database import Database
from storage.products import sync_products
from storage.vault import Keys, Vault
from tests.builders import the_cast
from tests.crash.fleet import CORP, Fleet, Watcher, free_port, serve_environment
from tests.service.house import House
from tests.service.waiting import until

SECRETS = {
    "corp_id": CORP.corp_id, "agent_id": CORP.agent_id, "agent_secret": CORP.secret,
    "callback_token": CORP.token, "callback_aes_key": CORP.aes_key,
}  # fmt: skip


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_stopping_in_the_middle_finishes_what_is_in_hand(house: House):
    for number in range(12):
        await house.says(("lixiang", "wangke", "chenmo")[number % 3], f"查客户 王{number}")
    started = time.monotonic()
    await house.app.stop()
    assert time.monotonic() - started < 5.0
    inbox, outbox = house.boxes()
    assert outbox.get("sending", 0) == 0
    assert inbox.get("done", 0) == sum(outbox.values())
    assert len(house.fake.seen) == outbox.get("sent", 0)
    assert len(house.inbox()) == 12


@pytest.mark.slow
async def test_sigterm_under_load_ends_quickly_and_the_next_process_goes_on(
    sqlite_url: str, pack_store: PackStore, tmp_path: Path, session: ClientSession
):
    fleet, watcher, database = _service(sqlite_url, pack_store, tmp_path, session)
    try:
        await watcher.start()
        await watcher.steer("callback", {"url": f"{fleet.url}/wecom/callback"})
        fleet.start()
        await fleet.serves()
        for number in range(30):
            await watcher.steer("say", {"userid": ("lixiang", "wangke")[number % 2], "text": f"查客户 王{number}", "wait": False})
        started = time.monotonic()
        assert await fleet.stop() == [0]
        assert time.monotonic() - started < 10.0
        fleet.start()

        async def all_seen() -> bool:
            return len((await watcher.seen())["seen"]) >= 30

        await until(all_seen, within=60)
        assert await fleet.stop() == [0]
        assert len({bubble["text"] for bubble in (await watcher.seen())["seen"]}) == 30
        assert all(delivery["accepted"] for delivery in (await watcher.seen())["deliveries"])
        assert "Traceback" not in fleet.logs()
        assert "level='error'" not in fleet.logs()
    finally:
        fleet.end()
        watcher.process.end()
        database.close()


def _service(url: str, packs: PackStore, folder: Path, session: ClientSession) -> tuple[Fleet, Watcher, Database]:
    keys = Keys.fresh()
    keys.save(folder / "keys.json")
    database = Database(url, Vault(keys), packs)
    with database.system(datetime.now(UTC)) as uow:
        the_cast(uow)
        sync_products(uow)
    watcher = Watcher(session, folder, ["lixiang", "wangke"], "")
    environment = serve_environment(folder, url, folder / "keys.json", watcher.api)
    return Fleet(folder, environment, 1, Random(1)), watcher, database


@pytest.mark.parametrize(("changes", "words"), [
    ({"database_url": "postgresql://127.0.0.1:{port}/nobody"}, "数据库打不开"),
    ({"database_url": "sqlite:///{folder}/new.db"}, "python -m bot migrate"),
    ({"keys_file": "{folder}/none.json"}, "找不到密钥文件"),
    ({"listen": "192.0.2.1:80", "behind_tls_proxy": "true"}, "无法监听 192.0.2.1:80"),
    ({"redis_url": "nonsense"}, "BOT_REDIS_URL 看不懂"),
    ({"listen": "0.0.0.0:0"}, "BOT_BEHIND_TLS_PROXY"),
    ({"listen": "[::]:0"}, "BOT_BEHIND_TLS_PROXY"),
    ({"listen": "192.168.1.5:8080"}, "监听地址 192.168.1.5 能从别的机器访问"),
    ({"listen": "bot.example:8080"}, "监听地址 bot.example"),
])  # fmt: skip
async def test_a_set_up_that_cannot_work_ends_with_a_sentence(
    changes: dict[str, str], words: str, sqlite_url: str, tmp_path: Path
):
    Keys.fresh().save(tmp_path / "keys.json")
    changed = {name: value.format(port=free_port(), folder=tmp_path) for name, value in changes.items()}
    settings = load_settings(_env_file=None, data_dir=tmp_path, **{"database_url": sqlite_url, **SECRETS, **changed})
    with pytest.raises(SetupError, match=words):
        await serve_forever(settings)
