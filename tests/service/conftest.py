"""The service in this process: its front door alone, or the whole house with a fake WeCom around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.service.door import Door, open_door


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
