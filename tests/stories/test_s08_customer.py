"""S08, the client's side: she reports a claim in her own words, sends photos, and asks how far it is."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


async def test_she_reports_a_claim_and_follows_it(sandbox: Sandbox, li: Story):
    fang, zhao = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "zhaolipei")
    asked = await fang.says("我昨天骑车摔断了胳膊，在医院")
    assert "报案已记下" in asked
    assert "请先核实身份" in asked
    assert "在哪里发生的" in await fang.proves()
    opened = await fang.says("中山路")
    assert "工单号 T1" in opened
    assert "身份证、病历或事故证明、费用发票" in opened
    await zhao.hears("骑车摔断了胳膊")
    assert "现在是「收资料」" in await zhao.says("T1 接单")
    assert "「身份证」，还缺：病历或事故证明、费用发票" in await fang.sends_a_photo()
    assert "T1（6 月 9 日报案）：收资料，还缺：病历或事故证明、费用发票" in await fang.says("理赔进度")
    await li.hears("客户发来的文件记作工单 T1 的「身份证」")


async def test_where_she_cannot_be_written_to_her_adviser_is_asked_to_tell_her(sandbox: Sandbox, li: Story):
    fang, zhao = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "zhaolipei")
    await fang.says("我昨天骑车摔断了胳膊，在医院")
    await fang.proves()
    await fang.says("中山路")
    await zhao.at("2025-06-11T09:30:00")
    await zhao.says("T1 接单")
    await zhao.at("2025-06-11T09:40:00")
    await li.hears("请您转告客户：您的理赔 T1 已受理")
    assert not [text for text in fang.texts("kf") if "已受理" in text]


async def test_from_her_report_to_the_payout_and_her_mark(sandbox: Sandbox, li: Story):
    fang, zhao, qian = CustomerStory(sandbox, "wm_wangfang"), Story(sandbox, "zhaolipei"), Story(sandbox, "qianlipei")
    await fang.says("我昨天骑车摔断了胳膊，在医院")
    await fang.proves()
    await fang.says("中山路")
    await zhao.hears("骑车摔断了胳膊")
    await zhao.says("T1 接单")
    await zhao.at("2025-06-09T09:10:00")
    await fang.hears("您的理赔 T1 已受理")
    for missing in ("还缺：病历或事故证明、费用发票", "还缺：费用发票", "资料齐了"):
        assert missing in await fang.sends_a_photo()
    await zhao.says("T1 查勘 派李风控 周三前")
    assert "查勘定损" in await fang.says("理赔进度")
    await zhao.at("2025-06-09T09:20:00")
    await fang.hears("您的理赔 T1 已进入查勘定损")
    await zhao.says("定损 12000")
    assert "现在是「待审批」" in await zhao.says("骨折属实，票据齐全")
    await qian.says("待我审批")
    assert "现在是「待付款」" in await qian.says("1 同意")
    assert "待付款" in await fang.says("理赔进度")
    assert "现在是「已赔付」" in await zhao.says("T1 已付款")
    await zhao.at("2025-06-09T09:30:00")
    told = await fang.hears("请给这次服务打分")
    assert told.startswith("您的理赔 T1 已付款")
    assert not [text for text in fang.texts("kf") if "正在审批" in text or "正在安排付款" in text]
    assert "谢谢您的评分" in await fang.says("5分")
    await li.hears("客户给工单 T1 打了 5 分")
    assert "理赔结案关怀" in await li.says("6月10日的待办")
