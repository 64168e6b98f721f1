"""Rules that count from a complaint, by chat: written in one sentence, read back, approved, and heard of by the adviser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders import planner
from tests.handlers.asking import SHANGHAI, Desk
from tests.handlers.test_rules import TODAY, approved, he, shen

__all__ = ["he", "shen"]


@pytest.mark.parametrize("said", [
    "投诉后第1天、第3天 回访", "客户投诉后1天和3天 提醒顾问", "登记了投诉之后第 1 天、第 3 天提醒顾问 回访客户", "有投诉 过后 1/3 天",
])  # fmt: skip
def test_a_complaint_is_counted_from(he: Desk, said: str) -> None:
    heard = he.says(f"新建提醒规则 {said}")
    for row in ("事件：客户投诉", "天数：过后 1、3 天", "条件：不限", "模板：投诉回访"):
        assert row in heard


def test_what_only_speaks_of_complaints_is_a_condition(he: Desk) -> None:
    heard = he.says("新建提醒规则 保单到期前30天 条件 投诉处理中 是")
    assert "日期：保单的到期日" in heard
    assert "条件：投诉处理中 是" in heard


def test_before_a_complaint_nobody_knows_of_it(he: Desk) -> None:
    assert "不能提前提醒" in he.says("新建提醒规则 投诉前3天 提醒顾问")


def test_a_complaint_that_is_written_down_is_come_back_to(he: Desk, shen: Desk) -> None:
    assert "已生效" in approved(he, shen, "新建提醒规则 投诉后第1天 回访")
    li, tomorrow = Desk(he.database, he.clock, "lixiang"), TODAY + timedelta(days=1)
    assert "已登记" in li.says("王芳 投诉 等了太久没人回电")
    he.clock.advance(timedelta(days=1))
    with he.database.system(he.clock.now()) as uow:
        planner.plan(uow, tomorrow, tomorrow, SHANGHAI)
    assert "6月9日投诉" in li.says("今日待办")
    why = li.says("为什么 1")
    assert "客户投诉" in why
    assert "提醒规则" not in why
    assert "没有登记过投诉" in li.says("为什么没有提醒 赵敏 客户投诉")


def test_the_answer_to_a_complaint_opens_no_opportunity(he: Desk, shen: Desk) -> None:
    approved(he, shen, "新建提醒规则 投诉当天 回访")
    li = Desk(he.database, he.clock, "lixiang")
    li.says("王芳 投诉 等了太久没人回电")
    with he.database.system(he.clock.now()) as uow:
        planner.plan(uow, TODAY, TODAY, SHANGHAI)
    li.says("今日待办")
    assert "商机" not in li.says("1 已联系 同意我们的处理")
