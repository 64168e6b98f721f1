"""From a churn warning to action (S30, R228, R229, R248, R253)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from reminders.assets import look_for_drops
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Picture
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk

LONG_AGO = datetime(2025, 1, 2, 10, tzinfo=SHANGHAI)


@pytest.fixture
def firm(database: Database, cast: Cast, clock: MovableClock) -> Database:
    """王芳 shows three signs, 李雷 (王小强's) one, 赵云 none; an outsider shows one too."""
    with database.system(LONG_AGO) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        fang = a_client(uow, "王芳", bank_tier="贵宾", aum=Decimal(1_000_000), last_contact_at=LONG_AGO)
        a_policy(uow, fang, premium=5200, due_on=[date(2025, 6, 1)], state="active")
        a_client(uow, "李雷", bank_tier="大众", owner_id="xiaowang", last_contact_at=LONG_AGO)
        a_client(uow, "赵云", bank_tier="大众", last_contact_at=clock.now())
        a_client(uow, "外人", owner_id="chenmo", bank_tier="贵宾", last_contact_at=LONG_AGO)
    with database.system(LONG_AGO + timedelta(days=1)) as uow:
        look_for_drops(uow, SHANGHAI)
    with database.system(clock.now() - timedelta(days=3)) as uow:
        uow.clients.update(uow.clients.get(fang.id), aum=Decimal(600_000))
    return database


@pytest.fixture
def wang(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "wangke")


@pytest.fixture
def li(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "lixiang")


# ---------------------------------------------------------------- warnings


def test_who_may_leave_is_ranked_with_the_reasons(wang: Desk):
    heard = wang.says("流失预警")
    assert heard.startswith("流失预警 2 位")
    assert "① 王芳 贵宾 李顾问（95 分）：30 天资产降 40%，158 天没联系，逾期未缴 1 笔" in heard
    assert "② 李雷 大众 王小强（30 分）：158 天没联系" in heard
    assert "赵云" not in heard
    assert "外人" not in heard


@pytest.mark.parametrize("said", ["流失预警 前1", "流失预警前 1 位", "流失名单 前1位"])
def test_the_first_ones_alone_are_asked_for_and_given_as_tasks(wang: Desk, said: str):
    heard = wang.says(said)
    assert heard.startswith("流失预警 2 位，列前 1 位")
    assert "②" not in heard
    assert "已派 1 件任务" in wang.says("全部派任务 本周五前回访")


def test_an_adviser_sees_his_own_book_and_a_manager_one_member(li: Desk, wang: Desk):
    mine = li.says("流失预警")
    assert "王芳" in mine
    assert "李雷" not in mine
    one = wang.asks("churn.list", member="王小强", text="王小强的流失预警")
    assert "李雷" in one
    assert "王芳" not in one


def test_nobody_at_risk_is_said_in_one_line(database: Database, cast: Cast, clock: MovableClock):
    assert Desk(database, clock, "lixiang").says("流失预警").startswith("现在没有流失预警")


# ---------------------------------------------------------------- tasks


def test_one_line_makes_tasks_for_the_owners_who_are_told(wang: Desk, li: Desk):
    wang.says("流失预警")
    heard = wang.says("1-2 派任务 本周五前回访")
    assert "已派 2 件任务「回访」，06-13 前：李顾问 1 件（王芳）；王小强 1 件（李雷）" in heard
    assert {who for who, _ in wang.letters} == {"lixiang", "xiaowang"}
    agenda = li.says("今日待办")
    assert "回访：王芳" in agenda
    assert li.sees(lambda uow: [r.due_on for r in uow.reminders.open_until("lixiang", li.clock.now())]) == [date(2025, 6, 13)]


def test_what_became_of_the_tasks_is_listed(wang: Desk, li: Desk, clock: MovableClock):
    wang.says("流失预警")
    wang.says("1-2 派任务 本周五前回访")
    assert "派出的任务 2 件：逾期 0，进行中 2，已完成 0。" in wang.says("派出的任务")
    li.says("今日待办")
    li.says("1 已联系 约了下周见面")
    clock.move_to(datetime(2025, 6, 15, 9, tzinfo=SHANGHAI))
    heard = wang.says("派出的任务")
    assert "逾期 1，进行中 0，已完成 1" in heard
    assert "① 王小强 回访：李雷，逾期 2 天" in heard
    assert "李顾问 回访：王芳，已完成 06-09" in heard


def test_a_task_is_not_given_twice_and_can_be_taken_back(wang: Desk, li: Desk):
    wang.says("流失预警")
    wang.says("1 派任务 本周五前回访")
    assert "没有重复派：王芳" in wang.says("1-2 派任务 本周五前回访")
    wang.says("撤销")
    assert "已派 1 件" in wang.says("2 派任务 本周五前回访")


@pytest.mark.parametrize(("said", "heard"), [
    ("9 派任务 本周五前回访", "没有第 9 位"), ("1-2 派任务", "请写上期限"), ("派跟进", "请写上序号"), ("1 派任务 昨天前回访", "已经过了"), ("派任务", "请写上序号"),
])
def test_a_task_that_cannot_be_given_is_refused_in_words(wang: Desk, said: str, heard: str):
    wang.says("流失预警")
    assert heard in wang.says(said)
    assert not wang.letters


def test_tasks_need_a_list(wang: Desk):
    assert "先发送「高潜客户」「流失预警」" in wang.says("1-5 派任务 本周五前回访")


def test_an_adviser_gives_tasks_to_himself_alone_and_sees_no_one_else_s(wang: Desk, li: Desk):
    assert "给自己安排回复「1-5 派任务 本周五前回访」" in li.says("流失预警")
    heard = li.says("1 派任务 本周五前回访")
    assert "已给自己安排 1 件任务「回访」，06-13 前：王芳。" in heard
    assert li.letters == []
    assert "回访：王芳" in li.says("今日待办")
    assert "派出的任务 1 件" in li.says("派出的任务")
    assert "没有派出过任务" in wang.says("派出的任务")
    assert "只能看自己名下的客户" in li.asks("churn.list", member="王小强", text="王小强的流失预警")


# ---------------------------------------------------------------- why they left


def test_why_clients_left_by_reason_adviser_and_tier(wang: Desk, li: Desk, firm: Database, clock: MovableClock):
    with firm.system(datetime(2025, 4, 20, tzinfo=SHANGHAI)) as uow:
        for name, reason, owner in (("甲", "价格太高", "lixiang"), ("乙", "价格太高", "xiaowang"), ("丙", None, "xiaowang")):
            a_client(uow, name, owner_id=owner, bank_tier="贵宾", stage="lost", lost_at=uow.now, loss_reason=reason)
    heard = wang.says("流失原因 本季度")
    assert "流失原因（本季度），共 3 位" in heard
    assert "1. 价格太高 2 位（67%）" in heard
    assert "未登记 1 位" in heard
    assert "王小强 2（价格太高 1，未登记 1）" in heard
    assert "按等级：贵宾 3" in heard
    assert any(isinstance(message, Picture) for message in wang.replies)
    assert "共 1 位" in li.says("流失原因 本季度")
    assert "没有登记流失的客户" in wang.says("流失原因 上周")


@pytest.mark.parametrize("asked", ["久未联系", "久未联系的客户", "谁好久没联系了", "沉默客户有哪些"])
def test_whom_nobody_has_met_for_long_is_listed_with_the_days(wang: Desk, asked: str):
    heard = wang.says(asked)
    assert heard.startswith("久未联系 2 位")
    assert "王芳 贵宾" in heard
    assert "天没联系" in heard
    assert "外人" not in heard
    assert "赵云" not in heard
    assert "王芳" in wang.says("1") or "李雷" in wang.says("1")


def test_an_adviser_sees_the_own_silent_clients(firm: Database, clock: MovableClock):
    heard = Desk(firm, clock, "xiaowang").says("久未联系")
    assert heard.startswith("久未联系 1 位")
    assert "李雷" in heard
