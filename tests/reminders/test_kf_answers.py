"""Answers in 微信客服: only inside the window, each once, and said as they stand."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.wecom.kf import WeComKf
from reminders.gate import Asked
from reminders.kf_answers import KfAnswers, window_of
from reminders.kf_delivery import KfDelivery
from reminders.ledger import enter
from reminders.outgoing import Post
from storage.database import Database
from storage.model.care import ClientMessage
from storage.model.clock import MovableClock
from storage.model.kf import WINDOW
from storage.model.people import Client
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from tests.builders import Cast, a_client
from tests.reminders.clients_wecom import ProcessEnded
from tests.reminders.firm import ZONE
from tests.reminders.kf_wecom import ACCOUNT
from tests.reminders.test_kf_reading import FANG, STRANGER, Firm

MINUTE = timedelta(minutes=1)


class Counter(Firm):
    """The firm, and the process that answers."""

    def __init__(self, database: Database, clock: MovableClock, chaos: random.Random | None = None) -> None:
        super().__init__(database, clock, chaos)
        self.delivery = self.sender()

    def sender(self) -> KfDelivery:
        """A process that has just begun."""
        return KfDelivery(
            self.database, WeComKf(self.wecom), KfAnswers(self.database, Post(1000002), ZONE), self.clock
        )

    def replies(self, text: str) -> ClientMessage:
        """As the handler does after 确认."""
        return self.answers(text, FANG)

    def answers(self, text: str, external: str) -> ClientMessage:
        """In the talk of one of 王芳's WeChats."""
        with self.database.system(self.clock.now()) as uow:
            talk = KfRepository(uow).talk(ACCOUNT, external, datetime.min.replace(tzinfo=UTC), uow.clients.get(self.fang.id))
            made = enter(
                uow, Asked.answer(uow.clients.get(self.fang.id), text, talk.said_at), ZONE, state="queued",
                sender_id="lixiang", not_before=uow.now, external_userid=external, talk_id=talk.id,
                expires_at=talk.said_at + WINDOW,
            )
        assert made is not None
        return made

    def links(self, external: str, client: Client) -> None:
        """An adviser says whose WeChat it is."""
        with self.database.system(self.clock.now()) as uow:
            contacts = ContactRepository(uow)
            contacts.link(contacts.added("lixiang", external), uow.clients.get(client.id), "hand")

    def links_to_another(self) -> None:
        """The WeChat was never 王芳's."""
        with self.database.system(self.clock.now()) as uow:
            other = a_client(uow, "方姨")
        self.links(FANG, other)

    async def sends(self, *, wait: timedelta = timedelta(0)) -> None:
        """What is due after `wait`; a process that dies is followed by a new one."""
        self.clock.advance(wait)
        try:
            while await self.delivery.step():
                pass
        except ProcessEnded:
            self.delivery = self.sender()

    def state(self, message: ClientMessage) -> tuple[str, str]:
        with self.database.system(self.clock.now()) as uow:
            fresh = ClientMessageRepository(uow).get(message.id)
        return fresh.state, fresh.reason

    def tasks(self) -> list[str]:
        with self.database.system(self.clock.now()) as uow:
            return [r.text for r in uow.reminders.of_client(self.fang.id) if r.category == "task"]

    @property
    def phone(self) -> list[str]:
        return self.wecom.phones.get(FANG, [])


@pytest.fixture
async def counter(database: Database, clock: MovableClock, cast: Cast) -> Counter:
    counter = Counter(database, clock)
    await counter.hears("我的保单什么时候到期？")
    counter.told()
    return counter


async def test_an_answer_arrives_and_is_on_the_time_line(counter: Counter) -> None:
    message = counter.replies("7 月 9 日到期")
    await counter.sends()
    assert counter.phone == ["7 月 9 日到期"]
    assert counter.state(message) == ("sent", "")
    assert "微信客服回复：7 月 9 日到期" in counter.timeline()
    assert "已通过微信客服发出" in counter.told()["lixiang"]
    with counter.database.system(counter.clock.now()) as uow:
        assert uow.clients.get(counter.fang.id).last_contact_at == counter.clock.now()


# ---------------------------------------------------------------- the window


