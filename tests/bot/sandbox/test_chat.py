"""The terminal twin of the sandbox page."""

from __future__ import annotations

import io
from datetime import datetime

from bot.sandbox.chat import talk
from bot.wecom.pacing import PER_MINUTE
from config.settings import Settings

SUNDAY = datetime.fromisoformat("2025-06-08T12:00:00+08:00")

async def test_who_says_more_in_a_minute_than_wecom_lets_through_is_answered_all_the_same() -> None:
    out, lines = io.StringIO(), ["我的提醒"] * (PER_MINUTE + 2)
    await talk(Settings(), "lixiang", SUNDAY, lines, io.StringIO(), out)  # when nothing comes by itself
    said = out.getvalue()
    assert said.count("（机器人）") == len(lines)
    assert said.count(f"一分钟最多 {PER_MINUTE} 条消息，已经发满") == 1
