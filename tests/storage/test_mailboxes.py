"""Inbox and outbox: nothing twice, nobody out of order, nothing lost with a worker that dies."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.work import CARE, DIGEST, DUE, REPLY, InboxRow, OutboxRow
from storage.repositories.mailboxes import LEASE, Arrival, KeyReused
from storage.tables import inbox, outbox

SECOND = timedelta(seconds=1)


def arrive(database: Database, clock: MovableClock, *keys: str) -> None:
    """Messages by keys like "li:1": the sender and his MsgId."""
    with database.system(clock.now()) as uow:
        uow.inbox.add([
            Arrival(key, key.partition(":")[0], "text", f"<xml>{key}</xml>", clock.now()) for key in keys
        ])  # fmt: skip


def claim(database: Database, clock: MovableClock, owner: str = "w1", limit: int = 20) -> list[InboxRow]:
    with database.system(clock.now()) as uow:
        return uow.inbox.claim(owner, limit)


def finish(database: Database, clock: MovableClock, row: InboxRow, owner: str = "w1") -> bool:
    with database.system(clock.now()) as uow:
        return uow.inbox.finish(row, owner)


def queue(
    database: Database, clock: MovableClock, key: str, recipient: str = "li", priority: int = REPLY,
    **times: timedelta,
) -> int:  # fmt: skip
    with database.system(clock.now()) as uow:
        row_id = uow.outbox.new_row_id()
        at = {name: clock.now() + later for name, later in times.items()}
        uow.outbox.put(
            key, recipient, "send", f'{{"text": "{key}"}}'.encode(), row_id=row_id, priority=priority, **at
        )
        return row_id


def take(database: Database, clock: MovableClock, owner: str = "d1", limit: int = 20) -> list[OutboxRow]:
    with database.system(clock.now()) as uow:
        return uow.outbox.claim(owner, limit)


def sent(database: Database, clock: MovableClock, row: OutboxRow) -> None:
    with database.system(clock.now()) as uow:
        uow.outbox.sent(row.id, "msgid", "code")


# ---------------------------------------------------------------- inbox


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


# ---------------------------------------------------------------- outbox


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
        assert [held.body for held in uow.outbox.held()] == [row.body]
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


def in_threads(count: int, work: Callable[[int], None]) -> None:
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


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


def test_the_same_message_arriving_twice_at_once_is_kept_once(
    postgres_database: Database, clock: MovableClock
) -> None:
    in_threads(4, lambda _: arrive(postgres_database, clock, *(f"li:{n}" for n in range(50))))

    with postgres_database.system(clock.now()) as uow:
        assert uow.inbox.counts() == {"new": 50}


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
