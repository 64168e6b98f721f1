"""Connections to a database of either kind, as the product wants them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url

BUSY_SECONDS = 5.0
_LOOK_AGAIN = 0.02  # seconds
_EAGER = 50  # milliseconds; within them SQLite looks again after 1, 2, 5, 10, 15 and 17 more
LET_IN = 0.025  # seconds: a pause in which whoever waits for the lock is sure to look
_PRIMARY = 0xFF  # the part of SQLite's error codes that says what, without the why
POSTGRES_THREADS = 4
SQLITE_DEFERRED = "sqlite_deferred"  # an execution option: who asks for it only reads
# A server that vanished without a word (power, network) is noticed in seconds, not after TCP's quarter of an hour.
_FIND_OUT = {
    "connect_timeout": 5, "tcp_user_timeout": 15_000,
    "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
}  # fmt: skip


def open_engine(url: str, patience: float | None = None) -> Engine:
    """An engine for a SQLite file or PostgreSQL. Statement parameters are never shown in errors or logs. `patience`:
    how many seconds to wait for others who write to a SQLite file, `BUSY_SECONDS` if not given."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(
            parsed, hide_parameters=True, pool_size=POSTGRES_THREADS, max_overflow=2, pool_pre_ping=False,
            pool_recycle=1800, connect_args=_FIND_OUT,
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    file = _SharedFile(BUSY_SECONDS if patience is None else patience)
    engine = create_engine(
        parsed, hide_parameters=True,
        connect_args={"timeout": file.patience, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", file.prepare)
    event.listen(engine, "begin", file.begin)
    return engine


@dataclass(frozen=True)
class _SharedFile:
    """A SQLite file that other processes write to as well; `patience` in seconds."""

    patience: float

    def prepare(self, connection: Any, _record: object) -> None:
        # Where a new file gets its journal SQLite waits for nobody: of processes that start together each tries again.
        self._insist(connection, "PRAGMA journal_mode=WAL", _LOOK_AGAIN)
        # A longer log before it is copied back: the pages that every commit touches are copied once for more of them.
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
            connection.execute(f"PRAGMA {pragma}")

    def begin(self, conn: Connection) -> None:
        # On the driver's connection, because SQLAlchemy's bookkeeping costs more than the statement.
        driver: Any = conn.connection.driver_connection
        # Who may write takes the lock at once: later it might be refused. In the write-ahead log a reader needs none.
        if SQLITE_DEFERRED in conn.get_execution_options():
            driver.execute("BEGIN DEFERRED")
        else:
            self._take_the_lock(driver)

    def _take_the_lock(self, driver: sqlite3.Connection) -> None:
        """SQLite itself soon looks but ten times a second, and beside a process that writes one thing after the other
        (a rotation of keys, a long plan) it may find the lock taken each time. Here it looks on as often as in its
        first moments."""
        driver.execute(f"PRAGMA busy_timeout={_EAGER}")
        try:
            self._insist(driver, "BEGIN IMMEDIATE", 0)
        finally:
            driver.execute(f"PRAGMA busy_timeout={self.patience * 1000:.0f}")

    def _insist(self, connection: sqlite3.Connection, statement: str, pause: float) -> None:
        until = monotonic() + self.patience
        while True:
            try:
                connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
                sleep(pause)


def refresh_statistics(conn: Connection, table: Table) -> None:
    """Have the planner learn at once how full a table is. PostgreSQL finds out by itself only after a while, and until
    then takes a table that grew just now for a small one; SQLite plans by the indexes alone."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"ANALYZE {table.name}")
