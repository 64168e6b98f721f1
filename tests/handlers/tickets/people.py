"""The people around tickets, and a ticket brought to any state of its flow by those who may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.pack import CLOCK, Ask, Flow, Move
from handlers.tickets.engine import advance, open_ticket
from handlers.tickets.rights import why_not
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.people import Actor, Client, User
from storage.model.tickets import Origin, Ticket
from storage.repositories.ticket_papers import TicketPaperRepository
from tests.builders import a_user
from tests.handlers.asking import SHANGHAI

ANSWERS = {"text": "已说明", "money": "12000.00", "percent": "12", "integer": "12", "date": "2025-06-08", "told": True}
# What only comes with the words of an order, by flow.
BESIDES = {
    "key_change": {"field": "address", "new": "新址"},
    "collection": {"promise_on": "2025-06-10", "promised_at": "2025-06-09"},
}


def the_others(uow: UnitOfWork) -> None:
    """Claims with a lead, and risk, besides the cast."""
    a_user(uow, "claimlead", name="钱理赔", role="claims", line="insurance")
    a_user(uow, "claims1", name="赵理赔", role="claims", manager_id="claimlead", line="insurance")
    a_user(uow, "risk1", name="李风控", role="risk")


def answer_to(wanted: Ask) -> Any:
    if wanted.default:
        return wanted.default
    return wanted.choices[0].value if wanted.choices else ANSWERS[wanted.type]


def said_for(flow: Flow, move: Move) -> Mapping[str, Any]:
    return {name: answer_to(flow.ask(name)) for name in move.asks}


def opened(
    uow: UnitOfWork, flow: Flow, client: Client, origin: Origin = "member", **details: Any
) -> Ticket:
    """A new ticket with what its flow opens with, opened by the actor."""
    said = {name: answer_to(flow.ask(name)) for name in flow.opens_with}
    said |= {wanted.name: wanted.default for wanted in flow.asks if wanted.default} | BESIDES.get(flow.id, {})
    if flow.id == "key_change":
        said["old"] = uow.clients.get(client.id).value("address")
    return open_ticket(uow, SHANGHAI, flow, client, said | details, origin=origin)


def way_to(flow: Flow, state: str, start: str = "") -> list[Move]:
    """The shortest row of moves to `state`, from the first one or `start`."""
    ways: dict[str, list[Move]] = {start or flow.first.name: []}
    waiting = [start or flow.first.name]
    while waiting:
        here = waiting.pop(0)
        for move in flow.moves_from(here):
            if move.to not in ways:
                ways[move.to] = [*ways[here], move]
                waiting.append(move.to)
    return ways[state]


def brought_to(uow: UnitOfWork, flow: Flow, ticket: Ticket, state: str) -> Ticket:
    """The ticket in that state, by whoever may make each move."""
    for move in way_to(flow, state):
        ticket = moved_by_somebody(uow, flow, ticket, move)
    return ticket


def onward(uow: UnitOfWork, flow: Flow, ticket: Ticket, state: str) -> Ticket:
    """From where it is to that state."""
    for move in way_to(flow, state, ticket.state):
        ticket = moved_by_somebody(uow, flow, ticket, move)
    return ticket


def moved_by_somebody(uow: UnitOfWork, flow: Flow, ticket: Ticket, move: Move) -> Ticket:
    """By the first member who may; what the clock does is done by the system."""
    if move.by == (CLOCK,):
        with as_system(uow):
            return uow.tickets.move(ticket, flow, move)
    user = next(user for user in uow.users.all() if not why_not(uow, ticket, flow, move, user))
    return moved(uow, flow, ticket, move, user)


def moved(uow: UnitOfWork, flow: Flow, ticket: Ticket, move: Move, user: User) -> Ticket:
    """The move made by this member, papers and answers given."""
    if move.papers:
        with as_system(uow):
            for paper in flow.papers:
                TicketPaperRepository(uow).add(ticket, paper.name)
    uow.act_as(Actor.of(user))
    return advance(uow, SHANGHAI, ticket, flow, move, user, said_for(flow, move))[0]
