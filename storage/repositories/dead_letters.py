"""Messages that stopped and wait for a person: received ones set aside, sent ones of uncertain fate or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from storage.repositories.base import Repository
from storage.repositories.mailboxes import DEAD
from storage.tables import inbox, outbox, outbox_is

Box = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One of them, without its content. `who` sent it or was to get it; `state` is parked, uncertain or refused;
    `why` is a short English code."""

    box: Box
    id: int
    who: str
    state: str
    why: str
    at: datetime


class DeadLetterRepository(Repository):
    def all(self, most: int = 200) -> list[DeadLetter]:
        """The oldest first, at most so many of either box."""
        parked = select(inbox).where(inbox.c.state == "parked").order_by(inbox.c.id).limit(most)
        dead = select(outbox).where(outbox_is(outbox, *DEAD, "parked")).order_by(outbox.c.id).limit(most)
        found = [
            DeadLetter("in", r.id, r.sender, r.state, r.error or "", r.received_at)
            for r in self.uow.conn.execute(parked)
        ]
        found += [
            DeadLetter("out", r.id, r.recipient, r.state, r.reason or "", r.created_at)
            for r in self.uow.conn.execute(dead)
        ]
        return sorted(found, key=lambda letter: (letter.at, letter.id))

    def again(self, box: Box, row_id: int) -> bool:
        """Let one go again; False when it does not wait for that (any more)."""
        return self.uow.inbox.unpark(row_id) if box == "in" else self.uow.outbox.release(row_id)
