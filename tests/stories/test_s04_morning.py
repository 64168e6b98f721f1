"""S04: the morning list and what becomes of its items."""

from __future__ import annotations

import re

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story, move

TOMORROW = "2025-06-10T08:31:00"


async def test_one_message_in_the_morning_sorted_by_weight(li: Story):
    heard = await li.at(TOMORROW)
    assert len(li.answers) == 1
    assert re.search(r"早上好，今日 \d+ 件", heard)
    assert "续保" in heard
    assert "生日" in heard


async def test_ticking_twice_around_the_hour_sends_it_once(li: Story, sandbox: Sandbox):
    for minute in ("08:29", "08:30", "08:31", "08:31"):
        await move(sandbox, f"2025-06-10T{minute}:00")
    await li.at("2025-06-10T08:35:00")
    briefs = [s for s in sandbox.fake.seen_by("lixiang") if "早上好" in s.text]
    assert len(briefs) == 1


async def test_items_are_finished_snoozed_and_dismissed_by_number(li: Story):
    first = await li.at(TOMORROW)
    total = int(re.search(r"今日 (\d+) 件", first)[1])
    assert f"还有 {total - 1} 件" in await li.says("1 已联系")
    snoozed = await li.says("2 稍后 周三上午")
    assert "06-11（周三） 09:00" in snoozed
    dismissed = await li.says("3 不需要 客户已出国")
    assert "客户已出国" in dismissed
    assert f"还有 {total - 3} 件" in dismissed


async def test_unhandled_items_roll_over_and_handled_ones_do_not(li: Story):
    first = await li.at(TOMORROW)
    done = re.search(r"^1 \S+ (.+?) ", first, re.MULTILINE)[1]
    await li.says("1 已联系")
    again = await li.at("2025-06-11T08:31:00")
    assert "早上好" in again
    assert "顺延" in again
    assert f"缴费 {done} 守护一生" not in again


async def test_after_two_nights_of_down_time_there_is_one_brief(li: Story, sandbox: Sandbox):
    await li.at("2025-06-12T09:00:00")
    briefs = [s for s in sandbox.fake.seen_by("lixiang") if "早上好" in s.text]
    assert len(briefs) == 1


async def test_a_reminder_for_a_clock_time_comes_at_its_minute_and_is_finished_on_the_card(li: Story):
    await li.says("张敏 下周三下午3点回访")
    await li.at("2025-06-18T15:00:30")
    assert "张敏" in li.card.text
    fired = li.card
    assert "已完成" in await li.taps("完成")
    assert fired.greyed == "已完成"
