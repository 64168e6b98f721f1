"""A contact that is told of: by the number of the list shown last, or by name; with the next date that was agreed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.model.work import Interaction, Reminder
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk

MORNING = datetime(2025, 6, 9, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def min_(desk: Desk) -> Client:
    """张敏, whose birthday is item 1 of today's list."""
    client = desk.sees(lambda uow: a_client(uow, "张敏"))
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=MORNING, due_on=MORNING.date(), timed=False, category="birthday", text="",
        client=client,
    ))
    return client


@pytest.fixture
def jing(desk: Desk) -> Client:
    """陈静, of whom nothing is to be reminded."""
    return desk.sees(lambda uow: a_client(uow, "陈静"))


def contacts(desk: Desk, client: Client) -> list[Interaction]:
    return desk.sees(lambda uow: uow.interactions.of_client(client.id, 10))


def planned(desk: Desk, client: Client) -> list[Reminder]:
    return [r for r in desk.sees(lambda uow: uow.reminders.of_client(client.id)) if r.category == "follow_up"]


# ---------------------------------------------------------------- whose number it is


@pytest.mark.parametrize("looked_at", ["陈静 时间线", "陈静 保单", "陈静 保费", "陈静 家庭"])
def test_what_was_shown_without_numbers_takes_none_from_the_list(desk: Desk, min_: Client, jing: Client, looked_at: str):
    desk.sees(lambda uow: a_policy(uow, jing, premium=5200, due_on=[MORNING.date() + timedelta(days=90)]))
    desk.says("记 陈静 今天电话聊了重疾")
    desk.says("今日待办")
    desk.says(looked_at)
    assert "已完成：张敏的生日提醒" in desk.says("1 已联系")
    assert len(contacts(desk, jing)) == 1


def test_more_turns_the_time_line_and_numbers_stay_with_the_list(desk: Desk, min_: Client, jing: Client):
    for n in range(12):
        desk.says(f"记 陈静 今天电话聊了第{n}次重疾")
    desk.says("今日待办")
    desk.says("陈静 时间线")
    assert "11–12 / 12" in desk.says("更多")
    assert "已完成：张敏的生日提醒" in desk.says("1 已联系")


def test_a_number_under_the_contracts_of_one_client_notes_no_contact(desk: Desk, min_: Client, jing: Client):
    for _ in range(2):
        desk.sees(lambda uow: a_policy(uow, jing, premium=5200))
    desk.says("今日待办")
    assert "2 份" in desk.says("陈静 保单")
    assert "没有做任何改动" in desk.says("1 已联系")
    assert contacts(desk, jing) == contacts(desk, min_) == []


def test_a_number_with_an_act_does_not_reach_past_an_open_choice(desk: Desk, min_: Client):
    for _ in range(2):
        desk.sees(lambda uow: a_client(uow, "王芳"))
    desk.says("今日待办")
    desk.says("王芳 时间线")
    assert "没有做任何改动" in desk.says("1 已联系")
    assert contacts(desk, min_) == []
    assert "「王芳」" in desk.says("1")


# ---------------------------------------------------------------- the next date


@pytest.mark.parametrize(("said", "day"), [
    ("1 已联系 考虑考虑 下周三再打", "2025-06-18"), ("1 已联系 有兴趣 周五签", "2025-06-13"),
    ("1 已联系，说明天上午来网点", "2025-06-10"), ("1 联系了 下周一", "2025-06-16"), ("1 已联系 没空 下个月再联系", "2025-07-01"),
])
def test_the_next_date_in_an_answer_by_number_is_kept(desk: Desk, min_: Client, said: str, day: str):
    desk.says("今日待办")
    assert "下次跟进" in desk.says(said)
    assert [r.due_on.isoformat() for r in planned(desk, min_)] == [day]
    desk.undoes()
    assert planned(desk, min_) == []


@pytest.mark.parametrize("said", ["1 已联系 周五打的电话", "1 已联系 昨天聊了", "1 已联系 她7月10日发工资", "1 已联系 6月8日"])
def test_a_day_that_is_over_or_only_a_fact_plans_nothing(desk: Desk, min_: Client, said: str):
    desk.says("今日待办")
    assert "已完成" in desk.says(said)
    assert planned(desk, min_) == []


def test_a_next_date_that_does_not_exist_refuses_the_whole_answer(desk: Desk, min_: Client):
    desk.says("今日待办")
    assert "2月30日" in desk.says("1 已联系 2月30日再打")
    assert contacts(desk, min_) == []


def test_what_became_of_the_contract_keeps_its_next_date_too(desk: Desk, jing: Client):
    policy = desk.sees(lambda uow: a_policy(uow, jing, premium=5200, due_on=[MORNING.date()]))
    part = desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0]
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=MORNING, due_on=MORNING.date(), timed=False, category="premium", text="",
        client=jing, object_type="instalment", object_id=part.id,
    ))
    desk.says("今日待办")
    assert "06-18" in desk.says("1 已缴 下周三再联系")
    assert [r.due_on.isoformat() for r in planned(desk, jing)] == ["2025-06-18"]


# ---------------------------------------------------------------- by name


@pytest.mark.parametrize("said", ["陈静 已联系", "陈静 联系过了", "陈静 已联系 考虑考虑 下周三再打"])
def test_a_contact_told_by_name_is_noted_where_nothing_waits(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "已记录联系「陈静」" in heard
    assert len(contacts(desk, jing)) == 1
    assert ("06-18" in heard) is ("下周三" in said)


def test_a_contact_told_by_name_finishes_what_waits_whatever_else_was_told(desk: Desk, min_: Client):
    assert "已完成：张敏的生日提醒" in desk.says("张敏 已联系 考虑考虑 下周三再打")
    assert [r.due_on.isoformat() for r in planned(desk, min_)] == ["2025-06-18"]


def test_of_two_clients_with_the_name_it_is_asked_which(desk: Desk):
    fang = [desk.sees(lambda uow: a_client(uow, "王芳")) for _ in range(2)]
    assert "有 2 位「王芳」" in desk.says("王芳 已联系 下周三再打")
    assert "已记录联系" in desk.says("2")
    assert sorted(len(contacts(desk, client)) for client in fang) == [0, 1]


@pytest.mark.parametrize("said", ["陈静 电话聊了，不用提醒", "记 陈静 电话聊了重疾 不用再提醒我"])
def test_a_contact_that_needs_no_reminder_is_noted_and_says_so(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "电话聊了" in heard
    assert "没有安排新的提醒" in heard
    assert "提醒" not in contacts(desk, jing)[0].text


def test_a_contact_that_needs_no_reminder_drops_none_that_is_due(desk: Desk, min_: Client):
    assert "原有的 1 条照旧" in desk.says("张敏 电话聊了，不用提醒")
    assert len(desk.sees(lambda uow: uow.reminders.of_client(min_.id))) == 1
