"""S16 in the browser: a segment, a campaign, each adviser's own part, the customer's phone, what became of it and whom
to follow up; who may buy more, and tags that say why."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e

BEGIN = "群发 沉默贵宾 模板 季度回顾"


def test_s16_a_campaign_from_the_segment_to_the_customers_phone(page: Page):
    page.closes("zhoumin")
    page.closes("lixiang")
    page.open("wm_suting")
    page.open("wangke")
    page.sees("wangke", "件待办放了很久")  # a list as well: what follows is to be about the one asked for after it
    assert "共 7 位" in page.says("wangke", "筛选 贵宾 且 30天未联系 且 持有基金")
    assert "已存为分群「沉默贵宾」" in page.says("wangke", "存为 沉默贵宾")
    heard = page.says("wangke", BEGIN)
    assert "可以发 3 位（陈默 2 位、周敏 1 位）" in heard
    assert "不发 4 位：没有授权 2、" in heard
    assert "有投诉在处理 1" in heard
    assert "客户已退订 1" in heard
    page.shoot()
    before = page.count("chenmo")
    assert "已生成草稿 3 位" in page.says("wangke", "确认")
    assert "您的 2 位客户" in page.hears("chenmo", before)
    assert "没有再做一次" in page.says("wangke", "确认")
    assert "草稿已在等顾问确认 3" in page.says("wangke", BEGIN)
    page.taps("chenmo", "看名单")
    assert "这次给：苏婷、韩立" in page.words("chenmo")
    page.taps("chenmo", "全部发送")
    page.page.get_by_test_id("group-send").wait_for(timeout=15_000)
    assert "1 位没有绑定微信，要您手动发：韩立" in page.words("chenmo")
    assert "账户回顾" not in page.words("wm_suting")
    page.shoot()
    page.page.get_by_test_id("group-send").click()
    page.sees("wm_suting", "账户回顾")
    assert "复制下面这段" in page.says("chenmo", "手动发送 韩立")
    page.taps("chenmo", "我已发送")
    page.to("2025-06-09T09:10")
    page.says("chenmo", "记 苏婷 今天电话聊了账户回顾，想加一点基金")
    heard = page.says("wangke", "活动效果 季度回顾")
    assert "企业微信确认已送达：1" in heard
    assert "顾问称已发送：1" in heard
    assert "草稿，等顾问确认：1" in heard
    assert "收到 2 位（含顾问称已发）→ 之后有联系 1 位 → 新签 0 位" in heard
    assert "企业微信不提供客户已读和回复" in heard
    assert "① 韩立 陈默：06-09 收到，之后没有联系" in heard
    assert "② 苏婷 陈默：06-09 收到，有联系，还没买" in heard
    page.shoot()
    before = page.count("chenmo")
    assert "已派 2 件任务「跟进」，06-16 前：陈默 2 件（韩立、苏婷）" in page.says("wangke", "全部派跟进")
    assert "王珂 派给您 2 件任务「跟进」" in page.hears("chenmo", before)
    page.shoot()
    assert "已撤销" in page.says("wangke", "撤销")


def test_s16_high_potential_clients_and_tags_that_say_why(page: Page):
    page.closes("chenmo")
    page.closes("lixiang")
    page.open("wangke")
    page.sees("wangke", "件待办放了很久")
    heard = page.says("zhoumin", "高潜客户 前10")
    assert "① 赖娟 私行（70 分）：存款 60 天内到期 +25" in heard
    page.shoot()
    assert "赖娟" in page.says("zhoumin", "1")
    page.says("zhoumin", "刘洋 投诉 等了太久没人回电")
    assert "标签「常投诉」：90天投诉2次。" in page.says("zhoumin", "刘洋 投诉 又等了太久")
    assert "常投诉（90天投诉2次）" in page.says("zhoumin", "查 刘洋")
    page.shoot()
    assert "· 常投诉：90天投诉2次，按记录算的" in page.says("zhoumin", "刘洋 标签")
    assert "· 投诉处理中 −30：投诉处理中 是" in page.says("zhoumin", "口径 高潜客户")
    page.shoot()
    assert "① 赖娟 私行 周敏（70 分）" in page.says("wangke", "高潜客户 前10")
    before = page.count("zhoumin")
    assert "已派 2 件任务「回访」，06-13 前：周敏 2 件" in page.says("wangke", "1-2 派任务 本周五前回访")
    assert "派给您 2 件任务" in page.hears("zhoumin", before)
    assert "高等级客户活跃度：" in page.says("wangke", "贵宾联系率")
    page.shoot()
