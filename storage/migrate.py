"""Bringing a database to the schema of this version: all of it, or nothing.

Every step runs in one transaction under a lock, so processes that start together take turns and a crash in
the middle leaves the old schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, inspect, text

from storage.engine import open_engine
from storage.model.errors import Error
from storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it migrates. A process that only asks `current` and `head` when it starts does
# without: it would be a fifth of its time until the first callback is answered.
_SCRIPTS = Path(__file__).parent / "migrations"
_UP = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)
_DOWN = re.compile(r'^down_revision(?:: str \| None)? = "(\w+)"', re.MULTILINE)
_TURN_WITHIN = 120.0  # seconds
_LOCK = 7_304_191_022  # any number of our own: PostgreSQL knows advisory locks by number only


class SchemaUnknown(Error):
    """The database was made by a newer version, or by something else. Says so in Chinese."""


def upgrade(database_url: str) -> str:
    """Bring the database to `head()`, making it if it is empty; the revision it has then.

    Raises SchemaUnknown."""
    from alembic import command
    from alembic.script import ScriptDirectory

    with _locked(database_url) as conn:
        before = _revision(conn)
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if before and before not in known:
            raise SchemaUnknown(f"数据库的版本是 {before}，比程序新。请升级程序，或换用它原来的数据库。")
        config = _config()
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
        _check_references(conn)
    return head()


def current(database_url: str) -> str:
    """The revision the database has; "" for an empty one."""
    with _locked(database_url) as conn:
        return _revision(conn)


def head() -> str:
    """The revision this version of the product needs: the one that no other comes after."""
    steps = [path.read_text() for path in (_SCRIPTS / "versions").glob("[0-9]*.py")]
    before = {found[1] for step in steps if (found := _DOWN.search(step))}
    (last,) = {found[1] for step in steps if (found := _UP.search(step))} - before
    return last


def drift(database_url: str) -> list[Any]:
    """What the tables of this version have and the migrated database has not, or the reverse."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with _locked(database_url) as conn:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))


def _revision(conn: Connection) -> str:
    if not inspect(conn).has_table("alembic_version"):
        return ""
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


@contextmanager
def _locked(database_url: str) -> Iterator[Connection]:
    """One transaction that nobody else migrates beside. SQLite's BEGIN IMMEDIATE is such a lock itself."""
    # Who starts beside a process that migrates waits for it, however large the tables are that are copied.
    engine = open_engine(database_url, patience=_TURN_WITHIN)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_for_migration)
    try:
        with engine.begin() as conn:
            if engine.dialect.name == "postgresql":
                conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield conn
    finally:
        engine.dispose()


def _prepare_for_migration(connection: Any, _record: object) -> None:
    # Dropping the old copy of a table would otherwise count as deleting all its rows.
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_references(conn: Connection) -> None:
    if conn.dialect.name == "sqlite" and (orphans := conn.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise SchemaUnknown(f"数据库里有 {len(orphans)} 行引用了不存在的记录，升级已取消，请从备份恢复后再试。")