async def test_the_sixth_answer_is_not_sent_but_becomes_a_task(counter: Counter) -> None:
    for number in range(6):
        last = counter.replies(f"第 {number} 条")
        await counter.sends(wait=MINUTE)
    assert len(counter.phone) == 5
    assert counter.state(last) == ("expired", "kf_count")
    assert counter.tasks() == ["联系王芳：微信客服已不能回复，要说的是「第 5 条」"]
    assert "给您建了一条待办" in counter.told()["lixiang"]
    assert all(call["path"] != "kf/send_msg" or call["text"]["content"] != "第 5 条" for call in counter.wecom.calls)


async def test_a_new_message_of_the_client_opens_the_window_again(counter: Counter) -> None:
    for number in range(5):
        counter.replies(f"第 {number} 条")
        await counter.sends(wait=MINUTE)
    await counter.hears("还有吗")
    message = counter.replies("还有一条")
    await counter.sends(wait=MINUTE)
    assert counter.state(message) == ("sent", "")
    assert len(counter.phone) == 6


async def test_what_was_answered_before_an_older_message_was_read_counts_for_it(counter: Counter) -> None:
    """The bell was late: the answers that followed the message had gone out when it was read."""
    counter.clock.advance(MINUTE)
    token = counter.wecom.says(FANG, "在吗")
    for number in range(5):
        counter.replies(f"第 {number} 条")
        await counter.sends(wait=MINUTE)
    counter.rings(token)
    await counter.reads()
    message = counter.replies("第六条")
    await counter.sends(wait=MINUTE)
    assert counter.state(message) == ("expired", "kf_count")


async def test_confirmed_in_time_but_sent_too_late_it_becomes_a_task(counter: Counter) -> None:
    message = counter.replies("周五前给您答复")
    await counter.sends(wait=WINDOW)
    assert counter.phone == []
    assert counter.state(message) == ("expired", "kf_late")
    assert len(counter.tasks()) == 1


async def test_two_processes_send_no_sixth_answer(counter: Counter) -> None:
    for number in range(4):
        counter.replies(f"第 {number} 条")
        await counter.sends(wait=MINUTE)
    for number in (4, 5):
        counter.replies(f"第 {number} 条")
    answers = counter.delivery._texts
    first, _ = answers.take("one", 1, counter.clock.now())
    second, _ = answers.take("two", 1, counter.clock.now())
    assert (len(first), len(second)) == (1, 0)  # the other waits its turn, and then finds the window closed
    await counter.sends(wait=timedelta(seconds=95))
    await counter.sends(wait=timedelta(seconds=5))
    assert len(counter.phone) == 5
    assert len(counter.tasks()) == 1


# ---------------------------------------------------------------- whatever becomes of the call


def lost(counter: Counter) -> None:
    counter.wecom.lost = 1


def dies(counter: Counter) -> None:
    counter.wecom.ends = 1


def away(counter: Counter) -> None:
    counter.wecom.down = True


@pytest.mark.parametrize("trouble", [lost, dies, away])
async def test_after_trouble_the_text_arrives_once(counter: Counter, trouble: Callable[[Counter], None]) -> None:
    trouble(counter)
    message = counter.replies("您好")
    await counter.sends()
    counter.wecom.down = False
    for _ in range(3):
        await counter.sends(wait=timedelta(seconds=95))
    assert counter.phone == ["您好"]
    assert counter.state(message) == ("sent", "")
    assert counter.timeline().count("微信客服回复：您好") == 1


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_weather_nobody_gets_a_text_twice_and_each_end_state_is_right(
    database: Database, clock: MovableClock, cast: Cast, seed: int
) -> None:
    world = random.Random(seed)
    counter = Counter(database, clock)
    await counter.hears("在吗")
    counter.wecom.chaos = random.Random(seed + 100)
    messages: list[ClientMessage] = []
    for number in range(30):
        if world.random() < 0.3:
            counter.rings(counter.wecom.says(FANG, f"问 {number}"))
        if world.random() < 0.6:
            messages.append(counter.replies(f"答 {number}"))
        await counter.sends(wait=timedelta(seconds=world.choice((5, 20, 95, 700))))
        await counter.reads()
    counter.wecom.chaos = None
    for _ in range(12):
        await counter.sends(wait=timedelta(seconds=100))
    for message in messages:
        (state, reason), arrived = counter.state(message), counter.phone.count(message.text)
        assert state in ("sent", "expired", "failed")
        assert arrived <= 1
        assert arrived == (state == "sent") or reason == "kf_unclear", (state, reason)
    assert counter.phone == sorted(counter.phone, key=lambda text: int(text[2:]))  # in the order they were given


