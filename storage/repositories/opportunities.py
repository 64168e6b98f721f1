"""Opportunities of clients in scope."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from storage.model.errors import Conflict
from storage.model.ids import new_id
from storage.model.opportunities import CLOSED, Opportunity
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import clients, opportunities

_NOTE = "opportunities.note"
_COLUMNS = [opportunities.c[name] for name in Opportunity.__slots__ if name != "client_name"]
_AUDITED = ("product", "stage", "amount", "expected_on", "note")


class OpportunityRepository(Repository):
    def add(
        self, client: Client, product: str, stage: str, *, amount: Decimal | None = None,
        expected_on: date | None = None, note: str = "", reminder_id: int | None = None,
    ) -> Opportunity:
        """Open one; numbers in the note are masked before it is kept."""
        self.refuse_if_locked(client)
        row_id, by = new_id(), self.uow.actor.user_id
        told = {"product": product, "stage": stage, "amount": amount, "expected_on": expected_on}
        self.uow.insert(opportunities, {
            **told, "id": row_id, "client_id": client.id, "owner_id": client.owner_id,
            "note": self._words(_NOTE, row_id, note), "reminder_id": reminder_id, "version": 1,
            "created_at": self.uow.now, "created_by": by, "updated_at": self.uow.now, "updated_by": by,
        })  # fmt: skip
        self.uow.audit.record(
            "create", "opportunity", row_id, client_id=client.id,
            fields=self.changes("opportunity", _AUDITED, {}, {k: v for k, v in told.items() if v is not None}),
        )
        return self.of_client(client.id, row_id)[0]

    def update(self, found: Opportunity, **values: Any) -> Opportunity:
        """Change stage, amount, day or product. Raises Conflict when somebody was quicker."""
        row = {**values, "version": found.version + 1, "updated_at": self.uow.now,
               "updated_by": self.uow.actor.user_id}  # fmt: skip
        if not self.uow.update(opportunities, {"id": found.id, "version": found.version}, row):
            raise Conflict()
        before = {name: getattr(found, name) for name in values}
        self.uow.audit.record(
            "update", "opportunity", found.id, client_id=found.client_id,
            fields=self.changes("opportunity", _AUDITED, before, values),
        )
        return self.of_client(found.client_id, found.id)[0]

    def of_client(self, client_id: int, opportunity_id: int | None = None) -> list[Opportunity]:
        """Those of a client in scope, or the one that is named: open ones first, the latest first."""
        which = [opportunities.c.client_id == client_id]
        which += [opportunities.c.id == opportunity_id] if opportunity_id is not None else []
        return sorted(self._read(self._query(*which)), key=lambda found: (not found.is_open, -found.id))

    def running(self, limit: int) -> list[Opportunity]:
        """The open ones in scope, those that are expected soonest first; the read is on the trail."""
        c = opportunities.c
        query = self._query(c.stage.not_in(CLOSED)).order_by(c.expected_on.is_(None), c.expected_on, c.id)
        found = self._read(query.limit(limit))
        self.uow.audit.listed("opportunity", [(each.id, each.client_id) for each in found], section="opportunities")
        return found

    def counts(self) -> dict[str, int]:
        """How many in scope by their stage."""
        query = select(opportunities.c.stage, func.count()).where(self.mine(opportunities))
        found: Any = self.uow.execute(query.group_by(opportunities.c.stage))
        return dict(tuple(row) for row in found)

    def _query(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return (
            select(*_COLUMNS, clients.c.name.label("client_name"))
            .join(clients, clients.c.id == opportunities.c.client_id)
            .where(*conditions, self.mine(opportunities))
        )

    def _read(self, query: Select[Any]) -> list[Opportunity]:
        return [self._opportunity(row._asdict()) for row in self.uow.execute(query)]

    def _opportunity(self, row: dict[str, Any]) -> Opportunity:
        return Opportunity(**row | {"note": self.uow.unseal(_NOTE, row["id"], row["note"]) or ""})
