"""S08, the firm's side: a claim from the report to the payout, with papers, a colleague's part, limits and four eyes."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_a_claim_from_report_to_payout(sandbox: Sandbox, li: Story):
    zhao, qian = Story(sandbox, "zhaolipei"), Story(sandbox, "qianlipei")

    assert "哪一天发生的" in await li.says("陈静 报案 骑车摔断了胳膊，在医院")
    assert "在哪里发生的" in await li.says("昨天")
    heard = await li.says("中山路")
    assert "已登记「陈静」的理赔，工单 T1，已交给 赵理赔" in heard
    assert "要收的资料：身份证、病历或事故证明、费用发票" in heard
    await zhao.hears("骑车摔断了胳膊")
    assert "现在是「收资料」" in await zhao.says("接单")

    for label in ("身份证", "病历或事故证明", "费用发票"):
        assert f"的「{label}」" in await li.sends_a_photo(label)

    assert "已派 李风控 查勘（工单 T1），06-11 前" in await zhao.says("T1 查勘 派李风控 周三前")
    assert "查勘的结论是什么" in await zhao.says("定损 12000")
    assert "现在是「待审批」" in await zhao.says("骨折属实，票据齐全")

    await qian.hears("定损")
    assert "定损金额" in await qian.says("待我审批")
    assert "现在是「待付款」" in await qian.says("1 同意")
    assert "现在是「已赔付」" in await zhao.says("已付款")
    await li.hears("已付款")
    assert "理赔结案关怀" in await li.says("6月10日的待办")
    assert "工单 T1 理赔 已赔付" in await li.says("陈静 时间线")
