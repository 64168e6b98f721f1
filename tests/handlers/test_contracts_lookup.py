from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_contract, a_deposit, a_firm, a_loan, a_policy
from tests.handlers.asking import Desk


@pytest.fixture
def database(sqlite_database):
    """What is read and said here does not depend on the engine."""
    return sqlite_database


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def with_client(desk: Desk):
    """Add records as 李顾问."""
    return desk.sees


def test_a_policy_list_shows_tails_roles_premiums_and_renewal_days(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, number="P20250001234", product_name="安康重疾险", premium=5200, pay_mode="annual")
        a_policy(uow, fang, number="P20250005678", product_name="畅行车险", ends_on=date(2025, 6, 20))
        return fang
    fang = with_client(given)
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id)
    first, second = said.splitlines()[1:]
    assert said.startswith("「王芳」保单 2 份")
    assert "畅行车险（尾号 5678）" in first
    assert "投保人" in first
    assert "续保日 2025-06-20" in first
    assert "安康重疾险（尾号 1234）" in second
    assert "保费 5,200 元/年" in second
    assert "P2025" not in said


def test_policies_are_found_in_any_role_and_the_role_is_named(desk: Desk, with_client):
    def given(uow):
        husband, fang = a_client(uow, "赵磊"), a_client(uow)
        policy = a_policy(uow, husband, product_name="安康重疾险")
        uow.contracts.add_party(policy.id, husband.owner_id, "insured", "王芳", fang.id)
        uow.contracts.add_party(policy.id, husband.owner_id, "beneficiary", "王芳", fang.id)
        a_policy(uow, fang, product_name="畅行车险")
        return fang
    fang = with_client(given)
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id)
    assert "被保险人、受益人" in said
    assert "投保人" in said


def test_one_policy_is_shown_in_full_on_at_most_eight_lines(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, premium=5200, pay_mode="annual", pay_years=20, due_on=[date(2025, 5, 20)],
                 renewal_intent="high")
        return fang
    fang = with_client(given)
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id)
    assert len(said.splitlines()) <= 8
    assert "保额 50 万元" in said
    assert "保费 5,200 元/年，缴 20 年" in said
    assert "宽限期至 2025-07-19" in said
    assert "续保意向：高" in said


def test_a_product_word_picks_the_policy_that_answers_to_it(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, product_name="安康重疾险", product_code="INS-CI-01")
        a_policy(uow, fang, product_name="畅行车险", product_code="INS-CAR-01")
        return fang
    fang = with_client(given)
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id, product="重疾险")
    assert "安康重疾险" in said
    assert "畅行" not in said


@pytest.mark.parametrize(("field", "expected"), [
    ("due_date", "续保日：2025-07-09（还有 30 天）"),
    ("premium", "保费：1.2 万元/年"),
    ("sum_insured", "保额：50 万元"),
    ("remaining_terms", "剩余期数：2 期，共 2.4 万元"),
    ("overdue", "逾期：1 期，共 1.2 万元，最早一期已 20 天"),
    ("beneficiary", "受益人：小雨"),
    ("status", "状态：有效"),
    ("cash_value", "现金价值：3,000 元"),
    ("pay_mode", "缴费方式：年缴"),
    ("policy_no", "保单号：尾号 1234"),
])
def test_a_question_about_one_field_is_answered_in_one_line(desk: Desk, with_client, field, expected):
    def given(uow):
        fang = a_client(uow)
        policy = a_policy(uow, fang, number="P20250001234", pay_mode="annual", cash_value="3000",
                          due_on=[date(2025, 5, 20), date(2026, 5, 20)])
        uow.contracts.add_party(policy.id, fang.owner_id, "beneficiary", "小雨")
        return fang
    fang = with_client(given)
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id, field=field)
    assert expected in said
    assert len(said.splitlines()) == 1


def test_a_field_nobody_filled_in_is_said_to_be_empty(desk: Desk, with_client):
    fang = with_client(lambda uow: _with_policy(uow))
    said = desk.asks("policy.lookup", client="王芳", client_id=fang.id, field="cash_value")
    assert "还没有登记现金价值" in said


def _with_policy(uow):
    fang = a_client(uow)
    a_policy(uow, fang)
    return fang


