"""A member's own settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from config.pack import PUSHED_BETWEEN
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import REMINDED, command
from reminders.calendar import QUIET_FROM, QUIET_UNTIL, clock_time
from reminders.push_times import brief_at, digest_at
from reminders.quiet import EARLIEST_EVENING, LATEST_MORNING, Quiet
from reminders.reports import WORDS, configured_words, receivers, timing_of
from storage.model.errors import Invalid
from storage.model.people import User

# What may be set: the preference that the briefs read, what it is called, and the push that it is the hour of.
_TIMES: Mapping[str, tuple[str, str, str]] = {
    "daily_digest_time": ("digest_at", "团队日报", "digest"),
    "morning_brief_time": ("brief_at", "早间待办", "brief"),
}
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:：点时]\s*(\d{1,2}|半)?)?\s*分?")


@command("settings.set", group="团队", help="改推送时间", example="日报 时间改 8:30", roles=REMINDED)
def set_preference(ctx: Context, meaning: Meaning) -> None:
    """Move the daily digest or the morning brief to another hour, or set when to be left alone."""
    key = str(meaning.get("key") or "")
    if key == "quiet_hours":
        _set_quiet(ctx, str(meaning.get("value") or ""))
        return
    if key not in _TIMES:
        raise Invalid(
            "这项设置还不能在这里改。可以改的有：「日报 时间改 8:30」「早报 时间改 9:00」"
            "「免打扰 20:00-9:00」「周末免打扰」。"
        )
    name, label, push = _TIMES[key]
    first, last = PUSHED_BETWEEN[push]
    if key == "daily_digest_time" and ctx.user.role != "manager":
        raise Invalid("团队日报只发给主管。您可以改早间待办的时间，例如「早报 时间改 9:00」。")
    at = clock_said(meaning.get("value"))
    if not first <= at <= last:
        raise Invalid(f"{label}的时间要在 {first:%H:%M} 到 {last:%H:%M} 之间，请换一个时间。")
    ctx.uow.users.prefer(ctx.user, **{name: f"{at:%H:%M}"})
    ctx.wrote_for_good(f"{label}时间")
    for_all = "只改您自己收到的；改全公司的请先发送「早报时间」查看怎么改。" if ctx.user.role == "ops" else ""
    ctx.say(f"已设置：{label}改为每天 {at:%H:%M} 推送，从下一次开始。{for_all}")


@command("settings.show", group="团队", help="看什么时候推送什么、发给谁", example="推送设置", roles=REMINDED)
def show_preferences(ctx: Context, meaning: Meaning) -> None:
    """When the member gets what, who else gets it, and when he is left alone; with what to type for a change."""
    firm = ctx.uow.push_times.in_force()
    lines = [f"早报：每天 {brief_at(ctx.user, firm):%H:%M}（「早报 时间改 9:00」）"]
    if ctx.user.role == "manager":
        lines.append(f"日报：每天 {digest_at(ctx.user, firm):%H:%M}（「日报 时间改 8:30」）")
        for every, word in WORDS.items():
            timing = timing_of(firm, ctx.user, every)
            lines.append(f"{word}：{timing.words}（「停{word}」）" if timing else f"{word}：已停（「开{word}」）")
        others = "、".join(user.name for user in receivers(ctx.uow, ctx.user)) or "没有别人"
        lines.append(f"日报、周报、月报的收件人：您，{others}（「日报 加收件人 姓名」「日报 去掉收件人 姓名」）")
        if fixed := configured_words(ctx.uow, ctx.user):
            lines.append(f"公司设置也发给：{fixed}")
    ctx.say("\n".join([*lines, f"免打扰：{quiet_words(ctx.user)}"]))


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


# ---------------------------------------------------------------- when to be left alone

_OFF = re.compile(r"关|取消|不要免|恢复|不用")
_DAYS_OFF = re.compile(r"周末|双休|休息日|节假日|假期|放假")


def _set_quiet(ctx: Context, hours: str) -> None:
    """The member's own night, longer than the firm's, or free days. What he set for a clock time still comes."""
    if _DAYS_OFF.search(ctx.text):
        change = {"days_off": "" if _OFF.search(ctx.text) else "quiet"}
    elif _OFF.search(ctx.text):
        change = {"quiet": "", "days_off": ""}
    else:
        change = {"quiet": _night(hours)}
    ctx.uow.users.prefer(ctx.user, **change)
    ctx.wrote_for_good("免打扰时间")
    after = replace(ctx.user, preferences={**ctx.user.preferences, **change})
    if Quiet.of(after) == Quiet():
        ctx.say(f"已关闭您自己的免打扰。公司统一的 {QUIET_FROM:%H:%M} 到次日 {QUIET_UNTIL:%H:%M} 仍然不推送。")
    else:
        ctx.say(f"已设置：{quiet_words(after)}")


def _night(hours: str) -> str:
    """20:00-09:00, checked. Raises Invalid."""
    begins, _, ends = hours.partition("-")
    evening, morning = clock_time(begins, QUIET_FROM), clock_time(ends, QUIET_UNTIL)
    if not hours or not EARLIEST_EVENING <= evening <= QUIET_FROM or not QUIET_UNTIL <= morning <= LATEST_MORNING:
        raise Invalid(
            f"免打扰要从 {EARLIEST_EVENING:%H:%M} 到 {QUIET_FROM:%H:%M} 之间开始，到第二天 {QUIET_UNTIL:%H:%M} 到 "
            f"{LATEST_MORNING:%H:%M} 之间结束，例如「免打扰 20:00-9:00」。"
        )
    return f"{evening:%H:%M}-{morning:%H:%M}"


def quiet_words(user: User) -> str:
    """When a member is left alone, in words."""
    quiet = Quiet.of(user)
    days = "周末和节假日全天，以及" if quiet.days_off else ""
    return (
        f"{days}每天 {quiet.begins:%H:%M} 到次日 {quiet.ends:%H:%M} 不打扰您。您自己定了钟点的提醒照常响，"
        "早报和其他消息等免打扰结束再发。关闭请发送「关闭免打扰」。"
    )
