"""Backup of a database in use; a restore that never sends anything a second time."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from config.pack import PackStore
from storage import audit
from storage.backup import BackupError, back_up, restore
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.client_messages import ClientMessageRepository
from storage.vault import Keys, Vault
from tests.builders import a_client, the_cast


@pytest.fixture
def service(sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock) -> Database:
    """A database with a client, a message sent, one being sent and one waiting."""
    database = Database(sqlite_url, vault, pack_store)
    with database.system(clock.now()) as uow:
        the_cast(uow)
        a_client(uow, "王芳")
        for key, recipient in (("1", "lixiang"), ("2", "chenmo"), ("3", "wangke")):
            uow.outbox.put(key, recipient, "send", key.encode(), row_id=int(key), priority=10)
    with database.system(clock.now()) as uow:
        first, _second = uow.outbox.claim("d1", 2)
        uow.outbox.sent(first.id, "m", "c")
    return database


def opened(url: str, vault: Vault, pack_store: PackStore) -> Database:
    return Database(url, vault, pack_store)


def test_a_text_to_a_client_that_may_have_gone_since_the_backup_is_not_sent_again(
    service: Database, sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    with service.system(clock.now()) as uow:
        fang = uow.clients.get(uow.clients.newest(1)[0].id)
        queued = ClientMessageRepository(uow).add(
            fang, key=f"{fang.id}:thanks:0", sender_id="lixiang", purpose="care", occasion="thanks", text="感谢您",
            route="task", state="queued", external_userid="wm1", not_before=uow.now, look_at=uow.now,
            expires_at=uow.now,
        )
    assert queued is not None
    file = tmp_path / "backups" / "bot.backup"
    back_up(sqlite_url, file)
    service.close()
    restore(sqlite_url, file, vault, clock)
    again = opened(sqlite_url, vault, pack_store)
    with again.system(clock.now()) as uow:
        assert ClientMessageRepository(uow).claim("c1", 5) == []
        assert "不知道有没有发出" in ClientMessageRepository(uow).get(queued.id).words
    again.close()


def test_what_was_there_is_there_again_and_nothing_is_sent_twice(
    service: Database, sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    file = tmp_path / "backups" / "bot.backup"
    back_up(sqlite_url, file)
    with service.system(clock.now()) as uow:
        a_client(uow, "后来的客户")
        for row in uow.outbox.claim("d1", 5):
            uow.outbox.sent(row.id, "m", "c")
    service.close()

    assert restore(sqlite_url, file, vault, clock) == 2

    again = opened(sqlite_url, vault, pack_store)
    with again.system(clock.now()) as uow:
        assert [row.name for row in uow.clients.newest(5)] == ["王芳"]
        assert uow.outbox.counts() == {"sent": 1, "uncertain": 2}
        assert uow.outbox.claim("d1", 5) == []
        assert uow.outbox.release(2)
        assert [row.body for row in uow.outbox.claim("d1", 5)] == [b"2"]
    with again.engine.connect() as conn:
        assert audit.verify(conn, vault) is None
        noted = conn.exec_driver_sql("SELECT action, detail FROM audit ORDER BY seq DESC").all()
    assert ("restore", '{"held":2}') in noted
    again.close()


def test_the_database_that_was_replaced_stays_beside_it(
    service: Database, sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    file = tmp_path / "bot.backup"
    back_up(sqlite_url, file)
    with service.system(clock.now()) as uow:
        a_client(uow, "后来的客户")
    service.close()
    restore(sqlite_url, file, vault, clock)

    replaced = opened(f"{sqlite_url}.before-restore", vault, pack_store)
    with replaced.system(clock.now()) as uow:
        assert sorted(row.name for row in uow.clients.newest(5)) == ["后来的客户", "王芳"]
    replaced.close()


def test_a_backup_taken_while_others_write_is_whole(
    service: Database, sqlite_url: str, vault: Vault, clock: MovableClock, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with service.system(clock.now()) as uow:
                a_client(uow, f"客户{(number := number + 1)}")

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(5):
        back_up(sqlite_url, tmp_path / f"{number}.backup")
    stop.set()
    writer.join()
    service.close()

    for number in range(5):
        target = f"sqlite:///{tmp_path / f'restored{number}.db'}"
        restore(target, tmp_path / f"{number}.backup", vault, clock)
        with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as conn:
            names = "SELECT count(*) FROM client_names WHERE how = 'name'"
            counts = [conn.execute(q).fetchone()[0] for q in ("SELECT count(*) FROM clients", names)]
        assert counts[0] == counts[1] > 0


def test_a_restore_into_an_empty_place_works(
    service: Database, sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    back_up(sqlite_url, tmp_path / "bot.backup")
    service.close()
    url = f"sqlite:///{tmp_path / 'other host' / 'bot.db'}"

    restore(url, tmp_path / "bot.backup", vault, clock)

    there = opened(url, vault, pack_store)
    with there.system(clock.now()) as uow:
        assert uow.clients.count() == 1
    there.close()


def test_a_running_service_is_not_pulled_out_from_under(
    service: Database, sqlite_url: str, vault: Vault, clock: MovableClock, tmp_path: Path
) -> None:
    back_up(sqlite_url, tmp_path / "bot.backup")

    with service.engine.connect(), pytest.raises(BackupError, match="先停止服务"):
        restore(sqlite_url, tmp_path / "bot.backup", vault, clock)

    with service.system(clock.now()) as uow:
        assert uow.outbox.counts()["new"] == 1
    service.close()


def test_a_broken_database_can_be_replaced(
    service: Database, sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    back_up(sqlite_url, tmp_path / "bot.backup")
    service.close()
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"broken" * 1000)

    restore(sqlite_url, tmp_path / "bot.backup", vault, clock)

    again = opened(sqlite_url, vault, pack_store)
    with again.system(clock.now()) as uow:
        assert uow.clients.count() == 1
    again.close()


@pytest.mark.parametrize("damage", ["flipped", "cut", "no sum", "missing", "no database"])
def test_a_damaged_backup_is_refused_and_nothing_changes(
    service: Database, sqlite_url: str, vault: Vault, clock: MovableClock, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "bot.backup"
    sums = tmp_path / "bot.backup.sha256"
    back_up(sqlite_url, file)
    service.close()
    data = file.read_bytes()
    match damage:
        case "flipped":
            file.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
        case "cut":
            file.write_bytes(data[:5000])
        case "no sum":
            sums.unlink()
        case "missing":
            file.unlink()
        case "no database":
            import hashlib

            file.write_bytes(b"something else")
            sums.write_text(f"{hashlib.sha256(b'something else').hexdigest()}  bot.backup\n")
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before = path.read_bytes()

    with pytest.raises(BackupError, match="备份"):
        restore(sqlite_url, file, vault, clock)

    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.restoring*"))


def test_a_backup_without_its_keys_is_refused(
    service: Database, sqlite_url: str, clock: MovableClock, tmp_path: Path
) -> None:
    back_up(sqlite_url, tmp_path / "bot.backup")
    service.close()

    with pytest.raises(BackupError, match="密钥文件"):
        restore(sqlite_url, tmp_path / "bot.backup", Vault(Keys.fresh()), clock)

    assert not list(tmp_path.glob("*.before-restore"))


def test_a_backup_that_cannot_be_written_leaves_the_last_one(
    service: Database, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")

    with pytest.raises(BackupError, match="没有完成"):
        back_up(sqlite_url, tmp_path / "taken" / "bot.backup")
    service.close()


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="找不到数据库文件"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "x.backup")


def test_for_postgres_its_own_tools_are_named(vault: Vault, tmp_path: Path) -> None:
    url = "postgresql://host/bot"

    with pytest.raises(BackupError, match="pg_dump"):
        back_up(url, tmp_path / "x.backup")
    with pytest.raises(BackupError, match="pg_dump"):
        restore(url, tmp_path / "x.backup", vault)
