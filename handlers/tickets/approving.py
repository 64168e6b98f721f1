"""What of the tickets waits for a member's yes: the moves that a second person must make."""

from __future__ import annotations

from config.pack import Flow
from handlers.context import Context
from handlers.tickets.rights import open_to
from handlers.tickets.showing import list_line
from storage.model.tickets import Ticket

MOST = 200


def waiting(ctx: Context) -> list[Ticket]:
    """The tickets about which the member may decide with four eyes, oldest first."""
    flows = ctx.uow.tickets.flows
    return [
        ticket for ticket in ctx.uow.tickets.standing_at(_is_decided_about, MOST)
        if any(move.four_eyes for move in open_to(ctx.uow, ticket, flows.of(ticket.flow, ticket.edition), ctx.user))
    ]


def _is_decided_about(flow: Flow, state: str) -> bool:
    return any(move.four_eyes for move in flow.moves_from(state))


def lines(ctx: Context, found: list[Ticket]) -> list[dict[str, object]]:
    """The items of a numbered list."""
    names, limits = ctx.uow.users.names(), ctx.uow.ticket_limits.of([ticket.id for ticket in found])
    return [
        {"ticket": ticket.number, "as_of": ticket.version, "client_id": ticket.client_id, "name": ticket.client_name,
         "line": list_line(ctx, ticket, [limit for limit in limits if limit.ticket_id == ticket.id], names)}
        for ticket in found
    ]  # fmt: skip
