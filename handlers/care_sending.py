"""A confirmed text on its way to the client: as a task of 企业群发 where the client's WeChat is linked, else by the
adviser's own hand. The ledger row is written first; `reminders.care_delivery` does the rest.

What is said keeps the states apart: 「待发送任务」, 「顾问称已发送」, and 「企业微信确认」, which is WeCom's to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.care_texts import CareText, asked_about, contact_of
from handlers.context import Context
from handlers.follow_ups import MORNING, moment_text
from handlers.language import Meaning
from handlers.router import FRONT, READERS, action, afterwards, command
from reminders.calendar import local_instant
from reminders.care_words import REFUSED_WORDS
from reminders.gate import Asked, Verdict, may_send
from reminders.ledger import enter
from storage.journal import Change
from storage.model.care import LIVE, WAITING, ClientMessage, Route
from storage.model.errors import Invalid
from storage.model.ids import new_token
from storage.model.messages import Button, Card, cut
from storage.model.people import Client
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.verdicts import VerdictRepository

CARE = "care"  # the kind of interaction
TAPPED_AGAIN = "这条文案已经在发送中了，没有重复发。"
MOST_LINES = 15
_SPEAKS = ("owner_id", "loss_reason", "attrs", "secrets")  # what of a client can speak against a text


def settle(
    ctx: Context, text: CareText, verdict: Verdict, args: Mapping[str, Any] | None, overrides: Collection[str] = ()
) -> None:
    """The gate has let the text pass, now or for later: put it on its way."""
    client = ctx.uow.clients.get(text.client_id)
    contact = contact_of(ctx, client.id)
    message = enter(
        ctx.uow, asked_about(ctx, text, client, "task" if contact else "hand", overrides), ctx.zone,
        state="queued" if contact else "by_hand", sender_id=ctx.user.id, not_before=verdict.until or ctx.now,
        external_userid=contact.external_userid if contact else None, reminder_id=text.reminder,
    )
    if message is None:
        raise Invalid(TAPPED_AGAIN)
    ctx.uow.audit.record(
        "confirm_draft", "client", client.id, client_id=client.id, occasion=text.occasion, own=text.own,
    )
    if args:
        ctx.uow.cards.use(args["card"])
    if contact:
        _as_task(ctx, text, verdict)
    else:
        _by_hand(ctx, text, client, message, verdict, args["card"].task_id if args else "")


def _label(text: CareText) -> str:
    return f"「{text.name}」的{text.label}定稿"


def _as_task(ctx: Context, text: CareText, verdict: Verdict) -> None:
    ctx.conversation.drop_text(text.key)
    ctx.grey_out("已确认")
    ctx.wrote_for_good("发送文案")
    if verdict.until is not None:
        why = "".join(reason.words for reason in verdict.reasons)
        when = moment_text(ctx, verdict.until, timed=True)
        ctx.say(f"文案已定稿。{why}等到 {when} 再生成待发送任务，到时请在企业微信确认。")
    else:
        ctx.say(
            "文案已定稿，还没有发给客户：正在生成待发送任务，生成后请在企业微信「群发助手」里点发送，"
            f"客户才会收到。不想发了请发送「取消发送 {text.name}」。"
        )


# ---------------------------------------------------------------- by hand


def _by_hand(
    ctx: Context, text: CareText, client: Client, message: ClientMessage, verdict: Verdict, task_id: str
) -> None:
    ctx.uow.interactions.add(client, CARE, f"{text.label}已定稿，待顾问发送：{text.text}")
    if verdict.until is not None:
        _wait_for_morning(ctx, text)
        return
    ctx.wrote(f"文案已定稿，还没有发给客户：「{text.name}」没有绑定微信，不能代发。", _label(text))
    _hand_over(ctx, text, message, task_id)


def _hand_over(ctx: Context, text: CareText, message: ClientMessage, task_id: str = "") -> None:
    ctx.say(f"请复制下面这段，在微信里发给「{text.name}」，发完点「我已发送」。")
    ctx.say(text.text)
    card = _sent_card(ctx, text, message, task_id)
    if task_id:
        ctx.redraw(card)
    else:
        ctx.show(card)


def _sent_card(ctx: Context, text: CareText, message: ClientMessage, task_id: str = "") -> Card:
    """Waits for the adviser to say that he sent it."""
    task_id = task_id or f"care-{new_token()}"
    key = ctx.uow.cards.bind(task_id, ctx.user.id, "care.sent", message=message.id)
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
            text=f"把{text.label}发给{text.name}，发送「手动发送 {text.name}」拿文案",
            client=ctx.uow.clients.get(text.client_id),
        )
    ctx.grey_out("明早再发")
    ctx.wrote(
        f"文案已定稿。现在太晚，不打扰客户：等到 {moment_text(ctx, at, timed=True)} 再提醒您发送，"
        f"到时发送「手动发送 {text.name}」拿文案。", _label(text)
    )


@action("care.sent")
def adviser_sent(ctx: Context, args: Mapping[str, Any]) -> None:
    """The adviser says that it went out: noted as his word, the silence clock starts again."""
    messages = ClientMessageRepository(ctx.uow)
    if "message" not in args:  # bound by a release that kept no ledger
        raise Invalid("这张卡片是旧版本的，没有记录。请发送「记 姓名 已发祝福」记一笔。")
    message = messages.get(args["message"])
    client = ctx.uow.clients.get(message.client_id)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("我已发送")
    label = f"{ctx.packs.occasion(message.occasion).label}文案"
    if message.state != "by_hand" or not messages.change(message, state="told_sent", done_at=ctx.now, sent_at=ctx.now):
        ctx.say(f"这条{label}现在的状态是：{message.words}，没有再记。")
        return
    ctx.uow.interactions.add(client, CARE, f"顾问称已发送{label}：{message.text}")
    ctx.uow.clients.touch(client)
    ctx.uow.audit.record("adviser_sent", "client", client.id, client_id=client.id, occasion=message.occasion)
    finish_reminder(ctx, message.reminder_id, "done", result="顾问称已发送")
    ctx.conversation.drop_text(f"{client.id}:{message.occasion}")
    ctx.wrote(
        f"已记录：您已把{label}发给「{client.name}」。撤销以后发送「手动发送 {client.name}」可再拿一次文案。",
        f"「{client.name}」的发送记录",
    )


def finish_reminder(ctx: Context, reminder_id: int | None, state: str, *, result: str = "", reason: str = "") -> None:
    """Close the reminder that a text was about, if it is still open."""
    reminder = ctx.uow.reminders.get(reminder_id) if reminder_id else None
    if reminder is not None and reminder.state == "open":
        ctx.uow.reminders.finish(reminder, state, result=result, reason=reason)


@command("care.by_hand", group="关怀", help="没发成的改为自己发", example="手动发送 王芳", client=True)
def by_hand(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Give the adviser the text of a message that did not reach the client, or that waits for him."""
    mine = [m for m in ClientMessageRepository(ctx.uow).of_client(client.id) if m.sender_id == ctx.user.id]
    found = [m for m in mine if m.state != "sent"]  # an answer in 微信客服 hides no text that waits
    latest = next(iter(found), None)
    if latest is None or latest.state not in ("by_hand", "failed", "expired", "cancelled"):
        where = f"最近一条的状态是：{latest.words}。" if latest else ""
        ctx.say(f"「{client.name}」没有要改为手动发送的文案。{where}要先停下来请发送「取消发送 {client.name}」。")
        return
    text = CareText(
        client.id, client.name, latest.occasion, latest.text, latest.reminder_id, latest.own,
        template=latest.template, version=latest.template_version,
        label=f"{ctx.packs.occasion(latest.occasion).label}文案",
    )
    waiting = latest if latest.state == "by_hand" else None
    asked = asked_about(ctx, text, client, "hand", latest.overrides)
    if waiting is not None:
        asked = replace(asked, message_id=waiting.id)
    verdict = may_send(ctx.uow, asked, ctx.zone, stage="draft")
    if not verdict.allowed:
        ctx.say(verdict.words)
        return
    if waiting is not None:
        _hand_over(ctx, text, waiting)
        return
    message = enter(
        ctx.uow, asked, ctx.zone, state="by_hand", sender_id=ctx.user.id, not_before=ctx.now,
        reminder_id=latest.reminder_id,
    )
    if message is None:
        raise Invalid(TAPPED_AGAIN)
    _by_hand(ctx, text, client, message, verdict, "")


