"""Sales and service side by side: tickets, first answers and complaints beside premiums, by adviser."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk
from tests.handlers.tickets.people import opened


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Database:
    """李顾问: two demands, answered after a half and after two working hours, a complaint, a premium; 王小强: nothing."""
    with database.system(at(2, 9)) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        uow.act_as(cast.li)
        fang, jing = a_client(uow, "王芳"), a_client(uow, "陈静")
        a_client(uow, "李雷", owner_id="xiaowang")
        policy = a_policy(uow, fang, premium=5200, due_on=[date(2025, 6, 5)])
        uow.contracts.pay(uow.contracts.instalments([policy.id])[0], date(2025, 6, 5))
    for opening, answering in ((at(3, 9), at(3, 9, 30)), (at(3, 17), at(4, 10))):
        with database.transaction(cast.li, opening) as uow:
            flow = next(flow for flow in uow.packs.flows if flow.id == "demand")
            ticket = opened(uow, flow, fang)
        with database.transaction(cast.li, answering) as uow:
            uow.tickets.move(ticket, flow, flow.move("answer"))
    with database.transaction(cast.li, at(4, 10)) as uow:
        opened(uow, next(flow for flow in uow.packs.flows if flow.id == "complaint"), jing)
    clock.move_to(at(9, 10))
    return database


@pytest.fixture
def wang(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "wangke")


@pytest.fixture
def li(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "lixiang")


def test_a_manager_asks_for_sales_and_service_side_by_side(wang: Desk):
    heard = wang.says("本月 各顾问 工单数 首答时长 和 保费")
    assert "团队数据（本月）" in heard
    assert "工单数：3 件\n首答时长：1.2 小时（2 件）\n实缴保费：5,200 元" in heard
    assert "1. 李顾问 工单数 3 件，首答时长 1.2 小时（2 件），实缴保费 5,200 元" in heard
    assert "王小强 工单数 0 件，首答时长 没有可算的数据，实缴保费 0 元" in heard
    assert "陈默" not in heard
    assert "口径：期间内第一次答复的工单从登记到答复平均用了多少工作小时" in heard


def test_one_member_and_oneself_are_asked_about_in_the_same_way(wang: Desk, li: Desk):
    assert "李顾问的数据" in wang.says("李顾问 工单数 和 保费")
    heard = li.says("我本月工单数、投诉率和续保率")
    assert "我的数据" in heard
    assert "投诉率：50.0%（1/2）" in heard


@pytest.mark.parametrize(("said", "answer"), [
    ("团队本月工单数", "团队工单数：3 件（本月）"), ("本月首答时长", "团队首答时长：1.2 小时（2 件）（本月）"),
    ("本月投诉率", "团队投诉率：33.3%（1/3）（本月）"), ("本月投诉量多少", "团队投诉量：1 件（本月）"),
    ("各顾问首答时长 趋势", "6月 1.2"),
])  # fmt: skip
def test_figures_of_service_are_asked_for_alone(wang: Desk, said: str, answer: str):
    assert answer in wang.says(said)


def test_the_team_s_figures_have_a_line_about_service_where_there_is_anything(wang: Desk):
    assert "服务：工单数 3 件，首答时长 1.2 小时（2 件），投诉率 33.3%（1/3）" in wang.says("团队业绩 本月")
    assert "服务：" not in wang.says("团队业绩 上个月")


def test_an_average_of_nothing_says_so(wang: Desk):
    assert "所以没有平均数" in wang.says("今天团队首答时长")


def test_what_cannot_be_computed_stays_out_and_is_said(wang: Desk):
    heard = wang.says("各顾问 保费 和 佣金")
    assert "「佣金」算不了" in heard
    assert "实缴保费：5,200 元" in heard


def test_side_by_side_may_be_kept_as_a_report(wang: Desk):
    wang.says("本月 各顾问 工单数 和 保费")
    assert "周报" in wang.says("存为周报")


def test_words_that_only_hold_a_figure_s_name_are_no_question_about_figures(li: Desk):
    for said in ("王芳 保费 和 续保率", "保费和转介绍的事我明天再说"):
        assert "数据（" not in li.says(said)


def test_who_answers_at_once_takes_no_time_and_has_answered(database: Database, clock: MovableClock, cast: Cast):
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "demand")
        uow.tickets.move(opened(uow, flow, a_client(uow, "王芳")), flow, flow.move("answer"))
    assert "首答时长 0.0 小时（1 件）" in Desk(database, clock, "wangke").says("团队业绩 本月")
