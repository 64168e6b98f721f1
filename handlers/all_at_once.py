"""全部完成, 都推到明天: what is said of a whole list is asked about first, for most of it may stand on later pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import FRONT, REMINDED, confirmed, read, run

_ACTS = {"reminder.complete": "标为完成", "item.done": "标为完成", "reminder.postpone": "推迟", "item.snooze": "推迟",
         "reminder.cancel": "取消", "item.dismiss": "标为不需要"}
SURE = "sure"


def asked_first(ctx: Context, meaning: Meaning) -> bool:
    """Was 全部 said of several lines, and is it asked about now?"""
    listing, count = ctx.conversation.listing, len(meaning.get("indexes") or ())
    if meaning.get("scope") != "all" or listing is None or count < 2 or meaning.get(SURE):
        return False
    if day := _another_day(ctx, meaning):
        ctx.say(
            f"刚才的清单里不只是「{day}」的，先不动。请发送「{day}的提醒」看那天的清单，再回复「全部取消」「全部推到明天」等。"
        )
        return True
    to = meaning.get("to")
    when = f"到「{to.text}」" if to is not None and meaning.intent.endswith(("postpone", "snooze")) else ""
    ctx.ask_to_confirm(
        f"要把清单里的 {count} 件（含后面几页的）全部{_ACTS.get(meaning.intent, '处理')}{when}吗？"
        f"{_contacts(ctx, meaning)}"
        "只办其中几件请回复序号，例如「1-3 已联系」。",
        "all_at_once", text=ctx.text, kind=listing.kind, items=[dict(item) for item in listing.items],
    )
    return True


def _another_day(ctx: Context, meaning: Meaning) -> str:
    """后天的提醒都取消: the day that was said of the lines, in the user's words; "" for none and for today."""
    said = meaning.get("when") or meaning.get("orig")
    if not isinstance(said, When) or not said.start or said.start[:10] == ctx.today.isoformat():
        return ""
    return said.text


def _contacts(ctx: Context, meaning: Meaning) -> str:
    noted = meaning.intent in ("reminder.complete", "item.done") and ctx.user.role in FRONT
    return "每位客户都会记一次联系。" if noted else ""


@confirmed("all_at_once", roles=REMINDED)
def go_on(ctx: Context, data: Mapping[str, Any]) -> None:
    """The same sentence again, over the list that it was said of."""
    ctx.conversation.show_list(data["kind"], data["items"])
    ctx.text = data["text"]
    meaning = read(ctx, ctx.text, replace(ctx.conversation.dialogue(), pending="list"))
    run(ctx, replace(meaning, slots={**meaning.slots, SURE: True}))
