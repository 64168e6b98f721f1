"""The service in this process: its front door alone, or the whole house with a fake WeCom around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, the_cast
from tests.service.door import Door, open_door
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
