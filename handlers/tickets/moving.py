"""Bringing a ticket on: T12 接单, T12 答复 已电话说明, 1 同意, 定损 12000, and the buttons of its card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from config.pack import Flow, Move
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import CONFIRMED, EVERYBODY, action, command, confirmed, run
from handlers.taken_back import ASKS_FIRST
from handlers.tickets.asking import ask, goes_on, understood
from handlers.tickets.engine import advance, legal, unanswered
from handlers.tickets.giving import give_part, wants_part
from handlers.tickets.rights import meant, open_to, why_not
from handlers.tickets.showing import named, show_ticket, ticket_message, value_words
from handlers.tickets.standing_in import stand_ins
from handlers.whose import number_mark
from storage.model.errors import Invalid, NotFound
from storage.model.messages import Text, cut
from storage.model.tickets import Ticket

_MOVE = "ticket.move"
MOST = 100


@command("ticket.move", group="工单", help="办工单：接单、答复、同意、办结", example="T12 接单", roles=EVERYBODY)
def move_on(ctx: Context, meaning: Meaning) -> None:
    """Make the move that was named, of the ticket that was named or of the only one on which the member may make it."""
    word, content = str(meaning.get("move") or ""), str(meaning.get("content") or "").strip()
    if _of_a_version(ctx, meaning):
        run(ctx, Meaning("approvals.open", {"index": meaning.get("index")}, rule=meaning.rule))
        return
    ticket = named(ctx, meaning) if meaning.get("ticket_no") or meaning.get("index") else _only(ctx, word)
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    names = [move.name for move in flow.moves if word in move.said]
    if not names:
        ways = "、".join(dict.fromkeys(move.label for move in flow.moves_from(ticket.state)))
        raise Invalid(f"工单 {ticket.name}（{flow.label}）没有「{word}」这一步。现在可以：{ways or '没有，已经结束'}。")
    if wants_part(content) and any(move.name in names and not move.asks for move in flow.moves):
        give_part(ctx, ticket, flow, meaning, word)
        content = ""
        if ticket.state not in flow.move(names[0]).states:
            return
    begin(ctx, ticket, flow, legal(ctx.uow, ticket, flow, names, ctx.user), content, _as_listed(ctx, meaning))


def _as_listed(ctx: Context, meaning: Meaning) -> int | None:
    """How the ticket stood when it was listed, where a number of the list names it."""
    listing, index = ctx.conversation.listing, meaning.get("index")
    if meaning.get("ticket_no") or listing is None or not isinstance(index, int):
        return None
    as_of = listing.items[index - 1].get("as_of")
    return as_of if isinstance(as_of, int) else None


def _of_a_version(ctx: Context, meaning: Meaning) -> bool:
    """Whether a number means something else that waits for approval: that is shown before it is decided about."""
    listing, index = ctx.conversation.listing, meaning.get("index")
    items = listing.items if listing is not None else ()
    return isinstance(index, int) and 1 <= index <= len(items) and "matter" in items[index - 1]


def _only(ctx: Context, word: str) -> Ticket:
    """The one ticket on which the member may make such a move. Raises Invalid where there is none or several."""
    def leads_on(flow: Flow, state: str) -> bool:
        return any(word in move.said for move in flow.moves_from(state))

    found = []
    for ticket in ctx.uow.tickets.standing_at(leads_on, MOST):
        flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
        moves = [move for move in flow.moves_from(ticket.state) if word in move.said]
        if any(not why_not(ctx.uow, ticket, flow, move, ctx.user) for move in moves):
            found.append(ticket)
    if not found:
        raise Invalid(f"没有等您「{word}」的工单。发送「我的工单」查看。")
    if len(found) > 1:
        names = "、".join(f"{ticket.name}（{ticket.client_name}）" for ticket in found[:6])
        raise Invalid(f"有 {len(found)} 张工单可以「{word}」：{names}。请带上工单号，例如「{found[0].name} {word}」。")
    return found[0]


@action("ticket.move", roles=EVERYBODY)
def tapped(ctx: Context, args: Mapping[str, Any]) -> None:
    """A button of a ticket's card: the rights are looked at again, and nobody decides by a card that is behind."""
    try:
        ticket = ctx.uow.tickets.get(int(args["ticket"]))
    except NotFound as gone:  # taken back, or given to somebody else: nothing on the card works any more
        ctx.uow.cards.use(args["card"])
        ctx.grey_out("已失效")
        ctx.say(str(gone))
        return
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    move = legal(ctx.uow, ticket, flow, [str(args["move"])], ctx.user)
    if _is_behind(ticket, move, args.get("version")):
        ctx.uow.cards.use(args["card"])
        ctx.grey_out("已有变化")
    elif not unanswered(ticket, move, {}):  # what is only asked about is not done yet, and the card stays alive
        ctx.uow.cards.use(args["card"])
        ctx.grey_out(cut(move.label, 10))
    begin(ctx, ticket, flow, move, "", args.get("version"))


def _is_behind(ticket: Ticket, move: Move, seen: int | None) -> bool:
    """Whether a second person would decide about something else than he was shown."""
    return move.four_eyes and seen is not None and seen != ticket.version


def begin(ctx: Context, ticket: Ticket, flow: Flow, move: Move, content: str, seen: int | None = None) -> None:
    """Take what was said along with the move, and go on; `seen` is the version that the member was shown."""
    said = _taken(ctx, ticket, flow, move, content)
    words = "" if said else content
    version = ticket.version if seen is None else seen
    go_on(ctx, {"ticket": ticket.id, "move": move.name, "version": version, "said": said, "words": words})


