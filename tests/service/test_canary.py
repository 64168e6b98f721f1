"""Canaries: phones, document numbers, names and secrets that must not turn up where they do not belong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession

from config.pack import PackStore
from storage.database import Database
from storage.products import sync_products
from storage.vault import Keys, Vault
from tests.builders import an_id_number, the_cast
from tests.crash.fleet import CORP, Fleet, Watcher, serve_environment
from tests.servers import PostgresServer
from tests.service.door import locked
from tests.service.waiting import until

PHONES = ("13987650001", "13987650002", "13987650003")
IDS = (an_id_number(serial=401), an_id_number(serial=402))
NAME = "欧阳雀宁"
HEALTH = "金丝雀症"
SAID = (
    f"新增客户 {NAME} 手机{PHONES[0]} 身份证{IDS[0]}", "确认", f"查 {NAME}", f"{NAME} 手机改成 {PHONES[1]}", "确认",
    f"查客户 {PHONES[1]}", f"查 {IDS[0]}", f"查 {PHONES[1][-4:]}", f"记 {NAME} 她丈夫的电话是 {PHONES[2]}，身份证 {IDS[1]}",
    f"记 {NAME} 今天电话聊了养老，她的新号是{PHONES[2]}", f"{NAME} 时间线", f"明天上午十点提醒我给 {NAME} 打电话 {PHONES[2]}问{HEALTH}", "今日待办", "我的客户", "查 雀宁", "撤销",
    f"{NAME} 爱好 散步{PHONES[2]}", f"{NAME} 爱好改成 {HEALTH}好了再散步", f"{NAME} 详情",
    f"新增客户 {NAME} 手机{PHONES[1]}", "取消", "帮助", f"查 {PHONES[2]}", f"查 {IDS[1]}", "本月生日", "团队日报",
)  # fmt: skip
# Looking up one client may show that client; these answers speak of several, or of none.
LISTS = ("今日待办", "我的客户", "查 雀宁", "本月生日", "团队日报", f"查 {PHONES[2]}")


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def _found(words: Iterable[str], data: bytes) -> list[str]:
    """Which of the words stand in the data, as text or as UTF-16."""
    return [word for word in words if word.encode() in data or word.encode("utf-16-le") in data]


def _everything_in(*folders: Path) -> dict[Path, bytes]:
    """What lies in the folders while the product runs: a file that it takes away meanwhile is left out."""
    found: dict[Path, bytes] = {}
    for path in (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()):
        if path.name not in {"keys.json", "postmaster.opts"}:
            with suppress(FileNotFoundError):
                found[path] = path.read_bytes()
    return found


@pytest.mark.slow
async def test_no_phone_no_document_number_and_no_word_on_health_is_left_in_plain(
    database_url: str, pack_store: PackStore, tmp_path: Path, session: ClientSession, request: pytest.FixtureRequest
):
    keys = Keys.fresh()
    keys.save(tmp_path / "keys.json")
    database = Database(database_url, Vault(keys), pack_store)
    with database.system(datetime.now(UTC)) as uow:
        the_cast(uow)
        sync_products(uow)
    watcher = Watcher(session, tmp_path, ["lixiang", "wangke"], "")
    environment = serve_environment(tmp_path, database_url, tmp_path / "keys.json", watcher.api)
    fleet = Fleet(tmp_path, {**environment, "BOT_LOG_LEVEL": "DEBUG"}, 1, Random(1))
    try:
        await watcher.start()
        await watcher.steer("callback", {"url": f"{fleet.url}/wecom/callback"})
        fleet.start()
        await fleet.serves()
        answers = await _talk(watcher)
        with locked(database):
            await _say(watcher, f"查 {NAME} {PHONES[0]}")
            spooled = _everything_in(tmp_path / "spool")
        await _refused(session, fleet.url)
        token = await _token(session, watcher)
        if database.is_postgres:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            server.run("CHECKPOINT")
            kept = _everything_in(tmp_path, server.folder / "base", server.folder / "pg_wal")
        else:
            kept = _everything_in(tmp_path)
        await fleet.stop()
    finally:
        fleet.end()
        watcher.process.end()
        database.close()
    assert spooled
    numbers = (*PHONES, *IDS)
    canaries = (*numbers, HEALTH)
    assert {str(path): _found(canaries, data) for path, data in {**kept, **spooled}.items() if _found(canaries, data)} == {}
    secrets = (NAME, NAME[2:], CORP.secret, CORP.token, CORP.aes_key, token, *numbers)
    assert _found(secrets, fleet.logs().encode()) == []
    assert "Traceback" not in fleet.logs()
    assert [said for said, answer in answers.items() if _found(numbers, answer.encode())] == []
    assert HEALTH in answers[f"{NAME} 详情"]
    assert "139****000" in answers["我的客户"]
    assert "990***********" in answers[SAID[0]]


async def _say(watcher: Watcher, text: str) -> None:
    await watcher.steer("say", {"userid": "lixiang", "text": text})


async def _talk(watcher: Watcher) -> dict[str, str]:
    """What was answered to each sentence."""
    answers, before = {}, 0
    for text in SAID:
        await _say(watcher, text)
        seen = await _settled(watcher, before)
        answers[text] = "\n".join(bubble["text"] for bubble in seen[before:])
        before = len(seen)
    return answers


async def _settled(watcher: Watcher, before: int) -> list[dict]:
    """The messages seen, once there are new ones and no more follow."""
    counts = [before]

    async def no_more() -> bool:
        counts.append(len((await watcher.seen())["seen"]))
        return counts[-1] > before and len(set(counts[-3:])) == 1

    await until(no_more, within=60, every=0.1)
    return (await watcher.seen())["seen"]


async def _refused(session: ClientSession, url: str) -> None:
    """What outsiders send is not quoted in the log either."""
    for query in ({"msg_signature": PHONES[0], "timestamp": "1", "nonce": CORP.token}, {}):
        async with session.post(f"{url}/wecom/callback", params=query, data=f"<xml>{PHONES[0]}{IDS[0]}{NAME}") as answer:
            assert answer.status == 403
    async with session.get(f"{url}/{PHONES[0]}/{NAME}") as answer:
        assert answer.status == 404


async def _token(session: ClientSession, watcher: Watcher) -> str:
    params = {"corpid": CORP.corp_id, "corpsecret": CORP.secret}
    async with session.get(f"{watcher.api}/cgi-bin/gettoken", params=params) as answer:
        return str((await answer.json())["access_token"])
