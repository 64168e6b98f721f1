"""S22: a loan is taken in, decided within limits and by four eyes, signed in turn, paid out, and repaid by a plan."""

from __future__ import annotations

import pytest

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story

INTAKE = "进件 陈记餐饮 借20万 12期 年化12%"


@pytest.fixture
def chen(sandbox: Sandbox) -> Story:
    """陈默, who lends."""
    return Story(sandbox, "chenmo")


@pytest.fixture
def risk(sandbox: Sandbox) -> Story:
    """李风控 of risk."""
    return Story(sandbox, "lifengkong")


@pytest.fixture
def shen(sandbox: Sandbox) -> Story:
    """沈合规 of compliance."""
    return Story(sandbox, "shenhegui")


async def test_from_the_first_word_to_the_repayment_plan(chen: Story, risk: Story, wang: Story, shen: Story):
    heard = await chen.says(INTAKE)
    assert "已登记「陈记餐饮有限公司」的进件，工单 T1，已交给 李风控" in heard
    assert "借 20 万元，12 期，年利率 12%，费用 0 元，综合年化 12%" in heard
    assert "要收的资料：身份证、营业执照" in heard
    assert "待审批" in risk.card.text
    assert "还缺资料：身份证、营业执照" in await risk.says("T1 同意 等额本息")
    assert "还缺：营业执照" in await chen.says("T1 收到 身份证")
    assert "必备资料已收齐" in await chen.says("T1 收到 执照")
    heard = await risk.says("T1 同意 等额本息")
    assert "现在是「待客户经理会签」。还款方式：等额本息" in heard
    assert "综合年化（含费用）12%，上限 24%" in heard
    assert "「会签」要由客户的顾问来做" in await wang.says("T1 会签")
    assert "待主管会签" in await chen.says("会签")
    assert "待合规会签" in await wang.taps("会签")
    assert "待放款" in await shen.says("会签 T1")
    assert "要由另一个人来做：您办过这张工单的「同意、主管同意」" in await risk.says("T1 放款")
    heard = await wang.says("放款")
    assert "合同 LN20250001，还款计划共 12 期" in heard
    assert "首期 2025-07-09 还 17,769.76 元，末期 2026-06-09 还 17,769.72 元" in heard
    heard = await chen.says("还款计划 LN20250001") + await chen.says("更多")
    assert heard.count("17,769.76 元") == 11
    assert "第 12 期 17,769.72 元，2026-06-09 到期" in heard
    assert "共 12 期" in await chen.says("还款计划 T1")
    assert "已放款" in await chen.says("T1")


async def test_what_was_not_said_is_asked_one_by_one(chen: Story):
    assert "借多少元" in await chen.says("进件 陈记餐饮")
    assert "不能超过 3,000,000" in await chen.says("500万")
    assert "分几期" in await chen.says("20万")
    assert "要大于 0" not in await chen.says("12期")
    assert "综合年化 15%" in await chen.says("15%")


@pytest.mark.parametrize(
    ("order", "cost"),
    [("进件 陈记餐饮 借20万 12期 年化36%", "36%"), ("进件 陈记餐饮 借20万 12期 年化23.5% 手续费2000", "25.47%")],
)
async def test_a_loan_over_the_cap_is_refused_with_the_rule(chen: Story, order: str, cost: str):
    heard = await chen.says(order)
    assert f"综合年化（含费用）{cost}，超过上限 24%（规则：综合年化不超过 24%（含费用））" in heard
    assert "没有正在办的工单" in await chen.says("我的工单")


async def test_risk_decides_up_to_its_limit_and_whoever_opened_it_decides_nothing(chen: Story, risk: Story, wang: Story):
    await chen.says("进件 陈记餐饮 借50万 12期 年化12%")
    await chen.says("T1 收到 资料")
    assert "借款金额超过 300,000 元，要由顾问的上级来批" in await risk.says("T1 同意 等额本金")
    assert "要由" in await chen.says("T1 同意 等额本金")
    assert "用哪种还款方式" in await wang.says("T1 同意")
    assert "还款方式：先息后本" in await wang.says("3")
    assert "第 12 期 2026-06-09 50.5 万元" in await chen.says("还款计划 T1") + await chen.says("更多")


async def test_a_refusal_needs_a_reason_and_what_was_opened_can_be_taken_back(chen: Story, risk: Story):
    await chen.says(INTAKE)
    assert "原因是什么" in await risk.says("T1 拒绝")
    assert "已拒绝" in await risk.says("流水不足")
    await chen.hears("李风控 拒绝：原因：流水不足")
    await chen.says(INTAKE)
    assert "已撤销" in await chen.says("撤销")
    assert "没有找到工单 T2" in await risk.says("T2")


async def test_who_did_the_step_before_does_not_pay_out(chen: Story, risk: Story, wang: Story, shen: Story):
    await chen.says(INTAKE)
    await chen.says("T1 收到 资料")
    await risk.says("T1 同意 等额本息")
    assert "现在是「待客户经理会签」，不能「放款」" in await risk.says("T1 放款")
    assert "没有等您「会签」的工单" in await shen.says("会签")
    assert "「还款计划" not in await risk.says("还款计划 T1")
    await risk.hears("试算（按今天放款，等额本息）")
