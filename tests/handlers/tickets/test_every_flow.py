"""Every shipped flow, generated from the packs: every legal move works, every illegal one is refused, by whoever makes it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from config.pack import CLOCK, Flow, Move, Who, load_packs
from handlers.tickets.engine import legal
from handlers.tickets.rights import why_not
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import Conflict, NotAllowed
from storage.model.people import Actor, Client, User
from storage.model.tickets import Ticket
from tests.builders import Cast, a_client
from tests.handlers.tickets.people import brought_to, moved, onward, opened, the_others

FLOWS = load_packs(["common", "bank", "insurance", "securities", "lending"]).flows
PLACES = [(flow.id, state.name) for flow in FLOWS for state in flow.states]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rows are those of both engines
PEOPLE = ["lixiang", "wangke", "chenmo", "zhouning", "shenyue", "hexin", "claimlead", "claims1", "risk1"]


class RollBack(Exception):
    """Nothing of a try is kept."""


@pytest.fixture
def client(database: Database, clock: MovableClock, cast: Cast) -> Client:
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        return a_client(uow, "王芳", address="旧址")


def people_of(uow: UnitOfWork, ticket: Ticket, who: Who) -> set[str]:
    """Those whom a word of the flows stands for in this small firm, written down by hand."""
    match who:
        case "handler":
            return {ticket.handler_id or ""}
        case "opener":
            return {ticket.opened_by}
        case "adviser":
            return {"lixiang"}
        case "manager":
            return {"wangke"}
        case "superior":
            return {{"lixiang": "wangke", "claims1": "claimlead", "chenmo": "zhouning"}.get(ticket.handler_id or "", "")}
        case "clock":
            return set()
        case role:
            return {user.id for user in uow.users.all(role)}


def is_expected(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move, user: User) -> bool:
    """What the flow's text says about one move of one member."""
    if flow.state(ticket.state).ends or ticket.state not in move.states:
        return False
    if move.four_eyes and user.id in {ticket.opened_by, ticket.moved_by}:
        return False
    made = {step.member_id for step in uow.tickets.steps(ticket) if step.move in move.apart_from}
    return user.id not in made and any(user.id in people_of(uow, ticket, who) for who in move.by)


@pytest.mark.parametrize(("flow_id", "state"), PLACES)
def test_in_every_state_exactly_those_may_make_a_move_whom_the_flow_names(
    database: Database, clock: MovableClock, cast: Cast, client: Client, flow_id: str, state: str
) -> None:
    flow = next(flow for flow in FLOWS if flow.id == flow_id)
    tried = 0
    for name in PEOPLE:
        for move in flow.moves:
            with suppress(RollBack), database.transaction(cast.li, clock.now()) as uow:
                ticket = brought_to(uow, flow, opened(uow, flow, client), state)
                user = uow.users.get(name)
                uow.act_as(Actor.of(user))
                if is_expected(uow, ticket, flow, move, user):
                    after = moved(uow, flow, ticket, legal(uow, ticket, flow, [move.name], user), user)
                    assert (after.state, after.is_open) == (move.to, not flow.state(move.to).ends)
                else:
                    with pytest.raises((Conflict, NotAllowed)):
                        legal(uow, ticket, flow, [move.name], user)
                tried += 1
                raise RollBack
    assert tried == len(PEOPLE) * len(flow.moves)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_every_move_of_every_flow_can_be_made_by_somebody_of_an_ordinary_firm(
    database: Database, clock: MovableClock, cast: Cast, client: Client, flow: Flow
) -> None:
    for move in flow.moves:
        if move.by == (CLOCK,):
            continue
        with suppress(RollBack), database.transaction(cast.li, clock.now()) as uow:
            ticket = brought_to(uow, flow, opened(uow, flow, client), move.states[0])
            assert [user.id for user in uow.users.all() if is_expected(uow, ticket, flow, move, user)], move.label
            raise RollBack


APART = [(flow, move) for flow in FLOWS for move in flow.moves if move.apart_from]


@pytest.mark.parametrize(("flow", "move"), APART, ids=lambda part: part.id if isinstance(part, Flow) else part.name)
def test_a_move_that_is_kept_apart_is_never_made_by_who_made_the_other(
    database: Database, clock: MovableClock, cast: Cast, client: Client, flow: Flow, move: Move
) -> None:
    """Whoever made it, by whatever way the ticket came here."""
    for name in move.apart_from:
        with suppress(RollBack), database.transaction(cast.li, clock.now()) as uow:
            ticket = opened(uow, flow, client)
            other = flow.move(name)
            ticket = brought_to(uow, flow, ticket, other.states[0])
            maker = next(user for user in uow.users.all() if is_expected(uow, ticket, flow, other, user))
            ticket = moved(uow, flow, ticket, other, maker)
            ticket = onward(uow, flow, ticket, move.states[0])
            ticket = uow.tickets.give(ticket, maker)  # were he even the handler
            assert why_not(uow, ticket, flow, move, maker)
            assert [user for user in uow.users.all() if is_expected(uow, ticket, flow, move, user)] or "handler" in move.by
            raise RollBack


def test_an_ended_ticket_stops_its_clocks_and_takes_the_mark_away(
    database: Database, clock: MovableClock, cast: Cast, client: Client
) -> None:
    flow = next(flow for flow in FLOWS if flow.id == "complaint")
    with database.transaction(cast.li, clock.now()) as uow:
        ticket = opened(uow, flow, client)
        assert uow.clients.get(client.id).value("complaint_open") is True
        ended = brought_to(uow, flow, ticket, "done")
        assert [limit.name for limit in uow.ticket_limits.of([ended.id]) if limit.runs] == []
        uow.act_as(cast.li)
        assert uow.clients.get(client.id).value("complaint_open") is False
        assert "投诉办结回访" in "".join(r.text for r in uow.reminders.of_client(client.id))
