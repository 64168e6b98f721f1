from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from reminders.cards import LEVEL, OPTED_OUT, care_card, care_text, reminder_card
from reminders.gate_checks import opted_out
from storage import audit
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor
from storage.model.work import Reminder
from tests.builders import Cast, a_client, a_policy

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)


@pytest.fixture
def li(sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast) -> Iterator[UnitOfWork]:
    """李顾问's own unit of work."""
    with sqlite_database.transaction(Actor.of(sqlite_cast.lixiang), clock.now()) as uow:
        yield uow


def planned(uow: UnitOfWork) -> Reminder:
    """The heaviest reminder of today."""
    planner.plan(uow, TODAY, TODAY, ZONE)
    return uow.reminders.open_until("lixiang", uow.now)[0]


def meant(uow: UnitOfWork, card: Card) -> dict[str, tuple[str, dict[str, Any]]]:
    """What each button of a card means: its action and its arguments, less the reminder."""
    found = {}
    for button in card.buttons:
        action = uow.cards.find(button.key, "lixiang")
        assert action is not None
        assert action.task_id == card.task_id
        found[button.text] = (action.action, {k: v for k, v in action.args.items() if k != "reminder"})
    return found


class TestARenewal:
    def test_tells_client_policy_days_and_premium(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        a_policy(li, a_client(li, "王芳", insurance_tier="黄金"), ends_on=TODAY + timedelta(days=7), premium=5200)
        card = reminder_card(li, planned(li), sqlite_cast.lixiang, ZONE)
        lines = {line.key: line.value for line in card.lines}
        assert (card.title, card.desc) == ("续保提醒：王芳", "还剩 7 天")
        assert (lines["产品"], lines["到期日"], lines["每期"], lines["等级"]) == (
            "康佑重疾险", "2025-06-16", "5,200 元", "黄金"
        )  # fmt: skip
        assert "请联系续保" in card.sub_title

    def test_has_buttons_for_intent_renewal_and_later(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        policy = a_policy(li, a_client(li), ends_on=TODAY + timedelta(days=7))
        card = reminder_card(li, planned(li), sqlite_cast.lixiang, ZONE)
        assert card.selection is not None
        assert (card.selection.question_key, [o.id for o in card.selection.options]) == (LEVEL, ["high", "medium", "low"])
        assert meant(li, card) == {
            "记意向": ("renewal.intent", {"contract_id": policy.id}),
            "已续": ("renewal.done", {"contract_id": policy.id}),
            "已联系": ("reminder.done", {"client_id": policy.client_id}),
            "起草": ("care.draft", {"client_id": policy.client_id}),
            "稍后": ("reminder.snooze", {"until": "ask"}),
            "转交": ("reminder.hand_over", {}),
        }

    def test_reading_it_is_audited(self, sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast) -> None:
        with sqlite_database.transaction(Actor.of(sqlite_cast.lixiang), clock.now()) as uow:
            policy = a_policy(uow, a_client(uow), ends_on=TODAY)
            reminder_card(uow, planned(uow), sqlite_cast.lixiang, ZONE)
        with sqlite_database.system(clock.now()) as uow:
            reads = [e for e in audit.entries_about(uow.conn, policy.client_id) if e.action == "read"]
        assert {(e.object_type, e.actor, e.detail["section"]) for e in reads} == {
            ("client", "lixiang", "reminder"), ("contract", "lixiang", "reminder"),
        }  # fmt: skip


def test_a_premium_can_be_noted_as_paid(li: UnitOfWork, sqlite_cast: Cast) -> None:
    policy = a_policy(li, a_client(li), due_on=[TODAY], ends_on=date(2040, 1, 1))
    (instalment,) = li.contracts.instalments([policy.id])
    card = reminder_card(li, planned(li), sqlite_cast.lixiang, ZONE)
    assert meant(li, card)["已缴"] == ("instalment.paid", {"instalment_id": instalment.id})
    assert {line.key: line.value for line in card.lines}["宽限至"] == "2025-08-08"


class TestABirthday:
    def test_suggests_the_text_of_the_tier(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        client = a_client(li, "王芳", gender="F", birthday=date(1985, 6, 9), bank_tier="贵宾")
        card = reminder_card(li, planned(li), sqlite_cast.lixiang, ZONE)
        assert card.title == "今日生日：王芳（贵宾）"
        assert card.quote_text.startswith("王女士，生日快乐！感谢您一直以来的信任")
        about = {"client_id": client.id, "template": "birthday_care"}
        assert meant(li, card) == {
            "发送": ("care.send", about), "改写": ("care.rewrite", about),
            "跳过": ("care.skip", {"client_id": client.id}),
        }  # fmt: skip

    def test_shows_the_rewritten_text(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        a_client(li, "王芳", gender="F", birthday=date(1985, 6, 9))
        card = care_card(li, planned(li), sqlite_cast.lixiang, ZONE, text="祝王老师生日快乐，注意休息")
        assert card.quote_text == "祝王老师生日快乐，注意休息"
        assert "发送" in meant(li, card)

    def test_of_who_refuses_care_cannot_be_sent(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        client = a_client(li, "王芳", gender="F", birthday=date(1985, 6, 9))
        reminder = planned(li)
        assert not opted_out(li, client.id, "care")
        li.consents.record(client, "care", True, channel="card")
        li.consents.record(client, "care", False, channel="chat")
        assert opted_out(li, client.id, "care")
        card = reminder_card(li, reminder, sqlite_cast.lixiang, ZONE)
        assert card.quote_text == OPTED_OUT
        assert list(meant(li, card)) == ["已联系", "跳过"]

    def test_for_the_highest_tier_speaks_for_the_company(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        a_client(li, "王芳", gender="F", birthday=date(1985, 6, 9), bank_tier="私行")
        found = care_text(li, planned(li), sqlite_cast.lixiang, ZONE, company="青禾金融")
        assert found is not None
        assert "青禾金融携我向您" in found.text


def test_a_reminder_for_a_clock_time_has_its_own_buttons(li: UnitOfWork, sqlite_cast: Cast) -> None:
    client = a_client(li, "陈静")
    at = datetime(2025, 6, 9, 15, 0, tzinfo=ZONE)
    reminder = li.reminders.add(
        receiver_id="lixiang", remind_at=at, due_on=TODAY, category="follow_up", text="回访 陈静", client=client
    )
    card = reminder_card(li, reminder, sqlite_cast.lixiang, ZONE)
    assert (card.title, card.desc) == ("提醒：回访 陈静", "15:00 客户：陈静")
    assert meant(li, card) == {
        "完成": ("reminder.done", {"client_id": client.id}),
        "1 小时后": ("reminder.snooze", {"until": "1h"}),
        "明早": ("reminder.snooze", {"until": "morning"}),
        "转交": ("reminder.hand_over", {}),
    }


def test_what_a_colleague_handed_over_shows_the_name_alone(
    sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        a_policy(uow, a_client(uow, "王芳", bank_tier="贵宾"), ends_on=TODAY)
        reminder = planned(uow)
        uow.reminders.hand_over(reminder, "chenmo")
    with sqlite_database.transaction(Actor.of(sqlite_cast.chenmo), clock.now()) as uow:
        card = reminder_card(uow, uow.reminders.get(reminder.id), sqlite_cast.chenmo, ZONE)
    shown = json.dumps(card.payload(), ensure_ascii=False)
    assert "王芳" in shown
    assert "康佑" not in shown
    assert "贵宾" not in shown
