"""The turns of a conversation: choosing, confirming, correcting a draft, taking back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.context import Context
from handlers.conversation import Pending
from handlers.drafts_aside import waiting
from handlers.language import Dialogue, Meaning
from handlers.questions import ABOUT_TIMES
from handlers.router import CONFIRMED, EVERYBODY, FORMS, FRONT, command, confirmed, free_answer, read, resume_with, run
from handlers.taken_back import ASKS_FIRST, tell_taken_back
from handlers.whose import find
from storage.model.errors import Invalid, NotFound

APPROVALS = "approvals"
OPENED_BY = {"tickets": "ticket.show", "papers": "ticket.papers", APPROVALS: "approvals.open"}
CLIENT_LISTS = ("clients", "segment", "movers", "churn", "potential", "campaign")
NOTHING_ASKED = "现在没有等您确认的事。发送「帮助」看看可以做什么。"


@command("clarify.answer", roles=EVERYBODY)
def answer(ctx: Context, meaning: Meaning) -> None:
    """Take the answer to a numbered choice, or to 「请问是哪位客户？」."""
    pending = ctx.conversation.pending
    if pending is None or pending.kind not in ("choice", "text"):
        _open_listed(ctx, meaning)
    elif pending.kind == "text":
        _name_the_client(ctx, meaning, pending)
    else:
        _choose(ctx, meaning, pending)


def _open_listed(ctx: Context, meaning: Meaning) -> None:
    """A bare number under a list of clients asks to see that client, under tickets the ticket, under its papers
    the file, under what waits for approval the version."""
    listing, index = ctx.conversation.listing, meaning.get("index")
    if listing is not None and listing.kind in OPENED_BY:
        run(ctx, replace(meaning, intent=OPENED_BY[listing.kind]))
        return
    if listing is None or listing.kind not in CLIENT_LISTS or not isinstance(index, int):
        ctx.say(NOTHING_ASKED)
        return
    shown = [item for item in listing.items if "client_id" in item]
    if not 1 <= index <= len(shown):
        ctx.say(f"请回复 1 到 {len(shown)} 之间的序号。" if shown else NOTHING_ASKED)
    else:
        item = shown[index - 1]
        slots = {"client": item["name"], "client_id": item["client_id"]}
        run(ctx, replace(meaning, intent="client.lookup", slots=slots))


def _choose(ctx: Context, meaning: Meaning, pending: Pending) -> None:
    options = list(pending.data["options"])
    free = pending.about in (*ABOUT_TIMES, "item.dismiss.reason") and meaning.get("index") is None
    chosen: Any = ctx.text if pending.data.get("raw") else meaning if free else _chosen(ctx, meaning, options)
    ctx.conversation.answered()
    if pending.about == "client":
        resume_with(ctx, pending.data, chosen)
    else:
        CONFIRMED[pending.data["then"]](ctx, {**pending.data, "chosen": chosen})


def _chosen(ctx: Context, meaning: Meaning, options: list[Any]) -> Any:
    if meaning.get("client_id") in options:
        return int(meaning.slots["client_id"])
    if tail := meaning.get("phone_tail"):
        with_tail = [row.id for row in ctx.uow.clients.with_phone_tail(tail) if row.id in options]
        if len(with_tail) == 1:
            return with_tail[0]
        if not with_tail and meaning.get("index") is None:
            raise Invalid(f"刚才列出的里面没有尾号 {tail} 的。请回复 1 到 {len(options)} 之间的序号，或发送「取消」。")
    index = meaning.get("index")
    if not isinstance(index, int) or not 1 <= index <= len(options):
        raise Invalid(f"请回复 1 到 {len(options)} 之间的序号，或发送「取消」。")
    return options[index - 1]


def _name_the_client(ctx: Context, meaning: Meaning, pending: Pending) -> None:
    """Go on for the client named; asks which one where several have the name."""
    if not meaning.get("client"):
        raise NotFound("没有找到这位客户。请带上完整姓名再说一次，或发送「取消」。")
    ctx.conversation.answered()
    ctx.text = pending.data["text"]
    found = find(ctx, meaning, place=pending.data.get("place", 0), known=pending.data.get("known", {}))
    if found is not None:
        resume_with(ctx, pending.data, found)


@free_answer("client")
def name_said(ctx: Context, text: str) -> Meaning | None:
    """A name and nothing else in answer to 「请问是哪位客户？」; elsewhere it asks to see that client."""
    pending = ctx.conversation.pending
    if pending is None or pending.kind != "text":
        return None
    meaning = read(ctx, text, Dialogue())
    named = [span.text for span in meaning.spans if span.kind == "client"]
    if meaning.intent != "client.lookup" or not named or text.strip(" ，。,.!！的是") != named[0]:
        return None
    return replace(meaning, intent="clarify.answer")


@command("confirm.yes", roles=EVERYBODY)
def confirm(ctx: Context, meaning: Meaning) -> None:
    """Do what was echoed. A draft that was not shown just now is echoed first, and asked about again."""
    pending, draft = ctx.conversation.pending, ctx.conversation.draft
    if pending is not None and pending.kind == "confirm":
        ctx.conversation.answered()
        CONFIRMED[pending.about](ctx, pending.data)
    elif pending is not None or draft is None:
        ctx.say(NOTHING_ASKED)
    elif ctx.conversation.is_draft_fresh:
        ctx.conversation.drop_draft()
        CONFIRMED[draft.about](ctx, draft.data)
        if ctx.conversation.draft is None and (more := waiting(ctx)):
            ctx.say(more)
    else:
        FORMS[draft.about].echo(ctx, draft.data)


@command("confirm.no", "clarify.cancel", roles=EVERYBODY)
def cancel(ctx: Context, meaning: Meaning) -> None:
    """Drop the open question, else the draft; one that was not shown just now is echoed first."""
    draft = ctx.conversation.draft
    if ctx.conversation.pending is not None:
        ctx.conversation.move_on()  # the draft below it is not meant by the next word
        ctx.say("已取消，没有保存任何改动。" + ("之前的草稿还在，回复「确认」可以接着看。" if draft else ""))
    elif draft is None:
        ctx.say("没有正在进行的操作。")
    elif ctx.conversation.is_draft_fresh:
        ctx.conversation.drop_draft()
        ctx.say("已取消，没有保存任何改动。" + waiting(ctx))
    else:
        ctx.say("这份草稿还没有保存。要放弃它，请再回复一次「取消」。")
        FORMS[draft.about].echo(ctx, draft.data)


@command("form.correct", "form.answer", roles=EVERYBODY)
def correct(ctx: Context, meaning: Meaning) -> None:
    """Change a value of the open draft."""
    draft = ctx.conversation.draft
    if draft is None:
        ctx.say(NOTHING_ASKED)
        return
    FORMS[draft.about].take(ctx, meaning)


@command("undo", group="通用", help="撤回刚才的改动（5 分钟内）", example="撤销", roles=EVERYBODY)
def undo(ctx: Context, meaning: Meaning) -> None:
    """Take back the latest act. An open question, or a draft shown since, is closed first; what comes next is named."""
    last, shown_at = ctx.uow.conversations.last_act(), ctx.conversation.draft_shown_at
    further = f"再发一次「撤销」会撤回：{last[0]}。" if last and last[0] else ""
    if ctx.conversation.pending is not None:
        draft = ctx.conversation.draft
        ctx.conversation.move_on()
        ctx.say("刚才的问题已关闭，没有改动。" + ("草稿还在，发送「草稿」可以接着看。" if draft else "") + further)
    elif ctx.conversation.is_draft_fresh and shown_at is not None and not (last and last[1] > shown_at):
        ctx.conversation.drop_draft()
        ctx.say(f"已取消，没有保存任何改动。{further or waiting(ctx)}")
    elif not any(asks(ctx, last[0] if last else "") for asks in ASKS_FIRST):
        take_back(ctx, {})


@confirmed("undo", roles=EVERYBODY)
def take_back(ctx: Context, data: Mapping[str, Any]) -> None:
    """The latest act is undone, and whom it concerned is told."""
    label = ctx.uow.conversations.undo_last()
    told = tell_taken_back(ctx, label, ctx.uow.conversations.undone)
    ctx.say(f"已撤销：{label}。{'已通知对方。' if told else ''}")


@command("draft.keep", roles=EVERYBODY)
def keep_draft(ctx: Context, meaning: Meaning) -> None:
    """别提交, 等等: nothing is handed in, and nothing that was typed is lost."""
    draft = ctx.conversation.draft
    if draft is None:
        ctx.say("没有正在进行的操作。")
        return
    title = FORMS[draft.about].title(ctx, draft.data)
    ctx.say(f"好的，没有提交。{title}草稿还在，发送「草稿」可以接着填；不要了请发送「取消」。")


@command("draft.show", group="通用", help="看没保存的草稿", example="草稿", roles=EVERYBODY)
def show_draft(ctx: Context, meaning: Meaning) -> None:
    """The draft again, as it stands; nothing is saved before 确认."""
    draft = ctx.conversation.draft
    if draft is None:
        begin = "发送「新增客户 姓名 手机号」可以开始建档。" if ctx.user.role in FRONT else ""
        ctx.say(f"没有未保存的草稿。{begin}")
        return
    FORMS[draft.about].echo(ctx, draft.data)
