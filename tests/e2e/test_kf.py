"""A customer writes to 微信客服 on her phone in the browser, and reads the adviser's answer there."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_the_customer_asks_and_reads_the_answer(page: Page):
    page.open("wm_wangfang")  # the page has room for three phones: this one takes the place of the first
    page.open("lixiang")
    box = page.page.get_by_test_id("kf-wm_wangfang")
    box.fill("我的保单什么时候到期？")
    box.press("Enter")
    page.sees("wm_wangfang", "我的保单什么时候到期？")
    page.sees("lixiang", "王芳（尾号 0101）（微信客服）：我的保单什么时候到期？")
    heard = page.says("lixiang", "回复 王芳 您好，7 月 9 日到期")
    assert "通过微信客服回复「王芳（尾号 0101）」" in heard
    assert "7 月 9 日到期" not in page.words("wm_wangfang")
    page.says("lixiang", "确认")
    page.sees("wm_wangfang", "您好，7 月 9 日到期")
    page.sees("lixiang", "已通过微信客服发出")
    page.shoot()


def test_a_customer_sends_a_photo_and_her_phone_says_whose_client_she_is(page: Page):
    page.open("wm_wangfang")
    page.open("lixiang")
    assert "顾问李想" in page.page.get_by_test_id("phone-wm_wangfang").inner_text()
    page.page.get_by_test_id("photo-wm_wangfang").click()
    page.sees("wm_wangfang", "[图片]")
    page.sees("lixiang", "[图片]")
    page.open("wm_luren")
    assert "没有加顾问" in page.page.get_by_test_id("phone-wm_luren").inner_text()
    page.shoot()
