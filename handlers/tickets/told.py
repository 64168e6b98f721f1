"""What is told of a client's claim without its number: 陈静的理赔批了，赔5000."""

from __future__ import annotations

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import EVERYBODY, command
from handlers.tickets.engine import CLAIM
from handlers.tickets.giving import write_down
from handlers.tickets.lacking import missing_papers
from handlers.tickets.rights import open_to
from handlers.whose import resolve
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.tickets import Ticket


@command("claim.update", group="工单", help="说一件理赔的进展", example="陈静的理赔保险公司批了", roles=EVERYBODY)
def told(ctx: Context, meaning: Meaning) -> None:
    """Kept with the client's claim, and told to whoever has it. A state is moved by a move alone: those are offered."""
    if not any(meaning.get(said) is not None for said in ("client", "client_id", "pronoun")) and not meaning.clarify:
        raise Invalid("请说明是哪位客户的理赔，或带上工单号，例如「T12 备注 保险公司批了」。")
    if (client := resolve(ctx, meaning)) is not None:
        ticket = _running(ctx, client)
        write_down(ctx, ticket, str(meaning.get("content") or ctx.text).strip(), *_what_next(ctx, ticket, client))


def _running(ctx: Context, client: Client) -> Ticket:
    """The only claim of theirs that runs. Raises Invalid for none and for several."""
    found = [ticket for ticket in ctx.uow.tickets.of_client(client.id, only_open=True) if ticket.flow == CLAIM]
    if not found:
        raise Invalid(
            f"「{client.name}」没有正在办的理赔，这句话没有记下。要报案请发送「{client.name} 报案 经过」，"
            f"只想记一笔请发送「记 {client.name} 内容」。"
        )
    if len(found) > 1:
        names = "、".join(ticket.name for ticket in found)
        raise Invalid(
            f"「{client.name}」正在办的理赔有 {names}，这句话没有记下。"
            f"请带上工单号，例如「{found[0].name} 备注 内容」。"
        )
    return found[0]


def _what_next(ctx: Context, ticket: Ticket, client: Client) -> list[str]:
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    lines = []
    if missing := missing_papers(ctx.uow, ticket, flow):
        lines.append(f"还缺资料：{'、'.join(missing)}。把照片或文件发给我，或回复「{ticket.name} 收到 {missing[0]}」。")
    state = f"「{client.name}」的理赔还是「{flow.state(ticket.state).label}」"
    moves = "、".join(dict.fromkeys(move.label for move in open_to(ctx.uow, ticket, flow, ctx.user)))
    if ticket.handler_id == ctx.user.id and moves:
        return [*lines, f"{state}，您现在可以：{moves}。"]
    handler = ctx.uow.users.find(ticket.handler_id) if ticket.handler_id else None
    return [*lines, f"{state}，已告诉经办人 {handler.name}。" if handler else f"{state}。"]
