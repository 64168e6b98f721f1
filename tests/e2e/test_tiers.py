"""S35 in the browser: operations change the tier standard, a second person approves, advisers see who moved."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s35_a_tier_standard_from_the_chat_to_the_clients(page: Page):
    page.closes("chenmo")
    page.closes("lixiang")
    page.open("heyunying")
    page.open("shenhegui")
    assert "贵宾：50 万元起 → 60 万元起" in page.says("heyunying", "分层标准 贵宾 50万改60万")
    heard = page.says("heyunying", "试算")
    leaving = re.search(r"贵宾：进 0 位；出 (\d+) 位，", heard)
    assert leaving is not None
    assert "客户不会收到通知" in heard
    page.shoot()
    before = page.count("shenhegui")
    assert "等沈合规审批" in page.says("heyunying", "提交审批 沈合规")
    assert "分层标准待审批" in page.hears("shenhegui", before)
    assert "等待审批的是 分层标准 v1，请看过再定" in page.says("shenhegui", "同意")
    page.shoot()
    assert "等待审批的是 分层标准 v1" in page.says("shenhegui", "待我审批")
    before = page.count("heyunying")
    page.taps("shenhegui", "同意")
    page.sees("shenhegui", f"{leaving[1]} 位客户换了等级")
    assert "沈合规 批准了 分层标准 v1" in page.hears("heyunying", before)
    heard = page.says("zhoumin", "分层变动")
    moved = re.search(r"① (\S+) 贵宾→优质", heard)
    assert moved is not None
    assert "按分层标准 v1 计算" in page.says("zhoumin", f"为什么 {moved[1]} 优质")
    page.shoot()
    assert "v1 生效中：修改" in page.says("heyunying", "分层标准 历史")
    page.says("heyunying", "分层标准 贵宾 70万")
    page.says("heyunying", "提交审批 沈合规")
    assert "撤回 分层标准 v2" in page.says("heyunying", "撤回申请")
    assert "已撤回 分层标准 v2" in page.says("heyunying", "确认")
    assert "现在没有等您审批的" in page.says("shenhegui", "待我审批")
    page.shoot()
