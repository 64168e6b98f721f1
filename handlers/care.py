"""Care for clients up to the draft: a text is confirmed here, and the adviser sends it by hand.

Two end states are kept apart: 「文案已定稿」 and 「顾问称已发送」. Nothing here ever says that a client got it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.care_drafts import meant, need, of_button, offer, refuse_words
from handlers.care_texts import CareText, is_unasked, keep, kept_text, refuse_withdrawn
from handlers.context import Context
from handlers.follow_ups import MORNING, moment_text
from handlers.language import Meaning
from handlers.router import FRONT, action, command, confirmed
from handlers.wording import check
from reminders.calendar import is_quiet, local_instant
from reminders.cards import CARE
from reminders.wording import category_word
from storage.model.ids import new_token
from storage.model.messages import Button, Card, cut

GREETING = "birthday"  # reminders of this category ask for nothing but the text

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


def _confirm(ctx: Context, text: CareText, args: Mapping[str, Any] | None = None) -> None:
    refuse_withdrawn(ctx, text.client_id, text.name)
    if text.problem or not text.text:
        offer(ctx, text)
        return
    verdict = check(text.text)
    if verdict.blocked:
        refuse_words(ctx, text, verdict)
        return
    keep(ctx, text)
    if is_unasked(ctx, text.client_id):
        ctx.ask_to_confirm(
            f"「{text.name}」还没有登记关怀授权，{text.label}先不能发。您已当面或电话征得同意了吗？确认后登记授权并定稿。",
            "care.consent", client_id=text.client_id, occasion=text.occasion, reminder=text.reminder,
            key=args["card"].key if args else "",
        )
        return
    _settle(ctx, text, args)


@confirmed("care.consent")
def consent_and_settle(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser vouches for the client's consent: note it, then confirm the text."""
    client = ctx.uow.clients.get(data["client_id"])
    ctx.uow.consents.record(client, CARE, True, channel="口头", evidence=f"顾问 {ctx.user.id} 登记")
    ctx.say(f"已登记「{client.name}」的关怀授权（口头，由您登记；撤销只收回定稿，不收回授权）。")
    if tapped := ctx.uow.cards.find(data.get("key") or "", ctx.user.id):
        ctx.uow.cards.use(tapped)  # or a second tap on the card would archive the text twice
    _settle(ctx, replace(need(kept_text(ctx, client.id, data["occasion"])), reminder=data["reminder"]), None)


def _settle(ctx: Context, text: CareText, args: Mapping[str, Any] | None) -> None:
    """The text stands: it is archived, and given to the adviser for sending by hand, or tomorrow after quiet hours."""
    client = ctx.uow.clients.get(text.client_id)
    ctx.uow.interactions.add(client, CARE, f"{text.label}已定稿，待顾问发送：{text.text}")
    ctx.uow.audit.record(
        "confirm_draft", "client", client.id, client_id=client.id, occasion=text.occasion, own=text.own,
    )
    if args:
        ctx.uow.cards.use(args["card"])
    if is_quiet(ctx.now, ctx.zone):
        _wait_for_morning(ctx, text)
        return
    ctx.wrote(
        f"文案已定稿，还没有发给客户：目前不能代发，请复制下面这段，在微信里发给「{text.name}」，发完点「我已发送」。",
        _label(text),
    )
    ctx.say(text.text)
    card = _sent_card(ctx, text, args["card"].task_id if args else "")
    if args:
        ctx.redraw(card)
    else:
        ctx.show(card)


def _label(text: CareText) -> str:
    return f"「{text.name}」的{text.label}定稿"


def _sent_card(ctx: Context, text: CareText, task_id: str = "") -> Card:
    """Waits for the adviser to say that he sent it."""
    task_id = task_id or f"care-{new_token()}"
    key = ctx.uow.cards.bind(
        task_id, ctx.user.id, "care.sent", client_id=text.client_id, occasion=text.occasion, reminder=text.reminder
    )
    return Card(
        "button_interaction", title=cut(f"{text.label}：{text.name}", 36), desc="已定稿，等您手动发送",
        task_id=task_id, quote_text=text.text, buttons=[Button("我已发送", key)],
    )


def _wait_for_morning(ctx: Context, text: CareText) -> None:
    """Nobody is disturbed at night: remind the adviser in the morning."""
    day = ctx.today + timedelta(days=1 if ctx.local(ctx.now).hour >= MORNING.hour else 0)
    at = local_instant(day, MORNING, ctx.zone)
    reminder = ctx.uow.reminders.get(text.reminder) if text.reminder else None
    if reminder is not None and reminder.state == "open":
        ctx.uow.reminders.snooze(reminder, at, timed=True)
    else:
        ctx.uow.reminders.add(
            receiver_id=ctx.user.id, remind_at=at, due_on=day, category="task", timed=True,
            text=f"把{text.label}发给{text.name}", client=ctx.uow.clients.get(text.client_id),
        )
    ctx.grey_out("明早再发")
    ctx.wrote(
        f"文案已定稿。现在太晚，不打扰客户：等到 {moment_text(ctx, at, timed=True)} 再提醒您发送。", _label(text)
    )


@action("care.sent")
def adviser_sent(ctx: Context, args: Mapping[str, Any]) -> None:
    """The adviser says that it went out: noted as his word, the silence clock starts again."""
    client = ctx.uow.clients.get(args["client_id"])
    text = of_button(ctx, args)
    ctx.uow.interactions.add(client, CARE, f"顾问称已发送{text.label}：{text.text}")
    ctx.uow.clients.touch(client)
    ctx.uow.audit.record("adviser_sent", "client", client.id, client_id=client.id, occasion=text.occasion)
    _finish_reminder(ctx, text, "done", result="顾问称已发送")
    ctx.conversation.drop_text(text.key)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("我已发送")
    ctx.wrote(f"已记录：您已把{text.label}发给「{client.name}」。", f"「{client.name}」的发送记录")


def _finish_reminder(ctx: Context, text: CareText, state: str, *, result: str = "", reason: str = "") -> None:
    reminder = ctx.uow.reminders.get(text.reminder) if text.reminder else None
    if reminder is not None and reminder.state == "open":
        ctx.uow.reminders.finish(reminder, state, result=result, reason=reason)


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
    elif reminder.category == GREETING:
        _finish_reminder(ctx, text, "dismissed", reason="本次跳过")
        ctx.wrote(f"{said}。", f"跳过「{text.name}」的{text.label}")
    else:
        ctx.say(f"{said}。{category_word(reminder.category)}提醒还在清单里；不用再提醒请按序号发送「1 不需要 原因」。")
