"""Connections to a database of either kind, as the product wants them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url

BUSY_SECONDS = 5.0
_LOOK_AGAIN = 0.02  # seconds
POSTGRES_THREADS = 4
SQLITE_DEFERRED = "sqlite_deferred"  # an execution option: who asks for it only reads
# A server that vanished without a word (power, network) is noticed in seconds, not after TCP's quarter of an hour.
_FIND_OUT = {
    "connect_timeout": 5, "tcp_user_timeout": 15_000,
    "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
}  # fmt: skip


def open_engine(url: str) -> Engine:
    """An engine for a SQLite file or PostgreSQL. Statement parameters are never shown in errors or logs."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(
            parsed, hide_parameters=True, pool_size=POSTGRES_THREADS, max_overflow=2, pool_pre_ping=False,
            pool_recycle=1800, connect_args=_FIND_OUT,
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(conn: Connection) -> None:
    # Who may write takes the lock at once: later it might be refused. In the write-ahead log a reader needs none.
    how = "BEGIN DEFERRED" if SQLITE_DEFERRED in conn.get_execution_options() else "BEGIN IMMEDIATE"
    # On the driver's connection, because SQLAlchemy's bookkeeping costs more than the statement.
    conn.connection.driver_connection.execute(how)  # type: ignore[union-attr]


def _prepare_sqlite(connection: Any, _record: object) -> None:
    _log_ahead(connection)
    # A longer log before it is copied back: the pages that every commit touches are copied once for more of them.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Where a new file gets its journal SQLite waits for nobody: of processes that start together each tries again."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_LOOK_AGAIN)


def refresh_statistics(conn: Connection, table: Table) -> None:
    """Have the planner learn at once how full a table is. PostgreSQL finds out by itself only after a while, and until
    then takes a table that grew just now for a small one; SQLite plans by the indexes alone."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"ANALYZE {table.name}")
