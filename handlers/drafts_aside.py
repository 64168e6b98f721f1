"""A second draft begun over an unsaved one: the older is put aside, which is said, and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.router import FORMS


def put_aside(ctx: Context, about: str, data: Mapping[str, Any]) -> None:
    """Make room for a new draft. One of the same thing is replaced by it, any other waits until the new one is done."""
    draft = ctx.conversation.draft
    if draft is None:
        return
    old = FORMS[draft.about].title(ctx, draft.data)
    if (draft.about, old) == (about, FORMS[about].title(ctx, data)):
        ctx.say(f"之前没保存的{old}草稿由这一份代替。")
        return
    ctx.conversation.put_draft_aside()
    ctx.say(f"之前没保存的{old}草稿先放在一边：这一份确认或取消以后，发送「草稿」可以接着填。")


def waiting(ctx: Context) -> str:
    """What to say of a draft that waits, after the one in front of it was saved or given up; "" when there is none."""
    left = ctx.conversation.draft or next(reversed(ctx.conversation.aside), None)
    return f"还有没保存的{FORMS[left.about].title(ctx, left.data)}草稿，发送「草稿」可以接着填。" if left else ""
