"""S32 in the browser: sales beside service, what is over time given on, steps that were skipped, and who gets clients."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s32_balanced_goals_standard_steps_and_who_gets_a_new_client(page: Page):
    page.closes("lixiang")
    page.open("wangke")
    page.says("zhoumin", "需求 刘洋 想把房贷转组合贷")
    page.says("zhoumin", "T1 答复 已电话说明")
    page.says("zhoumin", "刘洋 投诉 等了太久没人回电")
    heard = page.says("wangke", "团队业绩 本月")
    for sales in ("管理资产：", "实缴保费：", "续保率："):
        assert sales in heard
    for service in ("服务：", "投诉率", "首答时长", "跟进率"):
        assert service in heard
    page.shoot()
    page.says("zhoumin", "需求 龚芳 想改缴费方式")
    page.to("2025-06-11T13:30")
    heard = page.says("wangke", "谁超时了")
    number = re.search(r"(\S) T3 需求 龚芳", heard)
    assert number
    assert "首次答复已超时" in heard
    place = "①②③④⑤".index(number[1]) + 1
    assert "工单 T3 已转给 李想" in page.says("wangke", f"{place} 转给 李想")
    page.shoot()
    heard = page.says("wangke", "SOP 执行")
    assert "· 新客旅程 第 1 天 问候：到期" in heard
    assert "许静 新客旅程 第 1 天 问候（陈默）：没做，06-03 到期" in heard
    assert "【没做的服务步骤】\n新客旅程 第 1 天 问候（陈默）：没做" in page.says("wangke", "许静 详情")
    page.shoot()
    assert "客户分配规则（v0，业务包原样）" in page.says("wangke", "客户分配 规则 查看")
    page.open("heyunying")
    assert "规则 1：苏州的客户 → 李想、周敏里客户最少的" in page.says("heyunying", "客户分配 苏州 分给 李想、周敏")
    assert "试算：近 90 天" in page.says("heyunying", "试算")
    page.says("heyunying", "提交审批 沈合规")
    page.open("shenhegui")
    page.says("shenhegui", "同意 客户分配 v1")
    heard = page.says("wangke", "客户分配 规则 查看")
    assert "v1，何运营" in heard
    assert "您的团队现在：" in heard
    page.shoot()
