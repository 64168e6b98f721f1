"""S14 in the browser: an event in the morning list, products with reasons, the answer, and the opportunity."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e

TOLD = "刘洋 工资卡 连续3个月结余超过2万元"


def test_s14_from_a_salary_account_to_an_opportunity(page: Page):
    page.closes("lixiang")
    before = page.count("zhoumin")
    page.tomorrow()
    assert TOLD in page.hears("zhoumin", before)
    page.shoot()
    heard = page.says("zhoumin", "给刘洋推荐理财")
    assert re.findall(r"^[①②③④]", heard, re.MULTILINE) == ["①", "②", "③"]
    assert "R2 在承受等级 C3 以内" in heard
    assert "另有 1 款高于承受等级，没有列出。" in heard
    assert "交叉销售：有房贷在还，没有登记保障类产品，可以聊定期寿险。" in heard
    assert "「刘洋」评分 90 分" in heard
    page.shoot()
    heard = page.says("zhoumin", "已联系 有兴趣 周五签")
    assert "已完成：刘洋的事件提醒，已记入时间线" in heard
    assert "已开商机：理财 待签约 预计 06-13" in heard
    assert "下次跟进：06-13（周五），到时提醒您。" in heard
    assert "刘洋 理财 待签约 预计 06-13" in page.says("zhoumin", "我的商机")
    page.shoot()
    heard = page.says("zhoumin", "刘洋 账户") + page.says("zhoumin", "刘洋 近30天交易")
    assert "工资卡（尾号 6688） · 正常" in heard
    assert "转入 1 笔 3.2 万元：工资 3.2 万元" in heard
    assert not re.search(r"\d{8,}", heard)
    page.shoot()
    before = page.count("zhoumin")
    page.to("2025-06-11T08:36")
    page.page.wait_for_timeout(1500)
    assert TOLD not in page.hears("zhoumin", before)
    page.shoot()
