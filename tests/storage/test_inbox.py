"""The inbox: nothing twice, nobody out of order, nothing lost with a worker that dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from psycopg.errors import DataError
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import LEASE, Arrival
from storage.tables import inbox
from tests.storage.mail import SECOND, arrive, claim, finish, in_threads


def test_a_message_delivered_again_is_kept_once(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1", "li:2", "li:1")
    arrive(database, clock, "li:2", "li:3")

    with database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {"new": 3}


def test_a_message_comes_out_as_it_went_in(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1")

    (row,) = claim(database, clock)

    assert (row.key, row.sender, row.kind, row.body, row.tries) == ("li:1", "li", "text", "<xml>li:1</xml>", 1)
    assert row.received_at == clock.now()


def test_one_that_cannot_be_kept_is_no_outage_whatever_was_sent_after_it(
    postgres_database: Database, clock: MovableClock
) -> None:
    """Which error shows first is the driver's affair: hence so often."""
    crowd = [Arrival(f"k{n}", "x" * 70 if n == 2 else f"u{n}", "text", "<xml/>", clock.now()) for n in range(50)]

    for _ in range(30):
        with pytest.raises((DataError, DBAPIError)), postgres_database.system(clock.now(), one_go=True) as uow:
            uow.inbox.add(crowd)
    with postgres_database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {}


def test_one_senders_messages_are_handled_one_after_the_other_in_order(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "li:2", "chen:1", "li:3", "chen:2")

    first = claim(database, clock)
    assert [row.key for row in first] == ["li:1", "chen:1"]
    assert claim(database, clock, "w2") == []  # the rest waits for these

    assert finish(database, clock, first[0])
    assert [row.key for row in claim(database, clock, "w2")] == ["li:2"]


def test_a_claim_takes_no_more_than_asked_for(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, *(f"s{n}:1" for n in range(5)))

    assert [len(claim(database, clock, f"w{n}", limit=2)) for n in range(4)] == [2, 2, 1, 0]


def test_a_message_of_a_dead_worker_is_taken_over_after_its_lease(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1")
    (lost,) = claim(database, clock, "dead")

    clock.advance(LEASE)
    assert claim(database, clock, "w2") == []
    clock.advance(SECOND)
    (taken,) = claim(database, clock, "w2")

    assert (taken.id, taken.tries) == (lost.id, 2)
    assert finish(database, clock, taken, "w2")


def test_a_worker_that_lost_its_lease_may_not_commit(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1")
    (slow,) = claim(database, clock, "slow")
    clock.advance(LEASE + SECOND)
    (taken,) = claim(database, clock, "w2")

    assert not finish(database, clock, slow, "slow")
    with database.system(clock.now()) as uow:  # nor may it spoil the other's claim
        uow.inbox.retry(slow, "late", clock.now())
        uow.inbox.park(slow, "late")
    assert claim(database, clock, "w3") == []
    assert finish(database, clock, taken, "w2")


def test_a_message_is_finished_once(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1")
    (row,) = claim(database, clock)

    assert [finish(database, clock, row) for _ in range(2)] == [True, False]


def test_a_message_that_is_tried_again_later_holds_back_the_senders_next(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "li:2", "chen:1")
    first = claim(database, clock)[0]
    with database.system(clock.now()) as uow:
        uow.inbox.retry(first, "database busy", clock.now() + timedelta(minutes=1))

    assert claim(database, clock, "w2") == []
    clock.advance(timedelta(minutes=1))
    assert [(row.key, row.tries) for row in claim(database, clock, "w2")] == [("li:1", 2)]


def test_an_attempt_that_was_none_is_not_counted(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1")
    (row,) = claim(database, clock)
    with database.system(clock.now()) as uow:
        uow.inbox.retry(row, "database away", clock.now(), counts=False)

    assert [again.tries for again in claim(database, clock)] == [1]


def test_a_poison_message_is_parked_and_the_next_one_flows(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1", "li:2")
    for _crash in range(3):
        (poison,) = claim(database, clock)
        clock.advance(LEASE + SECOND)
    assert poison.tries == 3

    with database.system(clock.now()) as uow:
        uow.inbox.park(poison, "x" * 500)

    assert [row.key for row in claim(database, clock)] == ["li:2"]
    with database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {"new": 1, "parked": 1}
        uow.inbox.purge(clock.now() + timedelta(days=99))
        assert uow.inbox.counts() == {"new": 1, "parked": 1}  # only what was handled may go


def test_a_message_that_ends_the_process_again_and_again_does_not_use_up_the_tries_of_others(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "chen:1", "wang:1")
    assert len(claim(database, clock, "w0")) == 3
    for crash in range(1, 8):
        clock.advance(LEASE + SECOND)
        assert [row.key for row in claim(database, clock, f"w{crash}")] == ["li:1"]
        arrive(database, clock, f"fresh{crash}:1")
    with database.system(clock.now()) as uow:
        tries = dict(uow.conn.execute(select(inbox.c.sender, inbox.c.tries).where(inbox.c.sender.in_(["li", "chen", "wang"]))).all())
    assert tries == {"li": 8, "chen": 1, "wang": 1}


def test_a_message_that_does_not_open_is_parked_and_the_others_go_on(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "chen:1")
    with database.engine.begin() as conn:
        conn.execute(update(inbox).where(inbox.c.key == "li:1").values(body=b"\x01broken"))

    assert [row.key for row in claim(database, clock)] == ["chen:1"]
    with database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {"new": 1, "parked": 1}


def test_handled_messages_go_after_their_time(database: Database, clock: MovableClock) -> None:
    arrive(database, clock, "li:1")
    finish(database, clock, claim(database, clock)[0])

    with database.system(clock.now()) as uow:
        assert uow.inbox.purge(clock.now()) == 0
        assert uow.inbox.purge(clock.now() + SECOND) == 1
        assert uow.inbox.counts() == {}


# ---------------------------------------------------------------- several at once, PostgreSQL


def test_two_claimers_never_get_the_same_message(postgres_database: Database, clock: MovableClock) -> None:
    """Every message is handled once, and each sender's in their order, whoever handles them."""
    senders, each = 12, 6
    for number in range(each):
        arrive(postgres_database, clock, *(f"s{sender}:{number}" for sender in range(senders)))
    handled: list[str] = []

    def work(number: int) -> None:
        idle = 0
        while idle < 20:
            rows = claim(postgres_database, clock, f"w{number}", limit=5)
            idle = 0 if rows else idle + 1
            for row in rows:
                handled.append(row.key)
                assert finish(postgres_database, clock, row, f"w{number}")

    in_threads(4, work)

    assert len(handled) == len(set(handled)) == senders * each
    for sender in range(senders):
        of_one = [key for key in handled if key.startswith(f"s{sender}:")]
        assert of_one == [f"s{sender}:{number}" for number in range(each)]


def test_the_same_message_arriving_twice_at_once_is_kept_once(
    postgres_database: Database, clock: MovableClock
) -> None:
    in_threads(4, lambda _: arrive(postgres_database, clock, *(f"li:{n}" for n in range(50))))

    with postgres_database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {"new": 50}
