"""Whoever works at night is answered; whoever sleeps is told in the morning."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_a_colleague_who_sleeps_is_told_in_the_morning_and_the_sender_knows(li: Story, zhou: Story, wang: Story):
    await li.at("2025-06-09T22:30:00")
    await li.says("请假 6月11日到6月12日 小周代班")
    answer = await li.says("确认")
    assert "周敏、王珂 现在免打扰，06-10 08:00 起收到" in answer or "王珂、周敏 现在免打扰，06-10 08:00 起收到" in answer
    assert "请假" not in zhou.last
    assert "李想 名下客户的提醒会发给您" in await zhou.at("2025-06-10T08:00:30")
    await wang.hears("李想 请假，由 周敏 代班")


async def test_a_colleague_who_is_at_work_as_well_is_told_at_once(li: Story, wang: Story):
    await li.at("2025-06-09T22:30:00")
    await wang.says("日报")
    await li.says("请假 6月11日到6月12日 小周代班")
    await li.says("确认")
    await wang.hears("李想 请假，由 周敏 代班")
