"""What the client is still to be told of his tickets: each state of a ticket once, when the move to it stands."""

from __future__ import annotations

from sqlalchemy import and_, select, update

from storage.model.tickets import Ticket, TicketNews
from storage.repositories.base import Repository
from storage.repositories.conversations import UNDO_FOR
from storage.tables import ticket_news, tickets


class TicketNewsRepository(Repository):
    def entered(self, ticket: Ticket, *, is_told: bool) -> None:
        """The ticket came into its state, of which the client is told or not; of those it was in before he hears no
        more. Part of the move, and taken back with it."""
        c = ticket_news.c
        known = self.uow.conn.execute(select(c.state, c.due_at, c.told_at).where(c.ticket_id == ticket.id)).all()
        for row in known:
            if row.due_at is not None and row.state != ticket.state:
                self._plan(ticket.id, row.state, due_at=None)
        before = next((row for row in known if row.state == ticket.state), None)
        if not is_told or (before is not None and before.told_at is not None):
            return
        due_at = self.uow.now + UNDO_FOR
        if before is not None:
            self._plan(ticket.id, ticket.state, due_at=due_at)
            return
        self.uow.insert(ticket_news, {
            "ticket_id": ticket.id, "state": ticket.state, "owner_id": ticket.owner_id, "due_at": due_at,
        })  # fmt: skip

    def due(self, at_most: int) -> list[TicketNews]:
        """What is to be told now, of tickets that still are in that state, the longest waiting first; held until the
        unit of work ends, what another process holds left out."""
        c = ticket_news.c
        is_there = and_(tickets.c.id == c.ticket_id, tickets.c.state == c.state)
        query = (
            select(c.ticket_id, c.state).join(tickets, is_there)
            .where(c.due_at < self.uow.now)  # at that very moment the move may still be taken back
            .order_by(c.due_at, c.ticket_id).limit(at_most).with_for_update(skip_locked=True, of=ticket_news)
        )
        return [TicketNews(**row._asdict()) for row in self.uow.conn.execute(query)]

    def told(self, news: TicketNews) -> None:
        """It was said, or is left to a person: never again. No act of a member, so nothing to take back."""
        c = ticket_news.c
        which = and_(c.ticket_id == news.ticket_id, c.state == news.state)
        self.uow.conn.execute(update(ticket_news).where(which).values(due_at=None, told_at=self.uow.now))

    def _plan(self, ticket_id: int, state: str, **values: object) -> None:
        self.uow.update(ticket_news, {"ticket_id": ticket_id, "state": state}, values)
