"""A list that comes by itself, and one that the member has just asked for: whose numbers count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.agenda import remember_list
from storage.database import Database
from storage.model.clock import MovableClock
from storage.tables import clients
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk

TODAY = date(2025, 6, 9)


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """李顾问, with a dozen clients in the list that she asks for, and another two in the one that comes."""
    with database.system(clock.now()) as uow:
        for n in range(1, 13):
            a_client(uow, f"贵客{n:02d}", bank_tier="贵宾")
        for name in ("周一", "周二"):
            a_client(uow, name)
    return Desk(database, clock, "lixiang")


def comes(li: Desk) -> None:
    """The clock pushes a numbered list."""
    with li.database.system(li.clock.now()) as uow:
        user = uow.users.get("lixiang")
        found = uow.conn.execute(select(clients.c.id, clients.c.name).where(clients.c.name.in_(("周一", "周二"))))
        items = [{"client_id": row.id, "name": row.name} for row in found.all()]
        remember_list(uow, user, "clients", sorted(items, key=lambda item: item["name"]))


def meant(li: Desk) -> str:
    """Whom number 1 means now."""
    said = li.says("1")
    return "pushed" if "周一" in said else "asked" if "贵客" in said else said


def test_a_list_asked_for_keeps_its_numbers_when_another_comes_seconds_later(li: Desk) -> None:
    li.says("筛选 贵宾")
    li.clock.advance(timedelta(seconds=5))
    comes(li)
    li.clock.advance(timedelta(seconds=10))
    assert meant(li) == "asked"
    li.clock.advance(timedelta(minutes=2))
    assert meant(li) == "pushed"


def test_a_list_asked_for_after_another_came_is_the_one_that_counts(li: Desk) -> None:
    comes(li)
    li.clock.advance(timedelta(seconds=5))
    li.says("筛选 贵宾")
    assert meant(li) == "asked"
    li.clock.advance(timedelta(hours=1))
    assert meant(li) == "asked"


def test_a_newer_question_drops_what_came_meanwhile(li: Desk) -> None:
    li.says("筛选 贵宾")
    comes(li)
    li.says("筛选 贵宾 且 女 或 贵宾")
    li.clock.advance(timedelta(minutes=10))
    assert meant(li) == "asked"


def test_turning_its_pages_keeps_the_list_that_was_asked_for(li: Desk) -> None:
    li.says("筛选 贵宾")
    comes(li)
    li.clock.advance(timedelta(seconds=100))
    assert "11" in li.says("更多")
    li.clock.advance(timedelta(seconds=100))
    assert "贵客" in li.says("2")
    li.clock.advance(timedelta(minutes=3))
    assert meant(li) == "pushed"


def test_of_two_that_come_the_later_one_counts(li: Desk) -> None:
    li.says("筛选 贵宾")
    li.clock.advance(timedelta(minutes=3))
    comes(li)
    assert meant(li) == "pushed"
