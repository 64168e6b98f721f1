"""The ledger against a WeCom that answers late, twice or not at all, quotas out and unfriends: no customer gets a
text twice, and each end state is what the customer's phone says."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.sandbox.qyapi import Call
from bot.wecom.errors import Unreachable
from bot.wecom.group_sends import WeComGroupSends
from reminders.care_delivery import CareDelivery, CareSteps
from reminders.care_steps import Finding
from reminders.group_sends import Created
from reminders.outgoing import Post
from storage.database import Database
from storage.model.care import ClientMessage
from storage.model.clock import MovableClock
from storage.model.people import SYSTEM
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.tables import client_messages
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.reminders.clients_wecom import ClientsWeCom, ProcessEnded
from tests.reminders.firm import ZONE

CLIENTS = 12
ENDS = {"delivered", "failed", "refused", "expired", "cancelled"}


def delivery_of(database: Database, wecom: ClientsWeCom, clock: MovableClock) -> CareDelivery:
    return CareDelivery(database, WeComGroupSends(wecom), CareSteps(database, Post(1000002), ZONE), clock)


class Ledger:
    """李顾问's clients with their WeChat, a text to each of them, and the process that delivers it."""

    def __init__(self, database: Database, clock: MovableClock, wecom: ClientsWeCom) -> None:
        self.database, self.clock, self.wecom = database, clock, wecom
        self.delivery = delivery_of(database, wecom, clock)
        self.clients = []
        with database.system(clock.now()) as uow:
            for number in range(CLIENTS):
                client = a_client(uow, f"客户{number}")
                external = f"wm{number}"
                wecom.befriend("lixiang", external)
                uow.consents.record(client, "care", True, channel="test")
                contacts = ContactRepository(uow)
                contacts.link(contacts.added("lixiang", external), client, "hand")
                self.clients.append(client)

    def queue(self, number: int, text: str) -> ClientMessage:
        """As the handler does after 发送: the row that the adviser confirmed."""
        with self.database.system(self.clock.now()) as uow:
            made = ClientMessageRepository(uow).add(
                self.clients[number], key=f"{self.clients[number].id}:birthday:{text[:20]}:0", sender_id="lixiang",
                purpose="care", occasion="birthday", text=text, own=True, route="task", state="queued",
                external_userid=f"wm{number}", not_before=uow.now, look_at=uow.now, confirmed_at=uow.now,
                expires_at=uow.now + timedelta(hours=48),
            )
        assert made is not None
        return made

    async def turn(self) -> None:
        """One turn; a process that dies in it is followed by a new one."""
        try:
            await self.delivery.step()
        except ProcessEnded:
            self.delivery = delivery_of(self.database, self.wecom, self.clock)

    def rows(self) -> list[ClientMessage]:
        with self.database.system(self.clock.now()) as uow:
            return [m for c in self.clients for m in ClientMessageRepository(uow).of_client(c.id)]

    def cancel(self, message: ClientMessage) -> None:
        """As 取消发送 does."""
        with self.database.system(self.clock.now()) as uow:
            fresh = ClientMessageRepository(uow).get(message.id)
            if fresh.state == "queued":
                ClientMessageRepository(uow).change(fresh, state="cancelled", done_at=uow.now, look_at=None)
            elif fresh.state in ("creating", "task_created"):
                look = fresh.look_at if fresh.state == "creating" else uow.now
                ClientMessageRepository(uow).change(fresh, wanted="cancelled", look_at=look)


