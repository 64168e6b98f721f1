"""The service in this process: its front door alone, or the whole house with a fake WeCom around it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.pack import PackStore
from reminders.jobs import Jobs
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.vault import Vault
from tests.builders import Cast, a_client, the_cast
from tests.conftest import MONDAY_NINE, SHANGHAI
from tests.handlers.tickets.people import the_others
from tests.service.deaths import Start
from tests.service.door import CORP, Door, open_door
from tests.service.house import House, open_house


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
async def any_door(database: Database, clock: MovableClock, spool: Path) -> AsyncIterator[Door]:
    """The same test on both engines, with `database`."""
    async with open_door(database, clock, spool) as door:
        yield door


@pytest.fixture
async def door(sqlite_database: Database, clock: MovableClock, spool: Path) -> AsyncIterator[Door]:
    """For what has nothing to do with the engine."""
    async with open_door(sqlite_database, clock, spool) as door:
        yield door


@pytest.fixture
async def house(database: Database, clock: MovableClock, tmp_path: Path, cast: Cast) -> AsyncIterator[House]:
    """The product with its cast on both engines; its clock stands still until a test moves it."""
    async with open_house(database, clock, tmp_path) as house:
        yield house


@pytest.fixture
async def postgres_house(postgres_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[House]:
    with postgres_database.system(clock.now()) as uow:
        the_cast(uow)
    async with open_house(postgres_database, clock, tmp_path) as house:
        yield house


@pytest.fixture
async def sqlite_house(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[House]:
    """For what has nothing to do with the engine."""
    with sqlite_database.system(clock.now()) as uow:
        the_cast(uow)
    async with open_house(sqlite_database, clock, tmp_path) as house:
        yield house


@pytest.fixture
async def start(sqlite_template: Path, vault: Vault, pack_store: PackStore, tmp_path: Path) -> Start:
    """The cast and those around tickets, one client, and the day is planned."""
    (tmp_path / "worlds").mkdir()
    start = Start(Path(shutil.copy(sqlite_template, tmp_path / "worlds" / "bot.db")), vault, pack_store)
    database = Database(f"sqlite:///{start.path}", vault, pack_store)
    with database.system(MONDAY_NINE) as uow:
        the_cast(uow)
        the_others(uow)
        a_client(uow, "王芳", phone="13912340001")
    await Jobs(database, Post(CORP.agent_id), SHANGHAI).tick(MONDAY_NINE)
    database.close()
    return start
