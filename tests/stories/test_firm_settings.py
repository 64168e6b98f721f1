"""Operations move the firm's morning brief, see what reminders came to, and reword a text to clients."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_the_brief_comes_at_the_hour_that_operations_set(sandbox: Sandbox, li: Story):
    he, shen = Story(sandbox, "heyunying"), Story(sandbox, "shenhegui")
    assert "全公司早报时间：08:30（v0，业务包原样）" in await he.says("早报时间")
    assert "早报 08:30 → 08:45" in await he.says("早报时间 改为 8:45")
    assert "位成员有效" in await he.says("试算")
    assert "等沈合规审批" in await he.says("提交 沈合规")
    assert "已生效，从下一次起 08:45 推送" in await shen.taps("同意")
    assert "早报：每天 08:45" in await li.says("推送设置")
    assert "早上好" not in await li.at("2025-06-10T08:40:00")
    assert "早上好" in await li.at("2025-06-10T08:46:00")
    assert "早报时间 v2" in await he.says("回滚 早报时间 v0")


async def test_what_reminders_came_to_is_told_in_numbers(sandbox: Sandbox, li: Story, wang: Story):
    await li.at("2025-06-10T08:31:00")
    await li.says("1 完成")
    await li.says("2 不需要 重复提醒")
    heard = await Story(sandbox, "heyunying").says("提醒效果")
    assert "提醒效果 全公司近 30 天" in heard
    assert "（重复提醒 " in heard
    heard = await wang.says("提醒效果 近7天")
    assert "提醒效果 团队近7天" in heard
    assert "办结 1（" in heard
    assert "口径：期间内触发的提醒中已办结的 ÷ 触发提醒" in await wang.says("口径 提醒办结率")


async def test_who_used_the_assistant_is_told_without_names_to_operations(sandbox: Sandbox, li: Story, wang: Story):
    await li.says("今日待办")
    heard = await wang.says("使用率")
    told = [line.partition("：")[2] for line in heard.split("\n") if line.startswith("这段时间没用过")]
    assert "位顾问和主管中 1 位" in heard
    assert told
    assert "李想" not in told[0]
    assert "王珂" not in told[0]
    heard = await Story(sandbox, "heyunying").says("使用率 近30天")
    assert "位顾问和主管中 2 位" in heard
    assert "没用过" not in heard


async def test_a_text_to_clients_is_reworded_checked_and_approved(sandbox: Sandbox, wang: Story):
    he, shen = Story(sandbox, "heyunying"), Story(sandbox, "shenhegui")
    assert "不能对客户说的内容" in await he.says("改模板 季度回顾 ${salutation}，我们的产品保本保收益")
    assert "还没有提交" in await he.says("改模板 季度回顾 ${salutation}，这个季度过得好吗？想约您聊聊。——${adviser_name}")
    assert "王女士，这个季度过得好吗？" in await he.says("试算")
    assert "等沈合规审批" in await he.says("提交 沈合规")
    assert "模板 季度回顾 v1 已生效" in await shen.taps("同意")
    await wang.says("筛选 贵宾 且 30天未联系 且 持有基金")
    await wang.says("存为 沉默贵宾")
    assert "这个季度过得好吗" in await wang.says("群发 沉默贵宾 模板 季度回顾")
