"""A message that was acknowledged is never lost: whatever the database and the disk do meanwhile."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import reception, web
from bot.reception import Spool
from config.pack import PackStore
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from storage.vault import Keys, Vault
from tests.service.door import Answer, Door, a_text, files, kept, locked, open_door


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service waits a fifth of a second for the database instead of two."""
    monkeypatch.setattr(reception, "PATIENCE", 0.2)


async def test_many_at_the_same_moment_are_all_kept(any_door: Door, database: Database):
    answers = await asyncio.gather(*(any_door.say(a_text(msg_id=n, sender=f"user{n % 7}")) for n in range(300)))
    assert {a.status for a in answers} == {200}
    assert len(kept(database)) == 300


async def test_a_locked_database_delays_nobody_beyond_the_deadline(any_door: Door, database: Database):
    with locked(database):
        started = time.monotonic()
        assert await any_door.say(a_text("记 王芳 下周再联系")) == Answer(200, b"")
        assert time.monotonic() - started < 4.0
        assert await any_door.counted("bot_spooled_total") == 1
    await any_door.reception.empty_spool()
    assert [row.sender for row in kept(database)] == ["lixiang"]


@pytest.mark.usefixtures("hurried")
async def test_after_the_lock_each_message_is_there_once_and_in_order(any_door: Door, database: Database, spool: Path):
    with locked(database):
        for number in range(5):
            assert (await any_door.say(a_text(msg_id=number))).status == 200
    await any_door.reception.empty_spool()
    assert [row.key.rpartition(":")[2] for row in kept(database)] == ["0", "1", "2", "3", "4"]
    assert files(spool) == []


@pytest.mark.usefixtures("hurried")
async def test_a_later_message_does_not_overtake_one_that_was_spooled(
    any_door: Door, database: Database, spool: Path
):
    with locked(database):
        await any_door.say(a_text("新增客户 王芳", msg_id=1))
        await any_door.say(a_text("确认", msg_id=2))
    assert len(files(spool)) == 2
    await any_door.say(a_text("撤销", msg_id=3))
    assert [row.key.rpartition(":")[2] for row in kept(database)] == ["1", "2", "3"]


@pytest.mark.usefixtures("hurried")
async def test_a_later_message_does_not_overtake_any_of_a_full_spool(
    any_door: Door, database: Database, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_READ", 2)
    with locked(database):
        await asyncio.gather(*(any_door.say(a_text(msg_id=number)) for number in range(5)))
    await any_door.say(a_text("撤销", msg_id=5))
    while await any_door.reception.empty_spool():
        pass  # on a slow machine the last one waits there as well
    assert [row.key.rpartition(":")[2] for row in kept(database)][5:] == ["5"]


@pytest.mark.usefixtures("hurried")
async def test_what_is_spooled_cannot_be_read_without_the_key(any_door: Door, database: Database, spool: Path):
    with locked(database):
        await any_door.say(a_text("新增客户 王芳 13912345678"))
    [file] = files(spool)
    assert not any(word in file.read_bytes() for word in ("王芳".encode(), b"13912345678", b"lixiang"))


@pytest.mark.usefixtures("hurried")
async def test_a_process_that_starts_moves_what_another_left_in_the_spool(
    any_door: Door, database: Database, clock: MovableClock, spool: Path
):
    with locked(database):
        await any_door.say(a_text(msg_id=1))
    async with open_door(database, clock, spool) as next_door:
        await next_door.say(a_text(msg_id=2))
    assert [row.key.rpartition(":")[2] for row in kept(database)] == ["1", "2"]


@pytest.mark.usefixtures("hurried")
async def test_a_spoiled_spool_file_is_set_aside_and_holds_nothing_up(
    any_door: Door, database: Database, spool: Path
):
    with locked(database):
        await any_door.say(a_text(msg_id=1))
        await any_door.say(a_text(msg_id=2))
    first, _ = files(spool)
    first.write_bytes(first.read_bytes()[:-1])
    await any_door.say(a_text(msg_id=3))
    assert {row.key.rpartition(":")[2] for row in kept(database)} >= {"2", "3"}
    assert [f.suffix for f in files(spool)] == [".bad"]


async def test_a_database_that_ends_all_connections_loses_nothing(
    postgres_database: Database, clock: MovableClock, spool: Path
):
    async with open_door(postgres_database, clock, spool) as door:
        await door.say(a_text(msg_id=1))
        with postgres_database.engine.connect() as conn:
            conn.execute(text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ))  # fmt: skip
        answers = await asyncio.gather(*(door.say(a_text(msg_id=n)) for n in range(2, 30)))
        await door.reception.empty_spool()
    assert {a.status for a in answers} == {200}
    assert len(kept(postgres_database)) == 29


