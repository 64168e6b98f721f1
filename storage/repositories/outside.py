"""Queries to outside sources: asked for on a ticket, sent under a lease, answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from storage.model.ids import new_id
from storage.model.outside import ANSWERED, OutsideQuery, OutsideState
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.repositories.base import Repository
from storage.tables import outside_queries

LEASE = timedelta(minutes=2)
_REFERENCE = "outside_queries.reference"
_COLUMNS = [outside_queries.c[name] for name in OutsideQuery.__slots__]


class OutsideRepository(Repository):
    """Not cut to the actor's clients: what is asked here is asked by a flow, of a ticket that he sees."""

    def mark_of(self, client: Client) -> bytes:
        """Whom a query is about, in a hash: somebody else where name, document or phone changes."""
        who = "|".join(str(client.value(name) or "") for name in ("name", "id_number", "phone"))
        return self.uow.vault.blind("outside_queries", who)

    def ask(self, ticket: Ticket, client: Client) -> OutsideQuery:
        """To be asked now."""
        query_id = new_id()
        self.uow.insert(outside_queries, {
            "id": query_id, "ticket_id": ticket.id, "owner_id": ticket.owner_id, "client_id": client.id,
            "asked_by": self.uow.actor.user_id, "mark": self.mark_of(client), "state": "queued", "tries": 0,
            "asked_at": self.uow.now, "look_at": self.uow.now,
        })  # fmt: skip
        self.uow.audit.record("ask_outside", "ticket", ticket.id, client_id=client.id, query=query_id)
        return self.get(query_id)

    def get(self, query_id: int) -> OutsideQuery:
        return self._query(self.uow.conn.execute(self._select().where(outside_queries.c.id == query_id)).one())

    def latest(self, ticket: Ticket) -> OutsideQuery | None:
        """The last one of a ticket."""
        query = self._select().where(outside_queries.c.ticket_id == ticket.id)
        row = self.uow.conn.execute(query.order_by(outside_queries.c.id.desc()).limit(1)).one_or_none()
        return self._query(row) if row else None

    def last_said(self, ticket: Ticket) -> OutsideQuery | None:
        """The last one of a ticket to which the source gave a plain answer."""
        c = outside_queries.c
        query = self._select().where(c.ticket_id == ticket.id, c.state.in_(("agrees", "differs")))
        row = self.uow.conn.execute(query.order_by(c.id.desc()).limit(1)).one_or_none()
        return self._query(row) if row else None

    def valid(self, client: Client, since: datetime) -> OutsideQuery | None:
        """An answer since then that agreed with what is on record now; None where the last one did not."""
        c = outside_queries.c
        query = self._select().where(
            c.client_id == client.id, c.mark == self.mark_of(client), c.state.in_(ANSWERED), c.answered_at >= since
        )
        row = self.uow.conn.execute(query.order_by(c.answered_at.desc(), c.id.desc()).limit(1)).one_or_none()
        return self._query(row) if row is not None and row.state == "agrees" else None

    def claim(self, limit: int) -> list[OutsideQuery]:
        """Those that are to be asked now, for as long as the lease; each as it is after one more try. What a process
        left behind is asked again, under the same id."""
        c = outside_queries.c
        query = self._select().where(c.state.in_(("queued", "asking")), c.look_at <= self.uow.now).order_by(c.id)
        found = [
            self._query(row)
            for row in self.uow.conn.execute(query.limit(limit).with_for_update(skip_locked=True))
        ]
        for one in found:
            self.uow.conn.execute(update(outside_queries).where(c.id == one.id).values(
                state="asking", tries=one.tries + 1, look_at=self.uow.now + LEASE
            ))  # fmt: skip
        return [replace(one, state="asking", tries=one.tries + 1) for one in found]

    def again(self, query: OutsideQuery, at: datetime) -> None:
        """Nobody answered: ask again then."""
        self._set(query, {"state": "queued", "look_at": at})

    def answered(self, query: OutsideQuery, state: OutsideState, reference: str) -> bool:
        """Whether this is its answer; False where it was answered already."""
        kept = self._words(_REFERENCE, query.id, reference)
        values = {"state": state, "answered_at": self.uow.now, "look_at": None, "reference": kept}
        if not self._set(query, values):
            return False
        self.uow.audit.record(
            "outside_answer", "ticket", query.ticket_id, client_id=query.client_id, query=query.id, result=state
        )
        return True

    def _set(self, query: OutsideQuery, values: dict[str, Any]) -> bool:
        c = outside_queries.c
        which = (c.id == query.id, c.state == "asking", c.tries == query.tries)
        return bool(self.uow.conn.execute(update(outside_queries).where(*which).values(values)).rowcount)

    def _select(self) -> Select[Any]:
        return select(*_COLUMNS)

    def _query(self, row: Any) -> OutsideQuery:
        values = row._asdict()
        return OutsideQuery(**{**values, "reference": self.uow.unseal(_REFERENCE, row.id, row.reference) or ""})
