"""The consent ledger: only ever added to; the latest word per purpose counts (PIPL art. 14-15).

撤销 leaves what stands here: a consent is taken back by a new event, never by removing the old one. Only a client
whose creation is undone takes along what was noted in the same act."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from storage.model.ids import new_id
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import consents


class ConsentRepository(Repository):
    def record(
        self, client: Client, purpose: str, granted: bool, *, channel: str, evidence: str = "",
        notice_version: str = "",
    ) -> None:
        """Add one event: consent for a purpose given or withdrawn."""
        event = new_id()
        self.uow.insert(consents, {
            "id": event, "client_id": client.id, "owner_id": client.owner_id, "purpose": purpose,
            "granted": granted, "channel": channel, "evidence": self._words("consents.evidence", event, evidence),
            "notice_version": notice_version, "recorded_by": self.uow.actor.user_id, "at": self.uow.now,
        })
        self.uow.audit.record(
            "consent", "client", client.id, client_id=client.id, purpose=purpose, granted=granted
        )

    def granted(self, client_id: int) -> frozenset[str]:
        """The purposes the client consents to now."""
        query = (
            select(consents.c.purpose, consents.c.granted)
            .where(consents.c.client_id == client_id, self.mine(consents))
            .order_by(consents.c.at, consents.c.id)
        )
        latest = {row.purpose: row.granted for row in self.uow.execute(query)}
        return frozenset(purpose for purpose, granted in latest.items() if granted)

    def asked(self, client_id: int) -> frozenset[str]:
        """The purposes on which the client ever gave an answer."""
        query = select(consents.c.purpose).where(consents.c.client_id == client_id, self.mine(consents))
        return frozenset(row.purpose for row in self.uow.execute(query))

    def granting(self, purpose: str) -> frozenset[int]:
        """The clients in scope who consent to a purpose now."""
        return frozenset(client_id for client_id, granted in self._latest(purpose).items() if granted)

    def refusing(self, purpose: str, among: Collection[int]) -> frozenset[int]:
        """Which of these clients, as far as they are in scope, said no to a purpose, or took a yes back."""
        found = self._latest(purpose, consents.c.client_id.in_(list(among)))
        return frozenset(client_id for client_id, granted in found.items() if not granted)

    def _latest(self, purpose: str, *whose: ColumnElement[bool]) -> dict[int, bool]:
        query = (
            select(consents.c.client_id, consents.c.granted)
            .where(consents.c.purpose == purpose, self.mine(consents), *whose).order_by(consents.c.at, consents.c.id)
        )
        return {row.client_id: row.granted for row in self.uow.execute(query)}
