"""Rules of every year in chat: 每年 结婚纪念日 前3天, 开户周年, 保单周年."""

from __future__ import annotations

from datetime import date

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import Desk
from tests.handlers.test_rules import approved


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm with 王芳, who married thirteen years ago and has two policies."""
    with database.system(clock.now()) as uow:
        client = a_client(uow, anniversary=date(2012, 6, 12))
        a_policy(uow, client, starts_on=date(2020, 6, 20), ends_on=date(2050, 6, 19), product_code="INS-CI-01")
        a_policy(uow, client, starts_on=date(2024, 11, 20), ends_on=date(2054, 11, 19), product_code="INS-CI-01")
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


@pytest.mark.parametrize(("said", "row"), [
    ("每年 结婚纪念日 前3天", "日期：客户的纪念日（每年）"), ("纪念日 前3天", "日期：客户的纪念日（每年）"),
    ("开户周年 前3天", "日期：客户的开户日期（每年）"), ("每年开户日期 前3天", "日期：客户的开户日期（每年）"),
    ("企业成立周年 当天", "日期：客户的成立日期（每年）"), ("贷款放款周年 过后3天", "日期：贷款的放款日（每年）"),
    ("保单周年 前7天", "日期：保单的起始日（每年）"), ("保单生效周年 前7天", "日期：保单的起始日（每年）"),
    ("保单起始日 后7天", "日期：保单的起始日\n"), ("每年生日 前3天", "日期：客户的生日\n"), ("农历生日 当天 每年", "日期：客户的农历生日\n"),
])  # fmt: skip
def test_the_dates_of_every_year_in_the_words_for_them(he: Desk, said: str, row: str) -> None:
    template = "" if "保单" in said or "生日" in said else " 模板 周年提醒" if "贷款" not in said else " 模板 到期提醒"
    template = " 模板 到期提醒" if "起始日" in said else " 模板 生日提醒" if "农历" in said else template
    assert row in he.says(f"新建提醒规则 {said}{template}")


def test_a_rule_is_made_yearly_and_plain_again(he: Desk) -> None:
    he.says("新建提醒规则 开户日期 前3天 模板 跟进提醒")
    assert "客户的开户日期（每年）" in he.says("每年")
    assert "客户的开户日期\n" in he.says("只提醒一次")
    assert "天数要在 -366 到 366 之间" in he.says("每年 前 400 天")


def test_a_birthday_needs_no_every_year(he: Desk) -> None:
    he.says("新建提醒规则 生日 前3天 模板 生日提醒")
    assert "日期：客户的生日\n" in he.says("每年")
    assert "久未联系没有日子" in he.says("新建提醒规则 久未联系 当天 每年 模板 久未联系")


def test_it_is_tried_out_approved_and_comes_in_the_list(he: Desk, shen: Desk) -> None:
    he.says("新建提醒规则 每年 结婚纪念日 前3天 模板 周年提醒")
    assert "会提醒 1 条" in he.says("试算")
    he.says("取消")
    assert "今天新增 1 条提醒" in approved(he, shen, "新建提醒规则 每年 结婚纪念日 前3天 模板 周年提醒")
    li = Desk(he.database, he.clock, "lixiang")
    li.says("今日待办")
    assert any("周年还有 3 天" in line.value for line in li.card.lines)
    assert "日期：客户的纪念日（每年） 2025-06-12，提前 3 天" in li.says("为什么 1")


def test_why_not_tells_the_next_anniversary_of_the_nearest_first(he: Desk) -> None:
    said = Desk(he.database, he.clock, "lixiang").says("为什么没有提醒 王芳 保单周年")
    near, far = said.index("2025-06-20"), said.index("2025-11-20")
    assert near < far
    assert "还没到：2025-11-20 的周年，下一次 2025-11-13（提前 7 天）" in said
