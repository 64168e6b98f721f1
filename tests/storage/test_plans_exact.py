"""Repayment plans against another way of computing them: whole cents and whole numbers alone, no decimals, and closed
formulas where the product walks step by step."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from storage.model.errors import Invalid
from storage.model.plans import annual_cost, repayment_plan

START = date(2025, 6, 9)
METHODS = ("equal_instalment", "equal_principal", "interest_only")
PARTS = 120_000  # a year's hundredths of a percent in twelve months
LOANS = 10_000


def half_up(above: int, below: int) -> int:
    """above / below, rounded half up."""
    return (2 * above + below) // (2 * below)


def level_payment(principal: int, points: int, terms: int) -> int:
    """What is paid each month, in cents, at `points` hundredths of a percent a year."""
    if not points:
        return half_up(principal, terms)
    grown, flat = (PARTS + points) ** terms, PARTS**terms
    return half_up(principal * points * grown, PARTS * (grown - flat))


def expected(principal: int, points: int, terms: int, method: str) -> list[tuple[int, int]]:
    """(principal, interest) of every month, in cents."""
    payment, share, left, rows = level_payment(principal, points, terms), half_up(principal, terms), principal, []
    for month in range(terms):
        interest = half_up(left * points, PARTS)
        wanted = {"equal_instalment": payment - interest, "equal_principal": share, "interest_only": 0}[method]
        paid = left if month == terms - 1 else min(max(wanted, 0), left)
        rows.append((paid, interest))
        left -= paid
    return rows


@pytest.mark.parametrize("method", METHODS)
def test_ten_thousand_loans_are_exact_to_the_cent(method: str) -> None:
    world = random.Random(20250609)
    for number in range(LOANS):
        odd, round_sum, tiny = world.randint(1_000_00, 3_000_000_00), world.randint(1, 300) * 10_000_00, world.randint(1, 99_99)
        cents = world.choice((odd, round_sum, tiny))
        points, terms = world.randint(0, 3600), world.randint(1, 360 if number % 100 == 0 else 48)
        plan = repayment_plan(Decimal(cents).scaleb(-2), Decimal(points).scaleb(-2), terms, START, method)
        rows = [(int(due.principal * 100), int(due.interest * 100)) for due in plan]
        loan = f"{cents} cents at {points} points over {terms} months"
        assert rows == expected(cents, points, terms, method), loan
        assert sum(paid for paid, _ in rows) == cents, loan
        assert all(due.amount * 100 == sum(row) for due, row in zip(plan, rows, strict=True)), loan


def test_the_loan_of_the_restaurant_by_the_other_way() -> None:
    rows = expected(200_000_00, 1200, 12, "equal_instalment")
    assert [sum(row) for row in rows] == [17_769_76] * 11 + [17_769_72]


# ---------------------------------------------------------------- what it costs in a year


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("percent", ["3.65", "12", "23.99", "24"])
def test_without_fees_a_loan_costs_its_rate(method: str, percent: str) -> None:
    plan = repayment_plan(Decimal(200_000), Decimal(percent), 12, START, method)
    assert annual_cost(Decimal(200_000), plan, START) == Decimal(percent)


@pytest.mark.parametrize(("fee", "terms"), [(0, 1), (1_000, 1), (2_000, 12), (5_000, 36), (30_000, 6)])
def test_what_is_paid_back_is_worth_what_was_received_at_the_cost(fee: int, terms: int) -> None:
    plan, received = repayment_plan(Decimal(100_000), Decimal(15), terms, START), Decimal(100_000 - fee)
    cost = Fraction(annual_cost(received, plan, START))

    def worth(percent: Fraction) -> Fraction:
        return sum((Fraction(due.amount) / (1 + percent / 1200) ** due.number for due in plan), Fraction(0))

    hundredth = Fraction(1, 100)
    assert worth(cost + hundredth) < received < worth(cost - hundredth)


def test_a_loan_of_one_month_costs_twelve_times_what_it_costs_a_month() -> None:
    plan = repayment_plan(Decimal(10_000), Decimal(0), 1, START)
    assert annual_cost(Decimal(9_900), plan, START) == Decimal("12.12")
    assert annual_cost(Decimal(10_000), plan, START) == Decimal(0)
    assert annual_cost(Decimal(100), plan, START) == Decimal(118_800)


@pytest.mark.parametrize("received", [Decimal(0), Decimal(-5)])
def test_fees_that_leave_nothing_are_refused(received: Decimal) -> None:
    with pytest.raises(Invalid, match="费用不能达到或超过借款金额"):
        annual_cost(received, repayment_plan(Decimal(1_000), Decimal(12), 12, START), START)
