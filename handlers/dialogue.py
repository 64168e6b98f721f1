"""The turns of a conversation: choosing, confirming, correcting a draft, taking back."""

from __future__ import annotations

from handlers.context import Context
from handlers.conversation import Pending
from handlers.language import Meaning
from handlers.router import CONFIRMED, EVERYBODY, FORMS, command, resume_with, run
from storage.model.errors import Invalid, NotFound

NOTHING_ASKED = "现在没有等您确认的事。发送「帮助」看看可以做什么。"


@command("clarify.answer", roles=EVERYBODY)
def answer(ctx: Context, meaning: Meaning) -> None:
    """Take the answer to a numbered choice, or to 「请问是哪位客户？」."""
    pending = ctx.conversation.pending
    if pending is None or pending.kind not in ("choice", "text"):
        ctx.say(NOTHING_ASKED)
    elif pending.kind == "text":
        _name_the_client(ctx, meaning, pending)
    else:
        _choose(ctx, meaning, pending)


def _choose(ctx: Context, meaning: Meaning, pending: Pending) -> None:
    options = list(pending.data["options"])
    chosen = _chosen(ctx, meaning, pending, options)
    ctx.conversation.answered()
    if pending.about == "client":
        resume_with(ctx, pending.data, chosen)
    else:
        CONFIRMED[pending.data["then"]](ctx, {**pending.data, "chosen": chosen})


def _chosen(ctx: Context, meaning: Meaning, pending: Pending, options: list[int]) -> int:
    if meaning.get("client_id") in options:
        return int(meaning.slots["client_id"])
    if tail := meaning.get("phone_tail"):
        with_tail = [row.id for row in ctx.uow.clients.with_phone_tail(tail) if row.id in options]
        if len(with_tail) == 1:
            return with_tail[0]
    index = meaning.get("index")
    if not isinstance(index, int) or not 1 <= index <= len(options):
        raise Invalid(f"请回复 1 到 {len(options)} 之间的序号，或发送「取消」。")
    return options[index - 1]


def _name_the_client(ctx: Context, meaning: Meaning, pending: Pending) -> None:
    found = meaning.get("client_id")
    if isinstance(found, int):
        ctx.conversation.answered()
        resume_with(ctx, {**pending.data, "said": None, "intent": ""}, found)
        return
    raise NotFound("没有找到这位客户。请带上完整姓名再说一次，或发送「取消」。")


@command("confirm.yes", roles=EVERYBODY)
def confirm(ctx: Context, meaning: Meaning) -> None:
    """Do what was echoed."""
    pending = ctx.conversation.pending
    if pending is None or pending.kind not in ("confirm", "form"):
        ctx.say(NOTHING_ASKED)
        return
    ctx.conversation.answered()
    CONFIRMED[pending.about](ctx, pending.data)


@command("confirm.no", "clarify.cancel", roles=EVERYBODY)
def cancel(ctx: Context, meaning: Meaning) -> None:
    """Drop the open question or draft."""
    if ctx.conversation.pending is None:
        ctx.say("好的，没有要取消的操作。")
        return
    ctx.conversation.answered()
    ctx.say("已取消，没有保存任何改动。")


@command("form.correct", "form.answer", roles=EVERYBODY)
def correct(ctx: Context, meaning: Meaning) -> None:
    """Change a value of the open draft."""
    pending = ctx.conversation.pending
    if pending is None or pending.kind != "form":
        ctx.say(NOTHING_ASKED)
        return
    FORMS[pending.about](ctx, meaning)


@command("undo", group="通用", help="撤回刚才的改动（5 分钟内）", example="撤销", roles=EVERYBODY)
def undo(ctx: Context, meaning: Meaning) -> None:
    """Take back the latest act; first an open draft, if there is one."""
    if ctx.conversation.pending is not None and ctx.conversation.pending.kind == "form":
        run(ctx, Meaning("clarify.cancel"))
        return
    label = ctx.uow.conversations.undo_last()
    ctx.say(f"已撤销：{label}。")
