"""S33 in the browser: a new rule by chat, tried, approved by a second person, seen in 将触发, and fired."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e

SAID = "新建提醒规则 保单到期前45/3天 9点 提醒顾问 贵宾客户另提醒主管"


def test_s33_a_rule_from_the_chat_to_the_reminder(page: Page):
    page.open("heyunying")
    page.open("shenhegui")
    page.open("wangke")
    heard = page.says("heyunying", SAID)
    assert "天数：提前 45、3 天" in heard
    assert "提醒：顾问；贵宾 的提醒主管" in heard
    heard = page.says("heyunying", "试算")
    assert "试算（今天起 7 天）：会提醒" in heard
    assert "现有的同类规则这几天有 11 条；新规则的 9 条里，有 4 件事是它们不会提醒的。" in heard
    assert "样本 3：" in heard
    page.shoot()
    before = page.count("shenhegui")
    assert "等沈合规审批" in page.says("heyunying", "提交 沈合规")
    assert "规则待审批" in page.hears("shenhegui", before)
    page.shoot()
    page.page.get_by_test_id("tab-forecast").click()
    page.page.get_by_test_id("forecast-day").first.wait_for()
    assert "保单到期提前45、3天" not in page.page.get_by_test_id("panel-forecast").inner_text()
    before = page.count("heyunying")
    page.taps("shenhegui", "同意")
    page.sees("shenhegui", "已生效")
    assert "沈合规 批准了 R26 v1" in page.hears("heyunying", before)
    day = page.page.get_by_test_id("forecast-day").filter(has_text="6 月 14 日")
    day.get_by_text("保单到期提前45、3天").first.wait_for()
    assert "→ 王珂" in day.inner_text()
    page.shoot()
    before = page.count("wangke")
    page.to("2025-06-14T09:01")
    page.page.wait_for_timeout(3000)
    heard = page.hears("wangke", before)
    assert "王芳 暖阳百万医疗 还剩 3 天" in heard
    page.shoot()
    page.says("heyunying", "停用 R26")
    assert "已停用 R26" in page.says("heyunying", "确认")
    heard = page.says("heyunying", "规则历史 R26")
    assert "v2 生效中：停用" in heard
    assert "v1 已换下：新建" in heard
    page.page.wait_for_function(  # by itself, without opening the tab again
        "() => !document.querySelector('#panel-forecast').innerText.includes('保单到期提前45、3天')", timeout=15_000
    )
    page.shoot()


def _handed_in_and_approved(page: Page, said: str, version: int) -> None:
    """何运营 types it, 沈合规 taps 同意, 何运营 hears of it."""
    before = page.count("shenhegui")
    assert "等沈合规审批" in page.says("heyunying", said)
    assert "规则待审批" in page.hears("shenhegui", before)
    before = page.count("heyunying")
    page.taps("shenhegui", "同意")
    assert f"沈合规 批准了 R26 v{version}" in page.hears("heyunying", before)


def test_s33_a_rule_goes_back_to_an_earlier_version(page: Page):
    page.open("heyunying")
    page.open("shenhegui")
    page.says("heyunying", SAID)
    _handed_in_and_approved(page, "提交 沈合规", 1)
    assert "天数：提前 20 天" in page.says("heyunying", "修改规则 R26 只提前 20 天")
    _handed_in_and_approved(page, "提交 沈合规", 2)
    assert "天数：提前 20 天" in page.says("heyunying", "规则 R26")
    before = page.count("shenhegui")
    heard = page.says("heyunying", "回滚 R26 v1")
    assert "回到 v1：保单到期提前45、3天" in heard
    assert "已提交 R26 v3" in heard
    assert "天数 提前 20 天 → 提前 45、3 天" in page.hears("shenhegui", before)
    page.shoot()
    assert "天数：提前 20 天" in page.says("heyunying", "规则 R26"), "it waits for the second person"
    before = page.count("heyunying")
    page.taps("shenhegui", "同意")
    assert "沈合规 批准了 R26 v3" in page.hears("heyunying", before)
    assert "天数：提前 45、3 天" in page.says("heyunying", "规则 R26")
    heard = page.says("heyunying", "规则历史 R26")
    assert "v3 生效中：回滚" in heard
    assert "v2 已换下" in heard
    page.shoot()
