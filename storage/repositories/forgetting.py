"""What tickets hold goes when it was kept long enough: files, words, marks. Number, flow, days and cause stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from storage.repositories.base import Repository
from storage.tables import ratings, ticket_papers, ticket_steps, tickets

_DETAILS = "tickets.details"


class ForgettingRepository(Repository):
    """Of tickets of these flows (all for none) that ended before an instant; how many rows went, `at_most` at once."""

    def papers(self, flows: Collection[str], before: datetime, at_most: int) -> int:
        """The files, with their digests: that a paper had come in stays known."""
        c = ticket_papers.c
        kept = select(c.id).join(tickets, tickets.c.id == c.ticket_id).where(
            c.state == "kept", *_ended(flows, before)
        ).order_by(c.id).limit(at_most)
        ids = list(self.uow.conn.execute(kept).scalars())
        gone = update(ticket_papers).where(c.id.in_(ids))
        self.uow.conn.execute(gone.values(state="gone", content=None, digest=None, size=0, origin_key=None))
        return len(ids)

    def words(self, flows: Collection[str], before: datetime, at_most: int) -> int:
        """What was said, with the ticket and with each of its steps."""
        found = self._not_forgotten(flows, before, at_most)
        for row in found:
            nothing = self.uow.seal(_DETAILS, row.id, {})
            self.uow.conn.execute(
                update(tickets).where(tickets.c.id == row.id).values(details=nothing, forgotten_at=self.uow.now)
            )
        of_them = ticket_steps.c.ticket_id.in_([row.id for row in found])
        self.uow.conn.execute(update(ticket_steps).where(of_them).values(words=None))
        return len(found)

    def marks(self, flows: Collection[str], before: datetime, at_most: int) -> int:
        """What clients thought of it."""
        of_them = select(ratings.c.ticket_id).join(tickets, tickets.c.id == ratings.c.ticket_id).where(
            *_ended(flows, before)
        ).order_by(ratings.c.ticket_id).limit(at_most)
        ids = list(self.uow.conn.execute(of_them).scalars())
        return self.uow.conn.execute(delete(ratings).where(ratings.c.ticket_id.in_(ids))).rowcount

    def _not_forgotten(self, flows: Collection[str], before: datetime, at_most: int) -> Sequence[Any]:
        query = select(tickets.c.id).where(tickets.c.forgotten_at.is_(None), *_ended(flows, before))
        return self.uow.conn.execute(query.order_by(tickets.c.id).limit(at_most)).all()


def _ended(flows: Collection[str], before: datetime) -> list[ColumnElement[bool]]:
    return [tickets.c.ended_at < before, *([tickets.c.flow.in_(list(flows))] if flows else [])]
