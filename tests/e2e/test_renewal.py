"""S05 in the browser: the renewal list, the wish, renewed, lost, and the rate that moves."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s05_renewal_from_the_list_to_the_result(page: Page):
    page.closes("chenmo")
    page.open("wangke")
    page.says("lixiang", "张敏 下周三下午3点见面")
    heard = page.says("lixiang", "续保清单 30天")
    assert "③ 王芳（尾号 0101） · 暖阳百万医疗" in heard
    assert "06-17（还有 8 天） · 保费 1,580 元/年 · 意向 未记 · 6 天前联系" in heard
    assert "有 2 位「王芳」" in page.says("lixiang", "王芳 续保意向 高 下周三下午再谈")
    heard = page.says("lixiang", "1")
    assert "已安排 2025-06-18 14:00 再谈" in heard
    assert "注意时间冲突：前后 1 小时内已有 15:00「张敏 见面」" in heard
    assert "意向 高" in page.says("lixiang", "续保清单 30天")
    assert "谈续保：王芳" in page.says("lixiang", "下周三的安排")
    page.shoot()
    assert "新一期 2025-06-17 至 2026-06-17，保费 5,200 元" in page.says("lixiang", "她 已续 保费5200")
    heard = page.says("lixiang", "陈静 不续 原因 保费太贵")
    assert "原因「价格太高」" in heard
    assert "客户阶段改为「已流失」" in heard
    assert "已安排 2025-09-08 再联系" in heard
    heard = page.says("lixiang", "续保清单 60天")
    assert "暖阳百万医疗" not in heard
    assert "陈静" not in heard
    page.shoot()
    assert "没有可算的数据" in page.says("wangke", "团队续保率 本月")
    before = page.count("lixiang")
    page.to("2025-06-18T14:00")
    assert "谈续保" not in page.hears("lixiang", before)  # renewed: nothing is left to talk about
    page.page.get_by_test_id("log-wangke").get_by_text("团队周报").wait_for()
    assert "李想 25.0%（1/4）" in page.says("wangke", "团队续保率 本月")
    page.shoot()


def test_s05_a_renewal_is_answered_in_the_morning_list(page: Page):
    before = page.count("lixiang")
    page.tomorrow()
    heard = page.hears("lixiang", before)
    assert "赵磊 畅行车险 今天到期" in heard
    number = next(re.finditer(r"([1-6]) 续保\s+赵磊 畅行车险", heard))[1]
    heard = page.says("lixiang", f"{number} 已续 保费980")
    assert "已续保：「赵磊」的畅行车险" in heard
    assert "保费 980 元" in heard
    assert "赵磊" not in page.says("lixiang", "续保清单 30天")
    page.shoot()
