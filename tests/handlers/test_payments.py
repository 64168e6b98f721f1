"""Payments: what they settle, which contract they mean, and what is asked about first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_loan, a_policy
from tests.handlers.asking import SHANGHAI, Desk, on

TODAY = date(2025, 6, 9)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def fang(desk: Desk):
    return desk.sees(a_client)


def a_reminder(uow, client, part, category="premium", day=20):
    return uow.reminders.add(
        receiver_id="lixiang", remind_at=datetime(2025, 6, day, 8, 30, tzinfo=SHANGHAI), due_on=part.due_on,
        category=category, text="", client=client, object_type="instalment", object_id=part.id,
    )


@pytest.mark.parametrize("said", ["王芳说她已经缴了", "王芳她说已缴，我还没查到", "王芳 说已缴"])
def test_what_a_client_says_of_a_payment_is_not_entered(desk: Desk, fang, said: str):
    policy = desk.sees(lambda uow: a_policy(uow, fang, state="grace", due_on=[days(-20), days(345)]))
    assert "没有登记" in desk.says(said)
    assert [part.state for part in desk.sees(lambda uow: uow.contracts.instalments([policy.id]))] == ["due", "due"]


def test_paid_settles_the_oldest_premium_ends_grace_and_stops_the_pushes(desk: Desk, fang):
    def given(uow):
        policy = a_policy(uow, fang, state="grace", due_on=[days(-20), days(345)])
        a_reminder(uow, fang, uow.contracts.instalments([policy.id])[0])
        return policy
    policy = desk.sees(given)
    said = desk.asks("premium.paid", client="王芳", client_id=fang.id)
    assert "第 1 期 1.2 万元 已缴" in said
    assert "合同状态已改为「有效」" in said
    assert "下期 2026-05-20 应缴 1.2 万元" in said
    parts, reminders, now = desk.sees(lambda uow: (
        uow.contracts.instalments([policy.id]), uow.reminders.of_client(fang.id), uow.contracts.get(policy.id)
    ))
    assert [p.state for p in parts] == ["paid", "due"]
    assert parts[0].paid_on == TODAY
    assert reminders == []
    assert now.state == "active"


def test_what_was_pushed_about_it_is_done_by_a_payment_and_what_would_have_come_later_is_cancelled(desk: Desk, fang):
    def given(uow):
        part = uow.contracts.instalments([a_policy(uow, fang, due_on=[TODAY]).id])[0]
        return a_reminder(uow, fang, part, day=9), a_reminder(uow, fang, part)
    pushed, later = desk.sees(given)
    desk.asks("premium.paid", client="王芳", client_id=fang.id)
    pushed, later = desk.sees(lambda uow: [uow.reminders.get(each.id) for each in (pushed, later)])
    assert (pushed.state, pushed.result, later.state) == ("done", "已缴", "cancelled")


def test_a_payment_taken_back_puts_everything_as_it_was(desk: Desk, fang):
    def given(uow):
        policy = a_policy(uow, fang, state="grace", due_on=[days(-20)])
        a_reminder(uow, fang, uow.contracts.instalments([policy.id])[0])
        return policy
    policy = desk.sees(given)
    desk.asks("premium.paid", client="王芳", client_id=fang.id)
    desk.undoes()
    assert desk.sees(lambda uow: uow.contracts.get(policy.id).state) == "grace"
    assert desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state == "due"
    assert len(desk.sees(lambda uow: uow.reminders.of_client(fang.id))) == 1


def test_grace_goes_on_while_another_premium_is_late(desk: Desk, fang):
    policy = desk.sees(lambda uow: a_policy(uow, fang, state="grace", due_on=[days(-50), days(-20)]))
    assert "还有 1 期逾期" in desk.asks("premium.paid", client="王芳", client_id=fang.id)
    assert desk.sees(lambda uow: uow.contracts.get(policy.id).state) == "grace"


def test_the_amount_tells_which_policy_was_paid(desk: Desk, fang):
    def given(uow):
        a_policy(uow, fang, product_name="安康重疾险", premium=5200, due_on=[days(-20)])
        return a_policy(uow, fang, product_name="松鹤养老险", premium=8000, due_on=[days(-10)])
    paid = desk.sees(given)
    assert "松鹤养老险" in desk.asks("premium.paid", client="王芳", client_id=fang.id, amount=8000)
    assert desk.sees(lambda uow: uow.contracts.instalments([paid.id]))[0].state == "paid"


def test_two_late_policies_ask_which(desk: Desk, fang):
    def given(uow):
        a_policy(uow, fang, product_name="安康重疾险", premium=5200, due_on=[days(-20)])
        a_policy(uow, fang, product_name="松鹤养老险", premium=8000, due_on=[days(-10)])
    desk.sees(given)
    asked = desk.asks("premium.paid", client="王芳", client_id=fang.id)
    assert "② 松鹤养老险" in asked
    assert "已记「王芳」的松鹤养老险" in desk.chooses(2)


def test_another_amount_is_asked_about_before_it_is_noted(desk: Desk, fang):
    policy = desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20)]))
    said = desk.asks("premium.paid", client="王芳", client_id=fang.id, amount=5000)
    assert "应缴 5,200 元，您说的是 5,000 元" in said
    assert desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state == "due"
    assert "已缴" in desk.confirms()
    assert desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state == "paid"


@pytest.mark.parametrize("said", ["王芳 已缴 3000", "王芳 已缴3000", "王芳 3000 已缴", "王芳 第1期已缴 3000", "王芳 已缴 6月5日 3000"])
def test_a_sum_typed_anywhere_is_never_booked_as_the_whole_premium(desk: Desk, fang, said: str):
    policy = desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20)]))
    heard = desk.says(said)
    assert "应缴 5,200 元，您说的是 3,000 元，少 2,200 元" in heard
    assert "按整期登记" in heard
    assert desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state == "due"


def test_what_was_really_received_stands_on_the_time_line(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20)]))
    desk.says("王芳 已缴 5000")
    desk.confirms()
    assert "实收 5,000 元" in desk.says("王芳 时间线")


def test_the_sum_outlives_the_choice_of_the_client(desk: Desk, fang):
    other = desk.sees(lambda uow: a_client(uow, phone="13800000188"))
    for client in (fang, other):
        desk.sees(lambda uow, client=client: a_policy(uow, client, premium=5200, due_on=[days(-20)]))
    assert "有 2 位" in desk.says("王芳 第1期已缴 3000")
    assert "您说的是 3,000 元" in desk.says("1")


def test_the_sum_outlives_the_choice_of_the_policy(desk: Desk, fang):
    for name in ("安康重疾险", "松鹤养老险"):
        desk.sees(lambda uow, name=name: a_policy(uow, fang, product_name=name, premium=5200, due_on=[days(-20)]))
    assert "② " in desk.says("王芳 已缴 3000")
    assert "您说的是 3,000 元" in desk.says("2")


def test_an_instalment_that_is_not_the_oldest_is_asked_about_and_then_it_is_the_one_booked(desk: Desk, fang):
    policy = desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20), days(10)]))
    assert "第 1 期（2025-05-20，5,200 元）还没缴" in desk.says("王芳 第二期已缴")
    assert "第 2 期 5,200 元 已缴" in desk.says("确认")
    assert [p.state for p in desk.sees(lambda uow: uow.contracts.instalments([policy.id]))] == ["due", "paid"]


def test_an_instalment_that_was_paid_before_or_does_not_exist_is_refused_with_the_oldest_open(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20), days(10)]))
    desk.says("王芳 第1期已缴")
    assert "第 1 期已经记过已缴了" in desk.says("王芳 第1期已缴")
    assert "没有第 9 期" in (heard := desk.says("王芳 第9期已缴"))
    assert "最早未缴的是第 2 期" in heard


def test_two_sums_in_one_sentence_are_not_guessed_between(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, premium=5200, due_on=[days(-20)]))
    assert "一次说一笔" in desk.says("王芳 已缴 3000 5200")


def test_an_instalment_far_ahead_is_asked_about(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, due_on=[days(200)]))
    assert "才到期" in desk.asks("premium.paid", client="王芳", client_id=fang.id)


def test_a_payment_in_the_future_is_refused(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, due_on=[days(-1)]))
    assert "不能在今天以后" in desk.asks("premium.paid", client="王芳", client_id=fang.id, date=on(days(2)))


def test_nothing_to_pay_is_said(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang))
    assert "没有待缴的保费" in desk.asks("premium.paid", client="王芳", client_id=fang.id)


def test_a_suspended_policy_needs_reinstatement_as_well(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, state="suspended", due_on=[days(-90)]))
    assert "复效" in desk.asks("premium.paid", client="王芳", client_id=fang.id)


def test_the_last_repayment_settles_the_loan(desk: Desk, fang):
    def given(uow):
        loan = a_loan(uow, fang, state="overdue", balance=Decimal(8000))
        uow.contracts.add_instalments(loan, [{
            "number": 1, "due_on": days(-2), "amount": Decimal(8030), "principal": Decimal(8000),
            "interest": Decimal(30),
        }])
        return loan
    loan = desk.sees(given)
    said = desk.asks("repayment.paid", client="王芳", client_id=fang.id)
    assert "合同状态已改为「已结清」" in said
    now = desk.sees(lambda uow: uow.contracts.get(loan.id))
    assert (now.state, now.balance) == ("settled", Decimal(0))


def test_a_tap_on_the_card_notes_the_payment_once(desk: Desk, fang):
    policy = desk.sees(lambda uow: a_policy(uow, fang, due_on=[days(-20)]))
    part = desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0]
    assert "已缴" in desk.taps_action("instalment.paid", instalment_id=part.id)
    assert desk.greyed == ["已缴"]
    assert "已经记过了" in desk.taps_action("instalment.paid", instalment_id=part.id)
    assert desk.greyed == ["已处理"]
