"""S28: the manager's digest."""

from __future__ import annotations

import re

from tests.stories.conftest import Story


async def test_the_digest_comes_at_six_with_the_teams_figures(wang: Story, li: Story, zhou: Story):
    await wang.at("2025-06-09T09:01:00")  # the morning's amounts are noted before anybody changes one
    before = _lines(await wang.says("日报"))
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    await li.says("记 王芳 今天电话聊了重疾")
    await li.says("1")
    await li.says("陈静 已续 保费5200")
    await li.says("张敏 已缴")
    await zhou.says("修改 刘洋 管理资产 80万")
    heard = _lines(await wang.at("2025-06-09T18:01:00"))
    assert heard["6"] == "6 月 9 日团队日报"
    assert heard["新增客户"] == "新增客户 1 位（李想 1）"
    assert heard["跟进"].startswith("跟进 ")
    assert heard["续保"] == "续保：今天到期 0 件，续上 1 件"
    assert heard["缴费和还款"] == "缴费和还款 2 笔，其中保费 8,800 元"
    assert heard["管理资产减少"] == "管理资产减少 6 万元"
    assert _count(heard["逾期未缴"]) == _count(before["逾期未缴"]) - 1
    assert _count(heard["流失预警"]) >= 1
    assert _count(heard["久未联系"]) >= 1
    assert "138" not in "".join(heard.values())


def _lines(digest: str) -> dict[str, str]:
    """The lines of a digest by the words that they begin with."""
    return {match[0]: line for line in digest.splitlines() if (match := re.match("[一-龥]+|6", line))}


def _count(line: str) -> int:
    found = re.search(r"\d+", line)
    assert found, line
    return int(found[0])


async def test_what_moved_is_opened_by_the_word_of_its_line(wang: Story, li: Story, zhou: Story):
    await wang.at("2025-06-09T09:01:00")
    await li.says("陈静 已续 保费5200")
    await li.says("张敏 已缴")
    await zhou.says("修改 刘洋 管理资产 80万")
    assert "1. 李想：张敏 守护一生重疾险 第 1 期" in await wang.says("展开 保费")
    assert "1. 周敏：刘洋 贵宾 -7%" in await wang.says("展开 资产")
    assert "天没联系" in await wang.says("展开 流失")
    assert "李想：陈静 暖阳医疗险（续上）" in await wang.says("展开 续保")
    assert await wang.says("展开 审批") == "等您审批的：没有。"


async def test_the_digest_can_be_asked_for_and_drilled_into(wang: Story):
    assert "日报" in await wang.says("日报")
    assert "超过 3 天没办" in await wang.says("展开 超时")


async def test_the_hour_of_the_digest_can_be_moved(wang: Story):
    assert "08:30" in await wang.says("日报 时间改 8:30")
    assert "团队日报" not in await wang.at("2025-06-09T18:05:00")
    assert "团队日报" in await wang.at("2025-06-10T08:31:00")


async def test_an_adviser_gets_no_digest(li: Story):
    assert "日报" not in await li.at("2025-06-09T18:05:00")
