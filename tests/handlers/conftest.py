"""王芳 in 微信客服, whom several files of tests write as."""

from __future__ import annotations

from datetime import date

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_policy
from tests.handlers.customers import Customers


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    firm = Customers(database, clock)
    firm.writes(lambda uow: a_policy(
        uow, uow.clients.get(firm.fang.id), number="P20250001", state="active", due_on=[date(2025, 6, 20)]
    ))
    return firm


@pytest.fixture
async def fang(firm: Customers) -> Customers:
    """王芳 has proved who she is."""
    await firm.proves()
    firm.heard()
    return firm
