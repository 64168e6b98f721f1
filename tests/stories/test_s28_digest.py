"""S28: the manager's digest."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_the_digest_comes_at_six_with_the_teams_figures(wang: Story, li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    await li.says("记 张敏 今天电话聊了重疾")
    heard = await wang.at("2025-06-09T18:01:00")
    assert "日报" in heard
    assert "新增" in heard
    assert "跟进" in heard
    assert "138" not in heard


async def test_the_digest_can_be_asked_for_and_drilled_into(wang: Story):
    assert "日报" in await wang.says("日报")
    assert "超过 3 天没办" in await wang.says("展开 超时")


async def test_the_hour_of_the_digest_can_be_moved(wang: Story):
    assert "08:30" in await wang.says("日报 时间改 8:30")
    assert "团队日报" not in await wang.at("2025-06-09T18:05:00")
    assert "团队日报" in await wang.at("2025-06-10T08:31:00")


async def test_an_adviser_gets_no_digest(li: Story):
    assert "日报" not in await li.at("2025-06-09T18:05:00")
