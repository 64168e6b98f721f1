"""S06 in the browser: a premium is overdue, is pushed as the clock goes on, and stops when it is paid."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s06_an_overdue_premium_is_pushed_until_it_is_paid(page: Page):
    page.open("lixiang")
    heard = page.says("lixiang", "保费进度")
    assert "① 张敏 · 守护一生重疾险" in heard
    assert "宽限至 2025-07-29，过后效力中止" in heard
    heard = page.says("lixiang", "王芳 保费")  # two clients bear the name
    assert "有 2 位「王芳」" in heard
    heard = page.says("lixiang", "1")
    assert "安康重疾险（尾号 1867）：共 20 期，已缴 2，待缴 18，逾期 0" in heard
    assert "下期：第 3 期 1.2 万元，2025-06-10 到期（还有 1 天）" in heard
    page.shoot()
    assert "已逾期 10 天，宽限期至 2025-07-29（还有 50 天），过后仍未缴，保单效力中止" in page.says("lixiang", "张敏 保费")
    before = page.count("lixiang")
    page.tomorrow()
    assert "早上好" in page.hears("lixiang", before)
    assert "逾期 11 天" in agenda_line(page)
    page.shoot()
    before = page.count("lixiang")
    page.to("2025-06-29T08:31")
    assert "早上好" in page.hears("lixiang", before)
    assert "逾期 30 天" in agenda_line(page)
    heard = page.says("lixiang", "张敏 已缴")
    assert "相关提醒已停止" in heard
    assert "合同状态已改为「有效」" in heard
    page.shoot()
    assert agenda_line(page) == ""
    assert "宽限期至" not in page.says("lixiang", "张敏 保费")


def agenda_line(page: Page) -> str:
    """What today's list says of 张敏's premium, on whichever of its pages; "" when it says nothing."""
    shown = page.says("lixiang", "今日待办")
    for _ in range(30):
        if found := [line for line in shown.split("\n") if "张敏" in line and "守护一生" in line]:
            return found[0]
        if "更多" not in shown:
            break
        shown = page.says("lixiang", "更多")
    return ""
