"""The page itself: what it says of the product while somebody types."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page, SandboxProcess

pytestmark = pytest.mark.e2e


def test_a_phone_that_falls_silent_says_why_and_goes_on_by_itself(page: Page):
    """WeCom drops what is over 30 messages a minute to one member, so the product waits with them."""
    for number in range(1, 32):
        page.types("lixiang", f"帮助 {'客户' if number % 2 else '待办'}")
    note = page.page.get_by_test_id("log-lixiang").get_by_test_id("paced")
    note.wait_for(timeout=30_000)
    assert "企业微信一分钟最多给一位成员发 30 条" in note.inner_text()
    assert page.count("lixiang") == 28
    page.shoot()
    page.to("2025-06-09T09:05")
    page.page.wait_for_function(
        "() => document.querySelectorAll(`[data-testid='log-lixiang'] [data-by='app']`).length === 31", timeout=15_000
    )
    assert not note.is_visible()
    page.shoot()


def test_the_understanding_pane_speaks_chinese_and_of_those_who_are_offered(page: Page):
    page.says("lixiang", "续保清单 30天")
    page.says("lixiang", "王芳 续保意向 高 下周三下午再谈")
    page.says("lixiang", "1")
    pane = page.page.get_by_test_id("panel-understood")
    newest = pane.get_by_test_id("understood-item").first
    assert "回答刚才的问题" in newest.inner_text()
    assert "王芳" in newest.inner_text()
    assert "赵磊" not in newest.inner_text()  # the first of the list before
    assert "记续保意向" in pane.inner_text()
    assert not re.findall("[a-z]{2,}|[0-9]{12,}", pane.inner_text())
    page.shoot()


def test_what_was_typed_while_the_sandbox_is_down_is_not_lost_and_what_was_said_stays_to_be_read(
    page: Page, sandbox: SandboxProcess
):
    page.says("lixiang", "我的工单")
    sandbox.is_killed()
    page.types("lixiang", "续保清单 30天")
    page.page.get_by_text("沙盒没有应答").wait_for()
    box = page.page.get_by_test_id("input-lixiang")
    assert box.input_value() == "续保清单 30天"
    sandbox.starts()
    page.page.get_by_test_id("log-lixiang").get_by_test_id("restarted").wait_for(timeout=30_000)
    page.sees("lixiang", "我的工单")
    before = page.count("lixiang")
    box.press("Enter")
    assert "续保" in page.hears("lixiang", before)
    page.shoot()
