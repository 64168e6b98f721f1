"""Turns that go on with what was said before, at a desk: the conversation is the one that the product keeps."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.model.work import Reminder
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def book(database: Database, cast: Cast, clock: MovableClock) -> list[Client]:
    with database.system(clock.now()) as uow:
        wang = a_client(uow, "王芳", last_contact_at=clock.now(), birthday=date(1985, 6, 20))
        li = a_client(uow, "李雷", last_contact_at=clock.now())
        a_policy(uow, wang, number="P1", due_on=[date(2025, 6, 20)])
        return [wang, li]


@pytest.fixture
def li(database: Database, clock: MovableClock, book: list[Client]) -> Desk:
    return Desk(database, clock, "lixiang")


def mine(desk: Desk) -> list[Reminder]:
    far, now = timedelta(days=4000), desk.clock.now()
    return desk.sees(lambda uow: uow.reminders.open_between(desk.user_id, now - far, now + far))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(reminder: Reminder) -> str:
    return f"{reminder.remind_at.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize("said", ["发错日期了 应该是20号 同一条", "换个日子 20号吧", "挪到20号", "哦不 20号"])
@pytest.mark.parametrize("listed", [False, True])
def test_the_reminder_just_set_moves_to_another_day(li: Desk, said: str, listed: bool):
    if listed:
        li.says("今日待办")
    li.says("18号下午3点提醒我给王芳送合同")
    assert "改到 06-20" in li.says(said)
    assert [local(r)[:5] for r in mine(li) if "送合同" in r.text] == ["06-20"]


def test_the_reminder_just_set_moves_to_another_hour_of_its_day(li: Desk):
    li.says("18号下午3点提醒我给王芳送合同")
    li.says("不对 是四点")
    assert [local(r) for r in mine(li) if "送合同" in r.text] == ["06-18 16:00"]


def test_the_reminder_just_set_is_dropped(li: Desk):
    li.says("18号下午3点提醒我给王芳送合同")
    li.says("刚设的那个提醒不要了哈")
    assert not [r for r in mine(li) if "送合同" in r.text]


def test_the_reminder_just_set_is_put_in_other_words_and_that_is_taken_back(li: Desk):
    li.says("18号下午3点提醒我给王芳打电话")
    assert "改成：发微信" in li.says("把给王芳打电话改成发微信")
    (reminder,) = [r for r in mine(li) if r.text == "发微信"]
    assert local(reminder) == "06-18 15:00"
    li.says("撤销")
    assert not [r for r in mine(li) if r.text == "发微信"]


def test_what_rang_last_rings_again_though_another_was_set_later(li: Desk):
    li.says("今天下午3点提醒我给王芳送合同")
    li.says("明天下午3点提醒我给李雷回电")
    rung = next(r for r in mine(li) if "送合同" in r.text)
    li.clock.advance(rung.remind_at - li.clock.now())
    li.sees(lambda uow: None)
    with li.database.system(li.clock.now()) as uow:
        uow.reminders.take_for_push("lixiang", [rung.id], li.clock.now())
    li.says("先别响 过十分钟再叫我")
    assert {r.text: local(r) for r in mine(li) if r.timed} == {rung.text: "06-09 15:10", "给李雷回电": "06-10 15:00"}


def test_each_line_of_the_list_has_its_own_act(li: Desk):
    li.says("18号下午3点提醒我给王芳送合同")
    li.says("19号下午3点提醒我给李雷回电")
    shown = li.says("我的提醒")
    first, second = ("送合同", "回电") if shown.index("送合同") < shown.index("回电") else ("回电", "送合同")
    li.says("2号做完了 1号没人接 推到下周一")
    left = {r.text: local(r)[:5] for r in mine(li)}
    assert not any(second in text for text in left)
    assert [day for text, day in left.items() if first in text] == ["06-16"]


@pytest.mark.parametrize(("said", "moved"), [
    ("嗯呐 推", True), ("要得 就这么整", True), ("对，全推", True), ("是的 推到22号", True), ("可别 我再琢磨琢磨", False), ("等哈 我再问问客户先", False), ("推吗", False), ("别推 我想看看王芳的电话", False), ("是的 推到25号", False),
])
def test_a_question_is_answered_in_everybodys_words(li: Desk, said: str, moved: bool):
    li.says("18号下午3点提醒我给王芳送合同")
    li.says("19号下午3点提醒我给李雷回电")
    li.says("我的提醒")
    assert "确认" in li.says("全部推到22号")
    li.says(said)
    assert ({local(r)[:5] for r in mine(li) if r.rule == "manual"} == {"06-22"}) is moved


def test_another_field_of_the_same_policy(li: Desk):
    li.says("王芳的保单什么时候到期")
    assert "王芳" in li.says("那保费呢")
    assert "李雷" in li.says("那李雷的呢")


def test_a_second_change_of_the_same_client(li: Desk):
    li.says("王芳 邮箱改成 a@b.com")
    li.says("确认")
    assert "地址：（空） → 通" in li.says("地址也得变 通州梨园那边")


def test_an_order_for_all_that_were_shown_is_undone_as_one(li: Desk):
    li.says("我的客户")
    heard = li.says("把这几个都打上 重疾意向")
    assert "「王芳」" in heard
    assert "「李雷」" in heard
    li.says("撤销")
    assert "还没有标签" in li.says("李雷 标签")
