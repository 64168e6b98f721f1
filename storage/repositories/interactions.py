"""The time line: every contact with a client. Texts are encrypted at rest, numbers in them masked before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.model.work import Interaction
from storage.repositories.base import Repository
from storage.tables import interactions

_PLACE = "interactions.text"
_OF_TICKETS = ("complaint", "system")  # may be written of whoever complains


class InteractionRepository(Repository):
    def add(
        self, client: Client, kind: str, text: str, *, happened_at: datetime | None = None,
        next_on: date | None = None,
    ) -> Interaction:
        """Write a contact down. Phone, ID and card numbers in the text are masked first."""
        if kind not in _OF_TICKETS:
            self.refuse_if_locked(client)
        row_id, text = new_id(), mask_free_text(text)
        happened_at = happened_at or self.uow.now
        self.uow.insert(interactions, {
            "id": row_id, "client_id": client.id, "owner_id": client.owner_id,
            "author_id": self.uow.actor.user_id, "kind": kind, "happened_at": happened_at,
            "text": self.uow.seal(_PLACE, row_id, text), "next_on": next_on, "created_at": self.uow.now,
        })
        self.uow.audit.record("create", "interaction", row_id, client_id=client.id, kind=kind)
        return Interaction(
            row_id, client.id, client.owner_id, self.uow.actor.user_id, kind, happened_at, text, next_on
        )

    def of_client(self, client_id: int, limit: int = 10, offset: int = 0) -> list[Interaction]:
        """The client's contacts, newest first."""
        query = (
            select(interactions)
            .where(interactions.c.client_id == client_id, self.mine(interactions))
            .order_by(interactions.c.happened_at.desc(), interactions.c.id.desc())
            .limit(limit).offset(offset)
        )
        return [self._interaction(row) for row in self.uow.execute(query)]

    def count(self, client_id: int) -> int:
        query = select(func.count()).select_from(interactions).where(
            interactions.c.client_id == client_id, self.mine(interactions)
        )
        return int(self.uow.execute(query).scalar_one())

    def _interaction(self, row: Any) -> Interaction:
        text = self.uow.unseal(_PLACE, row.id, row.text) or ""
        return Interaction(
            row.id, row.client_id, row.owner_id, row.author_id, row.kind, row.happened_at, text, row.next_on
        )