# ---------------------------------------------------------------- cancelling and looking


@afterwards
def look_at_what_waits(ctx: Context) -> None:
    """A client or a consent was just changed: tasks in 群发助手 that it speaks against are called back at once."""
    touched = {client_id for change in ctx.uow.changes if (client_id := _whose_wish(change)) is not None}
    if touched:
        ClientMessageRepository(ctx.uow).look_now(touched)


def _whose_wish(change: Change) -> int | None:
    """Whose consent, limit or owner changed; None for any other change, as that a client was spoken to."""
    before, after = change.before, change.after
    if after is None or change.table not in ("clients", "consents"):
        return None
    if change.table == "consents":
        return int(after["client_id"])
    speaks = before is not None and any(before.get(name) != after.get(name) for name in _SPEAKS)
    return int(after["id"]) if speaks else None


@command("care.cancel", group="关怀", help="取消还没发出的文案", example="取消发送 王芳", client=True)
def cancel(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Stop what has not reached the client; what the adviser has confirmed in WeCom cannot be called back."""
    messages = ClientMessageRepository(ctx.uow)
    found = [m for m in messages.of_client(client.id, ("drafted", "by_hand", *WAITING)) if m.sender_id == ctx.user.id]
    if not found:
        ctx.say(f"「{client.name}」没有等待发送的文案。")
        return
    ctx.wrote_for_good("取消发送")
    for message in found:
        ctx.say(_cancelled(ctx, messages, message))


def _cancelled(ctx: Context, messages: ClientMessageRepository, message: ClientMessage) -> str:
    label = f"给「{message.client_name}」的{ctx.packs.occasion(message.occasion).label}文案"
    match message.state:
        case "sending":
            return f"{label}正在通过微信客服发送，收不回来了。"
        case "adviser_sent":
            return f"{label}您已在企业微信确认，收不回来了。"
        case "creating" | "task_created":
            at = message.look_at if message.state == "creating" else ctx.now
            done = messages.change(message, wanted="cancelled", look_at=at)
            words = f"已请企业微信取消{label}，结果稍后告诉您；在那之前请不要在群发助手里点发送。"
        case _:
            done = messages.change(message, state="cancelled", done_at=ctx.now, look_at=None)
            words = f"已取消{label}，没有发给客户。"
    return words if done else f"{label}的状态刚刚变了，请再发一次「取消发送 {message.client_name}」。"


@command("care.history", group="关怀", help="看发给客户的记录", example="王芳 发送记录", client=True, roles=READERS)
def history(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What was written to a client, by whom, and where each message stands."""
    found = ClientMessageRepository(ctx.uow).of_client(client.id, limit=10)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="messages")
    if not found:
        ctx.say(f"还没有给「{client.name}」发过消息的记录。")
        return
    lines = [
        f"· {ctx.local(m.created_at):%m-%d %H:%M} {ctx.packs.occasion(m.occasion).label}：{m.words}" for m in found
    ]
    ctx.say("\n".join([f"「{client.name}」最近的发送记录：", *lines]))


