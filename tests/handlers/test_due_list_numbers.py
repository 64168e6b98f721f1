"""Answers by number to a due list: the number says whose line, which contract and which instalment is meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk

TODAY = date(2025, 6, 9)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


def yearly(desk: Desk, client: Client, ends_on: date, **values) -> Contract:
    return desk.sees(lambda uow: a_policy(uow, client, **{
        "product_name": "畅行车险", "product_code": "INS-CAR-01", "pay_years": 1, "premium": 899,
        "starts_on": ends_on.replace(year=ends_on.year - 1), "ends_on": ends_on, **values,
    }))


@pytest.fixture
def lei(desk: Desk) -> Contract:
    """赵磊's car policy, first in the list of renewals."""
    return yearly(desk, desk.sees(lambda uow: a_client(uow, "赵磊")), date(2025, 6, 10))


@pytest.fixture
def jing(desk: Desk) -> Contract:
    """陈静's policy, which ends too late for the list; she was looked at last."""
    return yearly(desk, desk.sees(lambda uow: a_client(uow, "陈静")), date(2025, 7, 30))


def now(desk: Desk, contract: Contract) -> Contract:
    return desk.sees(lambda uow: uow.contracts.get(contract.id))


def listed(desk: Desk) -> None:
    desk.says("查客户 陈静")
    desk.says("续保清单 30天")


@pytest.mark.parametrize("said", ["1 已续", "1 续了", "第一个 已续", "1、已续 保费950", "1已续"])
def test_a_renewal_by_number_is_that_of_the_line_and_not_of_the_client_in_mind(desk: Desk, lei, jing, said: str):
    listed(desk)
    assert "「赵磊」" in desk.says(said)
    assert (now(desk, lei).state, now(desk, jing).state) == ("renewed", "active")


@pytest.mark.parametrize("said", ["1 不续 价格太高", "1 流失 价格太高"])
def test_a_loss_by_number_is_that_of_the_line(desk: Desk, lei, jing, said: str):
    listed(desk)
    assert "赵磊" in desk.says(said)
    stages = [desk.sees(lambda uow, c=c: uow.clients.get(c.client_id)).stage for c in (lei, jing)]
    assert (stages[0], stages[1] in ("at_risk", "lost")) == ("lost", False)


@pytest.mark.parametrize("said", ["1 意向高", "1 续保意向 高", "第一个 续保意向 高"])
def test_a_wish_by_number_is_that_of_the_line(desk: Desk, lei, jing, said: str):
    listed(desk)
    assert "赵磊" in desk.says(said)
    assert (now(desk, lei).renewal_intent, now(desk, jing).renewal_intent) == ("high", None)


@pytest.mark.parametrize("said", ["9 已续", "1、2 已续", "1-2 不续"])
def test_a_number_that_is_no_line_or_several_touches_nobody_in_mind(desk: Desk, lei, jing, said: str):
    listed(desk)
    desk.says(said)
    assert (now(desk, lei).state, now(desk, jing).state, now(desk, jing).renewal_intent) == ("active", "active", None)


def test_without_a_list_a_number_touches_nobody_in_mind(desk: Desk, jing):
    desk.says("查客户 陈静")
    assert "没有正在看的清单" in desk.says("1 已续")
    assert now(desk, jing).state == "active"


def test_the_number_tells_which_of_the_clients_policies_was_renewed(desk: Desk, lei):
    client = desk.sees(lambda uow: uow.clients.get(lei.client_id))
    other = yearly(desk, client, date(2025, 6, 20), product_name="暖阳百万医疗", product_code="INS-MED-02", premium=1580)
    desk.says("续保清单 30天")
    desk.says("2 已续")
    assert (now(desk, lei).state, now(desk, other).state) == ("active", "renewed")


# ---------------------------------------------------------------- premiums


@pytest.fixture
def long_policy(desk: Desk) -> Contract:
    """廖勇 owes a premium in three days; of the same policy an anniversary stands in today's list."""
    client = desk.sees(lambda uow: a_client(uow, "廖勇"))
    policy = desk.sees(lambda uow: a_policy(uow, client, premium=5200, due_on=[TODAY + timedelta(days=3)]))
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=datetime(2025, 6, 9, 8, 30, tzinfo=SHANGHAI), due_on=TODAY, timed=False,
        category="anniversary", text="", client=client, object_type="contract", object_id=policy.id,
    ))
    return policy


def first_part(desk: Desk, policy: Contract) -> str:
    return desk.sees(lambda uow: uow.contracts.instalments([policy.id]))[0].state


@pytest.mark.parametrize("listing", ["保费进度", "谁逾期了"])
@pytest.mark.parametrize("said", ["1 已缴", "1 缴了", "1 已交 5200", "第一个 已缴"])
def test_paid_by_number_is_the_instalment_of_the_line(desk: Desk, jing, listing: str, said: str):
    client = desk.sees(lambda uow: a_client(uow, "冯国强"))
    policy = desk.sees(lambda uow: a_policy(
        uow, client, state="grace", premium=5200, due_on=[TODAY - timedelta(days=5), TODAY + timedelta(days=20)],
    ))
    desk.says("查客户 陈静")
    desk.says(listing)
    assert "冯国强" in desk.says(said)
    assert first_part(desk, policy) == "paid"


def test_a_line_about_a_premium_does_not_stand_for_an_anniversary_of_the_policy(desk: Desk, long_policy: Contract):
    desk.says("保费进度")
    assert "不是提醒" in desk.says("1 不需要")
    left = desk.sees(lambda uow: uow.reminders.of_client(long_policy.client_id))
    assert [r.state for r in left if r.category == "anniversary"] == ["open"]


def test_a_premium_by_number_that_was_paid_before_is_not_paid_again(desk: Desk, long_policy: Contract):
    desk.says("保费进度")
    desk.says("1 已缴")
    assert "已经记过" in desk.says("1 已缴")


def test_the_third_instalment_is_no_line_of_a_list(desk: Desk, long_policy: Contract):
    desk.says("查客户 廖勇")
    assert "廖勇" in desk.says("第1期保费已缴")
    assert first_part(desk, long_policy) == "paid"
