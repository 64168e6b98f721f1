"""What was asked for by a client himself is rated by him when it is done; of a bad mark a manager hears (S26)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.outgoing import Post
from reminders.ticket_news import tell_clients
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.repositories.contacts import ContactRepository
from storage.repositories.ratings import RatingRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.firm import ZONE
from tests.reminders.test_kf_reading import FANG


@pytest.fixture
async def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    """王芳 wanted a paper, and has it."""
    firm = Customers(database, clock)
    await firm.asks("电子保单发我")
    firm.clock.advance(timedelta(minutes=5))
    await ends(firm, "T1 接单", "T1 办结 已发给客户")
    firm.heard_by_all()
    return firm


async def ends(firm: Customers, *said: str) -> None:
    """Her adviser says this, and it stands."""
    li = Desk(firm.database, firm.clock, "lixiang")
    for words in said:
        li.says(words)
    await six_minutes_later(firm)


async def six_minutes_later(firm: Customers) -> None:
    firm.clock.advance(timedelta(minutes=6))
    tell_clients(firm.database, Post(1000002), ZONE, firm.clock.now())
    await firm.sends()


async def test_she_is_asked_for_a_mark_when_it_is_done(firm: Customers) -> None:
    assert "回复 1 到 5 分" in firm.wecom.phones[FANG][-1]


@pytest.mark.parametrize(("said", "score"), [("5分", 5), ("4", 4), ("打3分", 3), ("五星", 5), ("３分", 3)])
async def test_her_mark_is_kept(firm: Customers, said: str, score: int) -> None:
    assert "谢谢您的评分，欢迎" in await firm.asks(said)
    assert firm.writes(lambda uow: RatingRepository(uow).of_client(firm.fang.id)) == [score]
    assert f"打了 {score} 分" in firm.heard()
    assert firm.tasks() == []


async def test_of_a_bad_mark_the_manager_has_a_call_to_make(firm: Customers) -> None:
    assert "很抱歉" in await firm.asks("2分")
    due = firm.writes(lambda uow: uow.reminders.of_client(firm.fang.id))
    assert [(r.receiver_id, r.text) for r in due if r.category == "follow_up"] == [
        ("wangke", "王芳：给工单 T1 打了 2 分，请回访")
    ]
    assert any("打了 2 分" in line for line in firm.heard_by_all()["wangke"])


async def test_a_mark_counts_once(firm: Customers) -> None:
    await firm.asks("5分")
    assert "没有听明白" in await firm.asks("1分")
    assert firm.writes(lambda uow: RatingRepository(uow).of_client(firm.fang.id)) == [5]


async def test_after_a_week_nobody_waits_for_it(firm: Customers) -> None:
    firm.clock.advance(timedelta(days=7, minutes=1))
    assert "没有听明白" in await firm.asks("5分")


async def test_of_nobody_there_is_nothing_to_rate(firm: Customers) -> None:
    assert "没有听明白" in await firm.asks("5分", STRANGER)


async def test_the_figure_counts_the_good_ones(firm: Customers) -> None:
    wang = Desk(firm.database, firm.clock, "wangke")
    await firm.asks("5分")
    assert "100.0%（1/1）" in wang.says("满意度 本月")
    assert "4 分以上" in wang.says("口径 满意度")


async def test_a_wechat_that_is_known_to_be_somebody_else_s_by_now_is_not_asked(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    await firm.asks("电子保单发我")

    def relink(uow: UnitOfWork) -> None:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", FANG), a_client(uow, "陈静"), "hand")

    firm.writes(relink)
    before = len(firm.wecom.phones[FANG])
    await ends(firm, "T1 接单", "T1 办结 已发给客户")
    assert firm.wecom.phones[FANG][before:] == []


async def test_she_is_asked_once_it_stands_and_not_when_it_was_taken_back(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    await firm.asks("电子保单发我")
    before, li = len(firm.wecom.phones[FANG]), Desk(database, clock, "lixiang")
    li.says("T1 接单")
    clock.advance(timedelta(minutes=6))
    li.says("T1 办结 已发给客户")
    await firm.sends()
    assert firm.wecom.phones[FANG][before:] == []
    li.undoes()
    await six_minutes_later(firm)
    assert firm.wecom.phones[FANG][before:] == []
    await ends(firm, "T1 办结 已发给客户")
    assert len(firm.wecom.phones[FANG][before:]) == 1


async def test_who_gave_it_up_is_asked_for_no_mark_and_gives_none(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    await firm.asks("电子保单发我")
    before = len(firm.wecom.phones[FANG])
    await ends(firm, "T1 撤回")
    assert [ticket.state for ticket in firm.tickets()] == ["withdrawn"]
    assert firm.wecom.phones[FANG][before:] == []
    assert "没有听明白" in await firm.asks("1分")
    assert firm.writes(lambda uow: RatingRepository(uow).of_client(firm.fang.id)) == []


async def test_who_gave_a_mark_by_himself_is_not_asked_for_it(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    await firm.asks("电子保单发我")
    li = Desk(database, clock, "lixiang")
    for words in ("T1 接单", "T1 办结 已发给客户"):
        li.says(words)
    assert "谢谢您的评分" in await firm.asks("5分")
    before = len(firm.wecom.phones[FANG])
    await six_minutes_later(firm)
    assert firm.wecom.phones[FANG][before:] == []
