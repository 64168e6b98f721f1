"""What may be sold to a client, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

CLOSED = ("won", "lost")


@dataclass(frozen=True, slots=True)
class Opportunity:
    """`product` is a product's name or the word for its sort; `stage` a word of the field dictionary; `note` what a
    person said, sealed at rest; `reminder_id` the reminder whose answer opened it. Money is in yuan."""

    id: int
    client_id: int
    owner_id: str
    product: str
    stage: str
    amount: Decimal | None
    expected_on: date | None
    note: str
    reminder_id: int | None
    version: int
    created_at: datetime
    client_name: str = ""

    @property
    def is_open(self) -> bool:
        return self.stage not in CLOSED
