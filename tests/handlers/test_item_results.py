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


@pytest.mark.parametrize("said", [
    "1 已缴费", "1 已经缴清了", "1 客户昨天交了", "1 缴了5200", "1 还清了", "1 交清", "1 已联系 已缴费", "1 已联系 缴了", "1 已联系，客户昨天交了",
    "1 已缴 下周三再联系", "1 已交 5200元",
])
def test_a_plain_past_verb_at_the_beginning_books_the_payment(desk: Desk, premium_due, said: str):
    assert "已缴" in desk.says(said)
    assert premium_due() == "paid"


@pytest.mark.parametrize("said", [
    "1 已联系 月底还清", "1 已联系 说下周交完", "1 已联系 答应周五交上", "1 已联系 体检报告交了", "1 已联系 已交流保费的事", "1 已联系 已还价",
    "1 已联系 材料已交", "1 已联系 客户说等发工资交完", "1 已联系 身份证复印件已交", "1 已联系 约好见面付清", "1 完成 已交代注意事项",
    "1 已联系 已付出很多", "1 已联系 周五还上", "1 已联系 他说交完这期就退保", "1 已联系 明天扣款成功再告诉我",
    "1 已联系 已交接给小王", "1 已联系 客户说已缴", "1 已联系 已缴 说下周补", "1 已联系 已交材料", "1 已联系 已缴 但只有一半", "1 已联系 下周已缴",
    "1 已联系 还清 月底", "1 已联系 交了3年", "1 已联系 缴了 他说的", "1 已联系 听说已缴",
])
def test_what_was_told_or_is_to_come_notes_the_contact_and_books_no_money(desk: Desk, premium_due, said: str):
    assert "已完成" in desk.says(said)
    assert premium_due() == "due"


@pytest.mark.parametrize("said", [
    "1 已交接", "1 已交流", "1 交了吗", "1 已缴？", "1 客户说已缴", "1 说下周交完", "1 已交材料", "1 已交 体检报告", "1 交了三年", "1 已缴一半",
    "1 已缴 一半", "1 已交3期", "1 明天交了", "1 月底还清", "1 已缴 应该吧", "1 答应周五交上", "1 已还价", "1 交了三年想退保", "1 听说已缴",
    "1 已缴 客户说的", "1 已付定金", "1 下周三扣款成功",
])
def test_words_that_are_no_plain_statement_change_nothing_and_ask(desk: Desk, premium_due, said: str):
    heard = desk.says(said)
    assert "已完成" not in heard
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


@pytest.mark.parametrize("said", ["1 已续", "1 续上了", "1 已联系 已续保", "1 客户已续", "1 续保成功 5200元", "1 续好"])
def test_a_plain_past_verb_at_the_beginning_renews(desk: Desk, renewal_due, said: str):
    assert "新一期" in desk.says(said)
    assert renewal_due().state == "renewed"


@pytest.mark.parametrize("said", ["1 不续 价格太贵", "1 不续 客户说太贵", "1 不想续了 太贵", "1 已联系 不续了 太贵", "1 客户流失 价格太贵"])
def test_a_plain_no_at_the_beginning_is_noted_with_its_reason(desk: Desk, renewal_due, said: str):
    assert "不续，原因「价格太高」" in desk.says(said)
    assert renewal_due().renewal_intent == "none"


@pytest.mark.parametrize("said", [
    "1 已联系 后续了解一下", "1 已联系 继续了解", "1 已联系 手续完成一半", "1 已联系 下周续好", "1 已联系 担心客户流失 价格太贵", "1 已联系 没说不续保",
    "1 已联系 不是不续，下周再谈", "1 已联系 问了续保费用", "1 已联系 等续了告诉我",
    "1 已联系 说续保好再通知", "1 已联系 说太贵不想续 我再劝劝", "1 已联系 答应下周续上 保费5200", "1 已联系 手续费了解了", "1 已联系 手续费太贵",
    "1 已联系 手续了解清楚了 保费5300", "1 已联系 不想续 我再劝劝", "1 已联系 客户说已续", "1 已联系 续上 下周",
    "1 已联系 还在考虑续不续", "1 已联系 问能不能不续 觉得太贵",
])
def test_what_was_told_or_is_to_come_notes_the_contact_and_neither_renews_nor_gives_up(desk: Desk, renewal_due, said: str):
    before = renewal_due()
    assert "已完成" in desk.says(said)
    after = renewal_due()
    assert (after.state, after.renewal_intent) == (before.state, before.renewal_intent)
    client = desk.sees(lambda uow: uow.clients.get(after.client_id))
    assert client.stage != "lost"


@pytest.mark.parametrize("said", ["1 已续？", "1 下周续好", "1 不续吗", "1 不想续 再劝劝", "1 客户说已续", "1 手续完成一半", "1 不续的话 怎么办"])
def test_words_on_a_renewal_that_are_no_plain_statement_change_nothing(desk: Desk, renewal_due, said: str):
    before = renewal_due()
    assert "已完成" not in desk.says(said)
    assert renewal_due() == before


def test_a_contact_whose_words_speak_of_money_says_that_none_was_booked(desk: Desk, premium_due):
    assert "没有登记缴款" in desk.says("1 已联系 说下周交完")


def test_paid_on_a_renewal_says_what_to_say_instead(desk: Desk, renewal_due):
    assert "「王芳 已缴」" in desk.says("1 已缴")
    client_id = renewal_due().client_id
    assert len(desk.sees(lambda uow: uow.reminders.of_client(client_id))) == 1


def test_renewed_on_a_premium_says_what_to_say_instead(desk: Desk, premium_due):
    assert "不是续保" in desk.says("1 已续")
    assert premium_due() == "due"


# ---------------------------------------------------------------- by name, the same words


@pytest.mark.parametrize("said", [
    "王芳 已交接", "王芳 已交材料", "王芳 材料已交", "王芳 已交 体检报告", "王芳 已还价", "王芳 下周已缴", "王芳 月底还清", "王芳 客户说已缴",
    "王芳 已交流保费的事", "王芳 答应月底交清", "王芳 说下周交完", "王芳 等发工资了交清", "王芳 已联系 说下周交完",
])
def test_by_name_too_what_was_told_or_is_something_else_books_no_money(desk: Desk, premium_due, said: str):
    desk.says(said)
    assert premium_due() == "due"


@pytest.mark.parametrize("said", [
    "王芳 后续了解一下", "王芳 手续了解了", "王芳 继续了解", "王芳 答应下周续上了 保费5200", "王芳 说续上了再通知", "王芳 担心客户流失了 价格太贵",
    "王芳 没说不续保",
])
def test_by_name_too_nothing_is_renewed_or_given_up_that_was_only_told_of(desk: Desk, renewal_due, said: str):
    before = renewal_due()
    assert "必须登记原因" not in desk.says(said)
    assert renewal_due() == before


@pytest.mark.parametrize("said", ["王芳 已缴", "王芳 昨天缴了", "王芳 已交 5200", "王芳 保费交清了"])
def test_by_name_a_plain_past_verb_still_books_the_payment(desk: Desk, premium_due, said: str):
    desk.says(said)
    assert premium_due() == "paid"
