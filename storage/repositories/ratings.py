"""What clients think of how their tickets were dealt with, from 1 to 5; once for each ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage.model.tickets import Ticket
from storage.prepared import Prepared, insert_ignoring
from storage.repositories.base import Repository
from storage.tables import ratings, tickets

_MOST = 20  # tickets of one client that ended within a few days
_ADD = Prepared(insert_ignoring(ratings, "ticket_id"))


class RatingRepository(Repository):
    def awaited(self, client_id: int, since: datetime) -> Ticket | None:
        """The ticket of the client's own that ended last since then, was not given up and has no rating yet."""
        query = (
            select(tickets.c.id).join(ratings, ratings.c.ticket_id == tickets.c.id, isouter=True)
            .where(
                tickets.c.client_id == client_id, tickets.c.origin == "client", tickets.c.ended_at >= since,
                ratings.c.ticket_id.is_(None),
            )
            .order_by(tickets.c.ended_at.desc(), tickets.c.id.desc()).limit(_MOST)
        )
        found = (self.uow.tickets.get(ticket_id) for ticket_id in self.uow.conn.execute(query).scalars().all())
        return next((ticket for ticket in found if self._is_marked(ticket)), None)

    def _is_marked(self, ticket: Ticket) -> bool:
        return self.uow.tickets.flows.of(ticket.flow, ticket.edition).is_marked(ticket.state, ticket.origin)

    def has(self, ticket: Ticket) -> bool:
        """Whether there is one."""
        query = select(ratings.c.ticket_id).where(ratings.c.ticket_id == ticket.id)
        return self.uow.conn.execute(query).first() is not None

    def add(self, ticket: Ticket, score: int) -> bool:
        """Keep it; False where there is one already."""
        added = self.uow.run(_ADD, {
            "ticket_id": ticket.id, "client_id": ticket.client_id, "owner_id": ticket.owner_id, "score": score,
            "at": self.uow.now,
        })
        if added:
            self.uow.audit.record("rate", "ticket", ticket.id, client_id=ticket.client_id, score=score)
        return bool(added)

    def of_client(self, client_id: int) -> list[int]:
        """The scores that a client in scope gave, the latest first."""
        query = select(ratings.c.score).where(ratings.c.client_id == client_id, self.mine(ratings))
        return list(self.uow.execute(query.order_by(ratings.c.at.desc())).scalars())
