"""Answers by number that say what became of an item's contract: they do what the buttons of its card do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk

TODAY = date(2025, 6, 9)
MORNING = datetime(2025, 6, 9, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def fang(desk: Desk) -> Client:
    return desk.sees(a_client)


def shown(desk: Desk, client: Client, contract: Contract, category: str, instalment: int | None = None) -> None:
    """A reminder about the contract, or its instalment, stands in today's list."""
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=MORNING, due_on=TODAY, timed=False, category=category, text="",
        client=client, object_type="instalment" if instalment else "contract", object_id=instalment or contract.id,
    ))


@pytest.fixture
def premium_due(desk: Desk, fang: Client) -> Callable[[], str]:
    """A premium of 5200 is late and in the list shown; tells the state of its instalment."""
    policy = desk.sees(lambda uow: a_policy(uow, fang, state="grace", premium=5200, due_on=[TODAY - timedelta(days=20)]))
    part = desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0]
    shown(desk, fang, policy, "premium", part.id)
    desk.says("今日待办")
    return lambda: desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state


@pytest.fixture
def renewal_due(desk: Desk, fang: Client) -> Callable[[], Contract]:
    """A renewal is in the list shown; reads its policy again."""
    policy = desk.sees(lambda uow: a_policy(
        uow, fang, product_name="畅行车险", product_code=None, premium=5000, ends_on=TODAY + timedelta(days=7),
        starts_on=TODAY - timedelta(days=358),
    ))
    shown(desk, fang, policy, "renewal")
    desk.says("今日待办")
    return lambda: desk.sees(lambda uow: uow.contracts.get(policy.id))


@pytest.mark.parametrize("said", ["1 已缴", "1 已交", "1 已还", "1 扣款成功了", "1 已缴 5200", "1 第1期已缴", "1 缴了"])
def test_paid_by_number_books_the_payment_and_not_just_the_reminder(desk: Desk, premium_due, said: str):
    heard = desk.says(said)
    assert "第 1 期 5,200 元 已缴" in heard
    assert "合同状态已改为「有效」" in heard
    assert premium_due() == "paid"


def test_paid_by_number_is_taken_back_whole(desk: Desk, premium_due):
    desk.says("1 已缴")
    desk.undoes()
    assert premium_due() == "due"


def test_another_sum_by_number_is_asked_about(desk: Desk, premium_due):
    assert "您说的是 3,000 元" in desk.says("1 已缴 3000")
    assert premium_due() == "due"


@pytest.mark.parametrize("said", ["1 扣款失败", "1 第2期已缴"])
def test_what_is_not_so_books_nothing(desk: Desk, premium_due, said: str):
    assert "没有" in desk.says(said)
    assert premium_due() == "due"


def test_contacted_still_only_closes_the_reminder(desk: Desk, premium_due):
    assert "已完成" in desk.says("1 已联系")
    assert premium_due() == "due"


@pytest.mark.parametrize("said", ["1 已联系，没接电话", "1 已联系 没打通", "1 已联系 关机"])
def test_who_was_not_reached_was_not_contacted(desk: Desk, premium_due, said: str):
    assert "事项照旧保留" in desk.says(said)
    assert "已完成" in desk.says("1 已联系")


def test_renewed_by_number_opens_the_next_term(desk: Desk, renewal_due):
    assert "保费 5,200 元" in desk.says("1 已续 保费5200")
    assert renewal_due().state == "renewed"


def test_not_renewed_by_number_takes_the_reason_along(desk: Desk, renewal_due):
    assert "原因「价格太高」（太贵）" in desk.says("1 不续 太贵")
    assert renewal_due().renewal_intent == "none"


def test_not_renewed_without_a_reason_asks_why(desk: Desk, renewal_due):
    assert "必须登记原因" in desk.says("1 不续")
    assert renewal_due().renewal_intent is None


def test_paid_on_a_renewal_says_what_to_say_instead(desk: Desk, renewal_due):
    assert "「王芳 已缴」" in desk.says("1 已缴")
    client_id = renewal_due().client_id
    assert len(desk.sees(lambda uow: uow.reminders.of_client(client_id))) == 1


def test_renewed_on_a_premium_says_what_to_say_instead(desk: Desk, premium_due):
    assert "不是续保" in desk.says("1 已续")
    assert premium_due() == "due"
