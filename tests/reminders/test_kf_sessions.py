"""Who asks for a person is served by one in WeCom's own tool, where that one is on duty there; else from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.sandbox.kf_api import HUMAN
from reminders.kf_telling import SERVICER
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.kf import KfRepository
from storage.tables import kf_talks
from tests.builders import Cast
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.firm import ZONE
from tests.reminders.kf_wecom import ACCOUNT
from tests.reminders.test_kf_reading import FANG

WANTS = "转人工"


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    """李顾问 serves customers in WeCom's own tool, too, and is on duty."""
    firm = Customers(database, clock)
    firm.wecom.api.comes_on_duty(ACCOUNT, "lixiang")
    return firm


def served_by(firm: Customers, who: str = FANG) -> str:
    talk = firm.wecom.api.accounts[ACCOUNT].talk(who)
    return talk.servicer if talk.state == HUMAN else ""


def moves(firm: Customers) -> int:
    return sum(call["path"] == "kf/service_state/trans" for call in firm.wecom.calls)


async def test_who_asks_for_a_person_reads_so_and_is_served_by_the_adviser_from_then_on(firm: Customers) -> None:
    assert "已转给工作人员" in await firm.asks(WANTS)
    assert served_by(firm) == "lixiang"
    assert "「王芳」要人工，会话已转到您企业微信的「微信客服」" in firm.heard()
    assert await firm.asks("在吗") == ""
    assert moves(firm) == 1


async def test_from_here_nothing_is_answered_meanwhile(firm: Customers, clock: MovableClock) -> None:
    await firm.asks(WANTS)
    li = Desk(firm.database, clock, "lixiang")
    assert "「王芳」的会话已转到您企业微信的「微信客服」，没有发" in li.says("回复 王芳 您好")
    assert "已转到李顾问企业微信" in Desk(firm.database, clock, "wangke").says("回复 王芳 您好")


async def test_when_the_adviser_is_done_the_bot_and_members_answer_again(firm: Customers, clock: MovableClock) -> None:
    await firm.asks(WANTS)
    clock.advance(timedelta(minutes=5))
    firm.rings(firm.wecom.api.ends_session(ACCOUNT, FANG, clock.now()))
    await firm.reads()
    assert "您可以直接问" in await firm.asks("你好")
    assert "通过微信客服回复" in Desk(firm.database, clock, "lixiang").says("回复 王芳 您好")


async def test_who_is_not_on_duty_there_answers_from_here_as_ever(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    assert "已转给工作人员" in await firm.asks(WANTS)
    assert served_by(firm) == ""
    assert "会话已转到" not in firm.heard()
    li = Desk(database, clock, "lixiang")
    assert "通过微信客服回复" in li.says("回复 王芳 您好")
    clock.advance(timedelta(minutes=5))
    await firm.sends()
    assert moves(firm) == 1


async def test_who_is_served_by_a_colleague_already_is_left_to_him(firm: Customers) -> None:
    firm.wecom.api.accounts[ACCOUNT].talk(FANG).servicer = "zhoumin"
    firm.wecom.says(FANG, WANTS)
    firm.rings()
    await firm.reads()
    await firm.replying.step()
    firm.wecom.api.take_over(ACCOUNT, FANG)
    await firm.sends()
    assert moves(firm) == 0
    assert "已由同事在企业微信「微信客服」里接待" in firm.heard()


@pytest.mark.parametrize("said", ["我要报警", "啦啦啦"])
async def test_whatever_only_a_person_answers_goes_the_same_way(firm: Customers, said: str) -> None:
    await firm.asks(said)
    await firm.asks(said)
    assert served_by(firm) == "lixiang"


async def test_of_whom_nobody_knows_who_serves_strangers_takes_it(firm: Customers) -> None:
    firm.wecom.api.comes_on_duty(ACCOUNT, "wangke")
    firm.writes(lambda uow: uow.users.prefer(uow.users.get("wangke"), **{SERVICER: True}))
    await firm.asks(WANTS, STRANGER)
    assert served_by(firm, STRANGER) == "wangke"
    assert "「没绑定的微信用户」要人工" in firm.heard("wangke")


# ---------------------------------------------------------------- when nobody works


@pytest.mark.parametrize(("at", "opens"), [
    (datetime(2025, 6, 9, 19, 30, tzinfo=ZONE), "6 月 10 日 09:00"),
    (datetime(2025, 6, 9, 12, 30, tzinfo=ZONE), "6 月 9 日 13:30"),
    (datetime(2025, 6, 13, 18, 1, tzinfo=ZONE), "6 月 16 日 09:00"),
])  # fmt: skip
async def test_while_nobody_works_he_hears_from_when_on(
    firm: Customers, clock: MovableClock, at: datetime, opens: str
) -> None:
    clock.move_to(at)
    told = await firm.asks(WANTS)
    assert f"现在是休息时间，已记下并转告工作人员，{opens} 上班后会联系您" in told
    assert "尽快" not in told
    assert served_by(firm) == ""
    assert [call for call in firm.wecom.calls if "service_state" in call["path"]] == []


# ---------------------------------------------------------------- WeCom in trouble


def away(firm: Customers) -> None:
    firm.wecom.down = True


def lost(firm: Customers) -> None:
    """It was moved, and nobody heard."""
    firm.wecom.lost_of.add("kf/service_state/trans")


def back(firm: Customers) -> None:
    firm.wecom.down = False


@pytest.mark.parametrize("trouble", [away, lost])
async def test_what_wecom_did_not_say_is_looked_up_and_done_once(
    firm: Customers, clock: MovableClock, trouble: Callable[[Customers], None]
) -> None:
    firm.wecom.says(FANG, WANTS)
    firm.rings()
    await firm.reads()
    while await firm.replying.step():
        pass
    trouble(firm)
    for _ in range(3):
        await firm.sends()
        clock.advance(timedelta(minutes=2))
    back(firm)
    await firm.sends()
    assert served_by(firm) == "lixiang"
    assert [text for text in firm.heard_by_all()["lixiang"] if "会话已转到" in text]
    assert moves(firm) == 1
    assert await firm.asks("在吗") == ""


async def test_where_wecom_never_says_the_members_go_on_from_here(firm: Customers, clock: MovableClock) -> None:
    firm.wecom.says(FANG, WANTS)
    firm.rings()
    await firm.reads()
    while await firm.replying.step():
        pass
    firm.wecom.down = True
    for _ in range(12):
        await firm.sends()
        clock.advance(timedelta(minutes=2))
    firm.wecom.down = False
    await firm.sends()
    assert served_by(firm) == ""
    talk = firm.writes(lambda uow: KfRepository(uow).talk_of(firm.fang.id))
    assert firm.writes(lambda uow: KfRepository(uow).is_with_staff(talk)) is False
    assert firm.writes(lambda uow: uow.conn.execute(kf_talks.select()).one().session) == ""


async def test_nothing_is_moved_before_what_was_said_from_here_has_left(firm: Customers) -> None:
    firm.wecom.says(FANG, WANTS)
    firm.rings()
    await firm.reads()
    assert await firm.sessions.step() == 0
    await firm.sends()
    assert served_by(firm) == "lixiang"
    assert "已转给工作人员" in firm.wecom.phones[FANG][-1]
