"""Tickets on the screen: one with its state, clocks and buttons, lists of several, and what a client's card says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from config.pack import Ask, Flow, Move
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import EVERYBODY, command, run
from handlers.tickets.engine import CLAIM
from handlers.tickets.lacking import lacking_words
from handlers.tickets.red_flags import red_flags
from handlers.tickets.rights import open_to
from handlers.whose import resolve
from reminders import retention
from reminders.supervisors import is_above
from reminders.ticket_limits import left_words
from storage.acting import as_system
from storage.model.errors import Invalid
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, Option, Select, Text, cut
from storage.model.people import SYSTEM, User
from storage.model.tickets import Ticket, TicketLimit, TicketStep, number_of
from storage.model.values import money_text, percent_text

LIST = "tickets"
MOST = 100
EMPTY = "没有正在办的工单。登记例如「需求 王芳 想把房贷转组合贷」「王芳 投诉 等了太久」。"
_BUTTONS = 4
_KNOWN = {"phone": "手机", "id_number": "证件", "birthday": "生日", "address": "地址"}  # what people ask for again
TO, MOST_OPTIONS = "to", 10  # a question on a card of the colleagues, and as many as it takes
_KIND = {"opened": "登记", "given": "转给", "asked": "请", "noted": "备注"}


# ---------------------------------------------------------------- one


@command("ticket.show", group="工单", help="看一张工单", example="T12", roles=EVERYBODY)
def show(ctx: Context, meaning: Meaning) -> None:
    """The ticket of a number, or of a line of the list shown last, with the steps it took."""
    ticket = named(ctx, meaning)
    show_ticket(ctx, ticket)
    steps = ctx.uow.tickets.steps(ticket)
    if len(steps) > 1:
        ctx.say("\n".join([f"{ticket.name} 的经过：", *(_step_line(ctx, ticket, step) for step in steps[-8:])]))


def named(ctx: Context, meaning: Meaning) -> Ticket:
    """The ticket that a sentence names. Raises Invalid, NotFound."""
    number = number_of(str(meaning.get("ticket_no") or ""))
    if number is not None:
        return ctx.uow.tickets.find(number)
    index, listing = meaning.get("index"), ctx.conversation.listing
    if isinstance(index, int) and listing is not None:
        count = len(listing.items)
        if not 1 <= index <= count or not listing.items[index - 1].get("ticket"):
            raise Invalid(f"请回复 1 到 {count} 之间的工单序号，或写上工单号，例如「T12」。")
        return ctx.uow.tickets.find(int(listing.items[index - 1]["ticket"]))
    raise Invalid("请写上工单号，例如「T12」。发送「我的工单」查看。")


def show_ticket(ctx: Context, ticket: Ticket) -> None:
    """The ticket, which the next photo belongs to."""
    ctx.conversation.look_at_ticket(ticket.number)
    ctx.show(ticket_message(ctx, ticket, ctx.user))


def ticket_message(ctx: Context, ticket: Ticket, reader: User, said: str = "") -> Card | Text:
    """The ticket as a card with the buttons of whoever reads it; without any, as text."""
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    rows = _rows(ctx, ticket, flow, reader)
    moves = open_to(ctx.uow, ticket, flow, reader)
    state = flow.state(ticket.state).label
    head = f"{ticket.name} {flow.label} · {ticket.client_name}"
    about = content_of(flow, ticket)
    content = f"{said}\n{about}" if said and about and flow.summary else said or about
    if not moves:
        what = [cut(content, 300)] if content else []
        return Text("\n".join([f"{head}（{state}）", *what, *(f"{label}：{value}" for label, value in rows.items())]))
    task = f"ticket-{ticket.id}-{new_token()}"
    return Card(
        "button_interaction", title=cut(head, 36), task_id=task, desc=state,
        sub_title=cut(content, 160), lines=[Line(cut(k, 5), cut(v, 30)) for k, v in list(rows.items())[:6]],
        buttons=[_button(ctx, ticket, move, reader, task) for move in moves[:_BUTTONS]],
    )


def content_of(flow: Flow, ticket: Ticket) -> str:
    """What a ticket is about, in one line."""
    if content := ticket.details.get("content") or ticket.details.get("item"):
        return str(content)
    known = {ask.name: ticket.details.get(ask.name) for ask in flow.asks}
    said = {ask.name: value_words(ask, known[ask.name]) for ask in flow.asks if known[ask.name] not in (None, "")}
    return flow.summary.format_map({ask.name: "未定" for ask in flow.asks} | said)


def _button(ctx: Context, ticket: Ticket, move: Move, reader: User, task: str) -> Button:
    key = ctx.uow.cards.bind(
        task, reader.id, "ticket.move", ticket=ticket.id, move=move.name, version=ticket.version
    )
    return Button(cut(move.label, 10), key, 3 if move.name in ("refuse", "withdraw") else 1)


def _rows(ctx: Context, ticket: Ticket, flow: Flow, reader: User) -> dict[str, str]:
    names = ctx.uow.users.names()
    rows = {"经办": names.get(ticket.handler_id or "", "还没有人接")}
    limits = [limit for limit in ctx.uow.ticket_limits.of([ticket.id]) if limit.runs]
    if limits and ticket.is_open:
        rows["时限"] = "；".join(limit_words(ctx, flow, limit) for limit in limits)
    rows |= _known_rows(ctx, ticket, reader)
    if ticket.is_open and (lacking := lacking_words(ctx.uow, ticket, flow)):
        rows["缺资料"] = lacking
    rows |= _erasure_rows(ctx, ticket)
    if suspicious := red_flags(ctx.uow, ticket, flow, reader):
        rows["疑点"] = "；".join(suspicious)
    rows |= _change_rows(ctx, ticket, flow, reader)
    for name in sorted(_told(ticket, flow, reader), key=lambda name: flow.ask(name).type != "money"):
        rows.setdefault(flow.ask(name).label, value_words(flow.ask(name), ticket.details[name]))
    rows["登记"] = f"{_by(ticket, names)} {ctx.local(ticket.created_at):%m-%d %H:%M}"
    return rows


def _known_rows(ctx: Context, ticket: Ticket, reader: User) -> dict[str, str]:
    """What is on record of the client and need not be asked again, for those who serve him."""
    serves = reader.serves_clients and reader.id in (ticket.owner_id, ticket.handler_id)
    if not ticket.is_open or not (serves or is_above(reader, ctx.uow.users.find(ticket.owner_id))):
        return {}
    with as_system(ctx.uow):
        client = ctx.uow.clients.get(ticket.client_id)
        contracts = len(ctx.uow.contracts.of_client(client.id))
    tiers = [tier for tier in (client.bank_tier, client.insurance_tier) if tier]
    held = [f"{contracts} 份合同"] if contracts else []
    known = [label for name, label in _KNOWN.items() if client.value(name) not in (None, "")]
    parts = [*tiers, *held, *(["、".join(known)] if known else [])]
    return {"已有": "，".join(parts)} if parts else {}


def _erasure_rows(ctx: Context, ticket: Ticket) -> dict[str, str]:
    """What the law has kept, and what the erasing at night still waits for."""
    if ticket.flow != retention.RIGHTS or not ticket.is_open:
        return {}
    with as_system(ctx.uow):
        kept = retention.locked(ctx.uow, ctx.uow.clients.get(ticket.client_id), ctx.today)
        waits = [each.name for each in retention.waits_for(ctx.uow, ticket)]
    if ticket.state != retention.GRANTED:
        return {"封存": kept.words}
    return {"清除": f"等 {'、'.join(waits)} 办结" if waits else "今晚", "封存": kept.words}


def _change_rows(ctx: Context, ticket: Ticket, flow: Flow, reader: User) -> dict[str, str]:
    """Which field is to be changed from what to what, as far as the reader may see it, masked."""
    if not any(move.effect == "change_field" for move in flow.moves) or "field" not in ticket.details:
        return {}
    spec = ctx.uow.dictionary.field("client", str(ticket.details["field"]))
    shown = {name: ctx.uow.dictionary.show(spec, ticket.details.get(name), reader.role) for name in ("old", "new")}
    return {flow.ask("field").label: spec.label, **{flow.ask(name).label: value for name, value in shown.items()}}


def _told(ticket: Ticket, flow: Flow, reader: User) -> list[str]:
    """What is known and may be read besides what stands above the lines, said last first."""
    asks = {
        wanted.name for wanted in flow.asks
        if f"{{{wanted.name}}}" not in flow.summary and (not wanted.see or reader.role in wanted.see)
    }
    found = [name for name, value in ticket.details.items() if name in asks and value not in (None, "")]
    return [name for name in reversed(found) if name not in ("content", "item")]


def _by(ticket: Ticket, names: Mapping[str, str]) -> str:
    return "客户本人" if ticket.origin == "client" else names.get(ticket.opened_by, "系统")


def limit_words(ctx: Context, flow: Flow, limit: TicketLimit) -> str:
    label = next((each.label for each in flow.limits if each.name == limit.name), limit.name)
    return left_words(limit, label, ctx.zone, ctx.now)


def value_words(wanted: Ask, value: Any) -> str:
    """A kept value as people read it."""
    match wanted.type:
        case "money":
            return money_text(Decimal(str(value)))
        case "percent":
            return percent_text(Decimal(str(value)))
        case "choice":
            return next((choice.label for choice in wanted.choices if choice.value == value), str(value))
        case "told":
            return "是" if value else "否"
        case "date":
            return f"{date.fromisoformat(str(value)):%Y-%m-%d}"
    return str(value)


def _step_line(ctx: Context, ticket: Ticket, step: TicketStep) -> str:
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    names = ctx.uow.users.names()
    what = flow.move(step.move).label if step.move else _KIND[step.kind]
    whom = f" {names.get(step.to_id, step.to_id)}" if step.to_id and step.kind in ("given", "asked") else ""
    seen = " 看" if step.kind == "asked" else ""
    by_himself = "客户" if ticket.origin == "client" and step.kind == "opened" else "系统"
    who = by_himself if step.member_id == SYSTEM.user_id else names.get(step.member_id, step.member_id)
    said = f"：{cut(step.words, 60)}" if step.words else ""
    return f"· {ctx.local(step.at):%m-%d %H:%M} {who} {what}{whom}{seen}{said}"


# ---------------------------------------------------------------- several


@command("ticket.list", group="工单", help="我的工单，或一位客户的", example="我的工单", roles=EVERYBODY)
def list_them(ctx: Context, meaning: Meaning) -> None:
    """Of one client, those that are over time, or those that lie with the member; of managers the team's."""
    if meaning.get("ticket_no"):
        show(ctx, meaning)
    elif meaning.get("client") or meaning.get("client_id") is not None:
        if (client := resolve(ctx, meaning)) is not None:
            _list(ctx, f"「{client.name}」的工单", ctx.uow.tickets.of_client(client.id), "没有工单。")
    elif meaning.get("status") == "overdue":
        _overdue(ctx)
    else:
        _mine(ctx, meaning)


