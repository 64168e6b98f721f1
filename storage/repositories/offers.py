"""Offers of clients to advisers, and what the rules look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from storage.model.ids import new_id
from storage.model.offers import Offer, OfferOrigin, OfferState, Prospect
from storage.model.people import Client, User
from storage.repositories.base import Repository
from storage.tables import clients, offers

_REASON = "offers.reason"
_COLUMNS = [offers.c[name] for name in Offer.__slots__]
_PROSPECTS = select(clients.c.id, clients.c.bank_tier, clients.c.insurance_tier, clients.c.attrs)
_LINES: Mapping[str, str] = {"bank_tier": "bank", "insurance_tier": "insurance"}


class OfferRepository(Repository):
    """What reads across the books of others (`loads`, `prospects_of`, `prospects_since`, `due`) is for the rules;
    nobody is shown a client by it."""

    # ------------------------------------------------------------ offers

    def add(
        self, client: Client, to: User, *, origin: OfferOrigin, rule: str, rule_version: int, by: str, due_at: datetime
    ) -> Offer:
        """The client, who is his by now, is offered to a member."""
        offer_id = new_id()
        row = {
            "id": offer_id, "client_id": client.id, "owner_id": to.id, "user_id": to.id, "origin": origin, "rule": rule,
            "rule_version": rule_version, "by_id": by, "state": "offered", "offered_at": self.uow.now, "due_at": due_at,
        }  # fmt: skip
        self.uow.conn.execute(offers.insert().values(row))
        self.uow.audit.record(
            "offer", "client", client.id, client_id=client.id, to=to.id, rule=rule, version=rule_version, origin=origin
        )
        return Offer(
            offer_id, client.id, to.id, to.id, origin, rule, rule_version, by, "offered", self.uow.now, due_at
        )

    def open_of(self, client_id: int) -> Offer | None:
        """The offer of a client in scope that waits for an answer."""
        query = self._query().where(offers.c.client_id == client_id, offers.c.state == "offered", self.mine(offers))
        return next(iter(self._offers(query)), None)

    def find(self, offer_id: int) -> Offer | None:
        """One of a client in scope, or that was made to the actor himself."""
        whose = self.mine(offers) | (offers.c.user_id == self.uow.actor.user_id)
        return next(iter(self._offers(self._query().where(offers.c.id == offer_id, whose))), None)

    def waiting_for(self, user_id: str) -> list[Offer]:
        """What a member is still to answer, the oldest first."""
        mine = (offers.c.user_id == user_id, offers.c.state == "offered", self.mine(offers))
        return self._offers(self._query().where(*mine))

    def of_client(self, client_id: int) -> list[Offer]:
        """All that were ever made of a client in scope, the oldest first."""
        return self._offers(self._query().where(offers.c.client_id == client_id, self.mine(offers)))

    def decide(self, offer: Offer, state: OfferState, reason: str = "") -> bool:
        """Whether it was still open, and is decided now."""
        decided = {"state": state, "decided_at": self.uow.now, "reason": self._words(_REASON, offer.id, reason)}
        which = (offers.c.id == offer.id, offers.c.state == "offered")
        if not self.uow.conn.execute(update(offers).where(*which).values(decided)).rowcount:
            return False
        self.uow.audit.record(
            f"offer_{state}", "client", offer.client_id, client_id=offer.client_id, user=offer.user_id, rule=offer.rule
        )
        return True

    def due(self, at_most: int) -> list[Offer]:
        """Those that were not answered in time; their clients are held until the unit of work ends, what another
        process holds left out. The client first, as a hand-over does it: neither waits for the other then."""
        late = (offers.c.state == "offered", offers.c.due_at <= self.uow.now)
        query = self._query().join(clients, clients.c.id == offers.c.client_id).where(*late).limit(at_most)
        return self._offers(query.with_for_update(skip_locked=True, of=clients, key_share=True))

    # ------------------------------------------------------------ what the rules look at

    def loads(self, user_ids: Collection[str]) -> dict[str, int]:
        """How many clients each of these members has."""
        query = select(clients.c.owner_id, func.count()).where(clients.c.owner_id.in_(list(user_ids)))
        return dict.fromkeys(user_ids, 0) | self._counts(query.group_by(clients.c.owner_id))

    def open_counts(self, user_ids: Collection[str]) -> dict[str, int]:
        """How many offers each of these members has still to answer."""
        query = select(offers.c.user_id, func.count()).where(
            offers.c.user_id.in_(list(user_ids)), offers.c.state == "offered"
        )
        return self._counts(query.group_by(offers.c.user_id))

    def prospects_of(self, owner_id: str) -> list[Prospect]:
        """The clients of a member as the rules look at them."""
        return self._prospects(_PROSPECTS.where(clients.c.owner_id == owner_id))

    def prospects_since(self, moment: datetime, at_most: int) -> list[Prospect]:
        """Those of all books who came since then, the latest first."""
        came = clients.c.created_at
        return self._prospects(_PROSPECTS.where(came >= moment).order_by(came.desc()).limit(at_most))

    # ------------------------------------------------------------ inside

    def _prospects(self, query: Select[Any]) -> list[Prospect]:
        return [
            prospect_of(row.id, {**row.attrs, "bank_tier": row.bank_tier, "insurance_tier": row.insurance_tier})
            for row in self.uow.conn.execute(query)
        ]

    def _query(self) -> Select[Any]:
        return select(*_COLUMNS).order_by(offers.c.offered_at, offers.c.id)

    def _offers(self, query: Select[Any]) -> list[Offer]:
        return [
            Offer(**{**row._asdict(), "reason": self.uow.unseal(_REASON, row.id, row.reason) or ""})
            for row in self.uow.execute(query)
        ]

    def _counts(self, query: Select[Any]) -> dict[str, int]:
        found: Any = self.uow.conn.execute(query)
        return {name: int(count) for name, count in found}


def prospect_of(client_id: int, values: Mapping[str, Any]) -> Prospect:
    """A client as the rules look at him; 0 for one who is not written down yet."""
    tiers = {name: str(values[name]) for name in _LINES if values.get(name)}
    line = next((_LINES[name] for name in tiers), "")
    return Prospect(client_id, str(values.get("city") or ""), frozenset(tiers.values()), line)
