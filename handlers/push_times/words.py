"""The hours of what comes by itself, in words."""

from __future__ import annotations

from datetime import time

from handlers.context import Context
from reminders.push_times import gets_brief
from storage.model.people import User
from storage.push_times import LABELS

EXAMPLE = "早报时间 改为 8:45"
OWN_PREFERENCE = {"brief": "brief_at", "digest": "digest_at"}


def name_of(push: str) -> str:
    """早报时间, 日报时间: as people say it."""
    return f"{LABELS[push]}时间"


def change_text(push: str, before: time, after: time) -> str:
    """早报 08:30 → 08:45; "" for no change."""
    return f"{LABELS[push]} {before:%H:%M} → {after:%H:%M}" if before != after else ""


def reach_text(ctx: Context, push: str) -> str:
    """Whom the hour is for: numbers alone."""
    whom = [user for user in ctx.uow.users.all() if _gets(user, push)]
    own = sum(bool(user.preferences.get(OWN_PREFERENCE[push])) for user in whom)
    kept = f"；{own} 位自己设了时间，按自己的" if own else ""
    return f"对 {len(whom) - own} 位成员有效{kept}。已经发出的今天不再发一遍，从下一次推送起算。"


def _gets(user: User, push: str) -> bool:
    return user.role == "manager" if push == "digest" else gets_brief(user)
