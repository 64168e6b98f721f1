"""The outbox: queued once, sent in order, retried byte for byte, and never sent by two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.work import CARE, DIGEST, DUE, REPLY
from storage.repositories.dead_letters import DeadLetterRepository
from storage.repositories.mailboxes import LEASE, KeyReused
from storage.tables import outbox
from tests.storage.mail import SECOND, in_threads, queue, sent, take


def test_a_key_is_queued_once_and_the_first_message_stands(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        assert uow.outbox.put("brief:li", "li", "send", b"first", row_id=1, priority=DUE)
        assert not uow.outbox.put("brief:li", "li", "send", b"second", row_id=2, priority=DUE)
        assert uow.outbox.has("brief:li")
        assert not uow.outbox.has("brief:chen")
        with pytest.raises(KeyReused):
            uow.outbox.put("brief:li", "li", "update_card", b"third", row_id=3, priority=DUE)

    assert [(row.id, row.body) for row in take(database, clock)] == [(1, b"first")]


def test_replies_go_before_reminders_and_reminders_before_care(
    database: Database, clock: MovableClock
) -> None:
    for key, priority in (("care", CARE), ("digest", DIGEST), ("due", DUE), ("reply", REPLY)):
        queue(database, clock, key, recipient=key, priority=priority)

    assert [row.key for row in take(database, clock)] == ["reply", "due", "digest", "care"]


def test_one_receiver_gets_his_messages_one_after_the_other_in_order(
    database: Database, clock: MovableClock
) -> None:
    for key in ("1", "2", "3"):
        queue(database, clock, key)
    order = []
    while rows := take(database, clock):
        assert len(rows) == 1
        assert take(database, clock, "d2") == []
        order.append(rows[0].key)
        sent(database, clock, rows[0])

    assert order == ["1", "2", "3"]


def test_a_message_planned_for_later_holds_nobody_up_but_one_that_failed_does(
    database: Database, clock: MovableClock
) -> None:
    queue(database, clock, "tomorrow", priority=REPLY, not_before=timedelta(days=1))
    queue(database, clock, "now", priority=CARE)
    (now,) = take(database, clock)
    assert now.key == "now"

    with database.system(clock.now()) as uow:
        uow.outbox.again(now.id, clock.now() + timedelta(minutes=1), 45009, "too often")
    queue(database, clock, "after", priority=CARE)
    assert take(database, clock) == []

    clock.advance(timedelta(minutes=1))
    assert [row.key for row in take(database, clock)] == ["now"]


def test_the_bytes_of_a_retry_are_the_same_and_the_first_try_is_remembered(
    database: Database, clock: MovableClock
) -> None:
    queue(database, clock, "1")
    (first,) = take(database, clock)
    began = clock.now()
    clock.advance(LEASE + SECOND)
    (second,) = take(database, clock, "d2")

    assert second.body == first.body
    assert (first.tries, second.tries) == (1, 2)
    assert second.first_tried_at == began


@pytest.mark.parametrize(("end", "state"), [
    (lambda box, row: box.sent(row.id, "m", "c"), "sent"),
    (lambda box, row: box.refused(row.id, 60020, "not allow ip" * 50), "refused"),
    (lambda box, row: box.expired(row.id), "expired"),
    (lambda box, row: box.uncertain(row.id), "uncertain"),
])  # fmt: skip
def test_a_message_that_came_to_an_end_stays_there(
    database: Database, clock: MovableClock, end: Callable[..., None], state: str
) -> None:
    queue(database, clock, "1")
    (row,) = take(database, clock)
    with database.system(clock.now()) as uow:
        end(uow.outbox, row)
        uow.outbox.again(row.id, clock.now(), -1, "somebody late")
        uow.outbox.refused(row.id, -1, "somebody late")

        assert uow.outbox.counts() == {state: 1}
    clock.advance(timedelta(days=1))
    assert take(database, clock) == []


def test_what_was_sent_is_written_down(database: Database, clock: MovableClock) -> None:
    queue(database, clock, "1")
    (row,) = take(database, clock)
    sent(database, clock, row)

    with database.engine.begin() as conn:
        kept = conn.execute(select(outbox)).one()
    assert (kept.msgid, kept.response_code, kept.sent_at) == ("msgid", "code", clock.now())


def test_a_message_put_back_unsent_counts_as_never_tried(database: Database, clock: MovableClock) -> None:
    queue(database, clock, "1")
    (row,) = take(database, clock)
    with database.system(clock.now()) as uow:
        uow.outbox.not_tried(row.id, clock.now() + SECOND, "paced")
    clock.advance(SECOND)

    (again,) = take(database, clock)
    assert (again.tries, again.first_tried_at) == (1, clock.now())


def test_a_paced_message_is_not_overtaken_by_the_next_one_to_the_same_person(
    database: Database, clock: MovableClock
) -> None:
    queue(database, clock, "long#0", priority=DUE)
    queue(database, clock, "long#1", priority=DUE)
    queue(database, clock, "digest", priority=DIGEST)
    (row,) = take(database, clock)
    with database.system(clock.now()) as uow:
        uow.outbox.not_tried(row.id, clock.now() + SECOND, "paced")

    assert take(database, clock) == []
    queue(database, clock, "answer", priority=REPLY)
    (urgent,) = take(database, clock)
    assert urgent.key == "answer"
    sent(database, clock, urgent)

    clock.advance(SECOND)
    assert [r.key for r in take(database, clock)] == ["long#0"]


def test_a_message_of_uncertain_fate_goes_out_only_when_somebody_releases_it(
    database: Database, clock: MovableClock
) -> None:
    queue(database, clock, "1")
    (row,) = take(database, clock)
    with database.system(clock.now()) as uow:
        uow.outbox.uncertain(row.id)
    assert take(database, clock) == []

    with database.system(clock.now()) as uow:
        assert [letter.id for letter in DeadLetterRepository(uow).all()] == [row.id]
        assert uow.outbox.release(row.id)
        assert not uow.outbox.release(row.id)
    assert [again.id for again in take(database, clock)] == [row.id]


def test_a_message_that_does_not_open_is_parked_and_the_next_one_goes(
    database: Database, clock: MovableClock
) -> None:
    broken = queue(database, clock, "1")
    queue(database, clock, "2")
    with database.engine.begin() as conn:
        conn.execute(update(outbox).where(outbox.c.id == broken).values(body=b"\x01broken"))

    assert take(database, clock) == []
    assert [row.key for row in take(database, clock)] == ["2"]


def test_ended_messages_go_after_their_time_and_waiting_ones_stay(
    database: Database, clock: MovableClock
) -> None:
    queue(database, clock, "1")
    queue(database, clock, "2", recipient="chen")
    sent(database, clock, take(database, clock, limit=1)[0])

    with database.system(clock.now()) as uow:
        assert uow.outbox.purge(clock.now() + timedelta(days=1)) == 1
        assert sum(uow.outbox.counts().values()) == 1


# ---------------------------------------------------------------- several at once, PostgreSQL


def test_two_deliverers_never_send_the_same_message(postgres_database: Database, clock: MovableClock) -> None:
    for number in range(60):
        queue(postgres_database, clock, str(number), recipient=f"r{number % 10}")
    times: Counter[str] = Counter()

    def work(number: int) -> None:
        idle = 0
        while idle < 20:
            rows = take(postgres_database, clock, f"d{number}", limit=5)
            idle = 0 if rows else idle + 1
            for row in rows:
                times[row.key] += 1
                sent(postgres_database, clock, row)

    in_threads(4, work)

    assert times == Counter(str(number) for number in range(60))


def test_a_message_queued_by_two_at_once_is_queued_once(
    postgres_database: Database, clock: MovableClock
) -> None:
    added: list[bool] = []

    def work(number: int) -> None:
        def put(uow: UnitOfWork) -> bool:
            return uow.outbox.put("brief:li", "li", "send", b"x", row_id=number + 1, priority=DUE)

        with postgres_database.system(clock.now()) as uow:
            added.append(put(uow))

    in_threads(4, work)

    assert sorted(added) == [False, False, False, True]
