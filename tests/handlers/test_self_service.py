"""A customer asks in 微信客服 and is answered at once by the bot, once it is known who asks (S24)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_loan, a_policy
from tests.handlers.customers import Customers


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    return Customers(database, clock)


async def test_a_verified_client_reads_when_her_policy_ends(firm: Customers) -> None:
    firm.writes(lambda uow: a_policy(uow, uow.clients.get(firm.fang.id), number="P20250001", state="active"))
    asked = await firm.asks("我的保单什么时候到期")
    assert "请先核实身份" in asked
    assert "康佑" not in asked
    answered = await firm.proves()
    assert "核实通过" in answered
    assert "康佑重疾险（尾号 0001）" in answered
    assert "2025-07-09（还有 30 天）" in answered
    assert "P2025" not in answered
    assert "智能助手已答复" in firm.heard()


async def test_what_is_to_be_repaid_next_month(firm: Customers) -> None:
    await firm.proves()
    firm.writes(lambda uow: a_loan(
        uow, uow.clients.get(firm.fang.id), due_on=[date(2025, 6, 10), date(2025, 7, 10)], repayment=Decimal(8600),
        product_name="安家房贷",
    ))
    answered = await firm.asks("下个月要还多少钱")
    assert "2025-07-10 应缴 8,600 元" in answered
    assert "2025-06-10" not in answered
    assert "剩余本金 20 万元" in answered
