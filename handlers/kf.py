"""微信客服: a member answers a client who wrote to the firm, looks at the talk, and serves whom nobody knows.

An answer is read back and confirmed; `reminders.kf_answers` sends it, and only while WeCom's window is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.reminder_giving import member_named
from handlers.router import FRONT, READERS, command, confirmed
from handlers.whose import of_client, resolve
from reminders.gate import Asked, may_send
from reminders.kf_answers import call_instead, is_of, window_of
from reminders.kf_line import TEXT_BYTES
from reminders.kf_telling import SERVICER
from reminders.ledger import enter
from reminders.namesakes import full_name, marks
from storage.model.care import REASON_WORDS, ClientMessage
from storage.model.errors import Invalid
from storage.model.kf import WINDOW, KfWindow, Talk
from storage.model.messages import cut
from storage.model.people import Client, Role, User
from storage.model.values import mask_free_text
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.kf_sessions import KfSessionRepository

RULERS: tuple[Role, ...] = ("ops", "admin")
SERVING: tuple[Role, ...] = ("adviser", "manager")
MOST_LINES = 12
LINE, SHORT = 100, 40


@command(
    "kf.reply", group="关怀", help="回复客户在微信客服的留言", example="回复 王芳 您好，周五前给您答复"
)
def reply(ctx: Context, meaning: Meaning) -> None:
    """Read the answer back; where it cannot go, say so, and keep a task where only the window is in the way."""
    client = resolve(ctx, _who_wrote(ctx, meaning))
    if client is None:
        return
    text = str(meaning.get("words") or "").strip()
    if not text:
        raise Invalid(f"请写上要回复的话，例如「回复 {client.name} 您好，周五前给您答复」。")
    if len(text.encode()) > TEXT_BYTES:
        raise Invalid(f"太长了，微信客服一条最多约 {TEXT_BYTES // 3} 个字，请分成几条回复。")
    talk = _talk(ctx, client)
    _refuse_with_staff(ctx, client, talk)
    window = window_of(ctx.uow, talk)
    if why := window.closed(ctx.now):
        _too_late(ctx, client, text, why)
        return
    later = _judged(ctx, client, text, talk)
    head = f"通过微信客服回复「{full_name(ctx.uow, client)}」："
    ctx.ask_to_confirm(
        f"{head}\n{text}\n（{_left(ctx, window)}{_when(ctx, later)}）", "kf.reply", client_id=client.id, text=text,
    )


def _who_wrote(ctx: Context, meaning: Meaning) -> Meaning:
    """Of several clients of one name the only one who wrote is meant: nobody else can be answered."""
    ids = meaning.get("client_id")
    if not isinstance(ids, list | tuple) or meaning.get("fuzzy"):
        return meaning
    wrote = KfRepository(ctx.uow).who_wrote(ids)
    return of_client(meaning, wrote.pop()) if len(wrote) == 1 else meaning


@confirmed("kf.reply")
def confirmed_reply(ctx: Context, data: Mapping[str, Any]) -> None:
    """Put the answer on its way, if it still may go."""
    client, text = ctx.uow.clients.get(data["client_id"]), data["text"]
    talk = _talk(ctx, client)
    _refuse_with_staff(ctx, client, talk)
    window = window_of(ctx.uow, talk)
    if why := window.closed(ctx.now):
        _too_late(ctx, client, text, why)
        return
    later = _judged(ctx, client, text, talk)
    message = enter(
        ctx.uow, Asked.answer(client, text, talk.said_at), ctx.zone, state="queued", sender_id=ctx.user.id,
        not_before=later or ctx.now, external_userid=talk.external_userid, talk_id=talk.id, expires_at=window.until,
    )
    if message is None:
        raise Invalid("这条回复已经在发送中了，没有重复发。")
    ctx.wrote_for_good("微信客服的回复")
    ctx.say(f"好的，正在通过微信客服回复「{client.name}」{_when(ctx, later)}，发出后告诉您。")


def _talk(ctx: Context, client: Client) -> Talk:
    talk = KfRepository(ctx.uow).talk_of(client.id)
    if talk is None:
        raise Invalid(
            f"「{client.name}」没有在微信客服留过言，微信客服只能回复留过言的客户。"
            f"主动联系请发送「给{client.name}写感谢的话」，或打电话。"
        )
    if not is_of(ctx.uow, talk, client):
        raise Invalid(
            f"「{client.name}」留言以后，这个微信的绑定改过，不能确定是不是本人，所以没有发。"
            f"绑对以后请客户再留一次言，或打电话给「{client.name}」。"
        )
    return talk


def _refuse_with_staff(ctx: Context, client: Client, talk: Talk) -> None:
    """Raises Invalid while a member serves the client in WeCom's own tool: WeCom takes nothing from here then."""
    servicer_id = KfSessionRepository(ctx.uow).servicer(talk)
    if servicer_id is None or not KfRepository(ctx.uow).is_with_staff(talk):
        return
    whose = "您" if servicer_id == ctx.user.id else ctx.uow.users.names().get(servicer_id, servicer_id)
    raise Invalid(
        f"「{client.name}」的会话已转到{whose}企业微信的「微信客服」，没有发。请在那里直接回复；结束会话以后才能从这里回复。"
    )


