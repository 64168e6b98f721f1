"""Opening a ticket: 需求 王芳 想把房贷转组合贷, 王芳 投诉 等了太久, 王芳 保全 换受益人, 王芳 报案 骑车摔伤."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from config.pack import Flow
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import EVERYBODY, command, confirmed
from handlers.tickets.asking import ask, goes_on
from handlers.tickets.engine import CLAIM, COMPLAINT, open_ticket, running_one, said_just_now
from handlers.tickets.lacking import missing_papers
from handlers.tickets.rights import meant
from handlers.tickets.showing import content_of, ticket_message
from storage.model.errors import Invalid, NotAllowed
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.model.values import mask_free_text

_OPEN, RIGHTS = "ticket.open", "rights"
_LONGEST = 1000
# Whose complaint it is, or whether it is one yet, is not plain.
_HEARD = re.compile(
    r"^.{0,8}说(?:过|是|了)?[他她它]?(?:还|也|就|可能)?[想要会].{0,3}投诉|投诉过"
    r"|^的?(?:朋友|同事|家人|家里人|老公|老婆|爱人|爸|妈|亲戚|邻居|领导).{0,6}投诉"
)
_AGAIN = re.compile(  # what the ticket's sort says anyway
    r"^(?:登记|记一下|记|今天|刚刚?|来电|打电话来?|打来|要|来|\s)*(?:投诉|客诉)(?:了|说(?!话))?[：:，,\s]*"
)


@command(
    "ticket.create", group="工单", help="登记需求、投诉、保全、报案", example="王芳 投诉 等了太久没人回电", client=True,
    roles=EVERYBODY,
)
def create(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Open one; what its flow needs and was not said is asked."""
    flow = _flow(ctx, str(meaning.get("type") or "demand"))
    said = str(meaning.get("content") or "").strip()
    if flow.id == COMPLAINT:
        if _HEARD.search(said):
            raise Invalid(f"这句话像是转述，没有登记投诉。要登记请直接发送「{client.name} 投诉 内容」。")
        said = _AGAIN.sub("", said)
    first = flow.opens_with[0]
    details = {first: cut(mask_free_text(said), _LONGEST)} if said and flow.ask(first).type == "text" else {}
    go_on(ctx, {"flow": flow.id, "client": client.id, "said": details})


def _flow(ctx: Context, name: str) -> Flow:
    """The flow of a name, that the member may open one of by it. Raises Invalid, NotAllowed."""
    flow = ctx.packs.find_flow(name) or next((f for f in ctx.packs.flows if name in f.said and f.enabled), None)
    if flow is None:
        known = "、".join(each.label for each in ctx.packs.flows if each.enabled)
        raise Invalid(f"没有「{name}」这种工单，可以登记的有：{known}。")
    if ctx.user.role not in flow.opened_by:
        raise NotAllowed(f"您的角色不能登记{flow.label}。")
    if flow.order:
        raise Invalid(f"{flow.label}请这样登记，例如「{flow.order}」。")
    return flow


@confirmed("ticket.create", roles=EVERYBODY)
def create_wanted(ctx: Context, data: Mapping[str, Any]) -> None:
    """It was echoed, and is wanted."""
    first = _flow(ctx, str(data["flow"])).opens_with[0]
    go_on(ctx, {"flow": data["flow"], "client": data["client"], "said": {first: data["content"]}})


@command(
    "claim.create", group="工单", help="报案", example="王芳 报案 昨天骑车摔伤", client=True,
    roles=("adviser", "manager", "claims"),
)
def report_claim(ctx: Context, meaning: Meaning, client: Client) -> None:
    """A claim, in whatever words it was told; when and where it happened is asked where it was not said."""
    flow = _flow(ctx, CLAIM)
    told = str(meaning.get("content") or "") or ctx.text
    said = {"content": cut(mask_free_text(told), _LONGEST)}
    day = meaning.get("date") or meaning.get("when")
    if isinstance(day, When) and not day.problem and day.date <= ctx.today:
        said["happened_on"] = day.date.isoformat()
    go_on(ctx, {"flow": flow.id, "client": client.id, "said": said})


