"""When a reminder comes again: it is moved, and said where the new moment is too late for what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.follow_ups import MORNING, clash_hint, moment_of, moment_text
from handlers.language import When
from handlers.reminder_items import title_of
from reminders.calendar import local_instant, next_workday, year_note
from storage.model.errors import Invalid
from storage.model.work import Reminder

LATER: Mapping[str, str] = {"1h": "1 小时后", "morning": "明早 8:30", "workday": "下个工作日"}


def put_off(ctx: Context, reminder: Reminder, at: datetime, *, timed: bool) -> str:
    """Snooze, and what to say. Raises Invalid for a time that is over."""
    if at <= ctx.now:
        raise Invalid("这个时间已经过了，请说一个以后的时间，例如「明早 8:30」。")
    ctx.uow.reminders.snooze(reminder, at, timed=timed)
    clash = clash_hint(ctx, at, ignoring=reminder.id) if timed else ""
    line = f"「{title_of(reminder)}」改到 {moment_text(ctx, at, timed=timed)} 再提醒。{_too_late(ctx, reminder, at)}"
    return f"{line}\n{clash}" if clash else line


def later_moment(ctx: Context, reminder: Reminder, to: When, later: object) -> tuple[datetime, bool]:
    """(the instant of `to`, whether it is a clock time); where it is to be `later`, after the moment it stands at.

    "exact" and "open" (no half of the day was said) are an hour alone: that hour of the reminder's own day will do;
    "day" is any other time. Raises Invalid where no later moment is meant."""
    at, timed = moment_of(ctx, to)
    was = ctx.local(reminder.remind_at)
    if not later or at > was or (not timed and ctx.local(at).date() == was.date()):
        return at, timed
    said = ctx.local(at)
    hours = {"exact": (said.hour,), "open": (said.hour % 12, said.hour % 12 + 12)}.get(str(later), ())
    moments = [was.replace(hour=hour, minute=said.minute, second=0, microsecond=0) for hour in hours]
    if ahead := [moment for moment in moments if moment > max(was, ctx.now)]:
        return min(ahead), True
    stands = moment_text(ctx, reminder.remind_at, timed=reminder.timed)
    raise Invalid(
        f"「{title_of(reminder)}」定在 {stands}，这个时间不比它晚，没有改动。"
        f"请说明推迟到哪一天，例如「推迟到{was + timedelta(days=1):%m月%d日}上午10点」；要提前请说「提前到」。"
    )


_DAY_OF = {"renewal": "保单到期", "maturity": "到期", "premium": "应缴", "repayment": "应还", "expiry": "证照到期"}


def _too_late(ctx: Context, reminder: Reminder, at: datetime) -> str:
    """Said when the new moment lies after the day that the item is about; it is put off all the same."""
    day, what = ctx.local(at).date(), _DAY_OF.get(reminder.category)
    rule = ctx.uow.rules.in_force().find(reminder.rule)
    if rule is not None and rule.source == "instalment.grace_ends_on":
        what = "宽限期截止"
    if what is None or day <= reminder.due_on:
        return ""
    if reminder.due_on < ctx.today:
        return f"\n注意：{reminder.due_on:%m-%d} 已经{what}，请尽快处理。"
    return f"\n注意：{reminder.due_on:%m-%d} {what}，改到 {day:%m-%d} 已在{what}之后。"


def usual_moment(ctx: Context, choice: str) -> datetime:
    """The instant for 1h, morning (tomorrow 08:30) or workday (the next one, 08:30)."""
    if choice == "1h":
        return ctx.now + timedelta(hours=1)
    day = next_workday(ctx.today) if choice == "workday" else ctx.today + timedelta(days=1)
    if choice == "workday":
        ctx.note(year_note(ctx.today, day))
    return local_instant(day, MORNING, ctx.zone)
