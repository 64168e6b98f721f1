"""The first answer of a person stops the first clock of what a client asked for in 微信客服, wherever it is given (S25)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.tickets import Ticket
from tests.builders import Cast
from tests.handlers.asking import Desk
from tests.handlers.customers import Customers
from tests.reminders.kf_wecom import ACCOUNT
from tests.reminders.test_kf_reading import FANG


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    return Customers(database, clock)


def running(firm: Customers, ticket: Ticket) -> set[str]:
    limits = firm.writes(lambda uow: uow.ticket_limits.of([ticket.id]))
    return {limit.name for limit in limits if limit.runs}


async def answers(firm: Customers, who: str = "lixiang") -> None:
    desk = Desk(firm.database, firm.clock, who)
    desk.says("回复 王芳 您好，马上给您答复")
    desk.confirms()
    await firm.sends()


async def test_what_the_bot_says_stops_nothing(firm: Customers) -> None:
    await firm.asks("想了解一下养老的产品")
    (ticket,) = firm.tickets()
    assert (ticket.flow, ticket.answered_at) == ("demand", None)
    assert running(firm, ticket) == {"answer", "close"}


async def test_the_adviser_s_answer_from_here_does_once_it_has_left(firm: Customers, clock: MovableClock) -> None:
    await firm.asks("想了解一下养老的产品")
    clock.advance(timedelta(minutes=20))
    firm.wecom.down = True
    await answers(firm)
    assert running(firm, firm.tickets()[0]) == {"answer", "close"}
    firm.wecom.down = False
    clock.advance(timedelta(minutes=2))
    await firm.sends()
    (ticket,) = firm.tickets()
    assert (ticket.state, ticket.answered_at) == ("new", clock.now())
    assert running(firm, ticket) == {"close"}
    assert "李顾问 在微信客服答复了客户" in Desk(firm.database, clock, "lixiang").says("T1")


async def test_the_second_one_changes_nothing(firm: Customers, clock: MovableClock) -> None:
    await firm.asks("想了解一下养老的产品")
    await answers(firm)
    first = firm.tickets()[0].answered_at
    clock.advance(timedelta(minutes=20))
    await answers(firm)
    assert firm.tickets()[0].answered_at == first


async def test_so_does_one_of_whoever_answers_in_the_adviser_s_place(firm: Customers, clock: MovableClock) -> None:
    await firm.asks("想了解一下养老的产品")
    await answers(firm, "wangke")
    assert firm.tickets()[0].answered_at == clock.now()


async def test_one_that_is_given_in_wecom_s_own_tool_does_too(firm: Customers, clock: MovableClock) -> None:
    await firm.asks("想了解一下养老的产品")
    clock.advance(timedelta(minutes=5))
    firm.wecom.api.staff_says(ACCOUNT, FANG, "您好，马上发您资料", clock.now())
    firm.rings()
    await firm.reads()
    assert firm.tickets()[0].answered_at == clock.now()
    assert "客服人员 在微信客服答复了客户" in Desk(firm.database, clock, "lixiang").says("T1")


async def test_a_complaint_is_not_answered_by_the_adviser_it_may_be_about(firm: Customers, clock: MovableClock) -> None:
    await firm.asks("三天没人回我，我要投诉")
    await answers(firm)
    assert firm.tickets()[0].answered_at is None
    await answers(firm, "wangke")
    assert firm.tickets()[0].answered_at == clock.now()


async def test_what_the_adviser_was_asked_for_elsewhere_is_not_answered_by_it(
    firm: Customers, clock: MovableClock, cast: Cast
) -> None:
    Desk(firm.database, clock, "lixiang").says("需求 王芳 想把房贷转组合贷")
    await firm.asks("在吗")
    await answers(firm)
    assert firm.tickets()[0].answered_at is None