@command(
    "privacy.delete", group="工单", help="客户要求删除资料", example="王芳 申请删除资料", client=True,
    roles=("adviser", "manager", "compliance"),
)
def ask_for_erasure(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What a client asked of his adviser: the same rights ticket as by himself (PIPL art. 47)."""
    go_on(ctx, {"flow": _flow(ctx, RIGHTS).id, "client": client.id, "said": {}})


@goes_on(_OPEN)
def go_on(ctx: Context, data: Mapping[str, Any]) -> None:
    """Ask for the next thing that is needed, or open it."""
    flow, client = _flow(ctx, str(data["flow"])), ctx.uow.clients.get(int(data["client"]))
    if (running := running_one(ctx.uow, flow, client)) is not None:
        there = f"「{client.name}」已有一张没办结的{flow.label}工单 {running.name}"
        ctx.say(f"{there}，没有再登记。发送「{running.name}」查看。")
        return
    said = {wanted.name: wanted.default for wanted in flow.asks if wanted.default} | _on_record(flow, client)
    said |= dict(data.get("said") or {})
    for name in flow.opens_with:
        if said.get(name) in (None, ""):
            head = f"登记「{client.name}」的{flow.label}：" if not data.get("said") else ""
            ask(ctx, head, flow.ask(name), _OPEN, flow=flow.id, client=client.id, said=said)
            return
    if (same := said_just_now(ctx.uow, flow, client, said)) is not None:
        ctx.conversation.look_at_ticket(same.number)
        there = f"刚才已经登记过了：「{client.name}」的{flow.label}，工单 {same.name}"
        ctx.say(f"{there}，没有再登记。发送「{same.name}」查看。")
        return
    told_opened(ctx, flow, open_ticket(ctx.uow, ctx.zone, flow, client, said))


def _on_record(flow: Flow, client: Client) -> dict[str, Any]:
    """What the client's record answers by itself."""
    asked = {wanted.name: client.value(wanted.on_record) for wanted in flow.asks if wanted.on_record}
    return {name: str(value) for name, value in asked.items() if value not in (None, "")}


def told_opened(ctx: Context, flow: Flow, ticket: Ticket) -> None:
    """Say its number and what happens now, here and to whom it went."""
    handler = ctx.uow.users.find(ticket.handler_id) if ticket.handler_id else None
    whose = "由您经办" if handler and handler.id == ctx.user.id else f"已交给 {handler.name}" if handler else "等人接单"
    ctx.conversation.look_at_ticket(ticket.number)
    if ticket.state != flow.first.name:  # it did not stay where it began: nothing is to be done for now
        state = flow.state(ticket.state).label
        ctx.say(f"已登记「{ticket.client_name}」的{flow.label}，工单 {ticket.name}，现在是「{state}」，{whose}。")
        ctx.wrote_for_good(f"「{ticket.client_name}」的{flow.label} {ticket.name}")
        tell_new(ctx, ticket, flow)
        return
    lines = [f"已登记「{ticket.client_name}」的{flow.label}，工单 {ticket.name}，{whose}。"]
    lines += [f"{content_of(flow, ticket)}。"] if flow.summary else []
    lines += _tags_of_complaints(ctx, ticket) if flow.id == COMPLAINT else []
    if missing := missing_papers(ctx.uow, ticket, flow):
        how = f"收到后把照片或文件发给我，或回复「{ticket.name} 收到 {missing[0]}」。"
        lines.append(f"要收的资料：{'、'.join(missing)}。{how}")
    if flow.mark:
        lines.append("办结前，营销消息先不发。")
    ctx.wrote("\n".join(lines), f"「{ticket.client_name}」的{flow.label} {ticket.name}")
    tell_new(ctx, ticket, flow)


def _tags_of_complaints(ctx: Context, ticket: Ticket) -> list[str]:
    """标签「常投诉」：90天投诉2次。"""
    counted = ctx.uow.glances.of_client(ticket.client_id, ctx.today, ctx.zone).counted
    return [
        f"标签「{tag.name}」：{tag.counted.told(counted[tag.name])}。" for tag in ctx.packs.counted_tags
        if tag.counted and COMPLAINT in tag.counted.kinds and tag.name in counted
    ]


def tell_new(ctx: Context, ticket: Ticket, flow: Flow) -> None:
    """A card with buttons for whoever has it now, or for everybody of its pool."""
    if ticket.handler_id:
        hearers = meant(ctx.uow, ticket, "handler")
    else:
        hearers = [user for user in ctx.uow.users.all() if flow.pool and user.role == flow.pool]
    for user in hearers:
        if user.id != ctx.user.id:
            ctx.tell(user.id, ticket_message(ctx, ticket, user))
