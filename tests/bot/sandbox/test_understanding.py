"""What the understanding pane is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.run import _shown
from handlers.language import Dialogue, EmptyBook, Lexicon, understand
from handlers.router import Understood

NOW = datetime(2025, 6, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_every_time_is_shown_with_its_reason_and_the_readings_that_stay_possible() -> None:
    meaning = understand("明天8点提醒我给刘姐打电话", now=NOW, role="adviser", book=EmptyBook(), dialogue=Dialogue(), lexicon=Lexicon.default())
    shown = _shown("zhang", Understood("明天8点提醒我给刘姐打电话", meaning))
    assert shown["times"] == [{
        "text": "明天8点", "start": "2025-06-10T08:00", "end": None, "why": "没说上下午，取 7:00–22:00 里最近的一个",
        "others": [{"start": "2025-06-10T20:00", "why": "也可指晚上"}],
    }]
