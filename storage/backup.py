"""Backup of a SQLite database while it is in use, and a restore that sends nothing twice.

A backup holds the database as it was; the key file is not in it and has to be kept elsewhere. PostgreSQL has
tools of its own, which keep up with a running server."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, make_url, update
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.engine import open_engine
from storage.migrate import SchemaUnknown, upgrade
from storage.model.clock import Clock, SystemClock
from storage.model.errors import Error
from storage.model.people import SYSTEM
from storage.tables import binding_codes, bindings, client_messages, kf_replies, kf_talks, outbox
from storage.vault import Vault

_CLOCK = SystemClock()


class BackupError(Error):
    """The backup or the restore was not done. Says why and what to do, in Chinese."""


def back_up(database_url: str, file: Path) -> str:
    """Copy the database to `file`, with its SHA-256 beside it in `file`.sha256; gives the digest.

    The copy is taken page by page by SQLite itself, so writers go on. Raises BackupError."""
    source = _sqlite_file(database_url)
    if not source.exists():
        raise BackupError(f"找不到数据库文件 {source}，请检查 BOT_DATABASE_URL。")
    draft = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        _copy(source, draft)
        digest = _digest(draft)
        draft.replace(file)
        _sum_file(file).write_text(f"{digest}  {file.name}\n")
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            draft.unlink()
        raise BackupError(f"备份没有完成（{type(error).__name__}），请检查磁盘空间和目录权限。") from error
    return digest


def restore(database_url: str, file: Path, vault: Vault, clock: Clock = _CLOCK) -> int:
    """Put a backup in place of the database; how many messages are held back.

    What was waiting in the outbox then may have been sent since, so it becomes `uncertain` and goes out only
    when a person releases it. Texts to clients that were no tasks in WeCom then are not sent any more. The database
    that was there stays beside it with the ending `.before-restore`.
    The service must not be running. Raises BackupError, and then nothing was changed."""
    target = _sqlite_file(database_url)
    _check(file)
    _is_at_rest(target)
    draft = target.with_name(target.name + ".restoring")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        _copy(file, draft)
        upgrade(f"sqlite:///{draft}")
        held = _fence(draft, vault, clock.now())
        _swap(draft, target)
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise BackupError(f"恢复没有完成，原来的数据库没有改动（{type(error).__name__}）。") from error
    except SchemaUnknown as error:
        raise BackupError(str(error)) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return held


def _fence(draft: Path, vault: Vault, now: datetime) -> int:
    """Hold back what was on its way, in the database that is going to be put in place."""
    engine = open_engine(f"sqlite:///{draft}")
    try:
        with engine.begin() as conn:
            if not audit.is_of(conn, vault):
                raise BackupError("密钥文件和这份备份不是一套，请先恢复备份当时的密钥文件。")
            held = conn.execute(
                update(outbox).where(outbox.c.state.in_(("new", "sending")))
                .values(state="uncertain", lease_until=None, reason="restored from a backup: may have been sent")
            ).rowcount  # fmt: skip
            trail = audit.AuditTrail(SYSTEM, now)
            conn.execute(
                update(client_messages)
                .where(client_messages.c.state.in_(("drafted", "queued", "creating", "by_hand", "sending")))
                .values(state="expired", reason="restored", look_at=None, lease_until=None, done_at=now)
            )
            _forget_customers(conn, now)
            trail.record("restore", "database", "backup", held=held)
            audit.append(conn, vault, trail.take())
    finally:
        engine.dispose()  # the last connection to go folds the write-ahead log into the file
    return held


def _forget_customers(conn: Connection, now: datetime) -> None:
    """What the bot was about to tell customers is not told; a binding may have been revoked since the backup, so all
    prove anew who they are."""
    waiting = {"look_at": None, "lease_until": None, "state": "failed"}
    conn.execute(update(kf_replies).where(kf_replies.c.state.in_(("queued", "sending"))).values(**waiting))
    conn.execute(update(kf_talks).where(kf_talks.c.session != "").values(session="", session_look_at=None))
    conn.execute(update(binding_codes).values(used_at=now, look_at=None, lease_until=None))
    conn.execute(update(bindings).where(bindings.c.revoked_at.is_(None)).values(revoked_at=now, revoked_by="restored"))


def _swap(draft: Path, target: Path) -> None:
    """The old database steps aside with its write-ahead log, the new one takes its name."""
    aside = target.with_name(target.name + ".before-restore")
    for ending in ("", "-wal", "-shm"):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.replace(aside.with_name(aside.name + ending))
    draft.replace(target)


def _is_at_rest(target: Path) -> None:
    """Refuse while somebody has the database open. A broken one is no hindrance to a restore."""
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=1)) as conn:
            conn.execute("PRAGMA journal_mode=DELETE")  # SQLite allows this only to the last one there
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BackupError("数据库正在使用，请先停止服务再恢复。") from None


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)  # in one step: in several, a writer in between would start it over
    with open(target, "rb+") as file:
        os.fsync(file.fileno())


def _check(file: Path) -> None:
    """Refuse a file that is not there, does not match its checksum or is no sound database."""
    if not file.exists():
        raise BackupError(f"找不到备份文件 {file}。")
    if not _sum_file(file).exists():
        raise BackupError(f"找不到校验文件 {_sum_file(file)}，它应和备份放在一起。")
    if _sum_file(file).read_text().split()[:1] != [_digest(file)]:
        raise BackupError(f"备份文件 {file} 与校验值不符，可能已损坏，请换一份备份。")
    try:
        # Immutable, because a read-only look at a WAL database would want to write beside it.
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)) as conn:
            sound = conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise BackupError(f"备份文件 {file} 不是完好的数据库，请换一份备份。")


def _sqlite_file(database_url: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError("这里只能备份 SQLite 文件。PostgreSQL 请用 pg_dump 备份、pg_restore 恢复。")
    return Path(url.database)


def _sum_file(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _digest(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
