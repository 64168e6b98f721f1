"""Care for clients: the adviser confirms a text or gives it up. `care_sending` sets it on its way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from handlers.care_drafts import meant, need, of_button, offer, refuse
from handlers.care_sending import finish_reminder, settle
from handlers.care_texts import CareText, is_unasked, judged, keep, kept_text, purpose_word
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import FRONT, action, command, confirmed
from reminders.wording import category_word

GREETINGS = ("birthday", "journey")  # reminders of these categories ask for nothing but the text

# ---------------------------------------------------------------- confirming


@command("care.send", group="关怀", help="把文案定稿", example="1 发送", roles=FRONT)
def send(ctx: Context, meaning: Meaning) -> None:
    """Confirm a text by words."""
    if text := meant(ctx, meaning):
        _confirm(ctx, text)


@action("care.send")
def tapped_send(ctx: Context, args: Mapping[str, Any]) -> None:
    """Confirm a text on its card."""
    _confirm(ctx, of_button(ctx, args), args)


@confirmed("care.send")
def confirmed_send(ctx: Context, data: Mapping[str, Any]) -> None:
    """Confirm by 确认 the text that was shown just now."""
    text = need(kept_text(ctx, data["client_id"], data["occasion"]))
    _confirm(ctx, replace(text, reminder=data["reminder"]))


def _confirm(
    ctx: Context, text: CareText, args: Mapping[str, Any] | None = None, overrides: Collection[str] = ()
) -> None:
    """Through the gate, and on its way; where the client's or the adviser's word is missing, ask for it."""
    if text.problem or not text.text:
        offer(ctx, text)
        return
    verdict = judged(ctx, text, ctx.uow.clients.get(text.client_id), overrides)
    kept = {
        "client_id": text.client_id, "occasion": text.occasion, "reminder": text.reminder,
        "key": args["card"].key if args else "",
    }
    if is_unasked(verdict):
        keep(ctx, text)
        what = purpose_word(ctx, text.occasion)
        ctx.ask_to_confirm(
            f"「{text.name}」还没有登记{what}授权，{text.label}先不能发。您已当面或电话征得同意了吗？确认后登记授权并定稿。",
            "care.consent", **kept,
        )
    elif verdict.refused:
        refuse(ctx, text, verdict, text.text)
    elif verdict.questions:
        keep(ctx, text)
        words = "".join(question.words for question in verdict.questions)
        codes = [*overrides, *(question.code for question in verdict.questions)]
        ctx.ask_to_confirm(f"{words}先不发。仍要发送吗？", "care.override", codes=codes, **kept)
    else:
        keep(ctx, text)
        settle(ctx, text, verdict, args, overrides)


@confirmed("care.consent")
def consent_and_settle(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser vouches for the client's consent: note it, then confirm the text."""
    client = ctx.uow.clients.get(data["client_id"])
    purpose = ctx.packs.occasion(data["occasion"]).purpose
    ctx.uow.consents.record(client, purpose, True, channel="口头", evidence=f"顾问 {ctx.user.id} 登记")
    what = purpose_word(ctx, data["occasion"])
    ctx.say(f"已登记「{client.name}」的{what}授权（口头，由您登记；撤销只收回定稿，不收回授权）。")
    _confirm_again(ctx, data, ())


@confirmed("care.override")
def decide_and_settle(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser has decided to write in spite of an open matter; the decision goes with the message."""
    ctx.uow.audit.record(
        "override", "client", data["client_id"], client_id=data["client_id"], codes=list(data["codes"])
    )
    _confirm_again(ctx, data, data["codes"])


def _confirm_again(ctx: Context, data: Mapping[str, Any], overrides: Collection[str]) -> None:
    if tapped := ctx.uow.cards.find(data.get("key") or "", ctx.user.id):
        ctx.uow.cards.use(tapped)  # or a second tap on the card would send the text twice
    text = need(kept_text(ctx, data["client_id"], data["occasion"]))
    _confirm(ctx, replace(text, reminder=data["reminder"]), None, overrides)


# ---------------------------------------------------------------- skipping


@command("care.skip", group="关怀", help="这次不发", example="1 跳过", roles=FRONT)
def skip(ctx: Context, meaning: Meaning) -> None:
    """Give a text up by words."""
    if text := meant(ctx, meaning):
        _skip(ctx, text)


@action("care.skip")
def tapped_skip(ctx: Context, args: Mapping[str, Any]) -> None:
    """Give a text up on its card."""
    text = of_button(ctx, args)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已跳过")
    _skip(ctx, text)


def _skip(ctx: Context, text: CareText) -> None:
    """Give the text up; only a reminder to greet is done with it. What else is due stays due."""
    reminder = ctx.uow.reminders.get(text.reminder) if text.reminder else None
    ctx.conversation.drop_text(text.key)
    said = f"好的，这次不给「{text.name}」发{text.label}"
    if reminder is None or reminder.state != "open":
        ctx.say(f"{said}。")
    elif reminder.category in GREETINGS:
        finish_reminder(ctx, text.reminder, "dismissed", reason="本次跳过")
        ctx.wrote(f"{said}。", f"跳过「{text.name}」的{text.label}")
    else:
        ctx.say(f"{said}。{category_word(reminder.category)}提醒还在清单里；不用再提醒请按序号发送「1 不需要 原因」。")
