"""S24 in the browser: a customer asks, reads the code on her phone, proves who she is, and is answered; nobody else is."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def writes(page: Page, who: str, text: str) -> None:
    """On a customer's phone."""
    box = page.page.get_by_test_id(f"kf-{who}")
    box.fill(text)
    box.press("Enter")


def test_she_proves_who_she_is_and_is_answered_at_once(page: Page):
    page.open("wm_wangfang")
    page.open("wm_luren")
    page.open("lixiang")
    page.page.get_by_test_id("kf-wm_wangfang").focus()
    page.sees("wm_wangfang", "这里是青禾金融")
    for who in ("wm_wangfang", "wm_luren"):
        writes(page, who, "我的保单什么时候到期")
        page.sees(who, "请先核实身份")
        writes(page, who, "验证码")
        page.sees(who, "如果这个微信在我们这里有登记")
    page.sees("wm_wangfang", "【青禾金融】验证码")
    code = re.search(r"【青禾金融】验证码 (\d{6})", page.words("wm_wangfang"))
    assert code
    assert "【青禾金融】" not in page.words("wm_luren")
    writes(page, "wm_luren", f"验证码 {code[1]}")
    page.sees("wm_luren", "没有对上")
    writes(page, "wm_wangfang", f"验证码 {code[1]}")
    page.sees("wm_wangfang", "核实通过")
    page.sees("wm_wangfang", "安康重疾险（尾号")
    page.sees("lixiang", "智能助手已答复")
    page.shoot()
    assert "安康重疾险" not in page.words("wm_luren")
