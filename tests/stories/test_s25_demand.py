"""S25: a demand with time limits, from the adviser's word to the last one, with a colleague looked in."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


async def test_a_demand_has_a_number_a_clock_and_an_end(sandbox: Sandbox, li: Story, wang: Story):
    risk = Story(sandbox, "lifengkong")

    assert "已登记「陈静」的需求，工单 T1，由您经办。" in await li.says("需求 陈静 想把房贷转组合贷")
    card = await li.says("T1")
    assert "首次答复 11:00 前" in card
    assert "想把房贷转组合贷" in card

    assert "已请 李风控 看工单 T1：额度。" in await li.says("@李风控 看下 T1 额度")
    await risk.hears("李想 请您看工单 T1（陈静）：额度")
    assert "想把房贷转组合贷" in await risk.says("T1")
    assert "不能使用" in await risk.says("查 陈静")
    await risk.says("T1 备注 额度可以到 80 万")
    await li.hears("李风控 在工单 T1 备注：额度可以到 80 万")

    assert "首次答复的时限已用 50%，请在 11:00 前处理" in await li.at("2025-06-09T10:00:30")
    await wang.at("2025-06-09T11:00:30")
    await wang.hears("首次答复的时限（11:00）已经到了")
    assert "首次答复已超时" in await wang.says("谁超时了")

    assert "现在是「已答复」" in await li.says("T1 答复 额度 80 万，周三来签")
    assert "没有超时的工单" in await wang.says("谁超时了")
    assert "结果是什么" in await li.says("T1 办结")
    assert "现在是「已办结」" in await li.says("已转组合贷")
    assert "工单 T1 需求 已办结：已转组合贷" in await li.says("陈静 时间线")


async def test_what_a_client_wants_with_his_salary_card_is_a_demand_and_no_yes_or_no(li: Story):
    assert "已登记「陈静」的需求，工单 T1" in await li.says("陈静 需求 想把工资卡换成我们行的，周五前给她答复")
    assert "哪位客户" in await li.says("有个客户想把工资卡换到我们行")
    assert "已登记「陈静」的需求，工单 T2" in await li.says("陈静")


async def test_what_is_open_survives_a_question_in_the_middle(li: Story):
    await li.says("需求 陈静 想把房贷转组合贷")
    await li.says("T1 答复 周三来签")
    assert "结果是什么" in await li.says("T1 办结")
    assert "已取消" in await li.says("取消")
    assert "已答复" in await li.says("T1")


async def test_her_own_words_become_a_ticket_whose_number_she_reads_and_her_adviser_asks_nothing_again(
    sandbox: Sandbox, li: Story
):
    fang = CustomerStory(sandbox, "wm_wangfang")
    await fang.says("我的保单什么时候到期")
    await fang.proves()
    assert "工单号 T1" in await fang.says("想了解一下养老的产品")
    await li.hears("已登记需求工单 T1，由 李想 经办")
    await li.says("T1")
    known = str(li.card.body)
    assert "已有" in known
    assert "份合同" in known
    assert "手机" in known
    assert "首次答复" in known
    await li.says("回复 王芳 您好，下午三点给您打电话")
    await li.says("确认")
    await li.hears("已通过微信客服发出")
    assert "李想 在微信客服答复了客户" in await li.says("T1") + li.last
    assert "首次答复" not in str(li.card.body)
