"""S35: operations change the tier standard; a second person approves; tiers follow, advisers see it, clients do not."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


@pytest.fixture
def he(sandbox: Sandbox) -> Story:
    """何运营, operations."""
    return Story(sandbox, "heyunying")


@pytest.fixture
def shen(sandbox: Sandbox) -> Story:
    """沈合规, who approves."""
    return Story(sandbox, "shenhegui")


async def test_a_standard_is_changed_tried_out_approved_and_computed(he: Story, shen: Story, zhou: Story, wang: Story):
    heard = await he.says("分层标准 贵宾 50万改60万")
    assert "贵宾：50 万元起 → 60 万元起" in heard
    trial = await he.says("试算")
    leaving = re.search(r"贵宾：进 0 位；出 (\d+) 位，(\S+)", trial)
    assert leaving is not None
    assert re.search(r"周敏：贵宾→优质 \d+ 位，\S+万元", trial)
    assert "样本 1：" in trial
    assert "客户不会收到通知" in trial
    assert "等沈合规审批" in await he.says("提交审批 沈合规")
    assert f"{leaving[1]} 位客户换了等级" in await shen.taps("同意")
    assert "贵宾：60 万元起" in await zhou.says("分层标准")
    assert "离「私行」" in await zhou.says("刘洋 AUM")
    moved = await zhou.says("分层变动")
    name = re.search(r"① (\S+) 贵宾→优质", moved)
    assert name is not None
    why = await zhou.says(f"为什么 {name[1]} 优质")
    assert "按分层标准 v1 计算" in why
    assert "分层标准改为 v1" in await zhou.says(f"{name[1]} 时间线")
    assert "贵宾→优质" in await wang.says("分层变动 今天")


def on_customers_phones(sandbox: Sandbox) -> list[list[object]]:
    fake = sandbox.fake
    return [list(fake.customer_saw(customer)) for customer in fake.contacts.customers]


async def test_the_adviser_reads_it_in_one_line_of_the_brief_and_no_client_hears(he: Story, shen: Story, zhou: Story):
    before = on_customers_phones(he.sandbox)
    await he.says("分层标准 贵宾 60万")
    await he.says("提交审批 沈合规")
    await shen.taps("同意")
    await zhou.at("2025-06-10T08:31:00")
    pages = [zhou.card.text, *[await zhou.says("更多") for _ in range(6)]]
    assert "\n".join(pages).count("发送「分层变动」看名单") == 1
    assert on_customers_phones(he.sandbox) == before


async def test_the_author_cannot_approve_and_a_roll_back_brings_all_back(he: Story, shen: Story, zhou: Story):
    await he.says("分层标准 贵宾 60万")
    await he.says("提交审批 沈合规")
    assert "不能自己批" in await he.says("同意 分层标准 v1")
    assert "不能使用" in await zhou.says("分层标准 贵宾 1万")
    approved = await shen.says("同意 分层标准 v1")
    count = re.search(r"(\d+) 位客户换了等级", approved)
    assert count is not None
    await he.says("回滚 分层标准 v0")
    await he.says("1")
    assert "v2 待审批：回滚" in await he.says("分层标准 历史")


async def test_a_tier_set_by_hand_stays(he: Story, shen: Story, zhou: Story):
    assert "手工定" in await zhou.says("刘洋 改为 贵宾")
    await he.says("分层标准 贵宾 90万")
    assert "另有 1 位的等级是手工定的" in await he.says("试算")
    await he.says("提交审批 沈合规")
    await shen.taps("同意")
    assert "周敏 2025-06-09 手工定的" in await zhou.says("为什么 刘洋 贵宾")
    assert "贵宾 → 优质" in await zhou.says("刘洋 分层 按资产")
