"""What all tests may use: both databases, a real Redis, keys, packs, a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.pack import Packs, PackStore
from config.settings import Settings
from storage.database import Database
from storage.migrate import upgrade
from storage.model.clock import MovableClock
from storage.vault import Keys, Vault
from tests.builders import Cast, the_cast
from tests.clean_databases import TEMPLATE, CleanDatabases
from tests.compiled_once import compile_once
from tests.servers import PostgresServer, RedisServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_NINE = datetime(2025, 6, 9, 9, 0, tzinfo=SHANGHAI)
_numbers = count(1)
compile_once()


class _FailuresAtOnce:
    """Says why a test failed as soon as it did: a run that is cut off never comes to its summary."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.ensure_newline()
            self._terminal.write_line(f"FAILED {report.nodeid} ({report.when})\n{report.longreprtext[-3000:]}")


def pytest_sessionstart(session: pytest.Session) -> None:
    plugins = session.config.pluginmanager
    terminal = plugins.getplugin("terminalreporter")
    if terminal is not None and not hasattr(session.config, "workerinput"):
        plugins.register(_FailuresAtOnce(terminal))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def pack_store() -> PackStore:
    """All built-in packs. A test that reloads packs makes a store of its own."""
    return PackStore(Settings.model_fields["packs"].default)


@pytest.fixture
def packs(pack_store: PackStore) -> Packs:
    return pack_store.current


@pytest.fixture
def keys() -> Keys:
    return Keys.fresh()


@pytest.fixture
def vault(keys: Keys) -> Vault:
    return Vault(keys)


@pytest.fixture
def clock() -> MovableClock:
    """Stands still at Monday 2025-06-09 09:00 in Shanghai until a test moves it."""
    return MovableClock(MONDAY_NINE, frozen=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def clean_databases(postgres_server: PostgresServer) -> CleanDatabases:
    upgrade(postgres_server.create(TEMPLATE))
    return CleanDatabases(postgres_server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database without any table."""
    name = f"empty_{next(_numbers)}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, clean_databases: CleanDatabases) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of this test's own."""
    name = clean_databases.lend()
    yield postgres_server.url(name)
    clean_databases.take_back(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of this test's own."""
    shutil.copy(sqlite_template, tmp_path / "bot.db")
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both engines: a migrated, empty database on each."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str, vault: Vault, pack_store: PackStore) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL, with fresh keys and all packs."""
    opened = Database(database_url, vault, pack_store)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, vault: Vault, pack_store: PackStore) -> Iterator[Database]:
    """For what has nothing to do with the engine."""
    opened = Database(sqlite_url, vault, pack_store)
    yield opened
    opened.close()


@pytest.fixture
def postgres_database(postgres_url: str, vault: Vault, pack_store: PackStore) -> Iterator[Database]:
    opened = Database(postgres_url, vault, pack_store)
    yield opened
    opened.close()


@pytest.fixture
def cast(database: Database, clock: MovableClock) -> Cast:
    """The fixed cast, already in `database`."""
    with database.system(clock.now()) as uow:
        return the_cast(uow)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis for the session. A test that kills Redis starts a `RedisServer` of its own."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """A real, empty Redis."""
    redis_server.empty()
    return redis_server.url
