"""What tickets hold goes when it was kept long enough: files, words, marks. Number, flow, days and cause stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, update

from storage.repositories.base import Repository
from storage.tables import accounts, contracts, outside_queries, parties, ratings, ticket_papers, ticket_steps, tickets

_DETAILS = "tickets.details"


@dataclass(frozen=True)
class Kept:
    """Which tickets were kept long enough: of `flows` (all for none), ended before an instant; with `last_day` alone
    those of clients all of whose contracts and accounts had ended before that day (that instant), too."""

    flows: Collection[str]
    before: datetime
    last_day: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        of_flows = [tickets.c.flow.in_(list(self.flows))] if self.flows else []
        return [tickets.c.ended_at < self.before, *of_flows, *self._relation_over()]

    def _relation_over(self) -> list[ColumnElement[bool]]:
        if self.last_day is None:
            return []
        a, c, p, mine = accounts.c, contracts.c, parties.c, tickets.c.client_id
        lasts = or_(c.ends_on.is_(None), c.ends_on >= self.last_day)
        held = or_(a.state != "closed", a.updated_at >= self.before)
        return [
            ~exists().where(a.client_id == mine, held),
            ~exists().where(c.client_id == mine, lasts),
            ~exists().where(p.client_id == mine, p.contract_id == c.id, lasts),
        ]


class ForgettingRepository(Repository):
    """Of tickets that were kept long enough; how many rows went, `at_most` of a table at once."""

    def papers(self, kept: Kept, at_most: int) -> int:
        """The files, with their digests: that a paper had come in stays known. What outside sources said goes whole."""
        c = ticket_papers.c
        ids = self._ids(ticket_papers, kept, at_most, c.state == "kept")
        gone = update(ticket_papers).where(c.id.in_(ids))
        self.uow.conn.execute(gone.values(state="gone", content=None, digest=None, size=0, origin_key=None))
        said = self._ids(outside_queries, kept, at_most)
        self.uow.conn.execute(delete(outside_queries).where(outside_queries.c.id.in_(said)))
        return len(ids) + len(said)

    def words(self, kept: Kept, at_most: int) -> int:
        """What was said, with the ticket and with each of its steps."""
        found = self._not_forgotten(kept, at_most)
        for row in found:
            nothing = self.uow.seal(_DETAILS, row.id, {})
            self.uow.conn.execute(
                update(tickets).where(tickets.c.id == row.id).values(details=nothing, forgotten_at=self.uow.now)
            )
        of_them = ticket_steps.c.ticket_id.in_([row.id for row in found])
        self.uow.conn.execute(update(ticket_steps).where(of_them).values(words=None))
        return len(found)

    def marks(self, kept: Kept, at_most: int) -> int:
        """What clients thought of it."""
        of_them = select(ratings.c.ticket_id).join(tickets, tickets.c.id == ratings.c.ticket_id).where(
            *kept.conditions()
        ).order_by(ratings.c.ticket_id).limit(at_most)
        ids = list(self.uow.conn.execute(of_them).scalars())
        return self.uow.conn.execute(delete(ratings).where(ratings.c.ticket_id.in_(ids))).rowcount

    def _ids(self, table: Table, kept: Kept, at_most: int, *where: ColumnElement[bool]) -> list[int]:
        """Of rows that belong to such tickets."""
        query = select(table.c.id).join(tickets, tickets.c.id == table.c.ticket_id).where(*where, *kept.conditions())
        return list(self.uow.conn.execute(query.order_by(table.c.id).limit(at_most)).scalars())

    def _not_forgotten(self, kept: Kept, at_most: int) -> Sequence[Any]:
        query = select(tickets.c.id).where(tickets.c.forgotten_at.is_(None), *kept.conditions())
        return self.uow.conn.execute(query.order_by(tickets.c.id).limit(at_most)).all()