@command("care.may", group="关怀", help="现在能不能给客户发消息", example="王芳 能发吗", client=True, roles=READERS)
def may(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Why the latest text was held or refused, and what stands against writing to the client now."""
    route: Route = "task" if contact_of(ctx, client.id) else "hand"
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="consents")
    asked = Asked.about(ctx.packs, client, "thanks", "感谢您的信任。", route, own=True)
    verdict = may_send(ctx.uow, asked, ctx.zone, stage="draft", keep=False)
    head = f"现在可以给「{client.name}」发关怀消息。"
    if not verdict.allowed:
        head = f"现在给「{client.name}」发关怀消息：\n{verdict.words}"
    how = "已绑定微信，走企业群发任务。" if route == "task" else "没有绑定微信，要您手动发送。"
    last = next(iter(VerdictRepository(ctx.uow).of_client(client.id, 1)), None)
    before = ""
    if last and last.codes:
        why = "、".join(REFUSED_WORDS.get(code, code) for code in last.codes)
        before = f"\n上一次检查（{ctx.local(last.at):%m-%d %H:%M}，{ctx.packs.occasion(last.occasion).label}）：{why}。"
    ctx.say(f"{head}\n{how}{before}")


@command("care.progress", group="关怀", help="看哪些文案还没到客户", example="发送进度", roles=FRONT)
def progress(ctx: Context, meaning: Meaning) -> None:
    """Everything of the member's that is on its way, by where it stands."""
    states = [s for s in LIVE if s not in ("delivered", "told_sent", "sent")]
    found = ClientMessageRepository(ctx.uow).of_sender(ctx.user.id, states)
    if not found:
        ctx.say("没有等待发送的文案。")
        return
    ctx.uow.audit.listed("client", [(m.client_id, m.client_id) for m in found], section="messages")
    lines = [f"· {m.client_name} {ctx.packs.occasion(m.occasion).label}：{m.words}" for m in found[:MOST_LINES]]
    more = [f"……共 {len(found)} 条"] if len(found) > MOST_LINES else []
    ctx.say("\n".join(["还没有到客户手里的：", *lines, *more]))
