"""The scenes by typing and tapping in the browser."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s01_look_up_with_same_names_then_follow_up_turns(page: Page):
    page.open("lixiang")
    heard = page.says("lixiang", "查客户 王芳")
    assert "有 2 位「王芳」" in heard
    assert "保单" not in heard
    assert "138****0101" in page.says("lixiang", "1")
    assert "暖阳百万医疗" in page.says("lixiang", "她的保单呢")
    assert "重疾险续保" in page.says("lixiang", "时间线")
    assert "中学老师" in page.says("lixiang", "详情")
    page.taps("lixiang", "时间线")
    page.shoot()


def test_s02_create_a_client_in_one_sentence(page: Page):
    page.open("lixiang")
    heard = page.says(
        "lixiang",
        "新增客户 李强 13800000001 身份证110105199003071234 中学老师 月入2万 已婚一孩 张敏介绍的 想看重疾险",
    )
    assert "校验位" in heard
    assert "1990-03-07" in page.says("lixiang", "身份证改成110105199003071239")
    assert "已新增客户「李强」" in page.says("lixiang", "确认")
    page.shoot()


def test_s04_the_morning_list_and_its_answers(page: Page):
    page.open("lixiang")
    before = page.count("lixiang")
    page.tomorrow()
    assert "早上好" in page.hears("lixiang", before)
    page.shoot()
    assert "已完成" in page.says("lixiang", "1 已联系")
    assert "06-11（周三） 09:00" in page.says("lixiang", "2 稍后 周三上午")
    assert "客户已出国" in page.says("lixiang", "3 不需要 客户已出国")
    assert "第 2/" in page.says("lixiang", "更多")
    page.taps("lixiang", "完成")
    assert "已完成" in page.words("lixiang")
    page.shoot()


def test_s12_birthday_care_up_to_the_draft(page: Page):
    page.open("lixiang")
    before = page.count("lixiang")
    page.tomorrow()
    assert "生日" in page.hears("lixiang", before)
    assert "王芳" in page.says("lixiang", "生日 文案")
    assert "张敏" in page.says("lixiang", "给张敏写生日祝福")  # whose WeChat is not known: she is written to by hand
    assert "保本" in page.says("lixiang", "改写 祝张女士生日快乐，这款产品保本")
    assert "注意休息" in page.says("lixiang", "改写 祝张女士生日快乐，注意休息")
    assert "授权" in page.says("lixiang", "发送")
    assert "已发送给客户" not in page.says("lixiang", "确认")
    page.taps("lixiang", "我已发送")
    assert "2025-09-24" in page.says("lixiang", "张敏 生日 农历八月初三")
    page.shoot()


def test_s28_the_managers_digest(page: Page):
    page.open("lixiang")
    page.says("lixiang", "记 张敏 今天电话聊了重疾")
    page.says("lixiang", "陈静 已续 保费5200")
    page.says("lixiang", "张敏 已缴")
    page.open("zhoumin")
    page.says("zhoumin", "修改 刘洋 管理资产 80万")
    page.closes("zhoumin")
    page.open("wangke")
    before = page.count("wangke")
    page.to("2025-06-09T18:01")
    heard = page.hears("wangke", before)
    for line in ("6 月 9 日团队日报", "跟进 ", "续保：今天到期 0 件，续上 1 件", "其中保费 8,800 元", "管理资产减少 6 万元",
                 "流失预警 ", "久未联系 "):  # fmt: skip
        assert line in heard
    assert "超过 3 天没办" in page.says("wangke", "展开 超时")
    assert "张敏 守护一生重疾险 第 1 期" in page.says("wangke", "展开 保费")
    assert "08:30" in page.says("wangke", "日报 时间改 8:30")
    before = page.count("wangke")
    page.to("2025-06-11T08:36")  # the 9th was told in the evening, so the next tells of the 10th
    assert "6 月 10 日团队日报" in page.hears("wangke", before)
    page.shoot()


def test_a_reminder_is_set_fires_and_is_finished_on_its_card(page: Page):
    page.open("lixiang")
    page.says("lixiang", "张敏 明天下午3点回访")
    before = page.count("lixiang")
    page.to("2025-06-10T15:00")
    assert "张敏" in page.hears("lixiang", before)
    page.taps("lixiang", "完成")
    assert "已完成" in page.words("lixiang")
    page.shoot()
