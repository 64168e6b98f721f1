"""王芳能买R5的基金吗: yes or no by the risk class, and nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    """冯国强 is C3, 赵磊 was until May, 陈静 was never asked."""
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "冯国强", risk_class="C3", risk_class_expires_on=date(2026, 3, 1))
        a_client(uow, "赵磊", risk_class="C5", risk_class_expires_on=date(2025, 5, 1))
        a_client(uow, "陈静")
    return Desk(database, clock, "lixiang")


@pytest.mark.parametrize("said", ["冯国强能买R5的基金吗", "冯国强想买R5那个基金 行不", "冯国强能不能买R4的", "冯国强 可以买 r5 的产品吗？"])
def test_what_is_above_the_class_of_the_client_may_not_be_recommended(li: Desk, said: str):
    heard = li.says(said)
    assert "不可以：R" in heard
    assert "可以推荐 R3 和以下的产品" in heard
    assert "承受等级 C3，测评有效期至 2026-03-01" in heard


def test_what_is_within_it_may(li: Desk):
    assert "可以：R2 在「冯国强」的承受等级以内" in li.says("冯国强能买R2的吗")


def test_products_that_are_named_are_judged_one_by_one(li: Desk):
    heard = li.says("冯国强能买稳健理财吗")
    assert "可以：稳盈季季开（R2）" in heard
    assert "不可以：进取两年封闭（R4）" in heard


def test_without_a_good_assessment_nothing_may_and_the_way_to_one_is_named(li: Desk):
    assert "「赵磊」的风险测评（C5）2025-05-01 已过期" in li.says("赵磊能买R5的吗")
    assert "「陈静」没有风险测评" in li.says("陈静能买R1的吗")


def test_what_has_no_risk_level_is_not_limited_by_it(li: Desk):
    assert "「重疾险」没有风险等级" in li.says("冯国强能买重疾险吗")


def test_what_he_wants_or_has_is_no_question_of_it(li: Desk):
    assert "已记录「冯国强」的跟进" in li.says("冯国强想买重疾险")
    assert "可以" not in li.says("冯国强买了R5的基金吗")