# ---------------------------------------------------------------- full disks


def _fill(database: Database) -> None:
    """No page can be added any more, as on a full disk."""
    with database.engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def _make_room(database: Database) -> None:
    with database.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1073741823")


async def test_a_full_database_sends_messages_to_the_spool_and_gets_them_later(
    door: Door, sqlite_database: Database, spool: Path
):
    _fill(sqlite_database)
    large = [a_text("长" * 5000, msg_id=n) for n in range(20)]
    assert {(await door.say(plain)).status for plain in large} == {200}
    spooled = len(files(spool))
    assert spooled > 0
    assert len(kept(sqlite_database)) + spooled == 20
    assert await door.reception.empty_spool() == 0
    _make_room(sqlite_database)
    assert await door.reception.empty_spool() == spooled
    assert len(kept(sqlite_database)) == 20


@pytest.mark.usefixtures("hurried")
async def test_with_database_and_disk_both_gone_wecom_is_told_to_come_again(
    any_door: Door, database: Database, spool: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with locked(database), monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert await any_door.say(a_text()) == Answer(503, b"")
        assert files(spool) == []
        assert await any_door.counted("bot_callbacks_total", outcome="not-kept") == 1
    assert await any_door.say(a_text()) == Answer(200, b"")
    assert len(kept(database)) == 1


# ---------------------------------------------------------------- an arrival the database never takes


async def test_one_arrival_that_never_fits_does_not_keep_the_others_out(
    postgres_database: Database, clock: MovableClock, spool: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(web, "MAX_USERID", 300)  # as if the check in front of the inbox were missing
    async with open_door(postgres_database, clock, spool) as door:
        plains = [a_text(msg_id=n, sender="x" * 200 if n == 3 else "lixiang") for n in range(8)]
        answers = await asyncio.gather(*(door.say(plain) for plain in plains))
        await door.reception.empty_spool()
    assert {a.status for a in answers} == {200}
    assert len(kept(postgres_database)) == 7
    assert [f.suffix for f in files(spool)] == [".bad"]


# ---------------------------------------------------------------- slow clients


async def test_half_a_body_is_dropped_while_others_are_served(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "READ_WITHIN", 0.5)
    head = b"POST /wecom/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    slow = [asyncio.create_task(door.raw(head + b"<xml>")) for _ in range(100)]
    await asyncio.sleep(0.1)
    started = time.monotonic()
    assert (await door.say(a_text())).status == 200
    assert time.monotonic() - started < 1.0
    answers = await asyncio.gather(*slow)
    assert all(b" 408 " in answer.split(b"\r\n")[0] for answer in answers)
    assert await door.counted("bot_callbacks_refused_total", reason="slow-body") == 100


async def test_a_body_that_drips_in_is_dropped_in_the_same_time(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "READ_WITHIN", 0.5)
    host, port = door.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /wecom/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    answer = asyncio.create_task(reader.readline())
    dripped = 0
    while not answer.done() and dripped < 50:
        writer.write(b"x")
        await asyncio.sleep(0.1)
        dripped += 1
    assert b" 408 " in await answer
    assert dripped < 15
    writer.close()


async def test_connections_that_send_half_a_head_are_closed(
    sqlite_database: Database, clock: MovableClock, spool: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(web, "IDLE_SECONDS", 0.5)
    async with open_door(sqlite_database, clock, spool) as door:
        halves = [asyncio.create_task(door.raw(b"POST /wecom/callback HTTP/1.1\r\nHo")) for _ in range(100)]
        silent = [asyncio.create_task(door.raw(b"")) for _ in range(100)]
        assert (await door.say(a_text())).status == 200
        assert set(await asyncio.gather(*halves, *silent)) == {b""}


def test_a_spool_opened_with_other_keys_sets_its_files_aside(
    sqlite_url: str, pack_store: PackStore, clock: MovableClock, spool: Path
):
    databases = [Database(sqlite_url, Vault(Keys.fresh()), pack_store) for _ in range(2)]
    writing, reading = (Spool(spool, database) for database in databases)
    writing.put(Arrival("k", "lixiang", "TextMessage", "<xml/>", clock.now()))
    assert reading.read() == []
    assert [f.suffix for f in files(spool)] == [".bad"]
    for database in databases:
        database.close()
