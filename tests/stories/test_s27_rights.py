"""S27: a customer wants no more messages, wants to know what is kept of him, and to have it erased."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


async def test_no_more_messages_at_once(sandbox: Sandbox, li: Story):
    fang = CustomerStory(sandbox, "wm_wangfang")
    assert "马上生效" in await fang.says("别再给我发消息了")
    await li.hears("已登记撤回产品推荐、关怀提醒的授权")
    drafted = await li.says("给王芳写感谢的话")
    if "序号" in drafted:
        drafted += await li.says("1")
    assert "已退订" in drafted


async def test_what_is_kept_of_her_once_it_is_known_who_asks(sandbox: Sandbox):
    fang = CustomerStory(sandbox, "wm_wangfang")
    assert "请先核实身份" in await fang.says("你们有我哪些资料？")
    answered = await fang.proves()
    assert "服务联系：手机 138****0101" in answered
    assert "办理和管理合同" in answered


async def test_erasing_is_for_people_and_what_the_law_keeps_is_explained(sandbox: Sandbox, li: Story):
    fang, compliance = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "shenhegui")
    assert "法律要求保存的" in await fang.says("把我的资料删掉")
    await li.hears("客户申请删除资料")
    await compliance.hears("申请删除个人资料")
