"""「不需要」 on the card and typed: it asks why, and keeps the reason (R149)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from reminders.cards import reminder_card
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def card(database: Database, cast: Cast, clock: MovableClock) -> Card:
    """The card of a premium that 王芳 has to pay."""
    with database.system(clock.now()) as uow:
        client = a_client(uow, "王芳")
        reminder = uow.reminders.add(
            receiver_id="lixiang", client=client, category="premium", text="", due_on=date(2025, 6, 9),
            remind_at=clock.now(), timed=False,
        )
        uow.act_as(Actor.of(cast.lixiang))
        return reminder_card(uow, reminder, cast.lixiang, SHANGHAI)


def test_the_card_asks_why_in_place(li: Desk, card: Card) -> None:
    li.taps("不需要", card)
    assert "为什么不需要" in li.card.desc
    assert li.card.selection is not None
    assert [option.text for option in li.card.selection.options][:2] == ["客户已办理", "客户不需要"]


def test_the_picked_reason_is_kept_and_the_card_greys_out(
    li: Desk, card: Card, database: Database, clock: MovableClock, cast: Cast
) -> None:
    li.taps("不需要", card)
    heard = li.taps("不需要", li.card, {"reason": ["在别处办了"]})
    assert "已标为不需要" in heard
    assert "原因：在别处办了" in heard
    assert li.greyed == ["不需要"]
    with database.transaction(cast.li, clock.now()) as uow:
        (left,) = uow.reminders.closed_since("lixiang", date_start(clock), "dismissed")
    assert left.reason == "在别处办了"


def test_it_can_be_taken_back(li: Desk, card: Card, database: Database, clock: MovableClock, cast: Cast) -> None:
    li.taps("不需要", card)
    li.taps("不需要", li.card, {"reason": ["其他"]})
    li.undoes()
    with database.transaction(cast.li, clock.now()) as uow:
        assert len(uow.reminders.open_until("lixiang", clock.now())) == 1


def test_a_second_tap_and_a_reason_of_nobodys_change_nothing(li: Desk, card: Card) -> None:
    li.taps("不需要", card)
    choice = li.card
    assert "请先在「原因」里选一项" in li.taps("不需要", choice, {"reason": ["因为我"]})
    li.taps("不需要", choice, {"reason": ["其他"]})
    assert "已经处理过了" in li.taps("不需要", card)


def date_start(clock: MovableClock) -> datetime:
    return clock.now().replace(hour=0)


# ---------------------------------------------------------------- typed


def reasons(li: Desk) -> list[str]:
    """Why reminders were not needed that are off the list now."""
    with li.database.system(li.clock.now()) as uow:
        return [left.reason for left in uow.reminders.closed_since("lixiang", date_start(li.clock), "dismissed")]


@pytest.fixture
def shown(li: Desk, card: Card) -> Desk:
    assert "王芳" in li.says("今日待办")
    return li


@pytest.mark.parametrize(("answer", "kept"), [("2", "客户不需要"), ("客户已出国", "客户已出国"), ("因为太贵了", "太贵了")])
def test_typed_without_a_reason_it_asks_and_keeps_the_answer(shown: Desk, answer: str, kept: str) -> None:
    asked = shown.says("1 不需要")
    assert "为什么不需要" in asked
    assert "② 客户不需要" in asked
    assert reasons(shown) == []
    assert "已标为不需要" in shown.says(answer)
    (reason,) = reasons(shown)
    assert kept in reason
    shown.undoes()
    assert reasons(shown) == []


def test_a_reason_in_the_same_line_needs_no_question(shown: Desk) -> None:
    assert "已标为不需要" in shown.says("1 不需要 客户已出国")
    assert reasons(shown) == ["迁居或出国：客户已出国"]


@pytest.mark.parametrize("said", ["今日待办", "帮助", "查客户 王芳", "王芳 时间线"])
def test_an_order_instead_of_an_answer_is_done_and_the_reminder_stays(shown: Desk, said: str) -> None:
    shown.says("1 不需要")
    heard = shown.says(said)
    assert "已标为不需要" not in heard
    assert reasons(shown) == []
    assert "王芳" in shown.says("今日待办")


def test_the_question_can_be_dropped_and_a_number_that_is_none_asks_again(shown: Desk) -> None:
    shown.says("1 不需要")
    assert "1 到 6 之间" in shown.says("9")
    assert "已取消，没有保存任何改动" in shown.says("取消")
    assert reasons(shown) == []
    assert "王芳" in shown.says("今日待办")


def test_what_was_dealt_with_meanwhile_is_left_alone(shown: Desk, card: Card) -> None:
    shown.says("1 不需要")
    with shown.database.system(shown.clock.now()) as uow:
        uow.act_as(Actor.of(uow.users.get("lixiang")))
        uow.reminders.finish(uow.reminders.open_until("lixiang", shown.clock.now())[0], "done")
    assert "不用再处理" in shown.says("1")
    assert reasons(shown) == []
