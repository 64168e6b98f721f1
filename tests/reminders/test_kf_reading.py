"""What customers write in 微信客服 is read without gap or double, whatever bells, answers and processes do; and told
to whom it concerns."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.wecom.kf import WeComKf
from handlers.notices import NOTICES
from reminders.kf_reading import KfReading
from reminders.kf_receiving import KfReceiving
from reminders.kf_telling import SERVICER
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.incoming import Event
from storage.model.kf import Heard
from storage.model.people import Actor, Client
from storage.repositories.contacts import ContactRepository
from storage.repositories.figures import FigureRepository
from storage.repositories.kf import KfRepository
from storage.tables import kf_messages
from tests.builders import Cast, a_client
from tests.reminders.clients_wecom import ProcessEnded
from tests.reminders.firm import ZONE
from tests.reminders.kf_wecom import ACCOUNT, KfWeCom

FANG, STRANGER = "wm_fang", "wm_stranger"


class Firm:
    """李顾问 with 王芳, whose WeChat is linked; the account, and the process that reads it."""

    def __init__(self, database: Database, clock: MovableClock, chaos: random.Random | None = None) -> None:
        self.database, self.clock = database, clock
        self.wecom = KfWeCom(clock, chaos)
        self.reading = self.process()
        with database.system(clock.now()) as uow:
            self.fang: Client = a_client(uow, "王芳")
            contacts = ContactRepository(uow)
            contacts.link(contacts.added("lixiang", FANG), self.fang, "hand", "芳芳")

    def process(self) -> KfReading:
        """A process that has just begun."""
        receiving = KfReceiving(self.database, Post(1000002), ZONE)
        return KfReading(self.database, WeComKf(self.wecom), receiving, self.clock)

    def rings(self, token: str = "", *, ago: timedelta = timedelta(0)) -> None:
        """The callback, as it comes."""
        self.notices("kf_msg_or_event", {"OpenKfId": ACCOUNT, "Token": token}, ago)

    def notices(self, name: str, raw: dict[str, object], ago: timedelta = timedelta(0)) -> None:
        event = Event(sender="", created_at=self.clock.now() - ago, agent_id="", raw=raw, event=name)
        with self.database.system(self.clock.now()) as uow:
            NOTICES[name](uow, event)

    async def reads(self) -> None:
        """All that is due now; a process that dies is followed by a new one when its lease is over."""
        try:
            while await self.reading.step():
                pass
        except ProcessEnded:
            self.reading = self.process()

    async def hears(self, text: str, who: str = FANG) -> None:
        """A customer writes, the bell rings, the account is read."""
        self.rings(self.wecom.says(who, text))
        await self.reads()

    def talk(self) -> list[str]:
        """What is kept of 王芳, oldest first."""
        with self.database.system(self.clock.now()) as uow:
            return [heard.words for heard in reversed(KfRepository(uow).of_client(self.fang.id, 100))]

    def timeline(self) -> list[str]:
        with self.database.system(self.clock.now()) as uow:
            return [contact.text for contact in uow.interactions.of_client(self.fang.id, 100)]

    def told(self) -> dict[str, str]:
        """What members are told by now, by member."""
        words: dict[str, str] = {}
        with self.database.system(self.clock.now()) as uow:
            while rows := uow.outbox.claim("test", 20):
                for row in rows:
                    words[row.recipient] = words.get(row.recipient, "") + row.body.decode()
                    uow.outbox.sent(row.id, "", "")
        return words


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Firm:
    return Firm(database, clock)


# ---------------------------------------------------------------- gap-free, and once


def rings_twice(firm: Firm) -> None:
    token = firm.wecom.says(FANG, "一")
    firm.rings(token)
    firm.rings(token)


def old_bell_after_the_new_one(firm: Firm) -> None:
    first = firm.wecom.says(FANG, "一")
    firm.clock.advance(timedelta(minutes=11))  # WeCom takes the first token no more
    firm.rings(firm.wecom.says(FANG, "二"))
    firm.rings(first, ago=timedelta(minutes=11))


def the_token_is_over(firm: Firm) -> None:
    token = firm.wecom.says(FANG, "一")
    firm.wecom.api.accounts[ACCOUNT].tokens.clear()
    firm.rings(token)


def the_answer_is_lost(firm: Firm) -> None:
    firm.rings(firm.wecom.says(FANG, "一"))
    firm.wecom.lost = 1


def wecom_is_away(firm: Firm) -> None:
    firm.rings(firm.wecom.says(FANG, "一"))
    firm.wecom.down = True


def the_process_ends_in_the_middle(firm: Firm) -> None:
    firm.wecom.api.page = 1
    for text in "一二三":
        firm.rings(firm.wecom.says(FANG, text))
    firm.wecom.ends = 1


def many_pages(firm: Firm) -> None:
    firm.wecom.api.page = 2
    for text in "一二三四五":
        firm.rings(firm.wecom.says(FANG, text))


def empty_pages_between(firm: Firm) -> None:
    firm.wecom.faults.kf_empty_pages = 3
    firm.rings(firm.wecom.says(FANG, "一"))


def the_bell_is_lost(firm: Firm) -> None:
    firm.notices("kf_account_auth_change", {"AuthAddOpenKfId": ACCOUNT})
    firm.wecom.says(FANG, "一")


def the_cursor_is_an_old_one(firm: Firm) -> None:
    """As after a restore: WeCom gives again what was read before."""
    firm.wecom.api.page = 1
    for text in "一二":
        firm.rings(firm.wecom.says(FANG, text))
    account = firm.reading._receiving.claim("other", firm.clock.now())
    assert account is not None
    with firm.database.system(firm.clock.now()) as uow:
        KfRepository(uow).advance(account, "")
        KfRepository(uow).rest(account, uow.now)


CASES: dict[str, tuple[Callable[[Firm], None], list[str]]] = {
    "a doubled bell": (rings_twice, ["一"]),
    "bells out of order": (old_bell_after_the_new_one, ["一", "二"]),
    "a token that is over": (the_token_is_over, ["一"]),
    "a lost answer": (the_answer_is_lost, ["一"]),
    "WeCom away": (wecom_is_away, ["一"]),
    "a process that ends in the middle": (the_process_ends_in_the_middle, ["一", "二", "三"]),
    "many pages": (many_pages, ["一", "二", "三", "四", "五"]),
    "empty pages with more behind": (empty_pages_between, ["一"]),
    "a lost bell": (the_bell_is_lost, ["一"]),
    "an old cursor": (the_cursor_is_an_old_one, ["一", "二"]),
}


@pytest.mark.parametrize("case", CASES)
async def test_everything_is_kept_once_and_in_order(firm: Firm, case: str) -> None:
    happens, kept = CASES[case]
    happens(firm)
    await firm.reads()
    firm.wecom.down = False
    for _ in range(3):  # what could not be done is done later, and what was done is not done again
        firm.clock.advance(timedelta(minutes=16))
        await firm.reads()
    assert firm.talk() == kept
    assert sorted(firm.timeline()) == sorted(f"微信客服留言：{text}" for text in kept)
    assert firm.told()["lixiang"].count("王芳（微信客服）") >= 1


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_weather_nothing_is_lost_or_doubled(
    database: Database, clock: MovableClock, cast: Cast, seed: int
) -> None:
    world = random.Random(seed)
    firm = Firm(database, clock, random.Random(seed + 100))
    firm.wecom.api.page = 2
    said: list[str] = []
    for number in range(25):
        for _ in range(world.randrange(3)):
            said.append(f"第{number}轮{len(said)}")
            token = firm.wecom.says(FANG, said[-1])
            for _ in range(world.choice((0, 1, 1, 2))):
                firm.rings(token)
        clock.advance(timedelta(seconds=world.choice((1, 20, 95, 700))))
        await firm.reads()
    firm.wecom.chaos = None
    firm.rings("")
    for _ in range(3):
        clock.advance(timedelta(minutes=16))
        await firm.reads()
    assert firm.talk() == said
    assert len(firm.timeline()) == len(said)


async def test_two_processes_do_not_read_one_account_at_once(firm: Firm) -> None:
    firm.rings(firm.wecom.says(FANG, "一"))
    held = firm.reading._receiving.claim("other:1:x", firm.clock.now())
    assert held is not None
    assert await firm.process().step() == 0
    firm.clock.advance(timedelta(seconds=91))  # the other is dead
    assert await firm.process().step() == 1
    assert firm.talk() == ["一"]


async def test_who_lost_the_lease_keeps_nothing(firm: Firm) -> None:
    firm.rings(firm.wecom.says(FANG, "一"))
    receiving, line = firm.reading._receiving, WeComKf(firm.wecom)
    slow = receiving.claim("slow:1:x", firm.clock.now())
    assert slow is not None
    page = await line.read(ACCOUNT, slow.cursor, "")
    firm.clock.advance(timedelta(seconds=91))
    await firm.reads()
    assert receiving.keep(slow, page, firm.clock.now()) is False
    assert firm.talk() == ["一"]


async def test_a_bell_during_the_reading_is_not_missed(firm: Firm) -> None:
    firm.rings(firm.wecom.says(FANG, "一"))
    account = firm.reading._receiving.claim("me:1:x", firm.clock.now())
    assert account is not None
    firm.rings(firm.wecom.says(FANG, "二"))
    firm.reading._receiving.rest(account, timedelta(minutes=15), firm.clock.now())
    await firm.reads()
    assert firm.talk() == ["一", "二"]


async def test_an_account_that_was_taken_away_is_left_alone_until_it_is_back(firm: Firm) -> None:
    gone = firm.wecom.api.accounts.pop(ACCOUNT)
    firm.rings("")
    await firm.reads()
    firm.clock.advance(timedelta(hours=1))
    calls = len(firm.wecom.calls)
    await firm.reads()
    assert len(firm.wecom.calls) == calls
    firm.wecom.api.accounts[ACCOUNT] = gone
    firm.notices("kf_account_auth_change", {"AuthAddOpenKfId": [ACCOUNT, "wk_other"]})
    firm.wecom.says(FANG, "一")
    firm.notices("kf_account_auth_change", {"AuthDelOpenKfId": "wk_other"})
    await firm.reads()
    assert firm.talk() == ["一"]


# ---------------------------------------------------------------- who is told


async def test_the_adviser_is_told_with_what_to_type(firm: Firm) -> None:
    await firm.hears("我的保单什么时候到期？")
    said = firm.told()
    assert list(said) == ["lixiang"]
    assert "王芳（微信客服）：我的保单什么时候到期？" in said["lixiang"]
    assert "回复请发送「回复 王芳 内容」（6 月 11 日 09:00 前，最多 5 条）。" in said["lixiang"]


@pytest.mark.parametrize(("said", "how"), [
    ("别给我发广告了", "「王芳 退订」"), ("不想再收到你们的消息", "「王芳 退订」"), ("我要投诉你们", "「王芳 投诉 内容」"),
])
async def test_what_a_client_does_not_want_comes_with_how_to_record_it(firm: Firm, said: str, how: str) -> None:
    await firm.hears(said)
    assert how in firm.told()["lixiang"]


async def test_a_plain_question_brings_no_such_hint(firm: Firm) -> None:
    await firm.hears("保单什么时候发给我")
    said = firm.told()["lixiang"]
    assert "退订" not in said
    assert "投诉" not in said


async def test_numbers_are_masked_and_attachments_are_named(firm: Firm) -> None:
    await firm.hears("我的新号码是 19912345678")
    firm.rings(firm.wecom.says(FANG, "", kind="image"))
    await firm.reads()
    said = firm.told()["lixiang"]
    assert "19912345678" not in said
    assert "[图片]" in said
    assert "19912345678" not in "".join(firm.timeline())


async def test_the_silence_clock_goes_on_until_somebody_answers(firm: Firm) -> None:
    await firm.hears("在吗")
    with firm.database.system(firm.clock.now()) as uow:
        assert uow.clients.get(firm.fang.id).last_contact_at == firm.fang.last_contact_at


async def test_what_a_client_writes_is_no_contact_in_the_figures(firm: Firm) -> None:
    await firm.hears("在吗")
    with firm.database.system(firm.clock.now()) as uow:
        day, figures = timedelta(days=1), FigureRepository(uow)
        assert figures.clients_contacted(uow.now - day, uow.now + day) == {}
        uow.act_as(Actor.of(uow.users.get("lixiang")))
        uow.interactions.add(uow.clients.get(firm.fang.id), "wechat", "回了她")
        assert FigureRepository(uow).clients_contacted(uow.now - day, uow.now + day) == {"lixiang": 1}


async def test_several_messages_come_as_one_notice(firm: Firm) -> None:
    for text in ("在吗", "想问续保", "急"):
        firm.rings(firm.wecom.says(FANG, text))
    await firm.reads()
    said = firm.told()["lixiang"]
    assert said.count("回复请发送") == 1
    assert "· 想问续保" in said


async def test_at_night_the_adviser_sleeps(firm: Firm) -> None:
    firm.clock.move_to(datetime(2025, 6, 9, 23, 30, tzinfo=ZONE))
    await firm.hears("睡了吗")
    assert firm.told() == {}
    firm.clock.move_to(datetime(2025, 6, 10, 9, 0, tzinfo=ZONE))
    assert "睡了吗" in firm.told()["lixiang"]


async def test_the_manager_answers_for_an_adviser_who_is_away_for_good(firm: Firm) -> None:
    with firm.database.system(firm.clock.now()) as uow:
        uow.users.deactivate(uow.users.get("lixiang"))
    await firm.hears("有人吗")
    assert list(firm.told()) == ["wangke"]


async def test_of_a_client_whose_people_have_left_nobody_else_reads_what_he_said(firm: Firm) -> None:
    with firm.database.system(firm.clock.now()) as uow:
        for user_id in ("lixiang", "wangke"):
            uow.users.deactivate(uow.users.get(user_id))
        uow.users.prefer(uow.users.get("chenmo"), **{SERVICER: True})
    await firm.hears("我要退保")
    said = firm.told()
    assert list(said) == ["hexin"]
    assert "顾问和主管都已停用" in said["hexin"]
    assert "退保" not in said["hexin"]
    assert firm.timeline() == ["微信客服留言：我要退保"]


async def test_whom_nobody_knows_is_told_to_nobody_but_who_serves_strangers(firm: Firm) -> None:
    await firm.hears("我是老客户，帮我查保单", STRANGER)
    said = firm.told()
    assert list(said) == ["hexin"]  # operations hear that somebody is needed, and not what was said
    assert "查保单" not in said["hexin"]
    assert "客服接待" in said["hexin"]
    await firm.hears("喂", STRANGER)
    assert firm.told() == {}  # once a day
    with firm.database.system(firm.clock.now()) as uow:
        uow.users.prefer(uow.users.get("chenmo"), **{SERVICER: True})
    await firm.hears("有人吗", STRANGER)
    said = firm.told()
    assert list(said) == ["chenmo"]
    assert "有人吗" in said["chenmo"]
    assert firm.wecom.phones == {}  # and the stranger hears nothing
    assert firm.talk() == []


async def test_of_several_links_the_one_of_the_client_s_own_adviser_counts(firm: Firm) -> None:
    with firm.database.system(firm.clock.now()) as uow:
        other = a_client(uow, "方女士", owner_id="chenmo")
        uow.clients.hand_over(other, "zhouning")
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("chenmo", FANG), uow.clients.get(other.id), "hand")
    await firm.hears("在吗")
    assert list(firm.told()) == ["lixiang"]


async def test_what_was_said_before_the_link_stays_nobody_s(firm: Firm) -> None:
    await firm.hears("早", STRANGER)
    with firm.database.system(firm.clock.now()) as uow:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", STRANGER), firm.fang, "hand")
    await firm.hears("晚", STRANGER)
    assert firm.talk() == ["晚"]


async def test_a_message_taken_back_keeps_no_words(firm: Firm) -> None:
    await firm.hears("发错了")
    row = firm.wecom.api.accounts[ACCOUNT].log[-1]["msgid"]
    firm.rings(firm.wecom.api.recalls(ACCOUNT, FANG, row, firm.clock.now()))
    await firm.reads()
    assert firm.talk() == ["[已撤回的消息]"]


async def test_what_was_taken_back_before_it_was_read_is_told_to_nobody(firm: Firm) -> None:
    firm.wecom.says(FANG, "发错了")
    row = firm.wecom.api.accounts[ACCOUNT].log[-1]["msgid"]
    firm.rings(firm.wecom.api.recalls(ACCOUNT, FANG, row, firm.clock.now()))
    await firm.reads()
    said = firm.told()["lixiang"]
    assert "[已撤回的消息]" in said
    assert "发错了" not in said + "".join(firm.timeline()) + "".join(firm.talk())


async def test_who_wrote_too_long_ago_is_told_without_a_way_to_answer(firm: Firm) -> None:
    """The first reading gives three days; WeCom takes answers for two."""
    firm.wecom.says(FANG, "在吗")
    firm.clock.advance(timedelta(hours=49))
    firm.rings()
    await firm.reads()
    said = firm.told()["lixiang"]
    assert "在吗" in said
    assert "已超过 48 小时，微信客服不能再回复，请打电话或在微信里联系。" in said
    assert "回复请发送" not in said


async def test_a_talk_that_cannot_be_told_is_parked_and_holds_up_nobody(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = KfReceiving._client

    def breaks(uow, external: str) -> Client | None:
        if external == STRANGER:
            raise RuntimeError("a fault of ours")
        return whole(uow, external)

    monkeypatch.setattr(KfReceiving, "_client", staticmethod(breaks))
    firm.rings(firm.wecom.says(STRANGER, "一"))
    firm.rings(firm.wecom.says(FANG, "二"))
    await firm.reads()
    assert firm.talk() == ["二"]
    for _ in range(6):
        firm.clock.advance(timedelta(seconds=11))
        await firm.reads()
    with firm.database.system(firm.clock.now()) as uow:
        left: list[Heard] = KfRepository(uow).untold(ACCOUNT, 9)
    assert left == []
    assert "1 条留言因系统错误没能转告顾问" in firm.told()["hexin"]


async def test_strangers_are_forgotten_after_a_month_and_clients_later(firm: Firm) -> None:
    await firm.hears("一", STRANGER)
    await firm.hears("二")
    firm.clock.advance(timedelta(days=31))
    with firm.database.system(firm.clock.now()) as uow:
        now = uow.now
        assert KfRepository(uow).purge(now - timedelta(days=30), now - timedelta(days=400)) == 2  # and his talk
    assert firm.talk() == ["二"]


async def test_a_message_that_does_not_open_is_told_of_and_stops_nobody_elses(firm: Firm) -> None:
    await firm.hears("你好")
    firm.told()
    with firm.database.system(firm.clock.now()) as uow:
        uow.conn.execute(update(kf_messages).values(state="new", text=b"broken", external_userid="somebody"))
    await firm.hears("第二句")
    assert "第二句" in firm.told()["lixiang"]
    with firm.database.system(firm.clock.now()) as uow:
        assert KfRepository(uow).untold(ACCOUNT, 10) == []
