"""A person answered a client in 微信客服: the clock of the first answer to what the client asked for there stops. What
the bot says stops nothing."""

from __future__ import annotations

from config.pack import ANSWER, Flow
from reminders.ticket_limits import met_by
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.tickets import Ticket


def answered(uow: UnitOfWork, client_id: int, by: User | None) -> None:
    """By a member from here, or (None) by whoever serves customers in WeCom's own tool. The unit of work is the
    system's."""
    for ticket in uow.tickets.of_client(client_id, only_open=True):
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        if ticket.origin == "client" and ticket.answered_at is None and _is_answered(flow, ticket, by):
            uow.ticket_limits.stop(ticket, met_by(flow, ANSWER))
            uow.tickets.answered(ticket, by)


def _is_answered(flow: Flow, ticket: Ticket, by: User | None) -> bool:
    """Whether it is theirs to answer. What may be about the client's adviser he does not answer, nor does anybody of
    whom it is not known who he is."""
    if not any(move.name == ANSWER for move in flow.moves):
        return False
    if not flow.silent:
        return True
    return by is not None and by.id == ticket.handler_id and by.id != ticket.owner_id
