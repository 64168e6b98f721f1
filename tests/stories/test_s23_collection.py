"""S23: a repayment is late, a case is opened by rule, contacts are written down within the rules, a promise is watched."""

from __future__ import annotations

import pytest

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story

LATE = "2025-06-16T09:05:00"  # 陈记餐饮's third repayment was due on Friday 13 June
CASE = "T5"


@pytest.fixture
def chen(sandbox: Sandbox) -> Story:
    """陈默, who lends."""
    return Story(sandbox, "chenmo")


@pytest.fixture
def risk(sandbox: Sandbox) -> Story:
    """李风控 of risk."""
    return Story(sandbox, "lifengkong")


async def agenda_line(chen: Story, words: str) -> str:
    """What today's list says of 陈记餐饮 with these words, on whichever of its pages; "" when it says nothing."""
    page = await chen.says("今日待办")
    for _ in range(30):
        if found := [line for line in page.split("\n") if "陈记餐饮" in line and words in line]:
            return found[0]
        if "更多" not in page:
            break
        page = await chen.says("更多")
    return ""


async def test_it_is_told_three_days_one_day_and_on_the_day_before_it_is_due(chen: Story):
    for day, left in (("2025-06-10", "还剩 3 天"), ("2025-06-12", "还剩 1 天"), ("2025-06-13", "今天应还")):
        await chen.at(f"{day}T08:31:00")
        assert left in await agenda_line(chen, "小微经营贷 第 3 期"), day


async def test_each_time_the_client_gets_a_text_that_the_adviser_sends(chen: Story):
    for day, left in (("2025-06-10", "还剩 3 天"), ("2025-06-12", "还剩 1 天"), ("2025-06-13", "今天应还")):
        await chen.at(f"{day}T08:31:00")
        assert left in await chen.says("给陈记餐饮写还款提醒"), day
        assert "本期应还 17,769.76 元，还款日 6 月 13 日" in await chen.says("发送"), day
        await chen.taps("我已发送")
    assert (await chen.says("陈记餐饮 发送记录")).count("还款") >= 3


async def test_three_days_late_a_case_is_opened_by_rule_and_lies_with_the_adviser(chen: Story, risk: Story):
    assert "没有逾期" in await chen.says("催收 陈记餐饮")
    heard = await chen.at(LATE)
    assert f"· {CASE} 陈记餐饮有限公司：禾光小微经营贷（尾号 4176） 逾期 1 期共 17,769.76 元，最早一期已逾期 3 天" in heard
    assert f"{CASE} 催收 陈记餐饮有限公司，催收中，陈默，M1（3–30 天）" in await chen.says("催收清单")
    assert CASE in await risk.says("催收清单")
    await chen.says("催收 陈记餐饮")
    assert f"这笔贷款已经在催收，工单 {CASE}" in await chen.says("1")
    await chen.at("2025-06-17T09:05:00")
    assert f"· {CASE} " not in chen.last


async def test_a_contact_is_written_down_and_a_promise_makes_a_reminder(chen: Story):
    await chen.at(LATE)
    assert "有 2 张催收单" in await chen.says("催收记录 陈记餐饮 电话 承诺周五还5000")
    heard = await chen.says("2")
    assert f"已记在催收单 {CASE}（陈记餐饮有限公司）：电话 承诺周五还5000" in heard
    assert "今天第 1 次联系，最多 3 次" in heard
    assert "承诺还 5,000 元，2025-06-20 提醒核对" in heard
    assert "2025-06-20" in await chen.says(CASE)
    await chen.at("2025-06-20T08:31:00")
    assert await agenda_line(chen, f"承诺还 5,000 元（催收单 {CASE}）")


async def test_a_broken_promise_goes_up_to_the_manager(chen: Story, wang: Story):
    await chen.at(LATE)
    await chen.says(f"催收记录 {CASE} 电话 承诺周五还5000")
    assert "没有兑现" not in await wang.at("2025-06-20T09:05:00")
    heard = await wang.at("2025-06-23T09:05:00")
    assert f"· {CASE} 陈记餐饮有限公司：客户承诺 2025-06-20 还款，没有兑现，请跟进" in heard
    assert "承诺未兑现" in await chen.says(CASE)


