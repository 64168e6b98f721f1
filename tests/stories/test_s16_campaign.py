"""S16: a segment is chosen, kept, written to; its clients go on a journey that stops on buying, opting out, complaining."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_a_segment_is_counted_kept_and_counted_anew_when_it_is_used(zhou: Story):
    heard = await zhou.says("筛选 贵宾 且 30天未联系 且 持有基金")
    assert "共 " in heard
    assert "已存为分群「沉默贵宾」" in await zhou.says("存为 沉默贵宾")
    assert heard.split("\n")[1] == (await zhou.says("筛选 沉默贵宾")).split("\n")[1]


async def test_an_unknown_tag_is_answered_with_those_that_come_nearest(zhou: Story):
    assert "重疾意向" in await zhou.says("筛选 标签 是 重疾意愿")


async def test_who_may_not_be_written_to_is_counted_and_the_others_join_the_journey(zhou: Story):
    await zhou.says("筛选 贵宾 且 30天未联系 且 持有基金")
    await zhou.says("存为 沉默贵宾")
    heard = await zhou.says("群发 沉默贵宾 模板 季度回顾 旅程 回访")
    assert "不发 1 位：有投诉在处理 1" in heard
    assert "确认后他们会加入回访旅程" in heard
    heard = await zhou.says("确认")
    assert "已加入回访旅程" in heard
    assert "季度回顾" in heard
    assert "回访旅程：进行中" in await zhou.says("活动效果 季度回顾")
    await zhou.at("2025-06-10T08:31:00")
    assert "回访旅程·电话回访" in await _agenda(zhou)


async def test_the_journey_stops_on_buying_and_on_opting_out_and_says_so(zhou: Story):
    assert "已加入新客旅程" in await zhou.says("刘洋 加入 新客旅程")
    assert "下一步 06-10（第 1 天）：问候" in await zhou.says("旅程 刘洋")
    heard = await zhou.says("刘洋 存款 青禾一年定期 20万 一年")
    heard += await zhou.says("确认") if "确认" in heard else ""
    assert "「刘洋」的新客旅程已停止：客户已签新合同。" in heard
    assert "已停止：客户已签新合同" in await zhou.says("旅程 刘洋")
    assert "已加入新客旅程" in await zhou.says("刘洋 加入 新客旅程")
    heard = await zhou.says("刘洋 不同意关怀提醒")
    assert "「刘洋」的新客旅程已停止：客户已退订。" in heard
    assert "客户已退订，「刘洋」现在不能加入新客旅程" in await zhou.says("刘洋 加入 新客旅程")
    assert "客户已签新合同 1、客户已退订 1" in await zhou.says("旅程")


async def test_the_journey_stops_on_a_complaint_and_its_open_step_goes(zhou: Story):
    await zhou.says("刘洋 加入 回访旅程")
    await zhou.at("2025-06-10T08:31:00")
    assert "刘洋 回访旅程·电话回访" in await _agenda(zhou)
    assert "「刘洋」的回访旅程已停止：客户有投诉在处理。" in await zhou.says("修改 刘洋 投诉处理中 是")
    assert "刘洋 回访旅程" not in await _agenda(zhou)


async def test_what_became_of_the_campaign_ends_in_follow_ups_that_can_be_taken_back(zhou: Story):
    await zhou.says("筛选 贵宾 且 30天未联系 且 持有基金")
    await zhou.says("存为 沉默贵宾")
    heard = await zhou.says("群发 沉默贵宾 模板 季度回顾")
    assert "可以发 1 位（周敏 1 位）" in heard
    await zhou.says("确认")
    heard = await zhou.says("活动效果 季度回顾")
    assert "收到 0 位（含顾问称已发）→ 之后有联系 0 位 → 新签 0 位" in heard
    assert "企业微信不提供客户已读和回复" in heard
    await zhou.taps("全部发送")
    assert "复制下面这段" in await zhou.says("手动发送 罗静")
    await zhou.taps("我已发送")
    heard = await zhou.says("活动效果 季度回顾")
    assert "收到 1 位" in heard
    assert "高等级客户活跃度（近 30 天）：" in heard
    assert "① 罗静：06-09 收到，之后没有联系" in heard
    assert "已给自己安排 1 件任务「跟进」，06-16 前：罗静。" in await zhou.says("1 派跟进")
    assert "跟进：罗静" in await _agenda(zhou)
    await zhou.says("活动效果 季度回顾")
    assert "没有新派任务。已有没办完的任务，没有重复派：罗静。" in await zhou.says("全部派跟进")


async def test_high_potential_clients_come_with_points_and_reasons_and_become_tasks(zhou: Story, wang: Story):
    heard = await zhou.says("高潜客户 前10")
    assert "① 刘洋 贵宾（60 分）：存款 60 天内到期 +25" in heard
    assert "刘洋" in await zhou.says("1")
    assert "存款 60 天内到期 +25：持有存款 且 到期日 在 未来 60 天内" in await zhou.says("口径 高潜客户")
    await wang.at("2025-06-09T09:01:00")  # what comes by itself at nine is a list of its own: let it come first
    heard = await wang.says("高潜客户 前10")
    assert "① 赖娟 私行 周敏（70 分）：存款 60 天内到期 +25，高净值或企业主 +20" in heard  # rich since the morning's look
    assert "已派 2 件任务「回访」，06-13 前：周敏 2 件" in await wang.says("1-2 派任务 本周五前回访")
    assert "高等级客户活跃度：" in await wang.says("贵宾联系率")


async def test_a_behaviour_tag_shows_why_on_the_card(zhou: Story):
    await zhou.says("刘洋 投诉 等了太久没人回电")
    assert "标签「常投诉」：90天投诉2次。" in await zhou.says("刘洋 投诉 又等了太久")
    assert "常投诉（90天投诉2次）" in await zhou.says("刘洋")
    assert "· 常投诉：90天投诉2次，按记录算的" in await zhou.says("刘洋 标签")
    assert "刘洋" in await zhou.says("筛选 常投诉 且 贵宾")


async def _agenda(story: Story) -> str:
    """Today's list, all its pages."""
    pages = [await story.says("今日待办")]
    while "更多" in pages[-1] and len(pages) < 30:
        pages.append(await story.says("更多"))
    return "\n".join(pages)
