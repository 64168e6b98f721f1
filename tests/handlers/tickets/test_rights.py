"""Who may make a move is asked about few, however many members the firm has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from config.pack import Who
from handlers.tickets import rights
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import User
from storage.model.tickets import Ticket
from tests.builders import Cast, a_client, a_user
from tests.handlers.tickets.people import brought_to, opened, the_others


def asked_about(uow: UnitOfWork, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    """Who is looked at to learn whether anybody may make each of the next moves; somebody may."""
    seen, is_meant = list[str](), rights.is_meant

    def noted(uow: UnitOfWork, ticket: Ticket, user: User, who: Who) -> bool:
        seen.append(user.id)
        return is_meant(uow, ticket, user, who)

    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    with monkeypatch.context() as patch:
        patch.setattr(rights, "is_meant", noted)
        assert [move for move in flow.moves_from(ticket.state) if not rights.may_anybody(uow, ticket, flow, move)] == []
    return seen


@pytest.mark.parametrize(("flow_id", "state"), [("claim", "review"), ("servicing", "review"), ("loan", "sign_manager")])
def test_a_hundred_colleagues_more_are_not_asked_about(
    database: Database, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch, flow_id: str, state: str
) -> None:
    with database.system(clock.now()) as uow:
        the_others(uow)
        uow.act_as(cast.li)
        flow = uow.packs.find_flow(flow_id)
        assert flow is not None
        ticket = brought_to(uow, flow, opened(uow, flow, a_client(uow, "王芳")), state)
        before = asked_about(uow, ticket, monkeypatch)
        for number in range(100):
            a_user(uow, f"a{number:03d}", name=f"顾问{number}", manager_id="wangke", line="insurance")
        assert asked_about(uow, ticket, monkeypatch) == before
