"""S31: an adviser is away, a colleague stands in for those days; it ends by itself."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_a_colleague_stands_in_and_the_rights_end_by_themselves(
    sandbox: Sandbox, li: Story, zhou: Story, wang: Story
):
    assert "没有找到客户「王芳」" in await zhou.says("查客户 王芳")
    assert "由 周敏 代班？" in await li.says("请假 6月10日到6月12日 小周代班")
    assert "到期自动收回" in await li.says("确认")
    await wang.hears("李想 请假，由 周敏 代班")
    assert "李想 请假，周敏 代班" in await wang.says("谁代班")
    heard = await zhou.at("2025-06-10T08:31:00")
    assert "（代李想）" in heard
    assert "早上好" not in await li.at("2025-06-10T08:32:00")
    assert "陈静" in await zhou.says("查客户 陈静")
    assert "已记录" in await zhou.says("记 陈静 今天电话聊了续保，6月16日再约")
    assert "请假：李想（周敏代班）" in await wang.says("日报")
    heard = await Story(sandbox, "shenhegui").says("审计 陈静 近7天")
    assert "周敏（代李想）" in heard
    assert "早上好" in await li.at("2025-06-13T08:31:00")
    assert "没有找到客户「陈静」" in await zhou.says("查客户 陈静")
    assert "回访 陈静" in await li.says("陈静有什么提醒")


async def test_a_manager_arranges_it_and_calls_it_off(li: Story, wang: Story, zhou: Story):
    await wang.says("李想请假 6月10日到6月15日 周敏代班")
    await wang.says("确认")
    await li.hears("李想 请假，由 周敏 代班")
    await zhou.at("2025-06-11T10:00:00")
    assert "权限马上收回" in await wang.says("李想 取消请假")
    assert "没有找到客户「陈静」" in await zhou.says("查客户 陈静")
