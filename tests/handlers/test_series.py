"""When a repeating reminder begins: where it is said to, or where it is asked (R119)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.work import Reminder
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")
    return Desk(database, clock, "lixiang")


def mine(desk: Desk) -> list[Reminder]:
    now, far = desk.clock.now(), timedelta(days=4000)
    return desk.sees(lambda uow: uow.reminders.open_between(desk.user_id, now - far, now + far))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("said", "first", "echo"), [
    ("每周五下午3点提醒我写周报，下周开始", "2025-06-20T15:00", "下周开始，每周五下午3点提醒您：写周报"),
    ("从下周开始，每周五下午3点提醒我写周报", "2025-06-20T15:00", "从下周开始，每周五下午3点提醒您：写周报"),
    ("每周五提醒我写周报，从7月1日起", "2025-07-04T08:30", "从7月1日起，每周五提醒您：写周报"),
    ("每个月15号提醒我写周报，下个月开始", "2025-07-15T08:30", "下个月开始，每个月15号提醒您：写周报"),
    ("每两周的周五提醒我写周报，下周开始", "2025-06-20T08:30", "下周开始，每两周的周五提醒您：写周报"),
    ("每周五提醒我写周报，国庆后开始", "2025-10-10T08:30", "国庆后开始，每周五提醒您：写周报"),
    ("每周五提醒我写周报，从现在开始", "2025-06-13T08:30", "每周五提醒您：写周报"),
])
def test_a_series_begins_when_it_is_said_to_begin(li: Desk, said: str, first: str, echo: str):
    heard = li.says(said)
    assert echo in heard
    assert f"下一次：{first[5:10]}" in heard
    (reminder,) = mine(li)
    assert (reminder.remind_at, reminder.text) == (at(first), "写周报")


def test_a_series_that_begins_later_goes_on_in_its_rhythm(li: Desk):
    li.says("每周五下午3点提醒我写周报，下周开始")
    li.says("我的提醒")
    assert "下一次：06-27（周五） 15:00" in li.says("1 完成")


@pytest.mark.parametrize("said", ["每周五提醒我参加下周开始的活动", "每周五提醒我看王芳，她下周开始上班", "每周五提醒我开会，9点开始"])
def test_what_begins_besides_is_what_to_be_reminded_of(li: Desk, said: str):
    li.says(said)
    (reminder,) = mine(li)
    assert reminder.remind_at == at("2025-06-13T08:30")
    assert "开始" in reminder.text


@pytest.mark.parametrize(("answer", "first"), [("下周一", "2025-06-20"), ("7月1日", "2025-07-04"), ("2", "2025-06-20"), ("3", "2025-07-04"), ("1", "2025-06-13")])
@pytest.mark.parametrize("begins", ["从项目上线后开始", "2月30日开始", "上周开始"])
def test_a_start_that_is_no_day_to_come_is_asked_for(li: Desk, begins: str, answer: str, first: str):
    asked = li.says(f"每周五下午3点提醒我写周报，{begins}")
    assert f"「{begins}」定不下是哪一天" in asked
    assert mine(li) == []
    assert "每周五下午3点提醒您：写周报" in li.says(answer)
    (reminder,) = mine(li)
    assert reminder.remind_at == at(f"{first}T15:00")


def test_another_rhythm_may_begin_later_too(li: Desk):
    li.says("每周一上午10点提醒我催资料")
    assert "没有改动" in li.says("把催资料那条改成每周二，上周开始")
    assert "下一次：06-24（周二） 10:00" in li.says("把催资料那条改成每周二，从6月18日起")
