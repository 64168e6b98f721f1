"""Sentences that were not understood, kept for those who teach the assistant new words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.model.ids import new_id
from storage.repositories.base import Repository
from storage.tables import puzzles

_PLACE = "puzzles.text"


class PuzzleRepository(Repository):
    def add(self, text: str) -> None:
        """Keep a sentence of the actor's. Names are to be taken out before; numbers in it are masked here."""
        row_id = new_id()
        if sealed := self._words(_PLACE, row_id, text):
            self.uow.conn.execute(insert(puzzles).values(
                id=row_id, user_id=self.uow.actor.user_id, text=sealed, said_at=self.uow.now
            ))

    def said_between(self, first: datetime, last: datetime) -> list[tuple[str, str]]:
        """(who, sentence) from `first` up to and without `last`, newest first."""
        query = (
            select(puzzles).where(puzzles.c.said_at >= first, puzzles.c.said_at < last)
            .order_by(puzzles.c.id.desc()).limit(5000)
        )
        return [(r.user_id, self.uow.unseal(_PLACE, r.id, r.text)) for r in self.uow.conn.execute(query)]

    def purge(self, before: datetime) -> int:
        """Forget what was said before; the number of sentences."""
        return self.uow.conn.execute(delete(puzzles).where(puzzles.c.said_at < before)).rowcount
