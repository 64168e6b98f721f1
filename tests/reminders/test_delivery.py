from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from config.pack import PackStore
from reminders.delivery import Delivery, back_off
from reminders.lifetime import may_go
from reminders.outgoing import Post
from reminders.sending import Outcome, Outgoing
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from storage.model.messages import Text
from storage.model.work import DIGEST, DUE, REPLY, OutboxRow
from storage.tables import outbox
from storage.vault import Vault
from tests.conftest import SHANGHAI
from tests.reminders.fake_sender import NO_ANSWER, SENT, FakeSender

post = Post(1000002)
Queue = Callable[..., None]


@pytest.fixture
def sender() -> FakeSender:
    return FakeSender()


@pytest.fixture
def counts() -> Counter[str]:
    return Counter()


@pytest.fixture
def delivery(database: Database, sender: FakeSender, clock: MovableClock, counts: Counter[str]) -> Delivery:
    return Delivery(database, sender, clock, SHANGHAI, on_outcome=lambda outcome: counts.update([outcome]))


@pytest.fixture
def queue(database: Database, clock: MovableClock) -> Queue:
    """Puts texts into the outbox: `queue("一", "二", to="lixiang")`."""
    def put(*texts: str, to: str = "lixiang", priority: int = REPLY, expires_at: datetime | None = None) -> None:
        with database.system(clock.now()) as uow:
            for text in texts:
                key = f"{to}:{text}"
                post.put(uow, to, Text(text), key=key, priority=priority, expires_at=expires_at)
    return put


def states(database: Database, clock: MovableClock) -> Counter[str]:
    with database.system(clock.now()) as uow:
        return Counter(uow.outbox.counts())