def _taken(ctx: Context, ticket: Ticket, flow: Flow, move: Move, content: str) -> dict[str, Any]:
    """The first thing the move asks for that the words answer; typed ones before prose."""
    wanted = [flow.ask(name) for name in unanswered(ticket, move, {})]
    wanted += [flow.ask(name) for name in move.asks if flow.ask(name) not in wanted]
    for each in sorted(wanted, key=lambda one: one.type == "text"):
        if not content or each.type == "told":
            continue
        try:
            return {each.name: understood(ctx, each, content)}
        except Invalid:
            continue
    return {}


@goes_on(_MOVE)
def go_on(ctx: Context, data: Mapping[str, Any]) -> None:
    """Ask for the next thing that the move needs, or make it. The ticket may have moved on meanwhile."""
    ticket = ctx.uow.tickets.get(int(data["ticket"]))
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    move = legal(ctx.uow, ticket, flow, [str(data["move"])], ctx.user)
    if _is_behind(ticket, move, data.get("version")):
        ctx.say(f"工单 {ticket.name} 在您看过以后有变化，没有「{move.label}」。请看现在的内容再决定。")
        show_ticket(ctx, ticket)
        return
    said, words = dict(data.get("said") or {}), str(data.get("words") or "")
    missing = unanswered(ticket, move, said)
    if missing:
        head = f"{ticket.name} {move.label}：" if len(missing) == len(move.asks) else ""
        kept = {"ticket": ticket.id, "move": move.name, "version": ticket.version, "said": said, "words": words}
        ask(ctx, head, flow.ask(missing[0]), _MOVE, **kept)
        return
    moved, more = advance(ctx.uow, ctx.zone, ticket, flow, move, ctx.user, said, words)
    if ticket.handler_id not in (None, moved.handler_id, ctx.user.id):
        ctx.tell(str(ticket.handler_id), Text(f"{ctx.user.name} 接了工单 {ticket.name}，您不用再处理。"))
    _told(ctx, flow, move, moved, said, words, more)


def _told(
    ctx: Context, flow: Flow, move: Move, ticket: Ticket, said: Mapping[str, Any], words: str, more: str
) -> None:
    """Say where it is now, here and to whom the move tells of it."""
    state = flow.state(ticket.state)
    open_ones = [(flow.ask(name), value) for name, value in said.items() if not flow.ask(name).see]
    answers = {asked.label: cut(value_words(asked, value), 60) for asked, value in open_ones}
    told = "，".join(value if label == move.label else f"{label}：{value}" for label, value in answers.items())
    line = f"工单 {ticket.name}（{flow.label}·{ticket.client_name}）{move.label}，现在是「{state.label}」。"
    lines = [f"{line}{told}{'。' if told else ''}", *([more] if more else [])]
    ctx.wrote("\n".join(lines), f"{ticket.name} {move.label}")
    hearers = {user.id: user for who in move.tells for user in meant(ctx.uow, ticket, who)}
    hearers |= {user.id: user for user in stand_ins(ctx.uow, ticket, flow)} if ticket.is_open else {}
    hearers.pop(ctx.user.id, None)
    for user in hearers.values():
        said_by = f"{ctx.user.name} {move.label}{f'：{cut(told or words, 100)}' if told or words else ''}"
        message = ticket_message(ctx, ticket, user, said_by)
        ctx.tell(user.id, message if not isinstance(message, Text) else Text(f"{line}\n{said_by}"))


# ---------------------------------------------------------------- a word that also undoes


def asks_which_is_meant(ctx: Context, last: str) -> bool:
    """撤回, with a ticket on the screen that may be withdrawn: that, or the act `last`? Asked, unless that act was
    about this very ticket."""
    number = ctx.conversation.ticket
    if number is None or re.search(rf"T{number}(?!\d)", last):
        return False
    try:
        ticket = ctx.uow.tickets.find(number)
    except NotFound:
        return False
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    move = next((move for move in open_to(ctx.uow, ticket, flow, ctx.user) if ctx.text in move.said), None)
    if move is None:
        return False
    of_ticket = f"{move.label}工单 {ticket.name}（{flow.label}·{ticket.client_name}）"
    labels = [of_ticket, *([f"撤销刚才的操作：{last}"] if last else [])]
    ctx.conversation.ask(
        "choice", "undo.which", options=list(range(len(labels))), labels=labels, then="undo.which", ticket=ticket.id,
        move=move.name,
    )
    lines = [f"{number_mark(place)} {label}" for place, label in enumerate(labels, 1)]
    ctx.say("\n".join([f"「{ctx.text}」指的是哪一件？回复序号：", *lines, "都不是请回复「取消」。"]))
    return True


ASKS_FIRST.append(asks_which_is_meant)


@confirmed("undo.which", roles=EVERYBODY)
def which_was_meant(ctx: Context, data: Mapping[str, Any]) -> None:
    """The ticket's own step, or the latest act."""
    if data["chosen"]:
        CONFIRMED["undo"](ctx, {})
        return
    ticket = ctx.uow.tickets.get(int(data["ticket"]))
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    begin(ctx, ticket, flow, legal(ctx.uow, ticket, flow, [str(data["move"])], ctx.user), "")