def _judged(ctx: Context, client: Client, text: str, talk: Talk) -> datetime | None:
    """When the answer may go, None for now. Raises Invalid with the gate's words when it may not."""
    verdict = may_send(ctx.uow, Asked.answer(client, text, talk.said_at), ctx.zone, stage="draft")
    if not verdict.allowed and verdict.until is None:
        raise Invalid(f"{verdict.words.replace('改写 新的文案', f'回复 {client.name} 改好的话')}")
    return verdict.until


def _too_late(ctx: Context, client: Client, text: str, why: str) -> None:
    """WeCom takes no answer any more: say it, and keep what was to be said as a task."""
    call_instead(ctx.uow, ctx.user, client, text, ctx.zone)
    ctx.wrote(
        f"没有发给「{client.name}」：{REASON_WORDS[why]}。给您建了一条今天的待办，请打电话或在微信里联系；"
        f"客户再留言就又能回复了。", f"联系「{client.name}」的待办",
    )


def _left(ctx: Context, window: KfWindow) -> str:
    until = ctx.local(window.until)
    return f"还能回复 {window.left} 条，{until.month} 月 {until.day} 日 {until:%H:%M} 前有效"


def _when(ctx: Context, later: datetime | None) -> str:
    return f"，现在不打扰客户，{ctx.local(later):%m-%d %H:%M} 再发" if later else ""


# ---------------------------------------------------------------- looking


