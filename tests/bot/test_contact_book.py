"""Customers of members as WeCom has them: linked by the noted phone, asked about, and repaired when callbacks were lost."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.contacts import ContactBook
from bot.sandbox.contact_api import ContactApi
from bot.sandbox.corp import Directory, Member
from bot.sandbox.errors import ApiError
from bot.sandbox.qyapi import Call
from bot.wecom.customers import Customer, Followed, customer, followed
from bot.wecom.errors import CallFailed, Unreachable
from handlers.events import CUSTOMERS
from handlers.router import dispatch
from reminders.outgoing import Post
from storage.database import Database
from storage.model.care import Contact
from storage.model.clock import MovableClock
from storage.model.incoming import Event
from storage.model.people import Client
from storage.repositories.contacts import ContactRepository
from storage.tables import card_actions
from tests.builders import Cast, a_client, the_cast
from tests.handlers.asking import Desk
from tests.reminders.firm import ZONE

PHONE = "19900001234"


class Line:
    """The customer calls of `WeComClient` on the fake's own functions; `down` for a WeCom that is away."""

    def __init__(self, api: ContactApi, clock: MovableClock) -> None:
        self.api, self.clock, self.down = api, clock, False

    async def get_customer(self, external_userid: str) -> Customer:
        return customer(self._call(self.api.get, Call("get", {"external_userid": external_userid}, self.clock.now())))

    async def customers_of(self, userid: str) -> list[Followed]:
        call = Call("batch", {}, self.clock.now(), body={"userid_list": [userid], "limit": 100})
        return [followed(row) for row in self._call(self.api.batch_get_by_user, call)["external_contact_list"]]

    def _call(self, function, call: Call):
        if self.down:
            raise Unreachable(call.path, "timeout")
        try:
            return function(call)
        except ApiError as error:
            raise CallFailed(call.path, error.errcode) from None


class Book:
    def __init__(self, database: Database, clock: MovableClock) -> None:
        directory = Directory()
        for userid in ("lixiang", "chenmo", "hexin"):
            directory.add(Member(userid, userid, (1,), "", ""))
        self.api, self.database, self.clock = ContactApi(directory), database, clock
        self.line = Line(self.api, clock)
        self.book = ContactBook(
            database, self.line, Post(1000002), clock, ZONE, on_queued=lambda: None,
        )
        with database.system(clock.now()) as uow:
            self.fang: Client = a_client(uow, "王芳", phone=PHONE)

    def adds(self, external: str, nickname: str = "芳芳", phone: str = "", *, callback: bool = True) -> None:
        """A customer adds 李顾问, who may note a phone; the callback may be lost."""
        self.api.befriend("lixiang", external, nickname, self.clock.now())
        if phone:
            self.api.customers[external].follows["lixiang"].mobiles = [phone]
        if callback:
            with self.database.system(self.clock.now()) as uow:
                ContactRepository(uow).added("lixiang", external)

    def befriends(self, user: str, external: str, nickname: str, phone: str) -> None:
        """A customer adds another member, by a link or a code of the firm."""
        self.api.befriend(user, external, nickname, self.clock.now())
        self.api.customers[external].follows[user].mobiles = [phone]
        with self.database.system(self.clock.now()) as uow:
            ContactRepository(uow).added(user, external)

    def contact(self, external: str) -> Contact | None:
        with self.database.system(self.clock.now()) as uow:
            return ContactRepository(uow).find("lixiang", external)

    def told(self) -> str:
        words = ""
        with self.database.system(self.clock.now()) as uow:
            while rows := uow.outbox.claim("test", 20):
                for row in rows:
                    words += row.body.decode()
                    uow.outbox.sent(row.id, "", "")
        return words

    def key_of(self, action: str) -> str:
        """The one button of this sort."""
        with self.database.engine.connect() as conn:
            return str(conn.execute(select(card_actions.c.key).where(card_actions.c.action == action)).scalar_one())

    async def compares(self) -> None:
        with self.database.system(self.clock.now()) as uow:
            user = uow.users.get("lixiang")
        await self.book.compare(user)


@pytest.fixture
def book(database: Database, clock: MovableClock, cast: Cast) -> Book:
    return Book(database, clock)


