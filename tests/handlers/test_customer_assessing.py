"""A client's own answers to the risk questionnaire in 微信客服: kept at once, gone on with from where they stand, never
taken for another question (S19, R089)."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.repositories.assessments import AssessmentRepository
from tests.builders import Cast
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers

REST = "1 2 1 3 3 2 3 3 3".split()


@pytest.fixture
async def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    """王芳 has proved who she is."""
    firm = Customers(database, clock)
    await firm.proves()
    return firm


def fang_of(firm: Customers) -> Client:
    found: Client = firm.writes(lambda uow: uow.clients.get(firm.fang.id))
    return found


async def test_the_last_answer_sets_the_class_and_the_adviser_hears_of_it(firm: Customers) -> None:
    assert "第 1/10 题" in await firm.asks("我要做风险测评")
    for said in ("B", *REST[:-1]):
        heard = await firm.asks(said)
    assert "第 10/10 题" in heard
    assert fang_of(firm).value("risk_class") is None
    assert "结果是 C4 成长型，有效期至 2026-06-09" in await firm.asks("3")
    assert fang_of(firm).value("risk_class") == "C4"
    assert "客户自己完成了风险测评：C4 成长型" in firm.heard()
    assert "客户自己作答" in Desk(firm.database, firm.clock, "lixiang").says("王芳 测评记录")


async def test_nobody_is_asked_before_it_is_known_who_he_is(firm: Customers) -> None:
    assert "请先核实身份" in await firm.asks("风险测评", STRANGER)
    assert "第 2/10 题" not in await firm.asks("B", STRANGER)


async def test_what_is_no_answer_is_asked_again_and_another_question_is_answered(firm: Customers) -> None:
    await firm.asks("风险测评")
    assert "第 1/10 题" in await firm.asks("呜哩哇啦")
    assert "第 2/10 题" in await firm.asks("3")
    assert "第 1/10 题" in await firm.asks("上一题")
    assert "第 1/10 题" in await firm.asks("上一题")
    assert "已转给工作人员" in await firm.asks("转人工")
    assert "第" not in await firm.asks("3")
    assert "第 1/10 题" in await firm.asks("风险测评")


async def test_who_went_on_with_the_adviser_is_asked_what_is_open_by_now(firm: Customers) -> None:
    await firm.asks("风险测评")
    li = Desk(firm.database, firm.clock, "lixiang")
    li.says("王芳 风险测评")
    li.says("3")
    assert "第 2/10 题" in await firm.asks("B")
    assert "第 3/10 题" in await firm.asks("1")
    running = firm.writes(lambda uow: AssessmentRepository(uow).running(firm.fang.id, "risk_class"))
    assert [one["place"] for one in running.answers] == [2, 0]


async def test_a_firm_is_not_asked(firm: Customers) -> None:
    firm.writes(lambda uow: uow.clients.update(uow.clients.get(firm.fang.id), kind="enterprise"))
    assert "已转给工作人员" in await firm.asks("风险测评")
