"""The morning list on demand, its cards and pages (S04, R149, R151, R258)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from handlers.agenda import remember_list
from reminders.briefs import morning_brief
from reminders.cards import reminder_card
from reminders.planner import plan
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor, Client
from storage.model.work import Reminder
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk, on, words_of

TODAY = date(2025, 6, 9)


@pytest.fixture
def book(database: Database, cast: Cast, clock: MovableClock) -> list[Client]:
    """王芳 has her birthday today and was silent; 陈静 has a policy that ends today."""
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        wangfang = a_client(uow, "王芳", gender="F", birthday=date(1985, 6, 9), last_contact_at=clock.now())
        chenjing = a_client(uow, "陈静", last_contact_at=clock.now())
        a_policy(uow, chenjing, ends_on=TODAY, state="active", product_name="康佑医疗")
        plan(uow, TODAY, TODAY, SHANGHAI)
    return [wangfang, chenjing]


@pytest.fixture
def li(database: Database, clock: MovableClock, book: list[Client]) -> Desk:
    return Desk(database, clock, "lixiang")


def mine(desk: Desk) -> list[Reminder]:
    far = timedelta(days=400)
    now = desk.clock.now()
    return desk.sees(lambda uow: uow.reminders.open_between(desk.user_id, now - far, now + far))


def as_li(li: Desk, make: Callable[[UnitOfWork], Card]) -> Card:
    with li.database.system(li.clock.now()) as uow:
        uow.act_as(Actor.of(uow.users.get("lixiang")))
        return make(uow)


def card_of(li: Desk, category: str) -> Card:
    """The card that the reminder of a category is pushed with."""
    reminder = next(r for r in mine(li) if r.category == category)
    return as_li(li, lambda uow: reminder_card(uow, reminder, uow.users.get("lixiang"), SHANGHAI))


def test_today_is_one_card_with_the_heaviest_first(li: Desk):
    heard = li.asks("agenda.today")
    assert "今日待办 2 件" in heard
    assert heard.index("陈静") < heard.index("王芳")


def test_an_empty_day_is_said_in_one_line(database: Database, clock: MovableClock, book: list[Client]):
    assert "\n" not in Desk(database, clock, "xiaowang").asks("agenda.today")


def test_numbers_of_the_pushed_brief_are_understood(li: Desk):
    def push(uow: UnitOfWork) -> Card:
        user = uow.users.get("lixiang")
        brief = morning_brief(uow, user, SHANGHAI)
        assert brief is not None
        remember_list(uow, user, "brief", brief.items)
        return brief.message

    assert "早上好，今日 2 件" in words_of(as_li(li, push))
    assert "已完成：陈静" in li.asks("item.done", index=1, content="已联系")
    assert "王芳" in li.asks("item.dismiss", index=2, reason="客户已出国")
    assert mine(li) == []


def test_the_picked_item_is_finished_and_the_list_redrawn_in_place(li: Desk):
    li.asks("agenda.today")
    heard = li.taps("完成", selections={"item": ["1"]})
    assert "已完成：陈静" in heard
    assert "还剩 1 件" in heard
    assert [r.category for r in mine(li)] == ["birthday"]


def test_nothing_picked_does_nothing(li: Desk):
    li.asks("agenda.today")
    assert "请先在「选择一项」里选一项" in li.taps("完成")
    assert len(mine(li)) == 2


def test_an_item_is_opened_as_its_own_card(li: Desk):
    li.asks("agenda.today")
    brief = li.card
    heard = li.taps("打开", selections={"item": ["2"]})
    assert "今日生日：王芳" in heard
    assert "[发送]" in heard
    assert li.card is not brief


def test_an_item_is_put_off_by_tapping_twice(li: Desk):
    li.asks("agenda.today")
    brief = li.card
    li.taps("稍后", brief, selections={"item": ["1"]})
    choice = next(card for card in reversed(li.seen) if "什么时候" in card.desc)
    assert "改到 06-10（周二） 08:30" in li.taps("明早", choice)
    assert "已经处理过" in li.taps("明早", choice)


def test_an_item_is_handed_over_on_a_card(li: Desk):
    li.asks("agenda.today")
    li.taps("转交", li.card, selections={"item": ["1"]})
    choice = next(card for card in reversed(li.seen) if "转交给谁" in card.desc)
    assert "王小强 看不到「陈静」的资料" in li.taps("转交", choice, selections={"to": ["xiaowang"]})
    assert li.greyed == ["等您确认"]
    assert "已转交给 王小强" in li.confirms()
    assert li.letters[0][0] == "xiaowang"
    assert len(mine(li)) == 1


def test_nobody_outside_the_list_of_colleagues_can_be_picked(li: Desk):
    li.asks("agenda.today")
    li.taps("转交", li.card, selections={"item": ["1"]})
    choice = next(card for card in reversed(li.seen) if "转交给谁" in card.desc)
    assert "请先在「同事」里选一位" in li.taps("转交", choice, selections={"to": ["chenmo"]})
    assert len(mine(li)) == 2


def test_more_than_a_card_holds_is_turned_and_numbers_run_on(li: Desk, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        for number in range(9):
            uow.reminders.add(receiver_id="lixiang", remind_at=clock.now(), due_on=TODAY, category="task",
                              text=f"事项 {number}", timed=False)
    assert "今日待办 11 件" in li.asks("agenda.today")
    second = li.asks("page.next")
    assert "7 待办" in second
    assert "没有更多" in li.asks("page.next")
    assert "已完成" in li.asks("item.done", index=11)
    assert "1 续保" in li.asks("page.previous")


def test_the_button_for_more_shows_the_next_page(li: Desk, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        for number in range(6):
            uow.reminders.add(receiver_id="lixiang", remind_at=clock.now(), due_on=TODAY, category="task",
                              text=f"事项 {number}", timed=False)
    li.asks("agenda.today")
    assert "第 2/2 页" in li.taps("更多")


def test_a_single_card_is_finished_once(li: Desk):
    card = card_of(li, "renewal")
    heard = li.taps("已联系", card)
    assert "已完成" in heard
    assert "已经处理过" in li.taps("已联系", card)
    assert [r.category for r in mine(li)] == ["birthday"]


def test_a_single_card_offers_moments_in_place(li: Desk):
    heard = li.taps("稍后", card_of(li, "renewal"))
    assert "什么时候再提醒" in heard
    assert "1 小时后提醒" in li.taps("1 小时后")


def test_a_card_of_something_dealt_with_elsewhere_turns_grey(li: Desk):
    card = card_of(li, "renewal")
    li.asks("agenda.today")
    li.asks("item.dismiss", index=1, reason="太贵")
    assert "已标为不需要" in li.taps("已联系", card)


def test_tomorrow_shows_what_the_rules_will_bring_up(li: Desk, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        other = a_client(uow, "赵磊", birthday=date(1980, 6, 10), last_contact_at=clock.now())
        a_client(uow, "外人", owner_id="chenmo", birthday=date(1980, 6, 10), last_contact_at=clock.now())
    li.asks("reminder.create", content="开会", when=on("2025-06-10T10:00"))
    heard = li.asks("agenda.day")
    assert "06-10 日程 2 项" in heard
    assert "② 06-10（周二） 赵磊 生日（系统提醒）" in heard
    assert "外人" not in heard
    assert "已记录联系「赵磊」" in li.asks("item.done", index=2, content="已联系")
    assert [r.category for r in mine(li) if r.client_id == other.id] == []


def test_the_next_thing_to_do_is_the_heaviest(li: Desk):
    heard = li.asks("suggest.next")
    assert "今天还有 2 件" in heard
    assert "续保提醒：陈静" in heard


def test_a_contact_from_a_due_list_finishes_its_reminder(li: Desk, book: list[Client]):
    assert "陈静" in li.asks("renewal.list", range=on("2025-06-09", end="2025-07-10"))
    assert "已完成：陈静" in li.asks("item.done", index=1, content="已联系")
    assert [r.category for r in mine(li)] == ["birthday"]


@pytest.mark.parametrize("said", ["我的提醒 本周", "我的提醒 明天", "本周我的提醒"])
def test_my_reminders_of_some_days_are_listed_and_none_is_made(database, clock, cast, said: str):
    desk = Desk(database, clock, cast.lixiang.id)
    desk.says("周三下午3点提醒我交材料")
    desk.says(said)
    assert len(desk.sees(lambda uow: uow.reminders.open_between("lixiang", clock.now(), clock.now() + timedelta(days=60)))) == 1
