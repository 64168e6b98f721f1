"""Two processes at once: each client goes to one adviser, each offer is answered once, and nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from reminders.offering import enter, give_to_rules, lapsed, pass_on
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import Conflict
from storage.model.offers import Offer
from storage.model.people import Client
from storage.tables import audit, clients, offers
from tests.builders import a_client, a_user, the_cast
from tests.reminders.firm import ZONE

NEWCOMERS = 12


class Two:
    """Two processes with one PostgreSQL (SQLite has one writer): 李顾问, 周敏 and 陈默 may have clients."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock = database, clock
        with database.system(clock.now()) as uow:
            the_cast(uow)
            a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="insurance")

    def writes(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self.database.system(self.clock.now()) as uow:
            return work(uow)

    def at_once(self, *works: Callable[[UnitOfWork], Any]) -> list[Any]:
        """Both have read before either commits; None for one that may not commit."""
        start, outcomes = threading.Barrier(len(works)), list[Any]()

        def run(work: Callable[[UnitOfWork], Any]) -> None:
            try:
                with self.database.system(self.clock.now()) as uow:
                    uow.users.all()
                    start.wait(10)
                    found = work(uow)
            except (Conflict, IntegrityError):
                outcomes.append(None)
            else:
                outcomes.append(found)

        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(outcomes) == len(works)
        return outcomes

    def owners(self) -> dict[str, int]:
        """How many clients each member has."""
        with self.database.engine.connect() as conn:
            return dict(map(tuple, conn.execute(select(clients.c.owner_id, func.count()).group_by(clients.c.owner_id))))

    def states(self, client: Client) -> list[str]:
        """Of the offers of a client, the oldest first; whoever has the newest has the client too."""
        with self.database.engine.connect() as conn:
            found = conn.execute(
                select(offers.c.state, offers.c.user_id, offers.c.owner_id).where(offers.c.client_id == client.id)
                .order_by(offers.c.offered_at, offers.c.id)
            ).all()
        assert found[-1].state != "offered" or found[-1].user_id == found[-1].owner_id
        return [row.state for row in found]

    def audited(self, action: str) -> int:
        with self.database.engine.connect() as conn:
            return conn.execute(select(func.count()).where(audit.c.action == action)).scalar_one()

    def offered(self) -> tuple[Client, Offer]:
        entered = self.writes(lambda uow: enter(uow, ZONE, {"name": "孙杭"}, "entered", "hexin"))
        assert entered is not None
        return entered


@pytest.fixture
def two(postgres_database: Database, clock: MovableClock) -> Two:
    return Two(postgres_database, clock)


def test_many_newcomers_have_one_adviser_each_and_one_offer(two: Two) -> None:
    def enters(begin: int) -> Callable[[UnitOfWork], list[Client]]:
        names = [f"客户{number}" for number in range(begin, NEWCOMERS, 2)]
        return lambda uow: [
            got[0] for name in names if (got := enter(uow, ZONE, {"name": name}, "entered", "hexin")) is not None
        ]

    entered = [client for got in two.at_once(enters(0), enters(1)) for client in got or ()]
    assert sorted(client.name for client in entered) == sorted(f"客户{number}" for number in range(NEWCOMERS))
    assert [two.states(client) for client in entered] == [["offered"]] * NEWCOMERS
    assert sum(two.owners().values()) == NEWCOMERS
    assert two.audited("offer") == NEWCOMERS


def test_a_client_that_two_managers_give_away_at_once_goes_to_one(two: Two) -> None:
    client = two.writes(lambda uow: a_client(uow, "王芳"))
    outcomes = two.at_once(*[lambda uow: give_to_rules(uow, ZONE, uow.clients.get(client.id), "wangke")] * 2)
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert two.states(client) == ["offered"]
    assert two.audited("offer") == 1


def test_a_no_that_comes_twice_at_once_goes_on_once(two: Two) -> None:
    client, offer = two.offered()
    outcomes = two.at_once(*[lambda uow: pass_on(uow, ZONE, offer, "declined", "太忙")] * 2)
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert two.states(client) == ["declined", "offered"]


def test_a_yes_and_the_end_of_the_time_at_once_do_not_both_count(two: Two) -> None:
    client, offer = two.offered()
    two.clock.advance(timedelta(hours=8))
    outcomes = two.at_once(
        lambda uow: uow.offers.decide(offer, "accepted"), lambda uow: bool(list(lapsed(uow, ZONE))),
    )
    assert sorted(bool(outcome) for outcome in outcomes) == [False, True]
    assert two.states(client) in (["accepted"], ["lapsed", "offered"])


def test_the_time_that_is_over_is_noticed_by_one(two: Two) -> None:
    client, _ = two.offered()
    two.clock.advance(timedelta(hours=8))
    told = two.at_once(*[lambda uow: len(list(lapsed(uow, ZONE)))] * 2)
    assert sorted(outcome or 0 for outcome in told) == [0, 3]  # who had him, who is asked now, who brought him
    assert two.states(client) == ["lapsed", "offered"]


def test_a_hand_over_by_hand_and_the_end_of_the_time_at_once_leave_one_owner(two: Two) -> None:
    client, offer = two.offered()
    two.clock.advance(timedelta(hours=8))
    two.at_once(
        lambda uow: uow.clients.hand_over(uow.clients.get(client.id), "chenmo" if offer.user_id != "chenmo" else "lixiang"),
        lambda uow: [user.id for user, _, _ in lapsed(uow, ZONE)],
    )
    for _ in range(2):  # what may not commit is done again by the next look
        two.writes(lambda uow: list(lapsed(uow, ZONE)))
    assert two.states(client)[0] in ("moved", "lapsed")
    assert sum(two.owners().values()) == 1