@command("kf.talk", group="关怀", help="看客户在微信客服说了什么", example="王芳 客服", client=True, roles=READERS)
def show_talk(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The last messages of both sides, and whether the client can be answered now."""
    kf = KfRepository(ctx.uow)
    heard = kf.of_client(client.id, MOST_LINES)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="kf")
    said = [(h.said_at, client.name if h.origin == "customer" else "客服人员", h.words) for h in heard]
    answers = [m for m in ClientMessageRepository(ctx.uow).of_client(client.id, limit=50) if m.route == "kf"]
    replies = KfReplyRepository(ctx.uow).of_client(client.id, MOST_LINES)
    said += [(r.sent_at or r.created_at, "智能助手", r.text) for r in replies]
    said += [(m.sent_at or m.created_at, _answerer(ctx, m.sender_id), _standing(m)) for m in answers]
    if not said:
        ctx.say(f"「{client.name}」没有在微信客服留过言。")
        return
    lines = [
        f"{ctx.local(at):%m-%d %H:%M} {who}：{cut(mask_free_text(words), LINE)}"
        for at, who, words in sorted(said, key=lambda one: one[0])[-MOST_LINES:]
    ]
    ctx.say("\n".join([f"「{client.name}」的微信客服：", *lines, _can_answer(ctx, client)]))


def _standing(answer: ClientMessage) -> str:
    return answer.text if answer.state == "sent" else f"{cut(answer.text, LINE // 2)}（{answer.words}）"


def _answerer(ctx: Context, user_id: str) -> str:
    user = ctx.uow.users.find(user_id)
    return user.name if user else "顾问"


def _can_answer(ctx: Context, client: Client) -> str:
    talk = KfRepository(ctx.uow).talk_of(client.id)
    if talk is None or not is_of(ctx.uow, talk, client):
        return "现在没有对应的微信会话，不能回复。"
    window = window_of(ctx.uow, talk)
    if why := window.closed(ctx.now):
        return f"现在不能回复：{REASON_WORDS[why]}。"
    return f"回复请发送「回复 {client.name} 内容」（{_left(ctx, window)}）。"


@command("kf.waiting", group="关怀", help="看谁在微信客服等回复", example="客服待回复", roles=FRONT)
def waiting(ctx: Context, meaning: Meaning) -> None:
    """Clients of the reader's book or team who wrote and were not answered while they can be, the most urgent first."""
    found = KfRepository(ctx.uow).unanswered(ctx.now - WINDOW)
    if not found:
        ctx.say("微信客服没有等回复的客户（48 小时内）。")
        return
    ids = [heard.client_id for heard in found if heard.client_id is not None]
    heads = ctx.uow.clients.heads(ids)
    ctx.uow.audit.listed("client", [(i, i) for i in ids], section="kf")
    names = marks(ctx.uow, ((heads[i].name, i) for i in ids))
    lines = [
        f"· {names.get(i, heads[i].name)}{_whose(ctx, heard.owner_id)}：{cut(heard.words, SHORT)}"
        f"（{_hours(heard.said_at + WINDOW - ctx.now)}）"
        for heard, i in zip(found[:MOST_LINES], ids, strict=False)
    ]
    more = [f"……共 {len(found)} 位"] if len(found) > MOST_LINES else []
    name = heads[ids[0]].name
    ctx.say("\n".join(["微信客服等回复的客户：", *lines, *more, f"回复请发送「回复 {name} 内容」。"]))


def _whose(ctx: Context, owner_id: str | None) -> str:
    """Of a colleague's client, whose it is."""
    owner = ctx.uow.users.find(owner_id) if owner_id and owner_id != ctx.user.id else None
    return f"（{owner.name}）" if owner else ""


def _hours(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    return f"还剩 {hours} 小时" if hours else "不到 1 小时"


# ---------------------------------------------------------------- whom nobody knows


@command("kf.servicer", group="运营", help="指定谁接待没绑定的微信客服留言", example="客服接待 李想", roles=RULERS)
def set_servicer(ctx: Context, meaning: Meaning) -> None:
    """Say who is told of customers whom nobody knows; without a name, who is told now."""
    people = [user for user in ctx.uow.users.all() if user.role in SERVING]
    name = str(meaning.get("who") or "")
    serving = [user for user in people if user.preferences.get(SERVICER)]
    if not name:
        names = "、".join(user.name for user in serving)
        now = f"现在由{names}接待" if names else "现在没有人接待"
        how = "指定请发送「客服接待 姓名」，不再接待发送「取消客服接待 姓名」"
        ctx.say(f"没绑定的微信用户在微信客服留言，{now}。{how}。")
        return
    listed = f"可以指定：{'、'.join(user.name for user in people[:6]) or '（暂无顾问和主管）'}。"
    user = member_named(people, name, listed)
    _serve(ctx, user, serves=not meaning.get("stop"))


def _serve(ctx: Context, user: User, *, serves: bool) -> None:
    ctx.uow.users.prefer(user, **{SERVICER: serves})
    ctx.wrote_for_good("客服接待")
    back = f"取消客服接待 {user.name}" if serves else f"客服接待 {user.name}"
    what = "没绑定的微信用户在微信客服留言时会告诉他" if serves else "不再把没绑定的微信用户的留言告诉他"
    ctx.say(f"已设置：{user.name}，{what}。改回来请发送「{back}」。")
