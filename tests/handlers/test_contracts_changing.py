from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_loan, a_policy
from tests.handlers.asking import SHANGHAI, Desk

TODAY = date(2025, 6, 9)


@pytest.fixture
def database(sqlite_database):
    """What is read and said here does not depend on the engine."""
    return sqlite_database


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def fang(desk: Desk):
    return desk.sees(a_client)


@pytest.fixture
def policy(desk: Desk, fang):
    return desk.sees(lambda uow: a_policy(
        uow, fang, product_name="安康重疾险", product_code="INS-CI-01", premium=5200,
        due_on=[date(2025, 5, 20), date(2026, 5, 20), date(2027, 5, 20)],
    ))


def now_of(desk: Desk, contract):
    return desk.sees(lambda uow: uow.contracts.get(contract.id))


def test_a_field_is_changed_with_old_and_new_in_the_echo(desk: Desk, fang, policy):
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, field="sum_insured", value=600000)
    assert "保额：50 万元 → 60 万元" in said
    assert now_of(desk, policy).amount == Decimal(600000)
    desk.undoes()
    assert now_of(desk, policy).amount == Decimal(500000)


def test_a_new_premium_holds_for_coming_instalments_not_for_those_called(desk: Desk, fang, policy):
    desk.asks("policy.update", client="王芳", client_id=fang.id, field="premium", value=5300)
    plan = desk.sees(lambda uow: uow.contracts.instalments([policy.id]))
    assert [p.amount for p in plan] == [Decimal(5200), Decimal(5300), Decimal(5300)]


def test_an_illegal_move_is_refused_with_the_legal_ones(desk: Desk, fang, policy):
    desk.asks("policy.update", client="王芳", client_id=fang.id, status="surrendered")
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, status="active")
    assert "状态不能从「已退保」改为「有效」" in said
    assert "已是终态" in said


def test_a_refused_move_lists_where_the_contract_may_go(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, state="underwriting"))
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, status="matured")
    assert "可改为：有效、未承保" in said


@pytest.mark.parametrize("word", ["退保", "已退保", "退了", "surrendered"])
def test_a_state_is_named_in_many_words(desk: Desk, fang, policy, word):
    assert "有效 → 已退保" in desk.asks("policy.update", client="王芳", client_id=fang.id, status=word)


def test_a_word_that_is_no_state_gets_the_states_listed(desk: Desk, fang, policy):
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, status="飞了")
    assert "有效、宽限期、效力中止" in said


def test_a_final_state_stops_the_pushes(desk: Desk, fang, policy):
    at = datetime(2025, 6, 10, 8, 30, tzinfo=SHANGHAI)
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=at, due_on=at.date(), category="renewal", text="续保", client=fang,
        object_type="contract", object_id=policy.id,
    ))
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, status="surrendered")
    assert "1 条提醒已停止" in said
    assert desk.sees(lambda uow: uow.reminders.of_client(fang.id)) == []


def test_a_change_without_its_value_is_asked_back(desk: Desk, fang, policy):
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, field="premium", clarify="value")
    assert "请说明要改成什么" in said


def test_an_end_before_the_start_is_refused(desk: Desk, fang, policy):
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, field="due_date", value="2020-01-01")
    assert "到期日应晚于起始日" in said


def test_two_policies_ask_which_and_go_on_after_the_choice(desk: Desk, fang, policy):
    other = desk.sees(lambda uow: a_policy(uow, fang, product_name="畅行车险", ends_on=date(2025, 6, 20)))
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, field="premium", value=4000)
    assert "① 畅行车险" in said
    assert "② 安康重疾险" in said
    assert "4,000 元" in desk.chooses(1)
    assert now_of(desk, other).premium == Decimal(4000)
    assert now_of(desk, policy).premium == Decimal(5200)


def test_a_person_is_added_in_a_role(desk: Desk, fang, policy):
    said = desk.asks("contract.party_add", client="王芳", client_id=fang.id, party="小雨", role="beneficiary")
    assert "受益人 小雨（不在您的客户中，只记姓名）" in said
    people = desk.sees(lambda uow: uow.contracts.parties([policy.id]))
    assert [p.name for p in people if p.role == "beneficiary"] == ["小雨"]
    assert "已经是" in desk.asks(
        "contract.party_add", client="王芳", client_id=fang.id, party="小雨", role="beneficiary"
    )


def test_a_guarantor_goes_to_the_loan_not_to_the_policy(desk: Desk, fang, policy):
    loan = desk.sees(lambda uow: a_loan(uow, fang, product_name="助业经营贷"))
    zhang = desk.sees(lambda uow: a_client(uow, "张敏"))
    desk.asks("contract.party_add", client="王芳", client_id=fang.id, party="张敏", party_id=zhang.id, role="guarantor")
    people = desk.sees(lambda uow: uow.contracts.parties([loan.id]))
    assert [(p.role, p.client_id) for p in people if p.role == "guarantor"] == [("guarantor", zhang.id)]


def test_a_second_holder_is_refused(desk: Desk, fang, policy):
    said = desk.asks("contract.party_add", client="王芳", client_id=fang.id, party="李雷", role="holder")
    assert "已有投保人" in said


def test_a_plan_is_shown_with_its_sums(desk: Desk, fang, policy):
    said = desk.asks("contract.plan", client="王芳", client_id=fang.id)
    assert "共 3 期，已缴 0，待缴 2，逾期 1；还应付 1.56 万元" in said
    assert "已逾期 20 天" in said


def test_a_choice_waits_half_an_hour_and_no_longer(desk: Desk, clock, fang, policy):
    desk.sees(lambda uow: a_policy(uow, fang, product_name="畅行车险"))
    desk.asks("policy.update", client="王芳", client_id=fang.id, field="premium", value=4000)
    clock.advance(timedelta(minutes=31))
    assert "没有等您确认" in desk.chooses(1)
