"""What the bot answers leaves once and inside the window, whatever WeCom and processes do."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handlers.self_service import SelfService
from reminders.kf_reading import KfReading
from reminders.kf_receiving import KfReceiving
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.kf import MOST_ANSWERS
from storage.tables import kf_replies
from tests.builders import Cast
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.clients_wecom import ProcessEnded
from tests.reminders.firm import ZONE
from tests.reminders.kf_wecom import ACCOUNT, KfWeCom
from tests.reminders.test_kf_reading import FANG

MINUTE = timedelta(minutes=1)


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    return Customers(database, clock)


def states(firm: Customers) -> list[tuple[str, str]]:
    with firm.database.engine.connect() as conn:
        rows = conn.execute(select(kf_replies.c.state, kf_replies.c.reason).order_by(kf_replies.c.id))
        return [(row.state, row.reason) for row in rows]


# ---------------------------------------------------------------- once


async def test_an_answer_that_wecom_took_is_not_sent_twice_though_nobody_heard(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    firm.wecom.lost = 1
    await firm.sends()
    firm.clock.advance(2 * MINUTE)
    await firm.sends()
    assert len(firm.wecom.phones[FANG]) == 1
    assert states(firm) == [("sent", "")]


async def test_a_process_that_ends_after_the_call_leaves_it_to_the_next(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    firm.wecom.ends = 1
    with pytest.raises(ProcessEnded):
        await firm.sends()
    firm.clock.advance(2 * MINUTE)
    await firm.sends()
    assert len(firm.wecom.phones[FANG]) == 1


async def test_while_wecom_is_away_it_waits(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    firm.wecom.down = True
    await firm.sends()
    firm.wecom.down = False
    firm.clock.advance(2 * MINUTE)
    await firm.sends()
    assert len(firm.wecom.phones[FANG]) == 1


async def test_a_fault_of_the_bot_keeps_nothing_from_the_adviser(
    firm: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(SelfService, "attend", fails)
    assert await firm.asks("我的保单什么时候到期") == ""
    assert "我的保单什么时候到期" in firm.heard()
    assert firm.talk() == ["我的保单什么时候到期"]


@pytest.mark.parametrize("seed", range(6))
async def test_every_message_is_answered_once_whatever_happens(
    database: Database, clock: MovableClock, cast: Cast, seed: int
) -> None:
    firm = Customers(database, clock)
    chaos = random.Random(seed)
    firm.wecom.chaos = chaos
    said = {who: [f"怎么理赔 {n}" for n in range(4)] for who in (FANG, STRANGER)}
    for n in range(4):
        for who, texts in said.items():
            firm.wecom.says(who, texts[n])
        firm.rings()
        await _turns(firm)
    firm.wecom.chaos = None
    for _ in range(12):
        firm.clock.advance(2 * MINUTE)
        firm.rings()
        await _turns(firm)
    for who, texts in said.items():
        assert 1 <= len(firm.wecom.phones[who]) <= len(texts)  # what came together is answered together
    assert {state for state, _ in states(firm)} <= {"sent"}


async def _turns(firm: Customers) -> None:
    for work in (firm.reads, firm.sends):
        try:
            await work()
        except ProcessEnded:
            firm.clock.advance(MINUTE)


# ---------------------------------------------------------------- inside the window


async def test_two_days_later_it_is_too_late_and_the_adviser_hears(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    firm.heard()
    firm.clock.advance(timedelta(hours=48))
    await firm.sends()
    assert FANG not in firm.wecom.phones
    assert states(firm) == [("expired", "kf_late")]
    assert "没有发出" in firm.heard()


async def test_of_five_answers_the_bot_leaves_one(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    with firm.database.engine.begin() as conn:  # as if it were the last of five
        row = conn.execute(select(kf_replies)).one()
        for n in range(MOST_ANSWERS - 1):
            values = {**row._mapping, "id": n + 1, "key": f"x{n}", "msgid": f"x{n}", "state": "sent"}
            conn.execute(kf_replies.insert().values(**values))
    await firm.sends()
    assert FANG not in firm.wecom.phones
    assert ("expired", "kf_count") in states(firm)


async def test_an_old_question_wakes_nobody(firm: Customers) -> None:
    firm.clock.advance(timedelta(hours=13))  # 22:00
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    firm.wecom.down = True
    await firm.reads()
    firm.wecom.down = False
    firm.clock.advance(timedelta(minutes=40))
    firm.rings()
    await firm.reads()
    await firm.sends()
    assert FANG not in firm.wecom.phones
    firm.clock.advance(timedelta(hours=10))  # 08:40
    await firm.sends()
    assert len(firm.wecom.phones[FANG]) == 1


async def test_at_night_who_is_awake_is_answered(firm: Customers) -> None:
    firm.clock.advance(timedelta(hours=13))
    assert "理赔一般这样办" in await firm.asks("怎么理赔")


async def test_one_that_did_not_arrive_after_all_is_told_of(firm: Customers) -> None:
    await firm.asks("怎么理赔")
    firm.heard()
    with firm.database.engine.connect() as conn:
        msgid = conn.execute(select(kf_replies.c.msgid)).scalar_one()
    firm.rings(firm.wecom.api.bounce(ACCOUNT, FANG, msgid, 10, firm.clock.now()))
    await firm.reads()
    assert states(firm) == [("failed", "kf_refused")]
    assert "客户不接收这个客服账号的消息" in firm.heard()


async def test_words_that_do_not_open_are_not_sent(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "怎么理赔"))
    await firm.reads()
    with firm.database.engine.begin() as conn:
        conn.execute(update(kf_replies).values(text=b"broken"))
    await firm.sends()
    assert states(firm) == [("failed", "unreadable")]


# ---------------------------------------------------------------- the welcome


async def test_who_opens_the_talk_is_welcomed_once(firm: Customers) -> None:
    for _ in range(2):
        firm.rings(firm.wecom.api.enters(ACCOUNT, STRANGER, firm.clock.now()))
        await firm.reads()
        await firm.sends()
    assert [text[:11] for text in firm.wecom.phones[STRANGER]] == ["您好，这里是青禾金融。"]


async def test_a_welcome_that_comes_too_late_is_not_sent(firm: Customers) -> None:
    firm.rings(firm.wecom.api.enters(ACCOUNT, STRANGER, firm.clock.now()))
    await firm.reads()
    firm.clock.advance(timedelta(seconds=19))
    await firm.sends()
    assert STRANGER not in firm.wecom.phones
    assert states(firm) == [("expired", "kf_late")]


async def test_a_firm_whose_bot_answers_nobody_welcomes_nobody(firm: Customers) -> None:
    receiving = KfReceiving(firm.database, Post(1000002), ZONE)
    firm.reading = KfReading(firm.database, firm.reading._line, receiving, firm.clock)
    firm.rings(firm.wecom.api.enters(ACCOUNT, STRANGER, firm.clock.now()))
    await firm.reads()
    assert states(firm) == []


def test_the_fake_takes_a_welcome_of_nobody_who_has_written(clock: MovableClock) -> None:
    wecom = KfWeCom(clock)
    wecom.says(FANG, "在吗")
    wecom.api.enters(ACCOUNT, FANG, clock.now())
    assert wecom.api.accounts[ACCOUNT].welcomes == {}
