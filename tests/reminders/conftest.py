"""Shared by the tests of reminders: Shanghai time, and the system's own unit of work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock

System = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture
def system(database: Database, clock: MovableClock) -> System:
    """Opens a unit of work of the product itself, at the clock's present."""
    return lambda: database.system(clock.now())