@pytest.mark.parametrize(("errcode", "state", "reason"), [
    (95001, "expired", "kf_count"), (95002, "expired", "kf_late"), (95018, "failed", "kf_state"),
    (40201, "failed", "content"), (40096, "failed", "nobody"), (40058, "failed", "request"), (95033, "sent", ""),
])
async def test_each_refusal_of_wecom_has_its_end(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, errcode: int, state: str, reason: str
) -> None:
    from bot.wecom.errors import CallFailed

    async def refuses(method: str, path: str, *, json: dict[str, object]) -> dict[str, object]:
        raise CallFailed(path, errcode)

    monkeypatch.setattr(counter.wecom, "call", refuses)
    message = counter.replies("您好")
    await counter.sends()
    assert counter.state(message) == (state, reason)


async def test_a_refusal_after_an_unclear_try_is_said_to_be_unclear(counter: Counter) -> None:
    message = counter.replies("您好")
    counter.wecom.lost = 1
    await counter.sends()
    counter.wecom.api.accounts[ACCOUNT].sent_ids.clear()
    counter.wecom.api.take_over(ACCOUNT, FANG)
    await counter.sends(wait=timedelta(seconds=95))
    assert counter.state(message) == ("failed", "kf_unclear")


async def test_what_may_have_left_counts_for_the_five(counter: Counter) -> None:
    message = counter.replies("您好")
    counter.wecom.lost = 1
    await counter.sends()
    counter.links_to_another()
    await counter.sends(wait=timedelta(seconds=95))
    assert counter.state(message) == ("failed", "kf_unclear")
    with counter.database.system(counter.clock.now()) as uow:
        talk = KfRepository(uow).talk_of(counter.fang.id)
        assert talk is not None
        assert window_of(uow, talk).left == 4


async def test_two_processes_take_talks_in_one_order(counter: Counter) -> None:
    """Locked in different orders, two talks would make two processes wait for each other."""
    await counter.hears("我也在", STRANGER)
    held: list[int] = []

    def notes(repository: KfRepository, talk_id: int) -> None:
        held.append(talk_id)

    counter.links(STRANGER, counter.fang)
    await counter.hears("我又来了", STRANGER)
    for text, external in (("一", FANG), ("二", STRANGER), ("三", FANG)):
        counter.answers(text, external)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(KfRepository, "hold", notes)
        counter.delivery._texts.take("one", 5, counter.clock.now())
    assert len(set(held)) == 2
    assert held == sorted(held)


async def test_what_did_not_arrive_is_known_also_where_the_answer_to_the_call_was_lost(counter: Counter) -> None:
    message = counter.replies("您好")
    counter.wecom.lost = 1
    await counter.sends()
    counter.rings(counter.wecom.api.bounce(ACCOUNT, FANG, f"a{message.id}", 10, counter.clock.now()))
    await counter.reads()
    await counter.sends(wait=timedelta(seconds=95))
    assert counter.state(message) == ("failed", "kf_refused")
    assert "微信客服回复：您好" not in counter.timeline()
    assert "没有送到" in counter.told()["lixiang"]


async def test_what_wecom_says_later_did_not_arrive_counts_as_failed(counter: Counter) -> None:
    message = counter.replies("您好")
    await counter.sends()
    counter.told()
    counter.rings(counter.wecom.api.bounce(ACCOUNT, FANG, f"a{message.id}", 10, counter.clock.now()))
    await counter.reads()
    assert counter.state(message) == ("failed", "kf_refused")
    assert "给「王芳」的回复没有送到：客户不接收这个客服账号的消息" in counter.told()["lixiang"]


# ---------------------------------------------------------------- the gate, again at the moment of sending


async def test_the_gate_is_asked_again_when_it_leaves(counter: Counter) -> None:
    message = counter.replies("您好")
    with counter.database.system(counter.clock.now()) as uow:
        uow.clients.update(uow.clients.get(counter.fang.id), contact_limit="deceased")
    await counter.sends()
    assert counter.phone == []
    assert counter.state(message) == ("refused", "deceased")


