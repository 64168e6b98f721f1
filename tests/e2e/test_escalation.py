"""What will fire, and what climbs to the manager when nobody handles it, in the browser."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_the_page_tells_what_will_fire_and_what_is_passed_over(page: Page):
    page.open("lixiang")
    page.says("lixiang", "陈静 拒绝接收关怀信息")
    page.page.get_by_test_id("tab-forecast").click()
    first = page.page.get_by_test_id("forecast-day").first
    first.wait_for()
    assert "王芳 生日" in first.inner_text()
    assert "客户的生日 2025-06-10，当天" in first.inner_text()
    page.page.get_by_test_id("forecast-passed").check()
    page.page.get_by_test_id("passed").first.wait_for()
    assert "不满足：客户没有拒绝关怀信息" in page.page.get_by_test_id("panel-forecast").inner_text()
    page.shoot()


def test_s04_what_lies_unhandled_climbs_to_the_manager_who_nudges(page: Page):
    page.open("wangke")
    page.open("lixiang")
    page.to("2025-06-10T08:31")
    page.to("2025-06-12T09:31")
    page.page.get_by_text("放了很久还没处理").first.wait_for()
    listed = page.says("wangke", "漏办清单")
    number = next(n for n, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩", 1) if f"{mark} 李想" in listed)
    before = page.count("lixiang")
    assert "已提醒李想" in page.says("wangke", f"{number} 催办")
    assert "王珂 提醒您" in page.hears("lixiang", before)
    page.taps("lixiang", "已联系")
    page.shoot()
