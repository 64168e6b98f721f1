"""Shared by the tests of reminders: Shanghai time, and the system's own unit of work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from tests.builders import Cast, the_cast

System = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture
def system(database: Database, clock: MovableClock) -> System:
    """Opens a unit of work of the product itself, at the clock's present."""
    return lambda: database.system(clock.now())


@pytest.fixture
def sqlite_cast(sqlite_database: Database, clock: MovableClock) -> Cast:
    """The fixed cast in `sqlite_database`."""
    with sqlite_database.system(clock.now()) as uow:
        return the_cast(uow)