@pytest.mark.parametrize("seed", range(8))
async def test_no_customer_gets_a_text_twice_and_each_end_state_is_right(
    database: Database, cast: Cast, clock: MovableClock, seed: int
) -> None:
    world = random.Random(seed)
    wecom = ClientsWeCom(clock, ["lixiang", "chenmo"], random.Random(seed + 1000))
    ledger = Ledger(database, clock, wecom)
    for number in range(CLIENTS):
        ledger.queue(number, "生日快乐" if number % 2 else f"生日快乐，客户{number}")  # some texts are the same

    for _ in range(150):
        clock.advance(timedelta(seconds=world.choice((5, 20, 50, 61, 61, 70, 70, 90, 130, 130, 400, 3700, 9000))))
        await ledger.turn()
        match world.random():
            case luck if luck < 0.30 and wecom.waiting():
                wecom.sends.confirm(world.choice(wecom.waiting()).msgid, clock.now())
            case luck if luck < 0.33:
                wecom.contacts.unfriend("lixiang", f"wm{world.randrange(CLIENTS)}")
            case luck if luck < 0.38:
                wecom.faults.quota_used = not wecom.faults.quota_used
            case luck if luck < 0.42:
                ledger.cancel(world.choice(ledger.rows()))

    wecom.chaos, wecom.faults.quota_used = None, False  # the weather clears, and nobody confirms any more
    for _ in range(60):
        clock.advance(timedelta(hours=3))
        await ledger.turn()

    wecom.confirm_all()  # a task that was forgotten would reach its customer now
    for message in ledger.rows():
        seen = wecom.phones.get(message.external_userid or "", [])
        assert seen in ([], [message.text]), f"{message.state} {message.reason}: {seen}"
        assert message.state in ENDS, message.state
        assert (message.state == "delivered") == bool(seen), f"{message.state} {message.reason}: {seen}"


@pytest.fixture
def wecom(clock: MovableClock) -> ClientsWeCom:
    return ClientsWeCom(clock, ["lixiang", "chenmo"])


@pytest.fixture
def ledger(database: Database, cast: Cast, clock: MovableClock, wecom: ClientsWeCom) -> Ledger:
    return Ledger(database, clock, wecom)


async def later(ledger: Ledger, **time: int) -> None:
    ledger.clock.advance(timedelta(**time))
    await ledger.turn()


def state_of(ledger: Ledger, message: ClientMessage) -> tuple[str, str]:
    return next((m.state, m.reason) for m in ledger.rows() if m.id == message.id)


def told(ledger: Ledger) -> str:
    """What was queued to the adviser since the last look."""
    words = ""
    with ledger.database.system(ledger.clock.now()) as uow:
        while rows := uow.outbox.claim("test", 20):
            for row in rows:
                words += row.body.decode()
                uow.outbox.sent(row.id, "", "")
    return words


