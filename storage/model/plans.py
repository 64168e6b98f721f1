"""Payment plans: which premiums and repayments fall due when, exact to the cent.

Interest of a month is a twelfth of the annual rate on what is still owed, rounded half up; the last
instalment takes what rounding left over, so that the principal adds up to the amount."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from types import MappingProxyType
from typing import Any, Literal

from storage.model.errors import Invalid

Method = Literal["equal_instalment", "equal_principal", "interest_only", "bullet"]
PayMode = Literal["annual", "semiannual", "quarterly", "monthly", "single"]

# Insurance Law art. 36: sixty days where the contract does not say otherwise.
STATUTORY_GRACE_DAYS = 60
# A renewal is still noted for so long after the last day; then the policy is closed as expired.
RENEWED_UNTIL_DAYS = 60
MAX_TERMS = 600

MONTHS_APART: Mapping[str, int] = MappingProxyType(
    {"annual": 12, "semiannual": 6, "quarterly": 3, "monthly": 1, "single": 0}
)
_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")
_MONTHLY = 1200  # of percent a year, a month's share
_HALVINGS = 40  # of the interval in which a rate lies: a millionth of a percent and better


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment of a plan, not yet written anywhere."""

    number: int
    due_on: date
    amount: Decimal
    principal: Decimal | None = None
    interest: Decimal | None = None
    grace_ends_on: date | None = None

    def row(self) -> dict[str, Any]:
        """As `ContractRepository.add_instalments` takes it."""
        return {name: getattr(self, name) for name in self.__slots__}


def add_months(day: date, months: int, due_day: int | None = None) -> date:
    """`months` later on `due_day` (default: the same day), clipped to the month's end: 31 Jan → 28 Feb."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(due_day or day.day, monthrange(year, month + 1)[1]))


def level_plan(
    amount: Decimal, first_due_on: date, months_apart: int, terms: int, grace_days: int | None = None,
) -> tuple[Due, ...]:
    """The same amount again and again: rents, premiums, regular investments.

    With `grace_days`, each has its last day of grace. Raises Invalid for what cannot be."""
    _check(amount, "金额")
    _check_terms(terms)
    days = [add_months(first_due_on, n * months_apart) for n in range(terms)]
    if grace_days is None:
        return tuple(Due(n, on, amount) for n, on in enumerate(days, 1))
    grace = timedelta(days=grace_days)
    return tuple(Due(n, on, amount, grace_ends_on=on + grace) for n, on in enumerate(days, 1))


def premium_plan(
    premium: Decimal, first_due_on: date, pay_mode: str, pay_years: int,
    grace_days: int | None = None,
) -> tuple[Due, ...]:
    """Premiums of a policy; `pay_years` years long, the first due at once. `single` gives exactly one.

    Raises Invalid for a premium or term that cannot be."""
    apart = MONTHS_APART[pay_mode]
    terms = pay_years * 12 // apart if apart else 1
    return level_plan(
        premium, first_due_on, apart, terms, STATUTORY_GRACE_DAYS if grace_days is None else grace_days
    )


def repayment_plan(
    amount: Decimal, annual_percent: Decimal, terms: int, starts_on: date,
    method: Method = "equal_instalment", due_day: int | None = None,
) -> tuple[Due, ...]:
    """Monthly repayments of a loan paid out on `starts_on`; the first falls in the month after.

    200,000 at 12 % over 12 months: 17,769.76 eleven times and 17,769.72 at last (S22).
    Raises Invalid for an amount, rate or number of terms that cannot be."""
    _check(amount, "金额")
    _check_terms(terms)
    if annual_percent < 0:
        raise Invalid("利率不能是负数，请核对。", "rate_percent")
    with localcontext(prec=50):
        parts = list(_METHODS[method](amount, annual_percent, terms))
    first = terms - len(parts) + 1  # a bullet loan has its only instalment at the end
    days = (add_months(starts_on, n, due_day) for n in range(first, terms + 1))
    return tuple(
        Due(n, on, principal + interest, principal, interest)
        for n, (on, (principal, interest)) in enumerate(zip(days, parts, strict=True), 1)
    )


def terms_between(starts_on: date, ends_on: date) -> int:
    """How many monthly instalments lie between two days; at least one."""
    return max(1, _months_between(starts_on, ends_on))


def total(plan: Iterable[Due]) -> Decimal:
    """What is paid in all."""
    return sum((due.amount for due in plan), _ZERO)


def annual_cost(received: Decimal, plan: Iterable[Due], paid_out_on: date) -> Decimal:
    """What a loan costs in percent a year, fees included: twelve times the monthly rate at which what is paid back is
    worth just what the borrower received. To the hundredth of a percent; 0 where nothing more is paid back.

    Raises Invalid where the fees leave nothing to receive."""
    if received <= 0:
        raise Invalid("费用不能达到或超过借款金额，请核对。", "fee")
    flows = [(_months_between(paid_out_on, due.due_on), due.amount) for due in plan]
    with localcontext(prec=28):
        low, high = _ZERO, Decimal(1)
        while _worth(flows, high) > received:
            high *= 2
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if _worth(flows, middle) > received else (low, middle)
        return _cents(high * _MONTHLY)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _worth(flows: Iterable[tuple[int, Decimal]], rate: Decimal) -> Decimal:
    """What the payments are worth at the beginning, at a monthly rate."""
    return sum((amount / (1 + rate) ** months for months, amount in flows), _ZERO)


# ---------------------------------------------------------------- the methods: (principal, interest)

Parts = Iterator[tuple[Decimal, Decimal]]


def _equal_instalment(amount: Decimal, percent: Decimal, terms: int) -> Parts:
    rate = percent / _MONTHLY
    payment = amount / terms if not rate else amount * rate / (1 - (1 + rate) ** -terms)
    return _amortise(amount, percent, terms, lambda interest: _cents(payment) - interest)


def _equal_principal(amount: Decimal, percent: Decimal, terms: int) -> Parts:
    share = _cents(amount / terms)
    return _amortise(amount, percent, terms, lambda _interest: share)


def _interest_only(amount: Decimal, percent: Decimal, terms: int) -> Parts:
    return _amortise(amount, percent, terms, lambda _interest: _ZERO)


def _bullet(amount: Decimal, percent: Decimal, terms: int) -> Parts:
    yield amount, _cents(amount * percent * terms / _MONTHLY)


def _amortise(amount: Decimal, percent: Decimal, terms: int, share: Callable[[Decimal], Decimal]) -> Parts:
    """Pay `share` of the principal each month while there is some, all that is left in the last."""
    left = amount
    for n in range(1, terms + 1):
        interest = _cents(left * percent / _MONTHLY)  # divided last: a monthly rate may have no end
        principal = left if n == terms else max(_ZERO, min(left, share(interest)))
        left -= principal
        yield principal, interest


_METHODS: Mapping[str, Callable[[Decimal, Decimal, int], Parts]] = {
    "equal_instalment": _equal_instalment,
    "equal_principal": _equal_principal,
    "interest_only": _interest_only,
    "bullet": _bullet,
}


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _check(amount: Decimal, label: str) -> None:
    if amount <= 0 or amount != amount.quantize(_CENT):
        raise Invalid(f"{label}应大于 0，最多两位小数，请核对。", "amount")


def _check_terms(terms: int) -> None:
    if not 1 <= terms <= MAX_TERMS:
        raise Invalid(f"期数应在 1 到 {MAX_TERMS} 之间，请核对。", "terms")
