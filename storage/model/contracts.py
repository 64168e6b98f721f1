"""Contracts of every kind, who takes part in them and what falls due when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Contract:
    """A policy, deposit, wealth holding, fund holding, loan, credit line or lease.

    Money is in yuan (`currency` CNY unless said). `number` is the full contract number (encrypted at
    rest); lists show `number_tail`. `ends_on` is the renewal day of a policy, the maturity day of others."""

    id: int
    client_id: int
    owner_id: str
    kind: str
    state: str
    line: str = ""
    number: str | None = None
    number_tail: str = ""
    product_code: str | None = None
    product_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = None
    premium: Decimal | None = None
    currency: str = "CNY"
    pay_mode: str | None = None
    pay_years: int | None = None
    rate_percent: Decimal | None = None
    balance: Decimal | None = None
    renewal_intent: str | None = None
    renewal_lost_on: date | None = None
    previous_id: int | None = None
    attrs: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def value(self, name: str) -> Any:
        """The value of a dictionary field, wherever it is kept; None when it is empty."""
        if name in CONTRACT_COLUMNS:
            return getattr(self, name)
        return self.secrets.get(name, self.attrs.get(name))  # a write leaves it in one of them only


class ContractHead(NamedTuple):
    """What a client's card says of a contract."""

    id: int
    kind: str
    state: str
    product_name: str
    ends_on: date | None


CONTRACT_COLUMNS = frozenset(
    "kind number product_code product_name state line starts_on ends_on amount premium currency pay_mode "
    "pay_years rate_percent renewal_intent renewal_lost_on balance".split()
)


@dataclass(frozen=True, slots=True)
class Party:
    """Someone in a role on a contract: holder, insured, beneficiary, guarantor …
    `client_id` is empty when the person is no client of ours."""

    id: int
    contract_id: int
    role: str
    name: str
    client_id: int | None = None
    share_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """A premium or repayment. state: due, paid or waived; overdue is `due` with `due_on` in the past.
    `grace_ends_on` is the last day of grace (Insurance Law art. 36: 60 days unless agreed otherwise)."""

    id: int
    contract_id: int
    client_id: int
    owner_id: str
    number: int
    due_on: date
    amount: Decimal
    state: str = "due"
    grace_ends_on: date | None = None
    principal: Decimal | None = None
    interest: Decimal | None = None
    paid_on: date | None = None
    version: int = 1

    def is_overdue(self, today: date) -> bool:
        return self.state == "due" and self.due_on < today

    def is_in_grace(self, today: date) -> bool:
        return self.is_overdue(today) and self.grace_ends_on is not None and today <= self.grace_ends_on