async def test_the_phone_noted_with_the_customer_links_him(book: Book) -> None:
    book.adds("wm1", phone=f"+86 {PHONE}")
    await book.book.look_up()
    linked = book.contact("wm1")
    assert linked is not None
    assert (linked.client_id, linked.state, linked.how) == (book.fang.id, "linked", "phone")
    assert "绑定到客户「王芳」" in book.told()


async def test_without_a_phone_the_adviser_is_asked(book: Book) -> None:
    book.adds("wm1", nickname="王芳")
    await book.book.look_up()
    found = book.contact("wm1")
    assert found is not None
    assert found.state == "unmatched"
    assert "新的微信客户：王芳" in book.told()


async def test_whom_nobody_knows_becomes_a_lead_by_a_tap(book: Book) -> None:
    book.adds("wm1", nickname="小林")
    await book.book.look_up()
    told = book.told()
    assert "还没有对应的客户资料" in told
    assert "新增客户 姓名 手机号" in told
    li, key = Desk(book.database, book.clock, "lixiang"), book.key_of("contact.lead")
    assert "已建为潜在客户「小林」，并绑定了微信" in li.taps_key(key)
    found = book.contact("wm1")
    assert found is not None
    client = li.sees(lambda uow: uow.clients.get(found.client_id))
    assert (client.name, client.owner_id, client.stage, found.state) == ("小林", "lixiang", "lead", "linked")
    assert "已经处理过了" in li.taps_key(key)
    assert "已撤销" in li.says("撤销")
    unlinked = book.contact("wm1")
    assert unlinked is not None
    assert unlinked.client_id is None


async def test_who_is_a_colleagues_client_already_is_no_lead(book: Book) -> None:
    with book.database.system(book.clock.now()) as uow:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("chenmo", "wm1"), a_client(uow, "周通", owner_id="chenmo"), "hand")
    book.adds("wm1", nickname="小林")
    await book.book.look_up()
    told = book.told()
    assert "还没有对应的客户资料" in told
    assert "建为潜在客户" not in told
    assert "周通" not in told


async def test_whose_phone_is_noted_is_no_lead_without_it(book: Book) -> None:
    book.adds("wm1", nickname="小林", phone="19900004321")
    await book.book.look_up()
    told = book.told()
    assert "新增客户 姓名 手机号" in told
    assert "建为潜在客户" not in told


async def test_a_phone_of_a_colleagues_client_links_nobody(book: Book) -> None:
    with book.database.system(book.clock.now()) as uow:
        a_client(uow, "周通", owner_id="chenmo", phone="19900005678")
    book.adds("wm1", nickname="小周", phone="19900005678")
    await book.book.look_up()
    found = book.contact("wm1")
    assert found is not None
    assert found.client_id is None
    assert "周通" not in book.told()


async def test_a_wecom_that_is_away_is_asked_again_later(book: Book) -> None:
    book.adds("wm1", phone=PHONE)
    book.line.down = True
    assert await book.book.look_up() == 1
    assert await book.book.look_up() == 0
    book.line.down = False
    book.clock.advance(timedelta(minutes=6))
    await book.book.look_up()
    found = book.contact("wm1")
    assert found is not None
    assert found.state == "linked"


async def test_the_comparison_repairs_lost_callbacks_in_both_directions(book: Book) -> None:
    book.adds("wm1", phone=PHONE)
    await book.book.look_up()
    book.told()
    book.clock.advance(timedelta(hours=1))
    book.api.unfriend("lixiang", "wm1")  # and no callback came
    book.adds("wm2", nickname="新客户", callback=False)
    await book.compares()
    gone, new = book.contact("wm1"), book.contact("wm2")
    assert gone is not None
    assert (gone.state, gone.lost_by) == ("lost", "pull")
    assert new is not None
    assert new.state == "unmatched"
    said = book.told()
    assert "新发现 1 位微信客户" in said
    assert "已不是好友：王芳" in said
    await book.compares()
    assert book.told() == ""  # nothing new, nothing said


async def test_half_a_list_proves_nothing(book: Book) -> None:
    book.adds("wm1", phone=PHONE)
    await book.book.look_up()
    book.line.down = True
    await book.compares()
    found = book.contact("wm1")
    assert found is not None
    assert found.state == "linked"


