"""What the gate said of each message to a client: kept as codes, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from storage.model.care import Contact
from storage.model.ids import new_id
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import verdicts


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """stage: draft or send; outcome: allowed, held or refused."""

    stage: str
    occasion: str
    outcome: str
    codes: tuple[str, ...]
    until: datetime | None
    at: datetime


class VerdictRepository(Repository):
    def keep(
        self, to: Client | Contact, *, stage: str, outcome: str, codes: Sequence[str], until: datetime | None,
        **about: Any,
    ) -> None:
        """`to`: the client, or the contact where it is not known yet who that is. `about`: purpose, occasion, template,
        template_version, message_id."""
        client_id, contact_id, owner = (
            (to.id, None, to.owner_id) if isinstance(to, Client) else (None, to.id, to.user_id)
        )
        self.uow.conn.execute(insert(verdicts).values({
            "id": new_id(), "client_id": client_id, "contact_id": contact_id, "owner_id": owner,
            "user_id": self.uow.actor.user_id, "stage": stage, "outcome": outcome, "codes": list(codes),
            "until": until, "at": self.uow.now, **about,
        }))
        self.uow.audit.record(
            "judge", "client_message", about.get("message_id") or "*", client_id=client_id, stage=stage,
            verdict=outcome, codes=list(codes), occasion=about["occasion"],
        )

    def of_client(self, client_id: int, limit: int = 10) -> list[KeptVerdict]:
        """The verdicts about a client in scope, the newest first."""
        return self._read(verdicts.c.client_id == client_id, limit)

    def of_contact(self, contact_id: int, limit: int = 10) -> list[KeptVerdict]:
        """The verdicts about a contact of a member in scope, the newest first."""
        return self._read(verdicts.c.contact_id == contact_id, limit)

    def _read(self, which: ColumnElement[bool], limit: int) -> list[KeptVerdict]:
        query = (
            select(*(verdicts.c[f] for f in ("stage", "occasion", "outcome", "codes", "until", "at")))
            .where(which, self.mine(verdicts))
            .order_by(verdicts.c.at.desc(), verdicts.c.id.desc()).limit(limit)
        )
        return [
            KeptVerdict(row.stage, row.occasion, row.outcome, tuple(row.codes), row.until, row.at)
            for row in self.uow.execute(query)
        ]
