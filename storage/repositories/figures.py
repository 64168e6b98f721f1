"""Counts and sums over the reader's scope, per member. Spans are given as [first, end) instants or days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, distinct, func, select

from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import clients, contracts, instalments, interactions


class FigureRepository(Repository):
    """Each method returns {member id: figure}; members without anything are left out."""

    def new_clients(self, first: datetime, end: datetime) -> dict[str, int]:
        """Clients entered in the span, by their present owner."""
        query = select(clients.c.owner_id, func.count()).where(
            self.mine(clients), clients.c.created_at >= first, clients.c.created_at < end
        )
        return self._counts(query.group_by(clients.c.owner_id))

    def clients(self) -> dict[str, int]:
        """Clients in the book now."""
        query = select(clients.c.owner_id, func.count()).where(self.mine(clients))
        return self._counts(query.group_by(clients.c.owner_id))

    def assets(self) -> dict[str, Decimal]:
        """Assets under management now, in yuan, as entered with the clients."""
        query = select(clients.c.owner_id, func.sum(clients.c.aum)).where(self.mine(clients))
        return self._sums(query.where(clients.c.aum.is_not(None)).group_by(clients.c.owner_id))

    def contacts(self, first: datetime, end: datetime, kinds: Collection[str] = ()) -> dict[str, int]:
        """Contacts written down in the span, by author; of some kinds if given. Notes of the system do not count."""
        query = select(interactions.c.author_id, func.count()).where(
            visible(self.uow.scope, interactions.c.author_id), interactions.c.author_id != "system",
            interactions.c.happened_at >= first, interactions.c.happened_at < end,
        )
        if kinds:
            query = query.where(interactions.c.kind.in_(list(kinds)))
        return self._counts(query.group_by(interactions.c.author_id))

    def clients_contacted(self, first: datetime, end: datetime) -> dict[str, int]:
        """Different clients with at least one contact in the span, by their owner."""
        query = select(interactions.c.owner_id, func.count(distinct(interactions.c.client_id))).where(
            self.mine(interactions), interactions.c.happened_at >= first, interactions.c.happened_at < end
        )
        return self._counts(query.group_by(interactions.c.owner_id))

    def contracts(self, states: Mapping[str, Collection[str]]) -> dict[str, int]:
        """Contracts now, of the kinds and in the states given ({kind: states})."""
        found: dict[str, int] = {}
        for kind, wanted in states.items():
            query = select(contracts.c.owner_id, func.count()).where(
                self.mine(contracts), contracts.c.kind == kind, contracts.c.state.in_(list(wanted))
            )
            for owner, count in self._counts(query.group_by(contracts.c.owner_id)).items():
                found[owner] = found.get(owner, 0) + count
        return found

    def deals(self, first: date, end: date) -> dict[str, int]:
        """Contracts that start in the span; the next term of a renewed policy is no new one."""
        query = select(contracts.c.owner_id, func.count()).where(
            self.mine(contracts), contracts.c.starts_on >= first, contracts.c.starts_on < end,
            contracts.c.previous_id.is_(None),
        )
        return self._counts(query.group_by(contracts.c.owner_id))

    def paid(self, first: date, end: date, kinds: Collection[str]) -> dict[str, Decimal]:
        """What was paid in the span on instalments of contracts of these kinds, in yuan."""
        query = (
            select(instalments.c.owner_id, func.sum(instalments.c.amount))
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(self.mine(instalments), contracts.c.kind.in_(list(kinds)), instalments.c.state == "paid")
            .where(instalments.c.paid_on >= first, instalments.c.paid_on < end)
        )
        return self._sums(query.group_by(instalments.c.owner_id))

    def policies_ended(self, first: date, end: date) -> dict[str, int]:
        """Policies whose term ends in the span."""
        return self._counts(self._ended(first, end).group_by(contracts.c.owner_id))

    def policies_renewed(self, first: date, end: date) -> dict[str, int]:
        """Of those, the ones that have a following term."""
        later = contracts.alias("later")
        follows = select(later.c.previous_id).where(later.c.previous_id.is_not(None))
        query = self._ended(first, end).where(contracts.c.id.in_(follows))
        return self._counts(query.group_by(contracts.c.owner_id))

    def _ended(self, first: date, end: date) -> Select[Any]:
        return select(contracts.c.owner_id, func.count()).where(
            self.mine(contracts), contracts.c.kind == "policy",
            contracts.c.ends_on >= first, contracts.c.ends_on < end,
        )

    def _counts(self, query: Select[Any]) -> dict[str, int]:
        found: Any = self.uow.execute(query)
        return {member: int(count) for member, count in found}

    def _sums(self, query: Select[Any]) -> dict[str, Decimal]:
        found: Any = self.uow.execute(query)
        return {member: Decimal(total or 0) for member, total in found}
