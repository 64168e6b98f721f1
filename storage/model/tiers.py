"""What became of clients' tiers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

TierReason = Literal["assets", "standard", "condition", "hand", "given_back"]


@dataclass(frozen=True, slots=True)
class TierChange:
    """One line of a client's history in a scheme. `version` is that of the standard (0: the pack's) and `amount` the
    assets in yuan by which it was computed; `set_by` who set it by hand or gave it back to the computation."""

    client_id: int
    owner_id: str
    scheme: str
    was: str | None
    became: str | None
    reason: TierReason
    version: int | None
    amount: Decimal | None
    set_by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Moves:
    """How many clients of one adviser go from one tier to another, and their assets in yuan. With `by_hand` they do not
    go: somebody set their tier, and it stays."""

    owner_id: str
    was: str | None
    became: str
    by_hand: bool
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Mover:
    """A client who goes from one tier to another, with what he has in yuan."""

    client_id: int
    name: str
    owner_id: str
    was: str | None
    became: str | None
    amount: Decimal | None


def rises(was: str | None, became: str | None, ranks: Mapping[str, int]) -> bool:
    """Whether a change goes up; to have no tier is the lowest."""
    return ranks.get(became or "", 0) > ranks.get(was or "", 0)
