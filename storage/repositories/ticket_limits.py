"""The time limits of tickets: started when a ticket opens, stopped by moves, and asked who is to be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from storage.model.tickets import Ticket, TicketLimit
from storage.repositories.base import Repository
from storage.tables import ticket_limits, tickets

_COLUMNS = [ticket_limits.c[name] for name in TicketLimit.__slots__]


class TicketLimitRepository(Repository):
    def start(self, ticket: Ticket, limits: Sequence[TicketLimit]) -> None:
        """Let these run."""
        for limit in limits:
            self.uow.insert(ticket_limits, {**asdict(limit), "owner_id": ticket.owner_id})

    def stop(self, ticket: Ticket, names: Collection[str]) -> None:
        """These are met, or missed for good: nobody is told of them any more."""
        for limit in self.of([ticket.id]):
            if limit.runs and limit.name in names:
                self._change(limit, {"stopped_at": self.uow.now, "next_at": None})

    def of(self, ticket_ids: Collection[int]) -> list[TicketLimit]:
        """Those of tickets that the reader was given by `TicketRepository`."""
        c = ticket_limits.c
        query = select(*_COLUMNS).where(c.ticket_id.in_(list(ticket_ids))).order_by(c.ticket_id, c.limit_at, c.name)
        return [TicketLimit(**row._asdict()) for row in self.uow.conn.execute(query)]

    def due(self, at_most: int) -> list[TicketLimit]:
        """Those that somebody is to be told of now, the longest waiting first; held until the unit of work ends, those
        that another process holds left out."""
        c = ticket_limits.c
        query = (
            select(*_COLUMNS).join(tickets, tickets.c.id == c.ticket_id)
            .where(and_(c.next_at <= self.uow.now, c.stopped_at.is_(None), tickets.c.ended_at.is_(None)))
            .order_by(c.next_at, c.ticket_id).limit(at_most).with_for_update(skip_locked=True, of=ticket_limits)
        )
        return [TicketLimit(**row._asdict()) for row in self.uow.conn.execute(query)]

    def told(self, limit: TicketLimit, level: int, next_at: datetime | None) -> None:
        """Somebody was told at `level`; the next one is due at `next_at`."""
        self._change(limit, {"level": level, "next_at": next_at}, noted=False)

    def _change(self, limit: TicketLimit, values: dict[str, Any], *, noted: bool = True) -> None:
        key = {"ticket_id": limit.ticket_id, "name": limit.name}
        if noted:
            self.uow.update(ticket_limits, key, values)
            return
        c = ticket_limits.c
        self.uow.conn.execute(
            ticket_limits.update().where(c.ticket_id == limit.ticket_id, c.name == limit.name).values(**values)
        )
