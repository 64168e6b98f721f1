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


async def test_her_wish_to_be_erased_opens_one_ticket_for_compliance_and_says_what_the_law_keeps(
    sandbox: Sandbox, li: Story
):
    fang, compliance = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "shenhegui")
    first = await fang.says("把我的资料删掉")
    assert "法律要求保存的" in first
    await li.hears("已登记客户权利工单 T1，由 沈合规 经办")
    await compliance.hears("工单 T1：申请删除个人资料（还没核实身份）")
    assert await fang.says("把我的资料删掉") == first  # to whom nobody has proved to be, the same bytes
    await li.hears("客户权利工单 T1 还没办结，没有再登记")
    await fang.proves()
    assert "工单号 T1" in await fang.says("把我的资料删掉")
    assert "没有找到工单 T2" in await compliance.says("T2")


async def test_her_adviser_opens_the_same_ticket_in_her_words_and_no_second_one(sandbox: Sandbox, li: Story):
    assert "已登记「陈静」的客户权利，工单 T1，已交给 沈合规" in await li.says("陈静 申请删除资料")
    assert "已有一张没办结的客户权利工单 T1，没有再登记" in await li.says("陈静 删除申请")
    compliance = Story(sandbox, "shenhegui")
    assert "答复 06-30 09:00 前" in await compliance.says("T1")  # fifteen working days
    assert "要由合规来做" in await li.says("T1 同意删除")
    assert "现在是「待清除」" in await compliance.says("T1 同意删除")
    await li.hears("沈合规 同意删除")
    assert "已撤销：T1 同意删除" in await compliance.says("撤销")
    assert "待核实" in await li.says("T1")


async def test_what_may_go_is_erased_at_night_and_the_rest_is_locked(sandbox: Sandbox, li: Story):
    await li.says("记 陈静 喜欢喝碧螺春")
    await li.says("陈静 申请删除资料")
    compliance = Story(sandbox, "shenhegui")
    assert "反洗钱" in (await CustomerStory(sandbox, "wm_wangfang").says("把我的资料删掉"))
    assert "身份资料、合同和交易记录" in await compliance.says("T1")
    await compliance.says("T1 同意删除")
    await compliance.says("T1")
    assert "今晚" in str(compliance.card.body)
    await li.at("2025-06-10T03:11:00")
    assert "已清除" in await compliance.says("T1")
    card = await li.says("查客户 陈静")
    assert "资料已封存（依法保留" in card
    assert "碧螺春" not in await li.says("陈静 时间线")
    await li.hears("已清除，身份资料、合同和交易记录")
    assert "资料已封存，只按法律保存" in await li.says("记 陈静 今天电话聊了续保")
    assert "资料已封存" in await li.says("陈静 职业 医生")
    assert "资料已封存" in await li.says("给陈静推荐理财")
    assert "陈静" in await li.says("陈静的合同")


async def test_compliance_may_refuse_and_says_why(sandbox: Sandbox, li: Story):
    await li.says("陈静 申请删除资料")
    compliance = Story(sandbox, "shenhegui")
    assert "为什么不能删除" in await compliance.says("T1 不予删除")
    assert "现在是「不予删除」" in await compliance.says("保单还在保障期内")
    await li.hears("保单还在保障期内")


async def test_how_far_it_is_she_hears_while_she_can_prove_who_she_is_and_then_what_anybody_hears(
    sandbox: Sandbox, li: Story
):
    fang, compliance = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "shenhegui")
    await fang.says("把我的资料删掉")
    await fang.proves()
    assert "还在办理" in await fang.says("我的资料删了吗")
    await compliance.says("T1 同意删除")
    await li.at("2025-06-10T03:11:00")
    asked = await fang.says("我的资料删了吗")
    assert "请先核实身份" in asked
    assert await CustomerStory(sandbox, "wm_nobody").says("我的资料删了吗") == asked
