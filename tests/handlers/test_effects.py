"""提醒效果: what reminders came to, rule by rule; numbers of the firm for operations, of the team for managers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, told_to_supervisors
from tests.handlers.asking import Desk

TODAY = date(2025, 6, 9)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营. This morning 李顾问 was reminded of five renewals, 陈默 of one."""
    with database.system(clock.now()) as uow:
        for name, owner in (*((n, "lixiang") for n in ("王芳", "张敏", "陈静", "赵磊", "孙丽")), ("周凯", "chenmo")):
            a_policy(uow, a_client(uow, name, owner_id=owner), ends_on=TODAY + timedelta(days=7))
        planner.plan(uow, TODAY, TODAY, ZONE)
    return Desk(database, clock, "hexin")


@pytest.fixture
def li(he: Desk) -> Desk:
    """李顾问, who has done one, put one off, and needs two of them not."""
    desk = Desk(he.database, he.clock, "lixiang")
    desk.says("今日待办")
    desk.says("1 完成")
    desk.says("2 稍后 周三上午")
    desk.says("3 不需要 重复提醒")
    desk.says("4 不需要 孙丽说她再想想")
    return desk


def test_each_rule_says_what_became_of_its_reminders(he: Desk, li: Desk) -> None:
    said = he.says("提醒效果")
    expected = "触发 6 件，办结 1（17%），推迟过 1，不需要 2（其他 1、重复提醒 1），还没处理 3"
    head, *lines = said.split("\n")
    assert head.startswith("提醒效果 全公司近 30 天（05-11 至 06-09）：" + expected)
    assert re.search(rf"R\d+ 续保\S*：{expected}", lines[0])


def test_operations_hear_numbers_and_no_word_that_somebody_wrote(he: Desk, li: Desk) -> None:
    said = he.says("提醒效果")
    assert [name for name in ("孙丽", "想想", "王芳", "李顾问") if name in said] == []


def test_a_manager_hears_of_the_team_alone_and_an_adviser_of_nothing(he: Desk, li: Desk) -> None:
    assert "团队近 30 天（05-11 至 06-09）：触发 5 件，办结 1（20%）" in Desk(he.database, he.clock, "wangke").says("提醒效果")
    assert "触发 1 件，办结 0（0%），还没处理 1" in Desk(he.database, he.clock, "zhouning").says("提醒效果")
    assert "您的角色不能使用" in li.says("提醒效果")


def test_it_is_asked_by_category_by_number_and_for_some_days(he: Desk, li: Desk) -> None:
    number = re.search(r"R(\d+) 续保", he.says("提醒效果"))
    assert number is not None
    for text in ("提醒效果 续保 近30天", "提醒效果 续保", f"提醒效果 R{number[1]}", f"R{number[1]} 效果", "提醒效果 本月"):
        assert "触发 6 件" in he.says(text), text
    assert "没有触发过这样的提醒" in he.says("提醒效果 生日")
    assert "没有触发过这样的提醒" in he.says("提醒效果 续保 上个月")
    assert "没有叫「理财顾问」的提醒" in he.says("提醒效果 理财顾问")
    assert "没有提醒可看" in he.says("提醒效果 下个月")
    assert "没有规则 R999" in he.says("提醒效果 R999")


def test_what_lay_too_long_is_missed_until_it_is_handled(he: Desk, li: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        told_to_supervisors(uow, [r.id for r in uow.reminders.open_until("chenmo", he.clock.now() + timedelta(days=1))])
    assert "告诉过主管 1，还没处理" in he.says("提醒效果 续保")
    he.clock.advance(timedelta(days=14))
    assert "告诉过主管 1，漏办 1，还没处理 3" in he.says("提醒效果 续保")
    chen = Desk(he.database, he.clock, "chenmo")
    chen.says("今日待办")
    chen.says("1 完成")
    said = he.says("提醒效果 续保")
    assert "漏办" not in said.split("。")[0]
    assert "告诉过主管 1" in said


def test_a_reminder_whose_cause_is_gone_never_fired(he: Desk, cast: Cast) -> None:
    with he.database.transaction(cast.chen, he.clock.now()) as uow:
        (found,) = uow.reminders.open_until("chenmo", he.clock.now() + timedelta(days=1))
        uow.reminders.cancel_for(found.object_type, found.object_id or 0, ["renewal"], "原因已消失")
    assert "触发 5 件" in he.says("提醒效果")


def test_the_dictionary_of_figures_has_the_one_definition(he: Desk, li: Desk) -> None:
    said = he.says("口径 提醒办结率")
    assert "期间内触发的提醒中已办结的 ÷ 触发提醒" in said
    assert "近 30 天" in said
    assert "20.0%（1/5）" in Desk(he.database, he.clock, "wangke").says("团队提醒办结率")