async def test_a_promise_that_was_kept_goes_nowhere_and_the_case_closes_by_itself(chen: Story, wang: Story):
    await chen.at(LATE)
    await chen.says(f"催收记录 {CASE} 电话 承诺周五还")
    await chen.says("陈记餐饮 贷款 已还")
    assert "已还" in await chen.says("1")
    await chen.at("2025-06-23T09:05:00")
    assert "没有兑现" not in wang.last
    assert "已还清" in await chen.says(CASE)


async def test_by_night_nobody_is_collected_from_and_the_attempt_is_on_the_trail(sandbox: Sandbox, chen: Story):
    await chen.at(LATE)
    await chen.at("2025-06-17T22:30:00")
    await chen.says("查客户 陈记餐饮")
    for order in ("给他发催收提醒", "给陈记餐饮打催收电话", f"催收记录 {CASE} 电话 没人接"):
        heard = await chen.says(order)
        assert "规则：22:00 至次日 8:00 不得催收" in heard, order
        assert "这次尝试已记入日志" in heard
    heard = await Story(sandbox, "shenhegui").says("审计 陈记餐饮 近7天")
    assert heard.count("陈默 被拒绝") == 3
    await chen.at("2025-06-18T08:40:00")
    assert "建议文案" in await chen.says("给陈记餐饮发催收提醒")


async def test_others_than_the_debtor_are_left_alone(sandbox: Sandbox, chen: Story):
    await chen.says("查客户 陈记餐饮")
    assert "不得向" not in await chen.says("给他妹妹打个电话")  # nothing is collected yet
    await chen.at(LATE)
    await chen.says("查客户 陈记餐饮")
    for order in ("给他妹妹打个电话", f"催收记录 {CASE} 电话 联系了他同事"):
        assert "规则：不得向债务人和担保人以外的人催收" in await chen.says(order), order
    heard = await Story(sandbox, "shenhegui").says("审计 陈记餐饮 近7天")
    assert heard.count("陈默 被拒绝 工单") == 2


async def test_a_debtor_is_contacted_three_times_a_day_at_most(chen: Story):
    await chen.at(LATE)
    for words in ("电话 没人接", "微信 已读未回", "电话 关机"):
        assert "已记在催收单" in await chen.says(f"催收记录 {CASE} {words}")
    assert "规则：每天催收不超过 3 次" in await chen.says(f"{CASE} 催收记录 短信")
    await chen.says("查客户 陈记餐饮")
    assert "规则：每天催收不超过 3 次" in await chen.says("给他发催收提醒")
    await chen.at("2025-06-17T09:05:00")
    assert "今天第 1 次联系" in await chen.says(f"催收记录 {CASE} 电话 答应明天还")


async def test_after_a_month_the_case_goes_to_the_manager_and_only_he_or_risk_closes_it(chen: Story, wang: Story, risk: Story):
    await chen.at(LATE)
    heard = await wang.at("2025-07-16T09:05:00")
    assert "进入 M2（31–60 天）" in heard
    assert f"{CASE} 催收 陈记餐饮有限公司，催收中，王珂，M2（31–60 天）" in await risk.says("催收清单")
    assert "还有 2 期逾期，不能按还清结案" in await chen.says(f"{CASE} 已还清")
    assert "「结案」要由" in await chen.says(f"{CASE} 结案 转诉讼")
    assert "已结案" in await risk.says(f"{CASE} 结案 转诉讼")
    assert CASE not in await wang.at("2025-07-17T09:05:00")


async def test_a_leased_asset_its_maintenance_and_the_next_time(chen: Story):
    heard = await chen.says("租赁物 EX-03")
    assert "存放地点：人民路店后门" in heard
    heard = await chen.says("登记维保 EX-03 换液压泵 8000 下次9月")
    assert "换液压泵，费用 8,000 元" in heard
    assert "下次 2025-09-01，当天提醒您" in heard
    await chen.at("2025-09-01T08:31:00")
    assert await agenda_line(chen, "租赁物 EX-03")
