"""Shared by the tests of reminders: the system's own unit of work, and a firm with its jobs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, the_cast
from tests.reminders.fake_sender import FakeSender
from tests.reminders.firm import ZONE, Firm, NewFirm

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


@pytest.fixture
def new_firm(database: Database, clock: MovableClock) -> NewFirm:
    def make() -> Firm:
        sender = FakeSender()
        jobs = Jobs(database, Post(1000002), ZONE)
        return Firm(jobs, Delivery(database, sender, clock, ZONE), sender, clock)
    return make


@pytest.fixture
async def firm(new_firm: NewFirm, cast: Cast, system: System) -> Firm:
    """It first looked at the clock on Sunday evening, and 李顾问 has a policy to renew from Monday on."""
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        a_policy(uow, a_client(uow, "王芳"), ends_on=date(2025, 6, 16))
    return firm
