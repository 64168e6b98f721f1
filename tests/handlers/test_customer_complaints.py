"""A customer complains in 微信客服, goes on complaining, turns to a regulator, or takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.firm import ZONE


async def test_a_complaint_stops_what_is_sold_and_the_manager_hears(firm: Customers) -> None:
    answered = await firm.asks("三天没人回我，我要投诉")
    assert "非常抱歉" in answered
    told = firm.heard_by_all()
    assert any("在微信客服的投诉，工单 T1：三天没人回我" in line for line in told["wangke"])
    client = firm.writes(lambda uow: uow.clients.get(firm.fang.id))
    assert client.value("complaint_open")
    assert any("三天没人回我" in line for line in firm.timeline())


async def test_who_goes_on_complaining_adds_to_the_complaint_that_was_just_made(fang: Customers) -> None:
    await fang.asks("三天没人回我，我要投诉")
    assert "T1" in await fang.asks("电话都打不通，我要投诉你们")
    assert [ticket.name for ticket in fang.tickets()] == ["T1"]
    told = fang.heard_by_all()
    assert any("对投诉工单 T1 又说：电话都打不通" in line for line in told["wangke"])
    assert any("已补充到投诉工单 T1，没有再登记" in line for line in told["lixiang"])


async def test_what_she_complains_of_on_another_day_is_a_complaint_of_its_own(fang: Customers) -> None:
    await fang.asks("三天没人回我，我要投诉")
    fang.clock.advance(timedelta(hours=3))
    await fang.asks("扣款扣错了，我要投诉")
    assert [ticket.name for ticket in fang.tickets()] == ["T1", "T2"]


@pytest.mark.parametrize("said", [
    "你们态度太差了，我要找银保监", "我要打12378", "我要去消协告你们", "我找媒体曝光你们", "打给金监局", "再不处理我就找律师起诉你们",
    "三天没人管我，银保监电话多少", "我要向人民银行投诉",
])
async def test_who_turns_to_a_regulator_complains_at_any_hour(fang: Customers, said: str) -> None:
    fang.clock.move_to(datetime(2025, 6, 9, 22, 34, tzinfo=ZONE))  # nobody works
    answered = await fang.asks(said)
    (ticket,) = fang.tickets()
    assert ticket.flow == "complaint"
    assert answered.startswith("非常抱歉")
    assert f"工单号 {ticket.name}" in answered
    fang.clock.move_to(datetime(2025, 6, 10, 9, 30, tzinfo=ZONE))  # nobody is woken at night
    assert any("投诉" in line for line in fang.heard_by_all()["wangke"])


@pytest.mark.parametrize("said", ["银保监的电话是多少", "12378投诉电话是多少", "你们是银保监批准的吗"])
async def test_who_only_asks_about_a_regulator_does_not_complain(fang: Customers, said: str) -> None:
    await fang.asks(said)
    assert fang.tickets() == []


async def test_a_complaint_that_she_drops_is_no_second_one_and_whoever_has_it_hears(fang: Customers) -> None:
    await fang.asks("三天没人回我，我要投诉")
    fang.heard_by_all()
    assert "跟您确认以后再撤回" in await fang.asks("我不想投诉了，撤销吧")
    assert [ticket.name for ticket in fang.tickets()] == ["T1"]
    told = fang.heard_by_all()
    assert any("想撤回投诉 T1" in line and "T1 撤诉" in line for line in told["wangke"])
    assert any("没办结的投诉 T1" in line for line in told["lixiang"])


async def test_of_a_complaint_that_has_ended_she_hears_that_nothing_is_left_to_drop(fang: Customers) -> None:
    await fang.asks("三天没人回我，我要投诉")
    manager = Desk(fang.database, fang.clock, "wangke")
    for said in ("T1 接单", "T1 答复 已致歉", "T1 办结", "换人跟进", "1", "已告知"):
        manager.says(said)
    answered = await fang.asks("算了不投诉了")
    assert "您的投诉 T1 现在是「已办结」，已经结束，不用再撤回" in answered
    assert "转告工作人员" not in answered


async def test_who_never_complained_has_nothing_to_drop(fang: Customers) -> None:
    assert "没有正在处理的投诉" in await fang.asks("算了不投诉了")


async def test_to_who_has_not_proved_who_she_is_dropping_sounds_the_same(firm: Customers) -> None:
    assert await firm.asks("算了不投诉了") == await firm.asks("算了不投诉了", who=STRANGER)
