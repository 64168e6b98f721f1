"""Tickets: what a client asks of the firm, and the way it has gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

StepKind = Literal["opened", "moved", "given", "asked", "noted"]
Origin = Literal["member", "client"]
# How much of a time limit was used when somebody was told of it last; beyond 100 stands the red line.
LEVELS = (50, 80, 100, 200)
_NUMBER = re.compile(r"[TtＴ]?0*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. `details` is what was said, by the name of what the flow asks; `moved_by` brought it where it is."""

    id: int
    number: int
    flow: str
    edition: str
    client_id: int
    owner_id: str
    contract_id: int | None
    state: str
    pool: str
    handler_id: str | None
    opened_by: str
    origin: Origin
    moved_by: str
    answered_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    version: int
    details: Mapping[str, Any] = field(default_factory=dict)
    client_name: str = ""

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"T{self.number}"


@dataclass(frozen=True, slots=True)
class TicketStep:
    """Who did what with a ticket; `words` is what he said, `to_id` whom he gave it or asked."""

    id: int
    ticket_id: int
    kind: StepKind
    move: str | None
    state: str
    member_id: str
    to_id: str | None
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketLimit:
    """A time limit of a ticket, running until `stopped_at`."""

    ticket_id: int
    name: str
    started_at: datetime
    limit_at: datetime
    red_at: datetime | None
    stopped_at: datetime | None
    level: int
    next_at: datetime | None

    @property
    def runs(self) -> bool:
        return self.stopped_at is None

    def is_over(self, now: datetime) -> bool:
        """Whether more time was taken than was promised."""
        return (self.stopped_at or now) > self.limit_at


@dataclass(frozen=True, slots=True)
class TicketNews:
    """That a ticket is in a state of which its client is told."""

    ticket_id: int
    state: str


PaperState = Literal["ticked", "fetching", "kept", "refused", "gone"]


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """A paper that came in, without its content: `ticked` by word alone, or with a file."""

    id: int
    ticket_id: int
    paper: str
    origin: Origin
    state: PaperState
    media_id: str | None
    tries: int
    media_type: str | None
    size: int
    added_by: str
    added_at: datetime


def number_of(text: str) -> int | None:
    """T12 or 12 → 12; None for anything else."""
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None
