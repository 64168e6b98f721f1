"""What an outside source says of a client: asked for once, answered once, kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# queued: to be asked; asking: on its way; agrees, differs: what the source said; unclear: it said nothing that counts,
# so a person has to check.
OutsideState = Literal["queued", "asking", "agrees", "differs", "unclear"]
ANSWERED: tuple[OutsideState, ...] = ("agrees", "differs", "unclear")


@dataclass(frozen=True, slots=True)
class OutsideQuery:
    """`mark` is a keyed hash of whom it was asked about, so that an answer counts for the same person alone."""

    id: int
    ticket_id: int
    client_id: int
    asked_by: str
    mark: bytes
    state: OutsideState
    tries: int
    asked_at: datetime
    answered_at: datetime | None = None
    reference: str = ""
