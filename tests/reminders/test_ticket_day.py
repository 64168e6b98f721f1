"""What the digest says of tickets: came and gone, how fast the first answers were, what stands behind its red line."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.digests import digest, digest_section
from storage.database import Database
from storage.model.clock import MovableClock, local_date
from storage.model.people import Client
from storage.model.tickets import Ticket
from tests.builders import Cast, a_client
from tests.handlers.tickets.people import moved, opened

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def client(database: Database, clock: MovableClock, cast: Cast) -> Client:
    with database.transaction(cast.li, clock.now()) as uow:
        return a_client(uow, "王芳")


def open_one(database: Database, clock: MovableClock, cast: Cast, client: Client, sort: str = "demand") -> Ticket:
    with database.transaction(cast.li, clock.now()) as uow:
        return opened(uow, next(flow for flow in uow.packs.flows if flow.id == sort), client)


def answer(database: Database, clock: MovableClock, cast: Cast, ticket: Ticket) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        moved(uow, flow, ticket, flow.move("answer"), uow.users.get("lixiang"))


def told(database: Database, clock: MovableClock, cast: Cast, word: str = "") -> str:
    with database.transaction(cast.wang, clock.now()) as uow:
        day = local_date(clock.now(), ZONE)
        if word:
            return digest_section(uow, cast.wangke, day, word, ZONE)
        return digest(uow, cast.wangke, day, ZONE).content


def test_how_many_came_and_how_fast_they_were_answered(
    database: Database, clock: MovableClock, cast: Cast, client: Client
) -> None:
    first, second = (open_one(database, clock, cast, client) for _ in range(2))
    open_one(database, clock, cast, client, "complaint")
    clock.advance(timedelta(minutes=30))
    answer(database, clock, cast, first)
    clock.advance(timedelta(minutes=60))
    answer(database, clock, cast, second)

    said = told(database, clock, cast)
    assert "工单：新登记 3 张（投诉 1、需求 2），办结 0 张" in said
    assert "首次答复 2 次：中位 1.0 小时，1 小时内 1，2 小时内 2" in said
    assert "需求：新登记 2 张，办结 0 张" in told(database, clock, cast, "工单")
    assert "1.5 小时\n30 分钟" in told(database, clock, cast, "答复")


def test_what_nobody_answered_stands_in_it_until_somebody_does(
    database: Database, clock: MovableClock, cast: Cast, client: Client
) -> None:
    ticket = open_one(database, clock, cast, client)
    clock.advance(timedelta(days=4))
    assert "红线外的工单 1 张" in told(database, clock, cast)
    assert "李顾问：T1 需求 王芳，红线 06-12 10:30" in told(database, clock, cast, "红线")
    answer(database, clock, cast, ticket)
    assert "红线" not in told(database, clock, cast)


def test_all_are_counted_though_only_those_that_waited_the_longest_are_listed(
    database: Database, clock: MovableClock, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.ticket_day.MOST", 2)
    for _ in range(3):
        open_one(database, clock, cast, client)
        clock.advance(timedelta(minutes=1))
    clock.advance(timedelta(days=4))
    assert "红线外的工单 3 张" in told(database, clock, cast)
    listed = told(database, clock, cast, "红线")
    assert [f"T{number} 需求" in listed for number in (1, 2, 3)] == [True, True, False]
    assert "还有 1 张，请先处理上面的。" in listed


def test_another_team_hears_nothing_of_it(database: Database, clock: MovableClock, cast: Cast, client: Client) -> None:
    open_one(database, clock, cast, client)
    with database.transaction(cast.zhou, clock.now()) as uow:
        assert "工单" not in digest(uow, cast.zhouning, local_date(clock.now(), ZONE), ZONE).content
