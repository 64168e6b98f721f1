"""A member's own settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import FRONT, command
from storage.model.errors import Invalid

# What may be set: the preference that the briefs read, what it is called, and within which hours it makes sense.
_TIMES: Mapping[str, tuple[str, str, time, time]] = {
    "daily_digest_time": ("digest_at", "团队日报", time(6), time(21)),
    "morning_brief_time": ("brief_at", "早间待办", time(6), time(12)),
}
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:：点时]\s*(\d{1,2}|半)?)?\s*分?")


@command("settings.set", group="团队", help="改推送时间", example="日报 时间改 8:30", roles=FRONT)
def set_preference(ctx: Context, meaning: Meaning) -> None:
    """Move the daily digest or the morning brief to another hour, from the next one on."""
    key = str(meaning.get("key") or "")
    if key not in _TIMES:
        raise Invalid("这项设置还不能在这里改。可以改的有：「日报 时间改 8:30」「早报 时间改 9:00」。")
    name, label, first, last = _TIMES[key]
    if key == "daily_digest_time" and ctx.user.role != "manager":
        raise Invalid("团队日报只发给主管。您可以改早间待办的时间，例如「早报 时间改 9:00」。")
    at = clock_said(meaning.get("value"))
    if not first <= at <= last:
        raise Invalid(f"{label}的时间要在 {first:%H:%M} 到 {last:%H:%M} 之间，请换一个时间。")
    ctx.uow.users.prefer(ctx.user, **{name: f"{at:%H:%M}"})
    ctx.wrote_for_good(f"{label}时间")
    ctx.say(f"已设置：{label}改为每天 {at:%H:%M} 推送，从下一次开始。")


def clock_said(value: object) -> time:
    """The time of day in 8:30, 8点半, 08:30 or a When. Raises Invalid."""
    text = value.start.partition("T")[2] if isinstance(value, When) else str(value or "")
    found = _CLOCK.search(text)
    if not found:
        raise Invalid("没看懂时间，例如「日报 时间改 8:30」。")
    hour, minute = int(found[1]), 30 if found[2] == "半" else int(found[2] or 0)
    if "下午" in text or "晚" in text:
        hour += 12 if hour < 12 else 0
    if hour > 23 or minute > 59:
        raise Invalid("没有这个时间，例如「日报 时间改 8:30」。")
    return time(hour, minute)