async def test_a_link_that_the_adviser_took_away_does_not_come_back_by_itself(book: Book) -> None:
    book.adds("wm1", phone=PHONE)
    await book.book.look_up()
    li = Desk(book.database, book.clock, "lixiang")
    assert "不会再按手机号自动绑上" in li.says("解绑微信 王芳")
    await book.compares()
    assert state_of(book) == ("unmatched", None)
    edited = Event(
        sender="lixiang", created_at=book.clock.now(), agent_id="1", event=CUSTOMERS,
        change_type="edit_external_contact", raw={"ExternalUserID": "wm1", "UserID": "lixiang"},
    )
    li._turn(lambda ctx: dispatch(ctx, edited))
    await book.book.look_up()
    assert state_of(book) == ("unmatched", None)
    li.says("绑定微信 王芳")
    assert state_of(book) == ("linked", book.fang.id)


async def test_a_look_up_that_failed_leaves_a_link_made_meanwhile(book: Book) -> None:
    book.adds("wm1")
    (waiting,) = book.book._waiting()
    with book.database.system(book.clock.now()) as uow:
        ContactRepository(uow).link(waiting, book.fang, "hand")
    book.book._postpone(waiting)
    assert state_of(book) == ("linked", book.fang.id)


async def test_a_customer_whom_a_member_without_clients_has_added_goes_to_an_adviser_by_rule(book: Book) -> None:
    book.befriends("hexin", "wm9", "新客户小孙", "19900007001")
    await book.book.look_up()
    told = book.told()
    assert "微信客户「新客户小孙」没有顾问，已建档并按规则「其他客户」分给 陈默" in told
    assert "分给您的客户：新客户小孙" in told
    with book.database.system(book.clock.now()) as uow:
        contact = ContactRepository(uow).find("hexin", "wm9")
        (row,) = uow.clients.containing("新客户小孙")
    assert contact is not None
    assert (contact.state, contact.client_id, row.owner_id) == ("linked", row.id, "chenmo")


async def test_one_whose_phone_the_firm_knows_is_no_new_client(book: Book) -> None:
    book.befriends("hexin", "wm9", "芳芳", PHONE)
    await book.book.look_up()
    assert "还没有对应的客户资料" in book.told()
    with book.database.system(book.clock.now()) as uow:
        assert uow.clients.containing("芳芳") == []


@pytest.mark.parametrize("ended", [False, True])
async def test_one_who_is_an_adviser_s_client_already_stays_his_whatever_phone_is_noted(book: Book, ended: bool) -> None:
    book.adds("wm1", phone=PHONE)
    await book.book.look_up()
    if ended:
        with book.database.system(book.clock.now()) as uow:
            contacts = ContactRepository(uow)
            linked = contacts.find("lixiang", "wm1")
            assert linked is not None
            contacts.lost(linked, "event")
    book.befriends("hexin", "wm1", "芳芳", "19900007002")
    await book.book.look_up()
    assert "分给您的客户" not in book.told()
    with book.database.system(book.clock.now()) as uow:
        assert uow.clients.containing("芳芳") == []
        assert ContactRepository(uow).client_of("wm1") == book.fang.id


async def test_the_comparison_at_night_is_told_in_the_morning(book: Book) -> None:
    book.clock.move_to(datetime(2025, 6, 10, 0, 0, tzinfo=ZONE))
    book.adds("wm1", callback=False)
    await book.compares()
    assert book.told() == ""
    book.clock.move_to(datetime(2025, 6, 10, 9, 0, tzinfo=ZONE))
    assert "新发现 1 位微信客户" in book.told()


def state_of(book: Book) -> tuple[str, int | None]:
    found = book.contact("wm1")
    assert found is not None
    return found.state, found.client_id


async def test_who_a_new_customer_is_is_asked_once_where_two_processes_looked(
    postgres_database: Database, clock: MovableClock
) -> None:
    with postgres_database.system(clock.now()) as uow:
        the_cast(uow)
    book = Book(postgres_database, clock)
    book.adds("wm1", nickname="芳芳")
    contact = book.contact("wm1")
    assert contact is not None
    with postgres_database.system(clock.now()) as uow:  # the other process has settled it, and commits in a moment
        ContactRepository(uow).unmatched(contact, "芳芳")
        second = asyncio.create_task(book.book.look_up())
        await asyncio.sleep(0.5)
    clock.advance(timedelta(seconds=1))
    await second
    assert book.told() == ""