async def test_a_client_who_was_handed_over_is_not_answered_by_who_had_him(counter: Counter) -> None:
    message = counter.replies("您好")
    with counter.database.system(counter.clock.now()) as uow:
        uow.clients.hand_over(uow.clients.get(counter.fang.id), "chenmo")
    await counter.sends()
    assert counter.state(message) == ("refused", "handed_over")
    assert counter.phone == []


async def test_a_talk_that_is_somebody_else_s_by_now_is_not_answered(counter: Counter) -> None:
    message = counter.replies("您好")
    with counter.database.system(counter.clock.now()) as uow:
        contacts = ContactRepository(uow)
        contact = contacts.find("lixiang", FANG)
        assert contact is not None
        contacts.unlink(contact)
    counter.rings(counter.wecom.says(FANG, "我不是王芳"))
    await counter.reads()
    await counter.sends()
    assert counter.state(message) == ("refused", "unlinked")
    assert counter.phone == []


async def test_a_link_that_was_mended_after_the_message_counts_at_the_moment_of_sending(counter: Counter) -> None:
    """Nobody wrote again: the talk still says 王芳, but the WeChat is known to be 方姨's by now."""
    message = counter.replies("您好")
    counter.links_to_another()
    await counter.sends()
    assert counter.state(message) == ("refused", "unlinked")
    assert counter.phone == []


async def test_an_unclear_try_is_not_repeated_to_somebody_else(counter: Counter) -> None:
    message = counter.replies("您好")
    counter.wecom.down = True
    await counter.sends()
    counter.wecom.down = False
    counter.links_to_another()
    await counter.sends(wait=timedelta(seconds=95))
    assert counter.state(message) == ("failed", "kf_unclear")
    assert counter.phone == []


async def test_an_unclear_try_is_repeated_only_where_the_gate_lets_it_pass(counter: Counter) -> None:
    counter.clock.move_to(datetime(2025, 6, 9, 20, 59, 30, tzinfo=ZONE))
    asleep, wrong = counter.replies("晚上好"), counter.replies("早上好")
    counter.wecom.down = True
    await counter.sends()
    counter.wecom.down = False
    counter.clock.move_to(datetime(2025, 6, 10, 2, 0, tzinfo=ZONE))
    await counter.sends()
    assert counter.phone == []
    counter.clock.move_to(datetime(2025, 6, 10, 8, 31, tzinfo=ZONE))
    await counter.sends(wait=MINUTE)
    assert counter.phone[0] == "晚上好"
    assert counter.state(asleep) == ("sent", "")
    counter.wecom.down = True
    await counter.sends(wait=MINUTE)
    counter.wecom.down = False
    with counter.database.system(counter.clock.now()) as uow:
        uow.clients.update(uow.clients.get(counter.fang.id), contact_limit="deceased")
    await counter.sends(wait=timedelta(seconds=95))
    assert counter.phone == ["晚上好"]
    assert counter.state(wrong) == ("failed", "kf_unclear")
    said = counter.told()["lixiang"]
    assert "客户可能已经收到" in said
    assert "没有送出" not in said
    assert "手动发送" not in said  # it would be a second text for who has the first


async def test_at_night_who_has_just_written_is_answered_and_others_in_the_morning(counter: Counter) -> None:
    counter.clock.move_to(datetime(2025, 6, 9, 22, 0, tzinfo=ZONE))
    later = counter.replies("给早上留言的您")
    await counter.sends()
    assert counter.phone == []
    counter.clock.move_to(datetime(2025, 6, 10, 8, 51, tzinfo=ZONE))
    await counter.sends()
    assert counter.state(later) == ("sent", "")
    counter.clock.move_to(datetime(2025, 6, 10, 22, 0, tzinfo=ZONE))
    await counter.hears("睡了吗")
    counter.replies("还没有")
    await counter.sends(wait=MINUTE)
    assert counter.phone == ["给早上留言的您", "还没有"]


async def test_answers_do_not_count_for_the_rhythm_of_care(counter: Counter) -> None:
    for number in range(4):
        counter.replies(f"第 {number} 条")
        await counter.sends(wait=MINUTE)
    with counter.database.system(counter.clock.now()) as uow:
        assert ClientMessageRepository(uow).recent([counter.fang.id], uow.now - timedelta(days=7)) == []