@command("claim.lookup", group="工单", help="看理赔到哪一步了", example="陈静 理赔进度", roles=EVERYBODY)
def claims(ctx: Context, meaning: Meaning) -> None:
    """The only claim of a client that runs, else all of his; without a client those that run."""
    if not any(meaning.get(said) is not None for said in ("client", "client_id", "pronoun")) and not meaning.clarify:
        run(ctx, replace(meaning, intent="ticket.list", slots={"type": CLAIM}))
        return
    if (client := resolve(ctx, meaning)) is None:
        return
    found = [ticket for ticket in ctx.uow.tickets.of_client(client.id) if ticket.flow == CLAIM]
    running = [ticket for ticket in found if ticket.is_open]
    if len(running) == 1:
        show_ticket(ctx, running[0])
    else:
        none = f"「{client.name}」没有理赔工单。要报案请发送「{client.name} 报案 经过」。"
        _list(ctx, f"「{client.name}」的理赔", found, none)


def _mine(ctx: Context, meaning: Meaning) -> None:
    sort = next((flow for flow in ctx.packs.flows if flow.id == meaning.get("type")), None)
    everybody = ctx.user.role in ("manager", "compliance") or bool(meaning.get("all"))
    found = ctx.uow.tickets.running(MOST) if everybody else ctx.uow.tickets.in_hand(MOST)
    found = [ticket for ticket in found if sort is None or ticket.flow == sort.id]
    _list(ctx, f"正在办的{sort.label if sort else '工单'}", found, EMPTY)


