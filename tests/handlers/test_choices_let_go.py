"""A question which client is meant: the sentence may decide it, and nothing that waits for it is lost without a word."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    """Two clients are called 王芳; the first has 安行意外险."""
    desk = Desk(database, clock, cast.lixiang.id)
    first = desk.sees(lambda uow: a_client(uow, name="王芳", phone="13800000101"))
    desk.sees(lambda uow: a_client(uow, name="王芳", phone="13900000002"))
    desk.sees(lambda uow: a_policy(uow, first, product_name="安行意外险", product_code=None, premium=300,
                                   starts_on=date(2024, 6, 20), ends_on=date(2025, 6, 19)))
    return desk


def open_reminders(desk: Desk) -> list[str]:
    far = datetime(2030, 1, 1, tzinfo=SHANGHAI)
    return desk.sees(lambda uow: [r.text for r in uow.reminders.open_between("lixiang", far.replace(year=2024), far)])


def test_what_waited_for_a_choice_is_not_lost_without_a_word(desk: Desk) -> None:
    assert "有 2 位" in desk.says("明早9点提醒我给王芳送资料")
    heard = desk.says("后天下午3点提醒我交周报")
    assert "提醒我给王芳送资料" in heard
    assert "没有做" in heard
    assert open_reminders(desk) == ["交周报"]


def test_a_look_up_that_is_let_go_says_nothing(desk: Desk) -> None:
    desk.says("王芳的保单")
    assert "没有做" not in desk.says("后天下午3点提醒我交周报")


def test_the_tail_in_the_sentence_decides(desk: Desk) -> None:
    heard = desk.says("明早9点提醒我给王芳尾号0002送资料")
    assert "有 2 位" not in heard
    assert "139****0002" in heard


def test_the_product_that_only_one_has_decides(desk: Desk) -> None:
    heard = desk.says("王芳的安行意外险已续 保费400")
    assert "有 2 位「王芳」" not in heard
    assert "按「安行意外险」认定" in heard


def test_a_tail_that_was_not_offered_is_named(desk: Desk) -> None:
    desk.says("明早9点提醒我给王芳送资料")
    assert "没有尾号 0104" in desk.says("尾号0104")
    assert "138****0101" in desk.says("尾号0101") or open_reminders(desk)
