"""S19 and S31 in the browser: a questionnaire answered half, the adviser leaves, and his successor goes on with it."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s19_and_s31_what_an_adviser_began_goes_on_with_the_next(page: Page):
    page.closes("lixiang")
    page.open("chenmo")
    assert "第 1/10 题：您的年龄是？" in page.says("chenmo", "周凯 风险测评")
    page.says("chenmo", "3")
    assert "第 3/10 题" in page.says("chenmo", "B")
    page.shoot()
    assert "只能由风险测评得出，不能手工改" in page.says("chenmo", "周凯 等级改成C5")
    page.open("wangke")
    heard = page.says("wangke", "离职交接 陈默")
    assert "陈默 的账号已停用" in heard
    page.shoot()
    assert "没有开通这个应用" in page.says("chenmo", "查客户 周凯")
    assert "全部移交给 周敏" in page.says("wangke", "离职交接 陈默 给 周敏")
    assert "已完成 陈默 的离职交接" in page.says("wangke", "确认")
    page.shoot()
    heard = page.says("zhoumin", "周凯 风险测评")
    assert "已答 2 题" in heard
    assert "第 3/10 题" in heard
    for said in ("③", "没有", "买过基金", "3", "2", "3", "稳步增值", "3"):
        heard = page.says("zhoumin", said)
    assert "C4 成长型" in heard
    page.shoot()
