"""S08 and S19 in the browser, from the client's own phone: a claim from her report to the payout, and the risk
questionnaire, question by question."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e

ANSWERS = "3 B 2 1 3 3 2 3 3 3".split()


def only(page: Page, *users: str) -> None:
    """These phones on the screen: there is room for three."""
    for user in page.shown():
        if user not in users:
            page.closes(user)
    for user in users:
        page.open(user)


def proves(page: Page, who: str) -> None:
    page.writes(who, "验证码")
    page.sees(who, "【青禾金融】验证码")
    code = re.search(r"【青禾金融】验证码 (\d{6})", page.words(who))
    assert code
    page.writes(who, f"验证码 {code[1]}")
    page.sees(who, "核实通过")


def test_s08_a_client_s_claim_from_her_report_to_the_payout(page: Page):
    only(page, "wm_wangfang", "lixiang", "zhaolipei")
    page.writes("wm_wangfang", "我昨天骑车摔断了胳膊，在医院")
    page.sees("wm_wangfang", "请先核实身份")
    proves(page, "wm_wangfang")
    page.sees("wm_wangfang", "在哪里发生的")
    page.writes("wm_wangfang", "中山路")
    page.sees("wm_wangfang", "工单号 T1")
    page.sees("wm_wangfang", "要准备的资料：身份证、病历或事故证明、费用发票")
    page.sees("lixiang", "已登记理赔工单 T1")
    page.sees("zhaolipei", "骑车摔断了胳膊")
    page.shoot()
    assert "现在是「收资料」" in page.says("zhaolipei", "T1 接单")
    for missing in ("还缺：病历或事故证明、费用发票", "还缺：费用发票", "资料齐了"):
        page.photographs("wm_wangfang")
        page.sees("wm_wangfang", missing)
    assert "已派 李风控 查勘" in page.says("zhaolipei", "T1 查勘 派李风控 周三前")
    page.writes("wm_wangfang", "理赔进度")
    page.sees("wm_wangfang", "查勘定损")
    assert "查勘的结论是什么" in page.says("zhaolipei", "定损 12000")
    assert "现在是「待审批」" in page.says("zhaolipei", "骨折属实，票据齐全")
    page.shoot()
    only(page, "wm_wangfang", "zhaolipei", "qianlipei")
    assert "定损金额" in page.says("qianlipei", "待我审批")
    assert "现在是「待付款」" in page.says("qianlipei", "1 同意")
    assert "现在是「已赔付」" in page.says("zhaolipei", "T1 已付款")
    page.to("2025-06-09T09:30")
    page.sees("wm_wangfang", "请给这次服务打分")
    page.writes("wm_wangfang", "5分")
    page.sees("wm_wangfang", "谢谢您的评分")
    page.shoot()
    only(page, "wm_wangfang", "lixiang")
    page.sees("lixiang", "已赔付")
    page.sees("lixiang", "客户给工单 T1 打了 5 分")
    assert "理赔结案关怀" in page.says("lixiang", "6月10日的待办")


def test_s19_a_client_answers_the_questionnaire_on_her_own_phone(page: Page):
    only(page, "wm_suting", "chenmo")
    page.writes("wm_suting", "我的基金怎么样了")
    page.sees("wm_suting", "请先核实身份")
    page.sees("chenmo", "智能助手已答复")
    assert "第 1/10 题" in page.says("chenmo", "苏婷 风险测评")
    assert "自己答" in page.says("chenmo", "发给客户")
    page.sees("wm_suting", "请您做一次风险测评，共 10 题")
    proves(page, "wm_suting")
    page.writes("wm_suting", "风险测评")
    for number, answer in enumerate(ANSWERS, 1):
        page.sees("wm_suting", f"第 {number}/10 题")
        if number == 4:
            page.writes("wm_suting", "先不做了")
            page.sees("wm_suting", "答过的都在")
            page.writes("wm_suting", "风险测评")
            page.page.wait_for_timeout(1500)
            page.shoot()
        page.page.wait_for_timeout(1000)  # WeCom counts its answers by the second
        page.writes("wm_suting", answer)
    page.sees("wm_suting", "风险测评完成，结果是 C4 成长型，有效期至 2026-06-09")
    page.sees("chenmo", "客户自己完成了风险测评：C4 成长型")
    assert "风评 C4" in page.says("chenmo", "苏婷")
    assert "不能手工改" in page.says("chenmo", "苏婷 等级改成C5")
    page.shoot()
