"""Changing the encryption key while the service runs.

Order (as Tink has it): the new key becomes known, then new values are sealed with it, then old values are
sealed anew, at last the old key is retired. Processes follow the key file by themselves; where each host has
a copy of its own, distribute the file after every step. Backups made before need the old key: keep it with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, func, select, update

from storage.database import Database, UnitOfWork
from storage.engine import LET_IN
from storage.model.clock import Clock, SystemClock
from storage.model.errors import Corrupt, Error, Unavailable
from storage.tables import sealed_columns
from storage.vault import Keys

log = structlog.get_logger(__name__)

T = TypeVar("T")
BATCH = 500
PATIENCE = 30
Progress = Callable[[int], None]
_CLOCK = SystemClock()


class StillInUse(Error):
    """Some values are sealed with a key that was to be retired. Says so in Chinese."""


def rotate(
    database: Database, keys_path: Path, *, progress: Progress | None = None, clock: Clock = _CLOCK
) -> int:
    """Make a new key the primary and seal everything anew with it; how many values that were.

    After a crash just run it again: while old values are left it goes on with them instead of making yet
    another key. `progress` hears after each batch how many values are done.
    Raises Corrupt when some do not open; all others are sealed anew by then."""
    database.vault.refresh()
    if not stale(database, clock):
        Keys.load(keys_path).with_one_more().save(keys_path)
        Keys.load(keys_path).with_new_primary().save(keys_path)
        database.vault.refresh()
    done = 0
    while left := _patiently(lambda: stale(database, clock)):  # until nobody wrote with the old key meanwhile
        before = done
        for count in reseal(database, clock):
            done += count
            if progress:
                progress(done)
            if not database.is_postgres:
                time.sleep(LET_IN)
        if done == before:
            raise Corrupt(f"{left} sealed values do not open; the log names them")
    with database.system(clock.now()) as uow:
        uow.audit.record("rotate", "keys", database.vault.primary.decode(), values=done)
    return done


def retire(database: Database, keys_path: Path, *, clock: Clock = _CLOCK) -> list[str]:
    """Forget the keys that nothing is sealed with any more; their ids. Raises StillInUse.

    Wait some minutes after `rotate`: transactions that began before must be over, and the undo steps of the
    last five minutes still hold values under the old key (without it they are refused)."""
    if left := stale(database, clock):
        raise StillInUse(f"还有 {left} 个值在用旧密钥加密，请先运行密钥轮换，完成后再停用旧密钥。")
    keys = Keys.load(keys_path)
    old = sorted(set(keys.encryption) - {keys.primary})
    for name in old:
        keys = keys.without(name)
    keys.save(keys_path)
    with database.system(clock.now()) as uow:
        uow.audit.record("retire", "keys", " ".join(old) or "-")
    return old


def stale(database: Database, clock: Clock = _CLOCK) -> int:
    """How many values are not sealed with the primary key."""
    with database.system(clock.now()) as uow:
        return sum(
            uow.conn.execute(select(func.count()).select_from(table).where(_is_stale(uow, column))).scalar_one()
            for table, column, _row in sealed_columns()
        )


def reseal(database: Database, clock: Clock = _CLOCK) -> Iterator[int]:
    """One walk over all sealed columns in small transactions; yields how many values each sealed anew."""
    for table, column, row in sealed_columns():
        after, seen = None, BATCH
        while seen == BATCH:
            seen, after, done = _patiently(partial(_batch, database, clock, table, column, row, after))
            if done:
                yield done


def _patiently(work: Callable[[], T]) -> T:
    """Under load a database may be busy for seconds; a rotation has time."""
    for _ in range(PATIENCE):
        try:
            return work()
        except Unavailable:
            log.info("rotation.waits")
            time.sleep(1)
    return work()


def _batch(
    database: Database, clock: Clock, table: Table, column: Column[Any], row: Column[Any], after: Any
) -> tuple[int, Any, int]:
    """Seal up to `BATCH` values anew: how many were looked at, the last one's key, how many were changed."""
    (key,) = table.primary_key.columns
    query = select(key.label("key"), row.label("row"), column.label("value")).order_by(key).limit(BATCH)
    with database.system(clock.now()) as uow:
        further = _is_stale(uow, column) if after is None else and_(_is_stale(uow, column), key > after)
        found = uow.conn.execute(query.where(further)).all()
        done = sum(_seal_anew(uow, table, column, each) for each in found)
    return len(found), found[-1].key if found else after, done


def _seal_anew(uow: UnitOfWork, table: Table, column: Column[Any], each: Any) -> int:
    """1 if it was done; 0 for a value that does not open, or that somebody else wrote meanwhile: only where
    the old ciphertext still stands is it replaced."""
    (key,) = table.primary_key.columns
    try:
        plain = uow.vault.open(str(column), each.row, each.value)
    except Corrupt:
        log.error("rotation.does_not_open", column=str(column), key=each.key)
        return 0
    change = update(table).where(key == each.key, column == each.value)
    return uow.conn.execute(change.values({column: uow.vault.seal(str(column), each.row, plain)})).rowcount


def _is_stale(uow: UnitOfWork, column: Column[Any]) -> ColumnElement[bool]:
    name = func.substr(column, 2, 4, type_=LargeBinary)
    return and_(column.is_not(None), name != uow.vault.primary)
