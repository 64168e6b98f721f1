"""Where nobody of those whose step is next may take it, another manager is asked to; where there is none, that is said.
"""

from __future__ import annotations

from config.pack import CLOCK, WITHDRAW, Flow, Move
from handlers.tickets.rights import may_anybody, stand_in
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.tickets import Ticket


def stand_ins(uow: UnitOfWork, ticket: Ticket, flow: Flow) -> list[User]:
    """The managers who take the place of those above the adviser in what is next."""
    found = [stand_in(uow, ticket, flow, move) for move in _next(ticket, flow)]
    return list({user.id: user for user in found if user is not None}.values())


def call_stand_in(uow: UnitOfWork, ticket: Ticket, flow: Flow) -> str:
    """Let the stand-in see the ticket; what is to be told of that, or of there being none, or ""."""
    if not ticket.is_open:
        return ""
    found = stand_ins(uow, ticket, flow)
    with as_system(uow):
        for user in found:
            uow.tickets.ask(ticket, user, "代上级办下一步")
    if found:
        return f"上面没有别的主管能办，已请 {'、'.join(user.name for user in found)} 代办。"
    stuck = [
        move.label for move in _next(ticket, flow)
        if (move.four_eyes or move.apart_from) and not may_anybody(uow, ticket, flow, move)
    ]
    if not stuck:
        return ""
    labels = "、".join(dict.fromkeys(stuck))
    return f"现在没有人能「{labels}」：要由另一个人来做，而上面没有别的主管。请联系运营安排一位主管。"


def _next(ticket: Ticket, flow: Flow) -> list[Move]:
    """What brings the ticket on, by people."""
    return [move for move in flow.moves_from(ticket.state) if move.name != WITHDRAW and move.by != (CLOCK,)]