def _overdue(ctx: Context) -> None:
    found, how = ctx.uow.tickets.over_time(MOST), "回复序号查看，换人办回复「1 转给 姓名」。"
    _list(ctx, "超时的工单", found, "没有超时的工单。", how)
    if found and ctx.user.role == "manager" and (people := _takers(ctx)):
        ctx.show(_card_to_give(ctx, found[:_BUTTONS], people))


def _takers(ctx: Context) -> list[User]:
    return [user for user in ctx.uow.users.team() if user.serves_clients][:MOST_OPTIONS]


def _card_to_give(ctx: Context, found: Sequence[Ticket], people: Sequence[User]) -> Card:
    """A colleague to choose, and a button for each of the first tickets."""
    task_id = f"overdue-{new_token()}"
    buttons = [
        Button(f"转 {ticket.name}", ctx.uow.cards.bind(task_id, ctx.user.id, "ticket.give", ticket=ticket.id))
        for ticket in found
    ]
    options = [Option(user.id, cut(user.name, 16)) for user in people]
    return Card(
        "button_interaction", title="超时的工单换人办", desc="先选同事，再点工单，时限照旧。", task_id=task_id,
        selection=Select(TO, "转给", options, options[0].id), buttons=buttons,
    )  # fmt: skip


def _list(
    ctx: Context, head: str, found: Sequence[Ticket], otherwise: str, how: str = "回复序号查看。"
) -> None:
    if not found:
        ctx.say(otherwise)
        return
    names = ctx.uow.users.names()
    limits: dict[int, list[TicketLimit]] = {}
    for limit in ctx.uow.ticket_limits.of([ticket.id for ticket in found]):
        limits.setdefault(limit.ticket_id, []).append(limit)
    show_lines(ctx, LIST, f"{head} {len(found)} 张，{how}", [
        {"ticket": ticket.number, "as_of": ticket.version, "client_id": ticket.client_id, "name": ticket.client_name,
         "line": list_line(ctx, ticket, limits.get(ticket.id, ()), names)}
        for ticket in found
    ])  # fmt: skip


def list_line(ctx: Context, ticket: Ticket, limits: Sequence[TicketLimit], names: Mapping[str, str]) -> str:
    """T12 投诉 王芳，处理中，王主管，首次答复 11:00 前"""
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    parts = [f"{ticket.name} {flow.label} {ticket.client_name}", flow.state(ticket.state).label]
    parts += [names[ticket.handler_id]] if ticket.handler_id else ["还没有人接"] if ticket.is_open else []
    running = [limit for limit in limits if limit.runs] if ticket.is_open else []
    parts += [limit_words(ctx, flow, min(running, key=lambda limit: limit.limit_at))] if running else []
    return "，".join(parts)