def test_holdings_show_their_maturity_and_sum_and_count_the_rest(desk: Desk, with_client):
    def given(uow):
        liu = a_client(uow, "刘洋")
        a_deposit(uow, liu, product_name="青禾大额存单一年", amount=Decimal(200_000), ends_on=date(2025, 9, 1))
        a_contract(uow, liu, "wealth", product_name="稳盈季季开", amount=Decimal(100_000), ends_on=date(2025, 7, 1))
        a_policy(uow, liu)
        return liu
    liu = with_client(given)
    said = desk.asks("holding.lookup", client="刘洋", client_id=liu.id)
    assert said.splitlines()[0] == "「刘洋」持有 2 项，合计 30 万元；另有保单 1 份"
    assert said.index("稳盈季季开") < said.index("青禾大额存单一年")
    assert "到期日 2025-07-01" in said


def test_a_credit_line_answers_granted_used_left_and_expiry(desk: Desk, with_client):
    def given(uow):
        firm = a_firm(uow)
        a_contract(uow, firm, "credit_line", product_name="青禾综合授信", amount=Decimal(1_000_000),
                   used_amount="300000", ends_on=date(2026, 3, 1))
        return firm
    firm = with_client(given)
    said = desk.asks("credit.lookup", client="宏达", client_id=firm.id)
    for part in ("授信额度 100 万元", "已用 30 万元", "可用 70 万元", "2026-03-01"):
        assert part in said


def test_a_loan_tells_its_balance_and_next_repayment(desk: Desk, with_client):
    def given(uow):
        liu = a_client(uow, "刘洋")
        a_loan(uow, liu, product_name="助业经营贷", due_on=[date(2025, 6, 20)])
        return liu
    liu = with_client(given)
    said = desk.asks("loan.lookup", client="刘洋", client_id=liu.id)
    assert "余额 20 万元" in said
    assert "第 1 期 8,600 元，2025-06-20 到期（还有 11 天）" in said


def test_a_contract_is_found_by_its_full_number_alone(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, number="P20250001234", product_name="安康重疾险")
    with_client(given)
    assert "安康重疾险（尾号 1234）" in desk.asks("policy.lookup", policy_no="P20250001234")


def test_a_colleagues_contract_number_is_not_found(database, clock, cast: Cast, desk: Desk, with_client):
    def given(uow):
        a_policy(uow, a_client(uow), number="P20250001234")
    with_client(given)
    foreign = Desk(database, clock, cast.chenmo.id).asks("policy.lookup", policy_no="P20250001234")
    assert foreign == desk.asks("policy.lookup", policy_no="P20250009999")


def test_a_client_without_policies_is_told_so(desk: Desk, with_client):
    fang = with_client(lambda uow: a_client(uow))
    assert desk.asks("policy.lookup", client="王芳", client_id=fang.id) == "「王芳」名下没有登记保单。"


def test_a_long_list_is_paged(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        for _ in range(13):
            a_policy(uow, fang)
        return fang
    fang = with_client(given)
    assert "更多" in desk.asks("contract.list", client="王芳", client_id=fang.id)
    assert "⑬" in desk.asks("page.next")


def test_ops_cannot_read_contracts(database, clock, cast: Cast, with_client):
    fang = with_client(_with_policy)
    said = Desk(database, clock, cast.hexin.id).asks("policy.lookup", client="王芳", client_id=fang.id)
    assert "角色不能" in said


def test_looking_at_policies_is_audited_by_kind(database, clock, desk: Desk, with_client):
    from storage.audit import entries_about

    fang = with_client(_with_policy)
    desk.asks("policy.lookup", client="王芳", client_id=fang.id)
    with database.system(clock.now()) as uow:
        sections = {e.detail.get("section") for e in entries_about(uow.conn, fang.id) if e.action == "read"}
    assert "policy" in sections


def test_a_policy_whose_last_day_is_over_is_not_called_in_force(desk: Desk, with_client):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, product_name="畅行车险", ends_on=date(2025, 6, 8))
        a_policy(uow, fang, product_name="安居家财险", ends_on=date(2025, 6, 9))
        a_deposit(uow, fang, product_name="青禾定期", ends_on=date(2025, 6, 8))
        return fang
    fang = with_client(given)
    lines = desk.asks("contract.list", client="王芳", client_id=fang.id).splitlines()
    state = {name: line.split(" · ")[1] for name in ("畅行", "安居", "青禾") for line in lines if name in line}
    assert state == {"畅行": "已到期", "安居": "有效", "青禾": "已到期"}


def test_what_somebody_bought_is_whatever_there_is(desk: Desk, with_client):
    def given(uow):
        liu = a_client(uow, "刘洋")
        a_loan(uow, liu, product_name="助业经营贷", due_on=[date(2025, 6, 20)])
    with_client(given)
    assert "助业经营贷" in desk.says("刘洋买了啥")
    assert desk.says("刘洋有什么保险") == "「刘洋」名下没有登记保单。"
