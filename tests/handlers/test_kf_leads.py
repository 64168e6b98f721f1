"""Somebody whom nobody knows asks the firm for something in 微信客服: a tap makes him a lead of whom the rules choose."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.kf_leads import NAMES
from reminders.kf_leads import MAKE_LEAD
from reminders.kf_telling import SERVICER
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.repositories.contacts import ContactRepository
from storage.tables import card_actions, clients
from tests.builders import Cast, a_client, the_cast
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers

ASKS = "有什么产品推荐吗"
CARD = "微信客服的新朋友，建为潜在客户？"


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    """王珂 serves strangers; 李顾问 has 王芳, 陈默 nobody."""
    firm = Customers(database, clock)
    firm.writes(lambda uow: uow.users.prefer(uow.users.get("wangke"), **{SERVICER: True}))
    return firm


def keys(firm: Customers) -> list[str]:
    with firm.database.engine.connect() as conn:
        found = conn.execute(select(card_actions.c.key).where(card_actions.c.action == MAKE_LEAD))
        return list(found.scalars())


def desk(firm: Customers, user: str) -> Desk:
    return Desk(firm.database, firm.clock, user)


def cards(firm: Customers) -> list[str]:
    """The titles of the cards that 王珂 was sent since the last look."""
    bodies = []
    with firm.database.system(firm.clock.now()) as uow:
        while rows := uow.outbox.claim("test", 20):
            for row in rows:
                bodies += [json.loads(row.body)] if row.recipient == "wangke" else []
                uow.outbox.sent(row.id, "", "")
    return [body["template_card"]["main_title"]["title"] for body in bodies if "template_card" in body]


def lead_of(firm: Customers) -> Client:
    client_id = firm.writes(lambda uow: ContactRepository(uow).client_of(STRANGER))
    client: Client = firm.writes(lambda uow: uow.clients.get(client_id))
    return client


def how_many(firm: Customers) -> int:
    with firm.database.engine.connect() as conn:
        return conn.execute(select(func.count()).select_from(clients)).scalar_one()


async def test_nothing_is_written_before_somebody_taps(firm: Customers) -> None:
    before = how_many(firm)
    await firm.asks(ASKS, STRANGER)
    assert cards(firm) == [CARD]
    assert how_many(firm) == before


async def test_a_tap_makes_a_lead_and_asks_whom_the_rules_choose(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    wang = desk(firm, "wangke")
    said = wang.taps_key(keys(firm)[0])
    lead = lead_of(firm)
    assert f"已建为潜在客户，「{lead.name}」按规则" in said
    assert (lead.owner_id, lead.stage) == ("chenmo", "lead")
    told = "\n".join(str(message) for user, message in wang.letters if user == "chenmo")
    assert f"分给您的客户：{lead.name}" in told
    assert ASKS in told
    chen = desk(firm, "chenmo")
    assert "现在是您的客户" in chen.says(f"接受 {lead.name}")
    assert ASKS in chen.says(f"{lead.name} 客服")


async def test_his_adviser_answers_him_and_hears_him_from_then_on(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    desk(firm, "wangke").taps_key(keys(firm)[0])
    name, chen = lead_of(firm).name, desk(firm, "chenmo")
    assert f"通过微信客服回复「{name}」" in chen.says(f"回复 {name} 您好，我是陈默")
    chen.says("确认")
    await firm.sends()
    assert firm.wecom.phones[STRANGER][-1] == "您好，我是陈默"
    firm.heard_by_all()
    await firm.asks("好的谢谢", STRANGER)
    assert f"{name}（微信客服）" in firm.heard("chenmo")


async def test_two_taps_make_one_lead(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    firm.clock.advance(timedelta(days=1))
    await firm.asks("转人工", STRANGER)
    first, second = keys(firm)
    wang = desk(firm, "wangke")
    assert "已建为潜在客户" in wang.taps_key(first)
    made = how_many(firm)
    assert "没有再建" in wang.taps_key(second)
    assert how_many(firm) == made


def test_every_name_that_is_given_is_understood(sqlite_database: Database, clock: MovableClock) -> None:
    with sqlite_database.system(clock.now()) as uow:
        the_cast(uow)
        for name in NAMES:
            a_client(uow, name)
    li = Desk(sqlite_database, clock, "lixiang")
    for name in NAMES:
        assert f"「{name}」没有在等您答复" in li.says(f"接受 {name}")
        assert f"「{name}」没有在微信客服留过言" in li.says(f"回复 {name} 您好")


async def test_two_leads_have_two_names(firm: Customers) -> None:
    for who in (STRANGER, "wm_other"):
        await firm.asks(ASKS, who)
    wang = desk(firm, "wangke")
    said = [wang.taps_key(key) for key in keys(firm)]
    assert len({name for name in NAMES for words in said if name in words}) == 2


async def test_he_is_asked_about_once_a_day(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    await firm.asks("转人工", STRANGER)
    assert cards(firm) == [CARD]


@pytest.mark.parametrize("said", ["我要投诉", "把我的资料删掉", "别再给我发消息了", "你好", "我要报警"])
async def test_who_wants_something_else_is_no_lead(firm: Customers, said: str) -> None:
    await firm.asks(said, STRANGER)
    assert CARD not in cards(firm)


async def test_whom_an_adviser_knows_is_no_lead(firm: Customers) -> None:
    await firm.asks(ASKS)
    assert keys(firm) == []


async def test_who_was_linked_meanwhile_is_left_as_he_is(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    known = firm.writes(lambda uow: a_client(uow, "孙杭"))
    firm.links(STRANGER, known)
    assert "没有再建" in desk(firm, "wangke").taps_key(keys(firm)[0])
    assert lead_of(firm).id == known.id


async def test_where_the_rules_have_nobody_nothing_is_written_and_the_card_stays(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    for user in ("lixiang", "chenmo", "zhouning"):
        firm.writes(lambda uow, user=user: uow.users.deactivate(uow.users.get(user)))
    before = how_many(firm)
    assert "没有合适的顾问" in desk(firm, "wangke").taps_key(keys(firm)[0])
    assert how_many(firm) == before


async def test_a_lead_who_adds_the_member_is_his_friend_and_the_same_client(firm: Customers) -> None:
    await firm.asks(ASKS, STRANGER)
    desk(firm, "wangke").taps_key(keys(firm)[0])
    contact = firm.writes(lambda uow: ContactRepository(uow).added("wangke", STRANGER))
    assert (contact.state, contact.client_id) == ("linked", lead_of(firm).id)
