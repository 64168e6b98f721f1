"""S15, S29 and S30 in the browser: assets, figures in plain Chinese, and from a churn warning to action."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s15_the_trend_of_a_clients_assets_and_who_moved_most(page: Page):
    page.closes("lixiang")
    page.open("wangke")
    heard = page.says("zhoumin", "刘洋 AUM")
    assert "刘洋 管理资产 86 万元（贵宾）" in heard
    assert "比上月末减少 4 万元（90 万元，−4.4%）" in heard
    assert "离「私行」（600 万元起）还差 514 万元" in heard
    assert "净资产（管理资产 − 负债）：" in heard
    page.sees_a_picture("zhoumin")
    heard = page.says("wangke", "AUM 变动 前10")
    assert "① 叶浩然 贵宾 −616,912 元（−38%" in heard
    assert "⑩" in heard
    assert "叶浩然" in page.says("wangke", "1")
    page.shoot()
    before = page.count("zhoumin")
    page.tomorrow()
    assert "叶浩然 管理资产 30 天降了 38%" in page.hears("zhoumin", before)  # pushed by the threshold of the packs
    page.shoot()


def test_s29_figures_in_plain_chinese(page: Page):
    page.open("wangke")
    assert "占上一步" in page.says("wangke", "团队漏斗 本月")
    page.sees_a_picture("wangke")
    heard = page.says("wangke", "上个月贵宾客户新增多少")
    assert "团队新增客户：4 位（上个月）" in heard
    assert "口径：期间内建档的客户数，按现在的顾问算。" in heard
    assert "期初未流失的客户" in page.says("wangke", "口径 流失率")
    page.says("wangke", "团队漏斗 本月")
    assert "每周一 09:00推送，第一次 06-16" in page.says("wangke", "存为周报 周一9点")
    page.shoot()
    heard = page.says("wangke", "今年哪个渠道的客户最赚钱")
    assert "「利润」算不了" in heard
    assert "团队实缴保费，按来源分" in heard
    page.shoot()
    before = page.count("wangke")
    page.to("2025-06-16T09:01")
    page.page.wait_for_timeout(3000)
    heard = page.hears("wangke", before)
    assert "团队周报" in heard
    assert "团队漏斗（" in heard
    page.shoot()


def test_s30_from_a_churn_warning_to_action(page: Page):
    page.closes("chenmo")
    page.closes("lixiang")
    page.open("wangke")
    page.sees("wangke", "件待办放了很久")  # a list as well: the numbers below are to mean the one asked for after it
    heard = page.says("wangke", "流失预警")
    assert "① 龚芳 贵宾 周敏（50 分）：164 天没联系，已标为有流失风险" in heard
    before = page.count("zhoumin")
    assert "已派 5 件任务「回访」，06-13 前：周敏 3 件" in page.says("wangke", "1-5 派任务 本周五前回访")
    assert "王珂 派给您 3 件任务「回访」，06-13 前完成：龚芳、叶浩然、金芳" in page.hears("zhoumin", before)
    page.shoot()
    page.says("zhoumin", "今日待办")
    number = next(re.finditer(r"(\d+) 待办\s+回访：龚芳（164 天没联系", page.says("zhoumin", "更多")))[1]
    assert "已完成" in page.says("zhoumin", f"{number} 已联系 客户愿意再谈")
    assert "逾期 0，进行中 4，已完成 1" in page.says("wangke", "派出的任务")
    page.to("2025-06-16T09:00")
    heard = page.says("wangke", "派出的任务")
    assert "逾期 4，进行中 0，已完成 1" in heard
    heard = page.says("wangke", "流失原因 本季度")
    assert "按顾问：" in heard
    assert "按等级：" in heard
    page.sees_a_picture("wangke")
    page.shoot()
