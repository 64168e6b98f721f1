"""王芳 投诉处理完了, 工单 12 结案: the words in which people have always ended things."""

from __future__ import annotations

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import EVERYBODY, command
from handlers.tickets.engine import COMPLAINT, legal
from handlers.tickets.moving import begin
from handlers.tickets.showing import named
from handlers.whose import resolve
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.tickets import Ticket

MARK = "complaint_open"
_ENDS = ["close", "pay"]


@command("ticket.close", group="工单", help="投诉处理完了", example="王芳 投诉处理完了", roles=EVERYBODY)
def close(ctx: Context, meaning: Meaning) -> None:
    """End the ticket that was named, or the client's open complaint; what its flow needs is asked."""
    if meaning.get("ticket_no"):
        _end(ctx, named(ctx, meaning), str(meaning.get("content") or ""))
        return
    client = resolve(ctx, meaning)
    if client is None:
        return
    found = [ticket for ticket in ctx.uow.tickets.of_client(client.id, only_open=True) if ticket.flow == COMPLAINT]
    if len(found) > 1:
        names = "、".join(ticket.name for ticket in found)
        how = f"请带上工单号，例如「{found[0].name} 办结」。"
        raise Invalid(f"「{client.name}」有 {len(found)} 张投诉没办结：{names}。{how}")
    if found:
        _end(ctx, found[0], "")
    else:
        _unmark(ctx, client)


def _end(ctx: Context, ticket: Ticket, content: str) -> None:
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    ends = [move.name for move in flow.moves if move.name in _ENDS]
    begin(ctx, ticket, flow, legal(ctx.uow, ticket, flow, ends, ctx.user), content)


def _unmark(ctx: Context, client: Client) -> None:
    """A complaint that was noted without a ticket."""
    if not client.value(MARK):
        ctx.say(f"「{client.name}」没有处理中的投诉，没有做任何改动。")
        return
    ctx.uow.clients.update(client, **{MARK: False})
    ctx.wrote(f"「{client.name}」的投诉已处理完，不再暂停营销消息。", f"「{client.name}」投诉处理完")
