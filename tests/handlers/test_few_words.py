"""Orders in a few words: done where they are plain, asked back where they are not, never by a question or a quotation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reminders.planner import plan
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk, words_of


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    """冯国强 owes a premium since Monday last week; 陈静 has a policy that ends soon."""
    with database.transaction(cast.li, clock.now()) as uow:
        late = a_client(uow, "冯国强")
        a_policy(uow, late, premium=899, due_on=[date(2025, 6, 2)], ends_on=date(2027, 6, 2))
        jing = a_client(uow, "陈静")
        a_policy(uow, jing, starts_on=date(2024, 6, 20), ends_on=date(2025, 6, 20))
    return Desk(database, clock, "lixiang")


def last_moment(desk: Desk) -> str:
    """When the reminder is due that was set last."""
    now = desk.clock.now()
    found = desk.sees(lambda uow: uow.reminders.open_between("lixiang", now, now + timedelta(days=30)))
    return f"{max(found, key=lambda r: r.id).remind_at.astimezone(now.tzinfo):%m-%d %H:%M}"


def unpaid(desk: Desk) -> int:
    return int(desk.sees(lambda uow: sum(uow.figures.unpaid_before(date(2025, 6, 9), ["active", "grace"]).values())))


@pytest.mark.parametrize(("set_at", "said", "heard"), [
    ("明天下午3点", "改成4点", "06-10（周二） 16:00"), ("明天上午9点", "还是改到10点", "06-10（周二） 10:00"),
    ("明天上午9点", "改成下午2点", "06-10（周二） 14:00"), ("后天15:00", "改为16:30吧", "06-11（周三） 16:30"),
    ("明天上午9点", "改到周五下午3点", "06-13（周五） 15:00"),
])  # fmt: skip
def test_an_hour_alone_moves_the_reminder_that_was_just_set_within_its_day(li: Desk, set_at: str, said: str, heard: str):
    li.says(f"{set_at}提醒我开会")
    assert heard in li.says(said)


def test_a_question_about_another_hour_moves_nothing(li: Desk):
    li.says("明天下午3点提醒我开会")
    li.says("能改成4点吗")
    assert "06-10（周二） 15:00" in li.says("我的提醒") or last_moment(li).endswith("07:00")


def test_money_that_was_paid_is_echoed_and_noted_after_a_yes(li: Desk):
    before = unpaid(li)
    assert before == 1
    heard = li.says("冯国强交钱了")
    assert "2025-06-02 应缴 899 元，您没说交的是什么钱" in heard
    assert unpaid(li) == 1
    assert "已缴" in li.says("确认")
    assert unpaid(li) == 0


@pytest.mark.parametrize("said", ["冯国强交钱了吗", "冯国强是不是交钱了", "她说冯国强交钱了"])
def test_who_only_asks_or_quotes_is_not_even_asked_to_confirm(li: Desk, said: str):
    li.says(said)
    li.says("确认")
    assert unpaid(li) == 1


def test_a_client_is_nudged_with_a_text_that_waits_for_the_adviser(li: Desk):
    with li.database.system(li.clock.now()) as uow:
        plan(uow, date(2025, 6, 2), date(2025, 6, 9), SHANGHAI)
    li.says("催一下冯国强")
    assert isinstance(li.replies[-1], Card)
    assert "899 元" in words_of(li.card)


def test_a_loss_with_its_reason_is_noted(li: Desk):
    heard = li.says("陈静 流失 价格太高")
    assert "原因「价格太高」" in heard
    assert "已撤销" in li.undoes()


def test_when_a_client_likes_to_be_called_is_kept_and_no_reminder(li: Desk):
    before = li.sees(lambda uow: len(uow.reminders.open_until("lixiang", li.clock.now() + timedelta(days=9))))
    assert "方便联系的时间：（空） → 下午联系" in li.says("陈静 偏好 下午联系")
    assert li.sees(lambda uow: len(uow.reminders.open_until("lixiang", li.clock.now() + timedelta(days=9)))) == before


def test_behind_a_holiday_is_when_people_work_again(li: Desk):
    assert "10-09（周四）" in li.says("国庆后提醒我联系陈静")
    assert "10-01（周三）" in li.says("国庆提醒我联系陈静")


def test_compliance_asks_what_a_member_looked_at(li: Desk, database: Database, clock: MovableClock):
    li.says("查 陈静")
    shen = Desk(database, clock, "shenyue")
    for said in ("李顾问这周看了谁", "李顾问今天看了哪些客户"):
        heard = shen.says(said)
        assert "审计成员「李顾问」" in heard
        assert "查看 客户资料「陈静」" in heard
    assert "审计成员" not in Desk(database, clock, "wangke").says("李顾问这周看了谁")


@pytest.mark.parametrize("said", ["陈静这周还没联系", "冯国强一直没回访", "陈静也没人联系"])
def test_how_it_stands_is_no_reminder(li: Desk, said: str):
    before = li.sees(lambda uow: len(uow.reminders.of_client(1)))
    assert "提醒您" not in li.says(said)
    assert li.sees(lambda uow: len(uow.reminders.of_client(1))) == before
