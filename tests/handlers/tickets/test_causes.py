"""What tickets came from: counted by the cause that was chosen at their end, within the scope, beside the span before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from config.pack import Flow, PackStore
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Actor, Client
from storage.tables import tickets
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import opened

Desks = dict[str, Desk]
MAY = datetime.fromisoformat("2025-05-20T10:00:00+08:00")


def a_complaint(database: Database, at: datetime, actor: Actor, client: Client, cause: str | None) -> None:
    """One that ended with a cause, or was withdrawn."""
    with database.transaction(actor, at) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "complaint")
        ticket, move = opened(uow, flow, client), flow.move("close" if cause else "withdraw")
        uow.tickets.move(ticket, flow, move, said={"result": "已处理"} | ({"cause": cause} if cause else {}))


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> Desks:
    """In June three complaints of 李想's clients and one of 陈默's, in May one."""
    with database.transaction(cast.li, MAY) as uow:
        mine = a_client(uow, "王芳")
    with database.transaction(cast.chen, MAY) as uow:
        theirs = a_client(uow, "陈静", owner_id="chenmo")
    now = clock.now()
    a_complaint(database, MAY, cast.li, mine, "响应太慢")
    for cause in ("响应太慢", "响应太慢", "服务态度", None):
        a_complaint(database, now - timedelta(hours=1), cast.li, mine, cause)
    a_complaint(database, now - timedelta(hours=1), cast.chen, theirs, "系统故障")
    return {name: Desk(database, clock, name) for name in "lixiang wangke chenmo shenyue hexin".split()}


def test_the_causes_of_complaints_are_ranked_beside_the_month_before(desks: Desks):
    heard = desks["lixiang"].says("本月投诉原因")
    assert "投诉原因（本月），办结 4 件，上期是 05-01 至 05-31" in heard
    assert "1. 响应太慢 2 件（50%），上期 1 件" in heard
    assert "2. 服务态度 1 件（25%），上期 0 件" in heard
    assert "3. 没有记原因 1 件（25%）" in heard
    assert "系统故障" not in heard


def test_of_all_tickets_the_sort_is_named_and_only_so_many_are_shown(desks: Desks):
    heard = desks["lixiang"].says("工单原因 前1")
    assert "1. 投诉·响应太慢 2 件" in heard
    assert "服务态度" not in heard
    assert "还有 2 种" in heard


@pytest.mark.parametrize("said", ["投诉原因", "看看投诉的主要原因", "投诉原因排名", "客户最常投诉什么", "6月客诉原因有哪些", "投诉最多的原因是什么"])
def test_it_is_asked_for_in_many_words(desks: Desks, said: str):
    assert "响应太慢 2 件" in desks["lixiang"].says(said)


def test_another_month_has_its_own(desks: Desks):
    heard = desks["lixiang"].says("上个月投诉原因")
    assert "响应太慢 1 件（100%），上期 0 件" in heard


def test_each_sees_as_far_as_his_clients_reach_and_operations_the_numbers_of_the_firm(desks: Desks):
    assert "系统故障 1 件（100%）" in desks["chenmo"].says("本月投诉原因")
    assert "系统故障" not in desks["wangke"].says("本月投诉原因")
    for all_of_it in ("shenyue", "hexin"):
        heard = desks[all_of_it].says("本月投诉原因")
        assert "办结 5 件" in heard
        assert "系统故障 1 件" in heard
        assert "王芳" not in heard


def test_where_none_ended_that_is_said(desks: Desks):
    assert "没有办结时记了原因的投诉" in desks["lixiang"].says("去年投诉原因")


def test_the_cause_that_is_chosen_at_the_end_is_counted_and_taken_back_with_it(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    number = li.says("王芳 投诉 电话太多").split("工单 ")[1].split("，")[0]
    wang.says(f"{number} 答复 已道歉")
    wang.says(f"{number} 办结")
    for said in ("不再打扰", "打扰过多", "是"):
        wang.says(said)
    assert "打扰过多 1 件" in wang.says("本月投诉原因")
    wang.undoes()
    assert "打扰过多" not in wang.says("本月投诉原因")


def test_only_a_word_of_the_list_is_kept_in_the_clear(database: Database, clock: MovableClock, cast: Cast):
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "complaint")
        ticket = opened(uow, flow, a_client(uow, "王芳"), cause="她的电话 13800000101")
        assert uow.conn.execute(tickets.select()).one().cause is None
        uow.tickets.note_details(ticket, {"cause": "费用扣款"})
        assert uow.conn.execute(tickets.select()).one().cause == "费用扣款"


def test_a_cause_that_anybody_may_word_is_refused_with_its_flow():
    flow = next(flow for flow in PackStore(("common",)).current.flows if flow.id == "complaint")
    free = flow.model_dump()
    next(ask for ask in free["asks"] if ask["name"] == "cause").update(type="text", choices=())
    with pytest.raises(ValidationError, match="原因按选项统计"):
        Flow.model_validate(free)


@pytest.mark.parametrize(("said", "cause"), [("打扰太多", "打扰过多"), ("没人回电", "响应太慢"), ("被拒赔了", "理赔争议"), ("收益不好", "产品收益")])
def test_a_cause_is_said_in_other_words(desks: Desks, said: str, cause: str):
    wang, opened_as = desks["wangke"], desks["lixiang"].says("王芳 投诉 一天八个电话")
    number = opened_as[opened_as.index("T"):].partition("，")[0]
    for words in ("接单", "答复 已道歉", "办结"):
        wang.says(f"{number} {words}")
    assert "原因是哪一类" in wang.says("以后少打")
    wang.says(said)
    assert "已办结" in wang.says("是")
    assert f"原因：{cause}" in wang.says(number)
