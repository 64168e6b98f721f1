"""S07, S08, S25 and S26 in the browser: key data and servicing, a claim, a demand with its clock, a complaint that closes
its loop."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def only(page: Page, *users: str) -> None:
    """These phones on the screen: there is room for three."""
    for user in ("lixiang", "zhoumin", "chenmo", "wangke"):
        if user not in users:
            page.closes(user)
    for user in users:
        page.open(user)


def test_s07_a_new_number_waits_for_a_second_person_and_servicing_for_its_papers(page: Page):
    only(page, "lixiang", "wangke")
    before = page.count("wangke")
    assert "已提交变更 T1，等 王珂 审批" in page.says("lixiang", "陈静 换手机号 13900000009")
    assert "资料变更" in page.hears("wangke", before)
    heard = page.says("wangke", "待我审批")
    assert "139****0009" in heard
    assert "13900000009" not in page.words("wangke")
    page.shoot()
    assert "现在是「已生效」" in page.says("wangke", "1 同意")
    assert "139****0009" in page.says("lixiang", "查 陈静")

    assert "要收的资料：保全申请书、身份证" in page.says("lixiang", "陈静 保全 换受益人 儿子")
    assert "必备资料已收齐" in page.says("lixiang", "T2 收到 资料")
    before = page.count("wangke")
    assert "现在是「待审批」" in page.says("lixiang", "T2 提交")
    assert "换受益人" in page.hears("wangke", before) or "提交" in page.words("wangke")
    page.taps("wangke", "同意")
    page.sees("wangke", "现在是「办理中」")
    page.shoot()
    assert "保全的结果是什么" in page.says("lixiang", "T2 办结")
    assert "现在是「已办结」" in page.says("lixiang", "受益人改为儿子，已生效")


def test_a_photo_that_was_kept_with_a_ticket_is_opened_by_whoever_may_see_it(page: Page):
    only(page, "lixiang", "wangke", "zhoumin")
    assert "要收的资料：保全申请书、身份证" in page.says("lixiang", "陈静 保全 换受益人 儿子")
    page.sends_a_photo("lixiang")
    page.sees("lixiang", "记作工单 T1（陈静）的「保全申请书」")
    page.page.wait_for_timeout(1500)
    assert "保全申请书（图片" in page.says("wangke", "T1 看资料")
    page.sees_a_picture("wangke", 320)
    page.shoot()
    assert "没有找到工单 T1，或它不归您看" in page.says("zhoumin", "T1 看资料")


def test_s08_a_claim_from_the_report_to_the_payout(page: Page):
    only(page, "lixiang", "zhaolipei", "qianlipei")
    assert "哪一天发生的" in page.says("lixiang", "陈静 报案 骑车摔断了胳膊，在医院")
    assert "在哪里发生的" in page.says("lixiang", "昨天")
    before = page.count("zhaolipei")
    assert "工单 T1，已交给 赵理赔" in page.says("lixiang", "中山路")
    assert "骑车摔断了胳膊" in page.hears("zhaolipei", before)
    page.shoot()
    page.taps("zhaolipei", "接单")
    page.sees("zhaolipei", "现在是「收资料」")
    assert "必备资料已收齐" in page.says("lixiang", "T1 收到 资料")
    assert "已派 李风控 查勘" in page.says("zhaolipei", "T1 查勘 派李风控 周三前")
    assert "查勘的结论是什么" in page.says("zhaolipei", "定损 12000")
    before = page.count("qianlipei")
    assert "现在是「待审批」" in page.says("zhaolipei", "骨折属实，票据齐全")
    page.hears("qianlipei", before)
    assert "1.2 万元" in page.words("qianlipei")
    page.shoot()
    page.taps("qianlipei", "同意")
    page.sees("qianlipei", "现在是「待付款」")
    assert "现在是「已赔付」" in page.says("zhaolipei", "已付款")
    page.sees("lixiang", "已付款")
    page.shoot()


def test_s25_a_demand_has_a_clock_that_its_first_answer_stops(page: Page):
    only(page, "lixiang", "wangke", "lifengkong")
    assert "工单 T1，由您经办" in page.says("lixiang", "需求 陈静 想把房贷转组合贷")
    assert "首次答复 11:0" in page.says("lixiang", "T1")
    before = page.count("lifengkong")
    page.says("lixiang", "@李风控 看下 T1 额度")
    assert "请您看工单 T1" in page.hears("lifengkong", before)
    page.to("2025-06-09T11:05")
    page.sees("lixiang", "已经到了，请马上处理")
    page.sees("wangke", "已经到了，请马上处理")
    assert "首次答复已超时" in page.says("wangke", "谁超时了")
    page.shoot()
    assert "现在是「已答复」" in page.says("lixiang", "T1 答复 额度 80 万，周三来签")
    assert "没有超时的工单" in page.says("wangke", "谁超时了")


def test_s26_a_complaint_ends_only_with_all_that_it_needs(page: Page):
    only(page, "lixiang", "wangke")
    before = page.count("wangke")
    assert "已交给 王珂" in page.says("lixiang", "陈静 投诉 等了三天没人回电")
    assert "等了三天没人回电" in page.hears("wangke", before)
    page.taps("wangke", "接单")
    page.sees("wangke", "现在是「处理中」")
    assert "不能「办结」" in page.says("wangke", "T1 办结")
    page.says("wangke", "T1 答复 已致歉，今天下午回电")
    assert "处理结果是什么" in page.says("wangke", "T1 办结")
    assert "原因是哪一类" in page.says("wangke", "换人跟进，客户认可")
    page.shoot()
    assert "已经把结果告知客户了吗" in page.says("wangke", "1")
    assert "现在是「已办结」" in page.says("wangke", "已告知")
    assert "投诉" not in page.says("lixiang", "王芳 能发吗")