async def test_a_task_is_not_yet_a_message_and_a_confirmed_one_not_yet_received(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    await ledger.turn()
    assert state_of(ledger, message) == ("task_created", "")
    assert "还没有发给客户" in told(ledger)
    assert ledger.wecom.phones == {}
    await later(ledger, minutes=2)
    assert state_of(ledger, message) == ("task_created", "")
    ledger.wecom.confirm_all()
    await later(ledger, minutes=2)
    assert state_of(ledger, message) == ("delivered", "")
    assert "企业微信确认已送达" in told(ledger)
    assert ledger.wecom.phones == {"wm0": ["生日快乐"]}


async def test_a_request_that_wecom_carries_out_minutes_later_is_not_made_again(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    ledger.wecom.chaos = random.Random(0)
    ledger.wecom._troubled = lambda name, made, chaos: carry_out_late(ledger, name, made)
    await ledger.turn()
    ledger.wecom.chaos = None
    for _ in range(8):
        await later(ledger, minutes=1)
    assert state_of(ledger, message) == ("creating", "")
    await later(ledger, minutes=3)
    await later(ledger, minutes=3)  # WeCom dispatches it first
    assert state_of(ledger, message) == ("task_created", "")
    assert ledger.wecom.calls.count("add_msg_template") == 1
    assert len(ledger.wecom.waiting()) == 1


def carry_out_late(ledger: Ledger, name: str, made: Call) -> dict[str, object]:
    ledger.wecom.sends.late(made)
    raise Unreachable(name, "timeout")


async def test_a_lost_answer_is_looked_up_before_anything_is_asked_again(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    ledger.wecom.chaos = random.Random(0)
    ledger.wecom._troubled = lambda name, made, chaos: lose_after(ledger, name, made)
    await ledger.turn()
    assert state_of(ledger, message) == ("creating", "")
    ledger.wecom.chaos = None
    await later(ledger, minutes=1)
    assert ledger.wecom.calls.count("add_msg_template") == 1
    await later(ledger, minutes=10)
    assert state_of(ledger, message) == ("task_created", "")
    assert ledger.wecom.calls.count("add_msg_template") == 1


def lose_after(ledger: Ledger, name: str, made: Call) -> dict[str, object]:
    ledger.wecom._answer(name, made)
    raise Unreachable(name, "timeout")


async def test_a_task_made_twice_is_called_back_before_it_is_confirmed(ledger: Ledger) -> None:
    ledger.queue(0, "生日快乐")
    ledger.wecom.faults.twice = 1
    await ledger.turn()
    assert len(ledger.wecom.waiting()) == 2
    await later(ledger, minutes=2)
    assert len(ledger.wecom.waiting()) == 1


async def test_what_nobody_confirms_is_called_back_and_said(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    await ledger.turn()
    for _ in range(20):
        await later(ledger, hours=3)
    assert state_of(ledger, message) == ("expired", "")
    assert ledger.wecom.waiting() == []
    assert "没有发给客户" in told(ledger)


async def test_the_adviser_is_nudged_by_day_and_at_most_three_times_in_24_hours(ledger: Ledger) -> None:
    ledger.queue(0, "生日快乐")
    await ledger.turn()
    for _ in range(24):
        await later(ledger, minutes=30)
    (task,) = ledger.wecom.waiting()
    assert 1 <= len(task.nudges) <= 3
    assert all(8 <= at.astimezone(ZONE).hour < 21 for at in task.nudges)


async def test_consent_taken_back_while_it_waited_stops_it_at_the_moment_of_sending(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.consents.record(ledger.clients[0], "care", False, channel="test")
    await ledger.turn()
    assert state_of(ledger, message) == ("refused", "opted_out")
    assert ledger.wecom.calls == []
    assert "客户已退订" in told(ledger)


def consent_is_taken_back(ledger: Ledger) -> None:
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.consents.record(ledger.clients[0], "care", False, channel="test")


def client_has_died(ledger: Ledger) -> None:
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.clients.update(uow.clients.get(ledger.clients[0].id), contact_limit="deceased")


def client_complains(ledger: Ledger) -> None:
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.clients.update(uow.clients.get(ledger.clients[0].id), complaint_open=True)


def client_goes_to_a_colleague(ledger: Ledger) -> None:
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.clients.hand_over(uow.clients.get(ledger.clients[0].id), "chenmo")


@pytest.mark.parametrize(("what", "why", "words"), [
    (consent_is_taken_back, "opted_out", "客户已退订"), (client_has_died, "deceased", "登记了身故"),
    (client_complains, "complaint", "有投诉在处理"), (client_goes_to_a_colleague, "handed_over", "客户已不在您名下"),
])
async def test_a_task_that_waits_in_wecom_is_called_back_when_the_client_speaks_against_it(
    ledger: Ledger, what: Callable[[Ledger], None], why: str, words: str
) -> None:
    message = ledger.queue(0, "生日快乐")
    await ledger.turn()
    await later(ledger, minutes=2)
    told(ledger)
    what(ledger)
    await later(ledger, minutes=31)
    assert ledger.wecom.waiting() == []
    assert state_of(ledger, message) == ("cancelled", why)
    assert words in told(ledger)
    ledger.wecom.confirm_all()
    assert ledger.wecom.phones == {}
    assert "remind_groupmsg_send" not in ledger.wecom.calls


async def test_a_withdrawal_that_is_told_calls_the_task_back_in_the_very_next_turn(ledger: Ledger) -> None:
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.clients.update(uow.clients.get(ledger.clients[0].id), name="陈静")
    ledger.queue(0, "生日快乐")
    await ledger.turn()
    await later(ledger, hours=3)
    await later(ledger, minutes=1)  # looked at just now, and not again for half an hour
    desk = Desk(ledger.database, ledger.clock, "lixiang")
    assert "还没发出的也不会发" in desk.says("陈静说不要再给她发消息了")
    desk.says("确认")
    await ledger.turn()
    assert ledger.wecom.waiting() == []


async def test_on_a_day_of_very_many_tasks_the_receipt_is_learnt_all_the_same(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    await ledger.turn()
    (task,) = ledger.wecom.waiting()
    ledger.clock.advance(timedelta(hours=1))
    for number in range(5100):
        other = copy(task)
        other.msgid, other.created_at = f"other{number}", ledger.clock.now()
        other.content = {**task.content, "text": {"content": "别的话"}}
        ledger.wecom.sends.tasks[other.msgid] = other
    ledger.wecom.sends.confirm(task.msgid, ledger.clock.now())
    await later(ledger, minutes=2)
    assert state_of(ledger, message) == ("delivered", "")


async def test_a_text_that_does_not_open_is_told_and_stops_nobody_elses(ledger: Ledger) -> None:
    bad, good = ledger.queue(0, "甲"), ledger.queue(1, "乙")
    with ledger.database.system(ledger.clock.now()) as uow:
        uow.conn.execute(update(client_messages).where(client_messages.c.id == bad.id).values(text=b"broken"))
    await ledger.turn()
    assert state_of(ledger, good) == ("task_created", "")
    assert state_of(ledger, bad) == ("failed", "unreadable")
    assert "请重新起草" in told(ledger)
    assert [task.text for task in ledger.wecom.waiting()] == ["乙"]


async def test_a_customer_who_is_no_friend_any_more_is_noticed(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    ledger.wecom.contacts.unfriend("lixiang", "wm0")
    await ledger.turn()
    assert state_of(ledger, message) == ("failed", "nobody")
    with ledger.database.transaction(SYSTEM, ledger.clock.now()) as uow:
        contact = ContactRepository(uow).find("lixiang", "wm0")
    assert contact is not None
    assert contact.state == "lost"


async def test_a_stale_search_does_not_ask_for_a_task_once_more(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    steps = CareSteps(ledger.database, Post(1000002), ZONE)
    (first,) = steps.take("one", 20, ledger.clock.now()).to_create
    steps.record([Finding(first, nowhere=True)], ledger.clock.now())
    ledger.clock.advance(timedelta(seconds=5))
    (second,) = steps.take("two", 20, ledger.clock.now()).to_create
    steps.record([Finding(first, nowhere=True)], ledger.clock.now())
    assert state_of(ledger, message) == ("creating", "")
    steps.record([Finding(second, created=Created("created", "msg2"))], ledger.clock.now())
    assert state_of(ledger, message) == ("task_created", "")


async def test_news_of_the_night_are_told_in_the_morning(ledger: Ledger) -> None:
    ledger.queue(0, "生日快乐")
    await ledger.turn()
    told(ledger)
    ledger.wecom.confirm_all()
    ledger.clock.move_to(datetime(2025, 6, 10, 2, 0, tzinfo=ZONE))
    await ledger.turn()
    assert told(ledger) == ""
    ledger.clock.move_to(datetime(2025, 6, 10, 9, 0, tzinfo=ZONE))
    assert "企业微信确认已送达" in told(ledger)


async def test_a_task_of_which_wecom_never_says_anything_is_given_up(ledger: Ledger) -> None:
    message = ledger.queue(0, "生日快乐")
    await ledger.turn()
    ledger.wecom.chaos = random.Random(0)
    ledger.wecom._troubled = lambda name, made, chaos: never_answers(name)
    await later(ledger, days=8)
    assert state_of(ledger, message) == ("task_created", "")
    await later(ledger, days=1, hours=1)
    assert state_of(ledger, message) == ("failed", "unclear")
    ledger.clock.move_to(datetime(2025, 6, 19, 9, 30, tzinfo=ZONE))
    words = told(ledger)
    assert "再发以前请先在企业微信里看一下" in words
    assert "手动发送" not in words  # the client may have had it


def never_answers(name: str) -> dict[str, object]:
    raise Unreachable(name, "timeout")


async def test_a_text_too_long_for_wecom_is_not_asked_for(ledger: Ledger) -> None:
    message = ledger.queue(0, "好" * 1334)
    await ledger.turn()
    assert state_of(ledger, message) == ("failed", "too_long")
    assert ledger.wecom.calls == []