class TestInGoodTimes:
    async def test_messages_arrive_once_each_in_order_for_each_person(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        for n in range(15):
            queue(f"李{n}")
            queue(f"陈{n}", to="chenmo")
        assert await delivery.drain() == 30
        assert sender.texts("lixiang") == [f"李{n}" for n in range(15)]
        assert sender.texts("chenmo") == [f"陈{n}" for n in range(15)]
        assert states(database, clock) == {"sent": 30}

    async def test_answers_overtake_briefs_and_briefs_digests(
        self, delivery: Delivery, queue: Queue, sender: FakeSender
    ) -> None:
        queue("日报", priority=DIGEST)
        queue("早报", priority=DUE)
        queue("回答", priority=REPLY)
        await delivery.drain()
        assert sender.texts("lixiang") == ["回答", "早报", "日报"]

    async def test_different_people_are_served_at_the_same_time(
        self, delivery: Delivery, queue: Queue, sender: FakeSender
    ) -> None:
        for n in range(50):
            queue("你好", to=f"user{n}")
        await delivery.drain()
        assert sender.most_at_once == 20

    async def test_what_wecom_gave_back_is_kept(
        self, delivery: Delivery, queue: Queue, database: Database, clock: MovableClock, counts: Counter[str]
    ) -> None:
        queue("你好")
        await delivery.drain()
        with database.system(clock.now()) as uow:
            row = uow.conn.execute(select(outbox)).one()
        assert (row.state, row.msgid, row.response_code, row.sent_at) == ("sent", "m", "r", clock.now())
        assert counts == {"sent": 1}

    async def test_a_message_for_later_waits(
        self, delivery: Delivery, database: Database, sender: FakeSender, clock: MovableClock
    ) -> None:
        with database.system(clock.now()) as uow:
            later = clock.now() + timedelta(hours=1)
            post.put(uow, "lixiang", Text("稍后"), key="k", priority=DUE, not_before=later)
        assert await delivery.drain() == 0
        clock.advance(timedelta(hours=1))
        assert await delivery.drain() == 1


class TestAtNight:
    """Monday 09:00 is when the clock of these tests begins."""

    async def test_what_an_outage_kept_back_waits_for_the_morning(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, clock: MovableClock, counts: Counter[str]
    ) -> None:
        clock.advance(timedelta(hours=9))
        queue("六点问的")
        clock.advance(timedelta(hours=9))
        assert await delivery.drain() == 0
        assert counts == {"asleep": 1}
        clock.advance(timedelta(hours=4, minutes=59))
        assert await delivery.drain() == 0
        clock.advance(timedelta(minutes=1))
        assert await delivery.drain() == 1
        assert sender.texts("lixiang") == ["六点问的"]

    async def test_who_asks_at_night_is_answered_at_night(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, clock: MovableClock
    ) -> None:
        clock.advance(timedelta(hours=18))
        queue("三点问的")
        clock.advance(timedelta(minutes=29))
        await delivery.drain()
        assert sender.texts("lixiang") == ["三点问的"]

    async def test_what_was_tried_already_is_not_kept_until_nobody_knows_whether_it_arrived(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, clock: MovableClock
    ) -> None:
        answers = iter([NO_ANSWER, SENT])
        sender.answer = lambda outgoing: next(answers)
        clock.advance(timedelta(hours=11, minutes=50))
        queue("八点五十问的")
        await delivery.drain()
        clock.advance(timedelta(hours=1))
        await delivery.drain()
        assert len(sender.texts("lixiang")) == 1


class TestFaults:
    async def test_a_retry_sends_the_same_bytes(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, clock: MovableClock, counts: Counter[str]
    ) -> None:
        answers = iter([NO_ANSWER, Outcome("retry", -1, "busy"), SENT])
        sender.answer = lambda outgoing: next(answers)
        sender.arrives_anyway = True
        queue("只此一份")
        for _ in range(3):
            await delivery.drain()
            clock.advance(timedelta(minutes=1))
        assert len({outgoing.body for outgoing in sender.tries}) == 1
        assert len(sender.tries) == 3
        assert sender.texts("lixiang") == ["只此一份"]
        assert counts == {"retry": 2, "sent": 1}

    async def test_a_crash_between_sending_and_recording_sends_the_same_bytes_again(
        self, database: Database, queue: Queue, sender: FakeSender, clock: MovableClock, delivery: Delivery
    ) -> None:
        queue("一", "二")
        with database.system(clock.now()) as uow:
            (row,) = uow.outbox.claim("a process that is killed", 20)
        await sender.send(Outgoing(row.id, row.recipient, "send", row.body))
        assert await delivery.drain() == 0  # the lease still runs
        clock.advance(timedelta(seconds=61))
        assert await delivery.drain() == 2
        assert [json.loads(o.body)["text"]["content"] for o in sender.tries] == ["一", "一", "二"]
        assert sender.tries[0].body == sender.tries[1].body
        assert sender.texts("lixiang") == ["一", "二"]

    async def test_one_that_waits_holds_up_only_its_own_receiver(
        self, delivery: Delivery, queue: Queue, sender: FakeSender
    ) -> None:
        sender.answer = lambda o: Outcome("retry", -1, "busy") if o.recipient == "lixiang" else SENT
        queue("一", "二")
        queue("甲", "乙", to="chenmo")
        await delivery.drain()
        assert sender.texts("chenmo") == ["甲", "乙"]
        assert sender.texts("lixiang") == []

    async def test_a_refused_message_is_given_up_and_the_next_one_goes(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        sender.answer = lambda o: Outcome("refused", 40058, "bad_argument") if "坏".encode() in o.body else SENT
        queue("坏", "好")
        await delivery.drain()
        assert sender.texts("lixiang") == ["好"]
        assert states(database, clock) == {"refused": 1, "sent": 1}

    async def test_pacing_is_no_try(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        answers = iter([Outcome("retry", 0, "paced", retry_after=20.0), SENT])
        sender.answer = lambda outgoing: next(answers)
        queue("慢")
        await delivery.drain()
        with database.system(clock.now()) as uow:
            row = uow.conn.execute(select(outbox)).one()
        assert (row.state, row.tries, row.first_tried_at) == ("new", 0, None)
        clock.advance(timedelta(seconds=19))
        assert await delivery.drain() == 0
        clock.advance(timedelta(seconds=1))
        assert await delivery.drain() == 1

    async def test_an_expired_message_is_not_sent(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        queue("今天的早报", expires_at=clock.now() + timedelta(hours=2))
        clock.advance(timedelta(hours=2))
        await delivery.drain()
        assert (sender.tries, states(database, clock)) == ([], {"expired": 1})

    async def test_one_first_tried_four_hours_ago_is_left_uncertain(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        sender.answer = lambda outgoing: NO_ANSWER
        queue("到了吗")
        await delivery.drain()
        clock.advance(timedelta(hours=4))
        await delivery.drain()
        assert len(sender.tries) == 1
        assert states(database, clock) == {"uncertain": 1}

    async def test_a_sender_that_breaks_its_word_does_not_stop_the_others(
        self, delivery: Delivery, queue: Queue, sender: FakeSender
    ) -> None:
        def fail(outgoing: Outgoing) -> Outcome:
            if outgoing.recipient == "lixiang":
                raise RuntimeError("a bug")
            return SENT

        sender.answer = fail
        queue("一")
        queue("甲", to="chenmo")
        await delivery.drain()
        assert sender.texts("chenmo") == ["甲"]


class TestOutage:
    async def test_wecom_away_for_an_hour_is_probed_and_then_everything_arrives_once(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        sender.answer = lambda outgoing: NO_ANSWER
        for n in range(60):
            queue("早报", "补充", to=f"user{n}")
        for _ in range(360):  # an hour, looked at every ten seconds
            await delivery.drain()
            clock.advance(timedelta(seconds=10))
        tried = len(sender.tries)
        assert tried <= 20 + 3600 / 30 + 10  # one batch, then one probe every half a minute
        sender.answer = lambda outgoing: SENT
        for _ in range(40):
            await delivery.drain()
            clock.advance(timedelta(seconds=10))
        assert states(database, clock) == {"sent": 120}
        assert len(sender.seen) == 120
        assert all(sender.texts(f"user{n}") == ["早报", "补充"] for n in range(60))

    async def test_six_hours_leave_no_untried_message_uncertain(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, database: Database, clock: MovableClock
    ) -> None:
        sender.answer = lambda outgoing: Outcome("blocked", 0, "unreachable", retry_after=30.0)
        for n in range(30):
            queue("早报", to=f"user{n}")
        for _ in range(72):
            await delivery.drain()
            clock.advance(timedelta(minutes=5))
        sender.answer = lambda outgoing: SENT
        await delivery.drain()
        assert states(database, clock) == {"sent": 30}

    async def test_a_blocked_call_stops_all_until_its_time_is_over(
        self, delivery: Delivery, queue: Queue, sender: FakeSender, clock: MovableClock
    ) -> None:
        sender.answer = lambda outgoing: Outcome("blocked", 45009, "rate_limit", retry_after=60.0)
        for n in range(30):
            queue("你好", to=f"user{n}")
        await delivery.drain()
        assert len(sender.tries) == 20
        clock.advance(timedelta(seconds=59))
        assert await delivery.drain() == 0
        sender.answer = lambda outgoing: SENT
        clock.advance(timedelta(seconds=1))
        assert await delivery.drain() == 30


class TestTwoProcesses:
    async def test_share_the_work_without_sending_anything_twice(
        self, database_url: str, database: Database, vault: Vault, pack_store: PackStore, queue: Queue,
        sender: FakeSender, clock: MovableClock, delivery: Delivery,
    ) -> None:
        for n in range(40):
            queue("一", "二", to=f"user{n}")
        other_database = Database(database_url, vault, pack_store)
        other = Delivery(other_database, sender, clock, SHANGHAI)
        first, second = await asyncio.gather(delivery.drain(), other.drain())
        other_database.close()
        assert first + second == len(sender.tries) == len(sender.seen) == 80
        assert all(sender.texts(f"user{n}") == ["一", "二"] for n in range(40))


class TestTheLoop:
    async def test_a_notice_is_acted_on_at_once_and_stop_returns(
        self, delivery: Delivery, queue: Queue, sender: FakeSender
    ) -> None:
        running = asyncio.create_task(delivery.run())
        await asyncio.sleep(0.05)
        queue("快")
        delivery.notify()
        async with asyncio.timeout(0.9):  # well before the next look by itself
            await sender.called.wait()
        delivery.stop()
        async with asyncio.timeout(2):
            await running
        assert sender.texts("lixiang") == ["快"]

    async def test_stopping_records_what_is_under_way(
        self, database: Database, queue: Queue, clock: MovableClock
    ) -> None:
        entered, leave = asyncio.Event(), asyncio.Event()

        class Slow:
            async def send(self, outgoing: Outgoing) -> Outcome:
                entered.set()
                await leave.wait()
                return SENT

        delivery = Delivery(database, Slow(), clock, SHANGHAI)
        queue("一", "二")
        running = asyncio.create_task(delivery.run())
        await entered.wait()
        delivery.stop()
        leave.set()
        async with asyncio.timeout(10):
            await running
        left = states(database, clock)
        assert left["sent"] >= 1
        assert set(left) <= {"sent", "new"}  # nothing is left under way

    async def test_who_is_not_back_in_time_is_called_off_and_goes_again_and_the_others_are_recorded(
        self, database: Database, queue: Queue, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        called_off = []

        class Sticks:
            async def send(self, outgoing: Outgoing) -> Outcome:
                if b'"slow"' in outgoing.body:
                    try:
                        await asyncio.Event().wait()
                    finally:
                        called_off.append(outgoing.id)
                return SENT

        monkeypatch.setattr("reminders.delivery.SEND_WITHIN", 0.05)
        queue("quick", to="lixiang")
        queue("slow", to="wangke")
        delivery = Delivery(database, Sticks(), clock, SHANGHAI)
        assert await delivery.drain() == 2
        assert len(called_off) == 1
        assert states(database, clock) == {"sent": 1, "new": 1}

    async def test_a_lane_that_is_cancelled_leaves_no_send_behind(
        self, database: Database, queue: Queue, clock: MovableClock
    ) -> None:
        begun, ended = asyncio.Event(), []

        class Sticks:
            async def send(self, outgoing: Outgoing) -> Outcome:
                begun.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    ended.append(outgoing.id)
                return SENT

        queue("一")
        running = asyncio.create_task(Delivery(database, Sticks(), clock, SHANGHAI).run())
        await begun.wait()
        running.cancel()
        await asyncio.wait({running})
        assert len(ended) == 1

    async def test_a_database_that_is_away_is_waited_for_and_no_outcome_is_forgotten(
        self, delivery: Delivery, database: Database, queue: Queue, sender: FakeSender, clock: MovableClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        queue("一")
        really = database.system
        away = iter([False, True, True])

        def system(now: datetime) -> object:
            if next(away, False):
                raise Unavailable("locked")
            return really(now)

        monkeypatch.setattr(database, "system", system)
        monkeypatch.setattr("reminders.delivery.POLL_SECONDS", 0.01)
        assert await delivery.drain() == 1
        assert (len(sender.tries), states(database, clock)) == (1, {"sent": 1})


def test_waits_grow_to_five_minutes_and_are_spread() -> None:
    waits = [back_off(tries, None).total_seconds() for tries in (1, 2, 5, 30)]
    assert all(low <= wait <= high for wait, (low, high) in zip(waits, [(1, 2), (2, 4), (16, 32), (150, 300)], strict=True))
    assert len({back_off(5, None) for _ in range(20)}) > 1
    assert back_off(1, 7.5) == timedelta(seconds=7.5)


def test_the_gate_knows_three_answers(clock: MovableClock) -> None:
    def row(first_tried: timedelta | None = None, expires: timedelta | None = None) -> OutboxRow:
        now = clock.now()
        return OutboxRow(
            1, "k", "lixiang", "send", b"{}", 10, 1, now, first_tried and now + first_tried, expires and now + expires
        )

    assert may_go(row(), clock.now()) == "go"
    assert may_go(row(timedelta(hours=-3)), clock.now()) == "go"
    assert may_go(row(timedelta(hours=-4)), clock.now()) == "uncertain"
    assert may_go(row(timedelta(hours=-4), timedelta(seconds=-1)), clock.now()) == "expired"
