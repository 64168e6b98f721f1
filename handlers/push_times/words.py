"""The hours of what comes by itself, in words."""

from __future__ import annotations

from typing import cast

from handlers.context import Context
from reminders.push_times import gets_brief
from reminders.reports import Every, Timing
from storage.model.people import User
from storage.push_times import LABELS, PushHour

EXAMPLES = {
    "brief": "早报时间 改为 8:45", "digest": "日报时间 改为 17:30", "weekly": "周报时间 改为 周一 9:30",
    "monthly": "月报时间 改为 3号 9:30",
}
EXAMPLE = EXAMPLES["brief"]
OWN_PREFERENCE = {push: f"{push}_at" for push in LABELS}


def name_of(push: str) -> str:
    """早报时间, 日报时间: as people say it."""
    return f"{LABELS[push]}时间"


def hour_text(push: str, hour: PushHour) -> str:
    """08:45, 每周一 09:00, 每月 3 日 09:00, 不推送"""
    if hour.off:
        return "不推送"
    return f"{hour.at:%H:%M}" if hour.day is None else Timing(cast(Every, push), hour.day, hour.at).words


def change_text(push: str, before: PushHour, after: PushHour) -> str:
    """早报 08:30 → 08:45; "" for no change."""
    return f"{LABELS[push]} {hour_text(push, before)} → {hour_text(push, after)}" if before != after else ""


def reach_text(ctx: Context, push: str) -> str:
    """Whom the hour is for: numbers alone."""
    whom = [user for user in ctx.uow.users.all() if _gets(user, push)]
    own = sum(bool(user.preferences.get(OWN_PREFERENCE[push])) for user in whom)
    kept = f"；{own} 位自己设了时间，按自己的" if own else ""
    return f"对 {len(whom) - own} 位成员有效{kept}。已经发出的今天不再发一遍，从下一次推送起算。"


def _gets(user: User, push: str) -> bool:
    return gets_brief(user) if push == "brief" else user.role == "manager"
