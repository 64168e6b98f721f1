"""A client's accounts at the bank and what goes in and out of them. Money is in the account's own currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

KEPT = timedelta(days=400)  # transactions; the sums of their months stay longer


@dataclass(frozen=True, slots=True)
class Account:
    """`kind` and `state` are words of the field dictionary (account.kind, account.state); of the number only the last
    four digits are known."""

    id: int
    client_id: int
    owner_id: str
    kind: str
    state: str
    number_tail: str
    currency: str
    balance: Decimal | None
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction as the bank tells it. `amount` is above zero for what comes in; `reference` is the bank's mark,
    unique in the account."""

    happened_on: date
    amount: Decimal
    category: str
    reference: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry that is on record, with the account it belongs to."""

    id: int
    account_id: int
    happened_on: date
    amount: Decimal
    category: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in or went out over a time, of one currency and category: `total` is signed as its parts are."""

    currency: str
    category: str
    incoming: bool
    total: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class MonthSum:
    """One month of an account; `month` as `month_number` counts."""

    account_id: int
    month: int
    money_in: Decimal
    money_out: Decimal

    @property
    def net(self) -> Decimal:
        return self.money_in - self.money_out


def month_number(day: date) -> int:
    """Months counted from the year 0, so that the month before is one less."""
    return day.year * 12 + day.month - 1


def first_day_of(month: int) -> date:
    """The first day of a month that `month_number` gave."""
    return date(month // 12, month % 12 + 1, 1)
