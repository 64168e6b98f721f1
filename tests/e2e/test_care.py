"""S12 in the browser with the customer's phone beside the adviser's."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s12_the_birthday_text_reaches_the_customers_phone_by_the_advisers_tap(page: Page):
    page.open("wm_wangfang")  # the page has room for three phones: this one takes the place of the first
    page.open("lixiang")
    before = page.count("lixiang")
    page.tomorrow()
    assert "生日" in page.hears("lixiang", before)
    assert "王芳" in page.says("lixiang", "生日 文案")
    page.says("lixiang", "改写 祝王老师生日快乐，注意休息")
    assert "授权" in page.says("lixiang", "发送")
    assert "还没有发给客户" in page.says("lixiang", "确认")
    page.page.get_by_test_id("group-send").wait_for(timeout=15_000)
    assert "注意休息" not in page.words("wm_wangfang")
    page.page.get_by_test_id("group-send").click()
    page.page.wait_for_function(
        "() => document.querySelector(\"[data-testid='log-wm_wangfang']\").innerText.includes('注意休息')", timeout=15_000,
    )
    before = page.count("lixiang")
    page.to("2025-06-10T08:40")
    assert "企业微信确认已送达" in page.hears("lixiang", before)
    page.shoot()
