from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.model.errors import Invalid
from storage.model.plans import (
    MONTHS_APART,
    add_months,
    level_plan,
    premium_plan,
    repayment_plan,
    terms_between,
    total,
)

START = date(2025, 6, 9)
METHODS = ("equal_instalment", "equal_principal", "interest_only")


def test_the_plan_of_the_restaurant_loan_is_exact_to_the_cent():
    plan = repayment_plan(Decimal(200000), Decimal(12), 12, START)
    assert [due.amount for due in plan[:-1]] == [Decimal("17769.76")] * 11
    assert plan[-1].amount == Decimal("17769.72")
    assert sum(due.principal for due in plan) == Decimal("200000.00")


def test_equal_principal_pays_the_same_principal_and_less_interest_each_month():
    plan = repayment_plan(Decimal(120000), Decimal(12), 12, START, "equal_principal")
    assert {due.principal for due in plan} == {Decimal("10000.00")}
    assert [due.interest for due in plan[:3]] == [Decimal("1200.00"), Decimal("1100.00"), Decimal("1000.00")]
    assert total(plan) == Decimal("127800.00")


def test_interest_only_returns_the_principal_with_the_last_interest():
    plan = repayment_plan(Decimal(100000), Decimal("6"), 6, START, "interest_only")
    assert [due.amount for due in plan] == [Decimal("500.00")] * 5 + [Decimal("100500.00")]


def test_a_bullet_loan_is_paid_once_at_the_end_with_all_its_interest():
    plan = repayment_plan(Decimal(100000), Decimal(6), 6, START, "bullet")
    assert [(due.number, due.due_on) for due in plan] == [(1, date(2025, 12, 9))]
    assert plan[0].amount == Decimal("103000.00")


def test_rents_are_level_and_have_no_grace():
    plan = level_plan(Decimal(3000), START, 1, 3)
    assert [(due.due_on.month, due.amount, due.grace_ends_on) for due in plan] == [
        (6, Decimal(3000), None), (7, Decimal(3000), None), (8, Decimal(3000), None),
    ]


def test_months_between_two_days_count_as_terms_and_never_less_than_one():
    assert terms_between(date(2025, 6, 9), date(2028, 6, 9)) == 36
    assert terms_between(date(2025, 6, 9), date(2025, 6, 20)) == 1


def test_a_loan_without_interest_is_split_evenly_and_the_last_month_takes_the_rest():
    plan = repayment_plan(Decimal(100), Decimal(0), 3, START)
    assert [due.amount for due in plan] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_an_equal_principal_plan_with_an_odd_cent_adds_up():
    plan = repayment_plan(Decimal("100.01"), Decimal(0), 3, START, "equal_principal")
    assert [due.principal for due in plan] == [Decimal("33.34"), Decimal("33.34"), Decimal("33.33")]


@settings(max_examples=200, deadline=None)
@given(
    cents=st.integers(1, 10**13), rate=st.decimals(0, 36, places=4), terms=st.integers(1, 360),
    method=st.sampled_from(METHODS),
)
def test_every_plan_returns_exactly_the_principal_and_never_a_negative_part(cents, rate, terms, method):
    amount = Decimal(cents).scaleb(-2)
    plan = repayment_plan(amount, rate, terms, START, method)
    assert sum(due.principal for due in plan) == amount
    assert all(due.principal >= 0 and due.interest >= 0 for due in plan)
    assert all(due.amount == due.principal + due.interest for due in plan)
    assert all(due.amount.as_tuple().exponent == -2 for due in plan)
    assert [due.number for due in plan] == list(range(1, terms + 1))


@settings(max_examples=100, deadline=None)
@given(cents=st.integers(1_000_00, 10**11), rate=st.decimals("0.1", 24, places=2), terms=st.integers(2, 120))
def test_equal_instalments_are_level_but_for_the_last(cents, rate, terms):
    plan = repayment_plan(Decimal(cents).scaleb(-2), rate, terms, START)
    assert len({due.amount for due in plan[:-1]}) == 1


def test_the_31st_falls_on_the_end_of_shorter_months_and_comes_back():
    plan = repayment_plan(Decimal(1000), Decimal(6), 3, date(2024, 12, 31))
    assert [due.due_on for due in plan] == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 6, 9), 0, date(2025, 6, 9)),
    ],
)
def test_months_end_where_they_end(start, months, end):
    assert add_months(start, months) == end


def test_a_repayment_day_moves_every_instalment_of_the_following_months():
    plan = repayment_plan(Decimal(1000), Decimal(6), 2, date(2025, 6, 9), due_day=20)
    assert [due.due_on for due in plan] == [date(2025, 7, 20), date(2025, 8, 20)]


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 480))
def test_each_due_day_lies_in_the_next_month(start, months):
    day = add_months(start, months)
    assert (day.year - start.year) * 12 + day.month - start.month == months
    assert day.day == start.day or (day.day < start.day and (day + timedelta(days=1)).day == 1)


def test_annual_premiums_fall_on_the_same_day_each_year_with_their_grace():
    plan = premium_plan(Decimal(5200), date(2025, 6, 9), "annual", 3)
    assert [due.due_on.year for due in plan] == [2025, 2026, 2027]
    assert plan[0].grace_ends_on == date(2025, 8, 8)
    assert {due.amount for due in plan} == {Decimal(5200)}


def test_the_grace_of_the_product_goes_before_that_of_the_law():
    plan = premium_plan(Decimal(5200), date(2025, 6, 9), "annual", 1, grace_days=0)
    assert plan[0].grace_ends_on == date(2025, 6, 9)


@pytest.mark.parametrize(("mode", "terms"), [
    ("annual", 10), ("semiannual", 20), ("quarterly", 40), ("monthly", 120), ("single", 1),
])
def test_ten_years_of_premiums_have_as_many_terms_as_the_mode_says(mode, terms):
    assert len(premium_plan(Decimal(100), START, mode, 10)) == terms


@given(first=st.dates(date(2000, 1, 1), date(2060, 1, 1)), mode=st.sampled_from(sorted(MONTHS_APART)),
       years=st.integers(1, 30))
def test_premiums_fall_due_in_rising_order_from_the_first_day(first, mode, years):
    days = [due.due_on for due in premium_plan(Decimal(1), first, mode, years)]
    assert days[0] == first
    assert days == sorted(set(days))


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("0.001")])
def test_an_amount_that_cannot_be_is_refused(amount):
    with pytest.raises(Invalid, match="请核对"):
        repayment_plan(amount, Decimal(5), 12, START)


def test_a_negative_rate_and_absurd_terms_are_refused():
    with pytest.raises(Invalid, match="利率"):
        repayment_plan(Decimal(100), Decimal(-1), 12, START)
    with pytest.raises(Invalid, match="期数"):
        repayment_plan(Decimal(100), Decimal(1), 601, START)
    with pytest.raises(Invalid, match="期数"):
        premium_plan(Decimal(100), START, "annual", 0)
