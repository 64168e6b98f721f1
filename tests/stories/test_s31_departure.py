"""S31: an adviser leaves. His access ends with the order; his clients go to the team after the manager's yes."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_who_leaves_sees_nothing_any_more_and_nothing_of_his_is_lost(
    sandbox: Sandbox, li: Story, zhou: Story, wang: Story
):
    mo = Story(sandbox, "chenmo")
    assert "周凯" in await mo.says("查客户 周凯")
    await mo.says("记 周凯 今天电话聊了配置，6月11日下午3点再约")
    await mo.says("需求 周凯 想把基金转到同名账户")
    heard = await wang.says("离职交接 陈默")
    assert "陈默 的账号已停用，不能再查看、修改和导出任何资料" in heard
    assert "李想" in heard
    assert "周敏" in heard
    assert "没有开通这个应用" in await mo.says("导出 客户")
    heard = await wang.says("离职交接 陈默 给 周敏")
    assert "全部移交给 周敏" in heard
    heard = await wang.says("确认")
    assert "已完成 陈默 的离职交接" in heard
    assert "工单 1 张" in heard
    await zhou.hears("王珂 把 陈默 的客户移交给您")
    assert "周凯" in await zhou.says("查客户 周凯")
    assert "再约" in await zhou.says("周凯有什么提醒")
    assert "需求 周凯" in await zhou.says("我的工单")
    assert "聊了配置" in await zhou.says("周凯 时间线")
    assert "没有找到客户「周凯」" in await li.says("查客户 周凯")
    assert "向客户介绍自己" in await wang.says("派出的任务")
    assert "陈默（已离职）" not in await wang.says("漏办清单")


async def test_by_rule_the_team_shares_and_a_wrong_name_is_mended(sandbox: Sandbox, li: Story, zhou: Story, wang: Story):
    await wang.says("离职交接 李想")
    await wang.says("取消")
    assert "已恢复 李想 的账号" in await wang.says("恢复账号 李想")
    assert "王芳" in await li.says("查客户 王芳")
    heard = await wang.says("离职交接 陈默")
    assert "有关系的客户不拆开" in heard
    await wang.says("确认")
    await li.hears("陈默 的客户移交给您")
    await zhou.hears("陈默 的客户移交给您")
