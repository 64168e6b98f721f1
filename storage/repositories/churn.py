"""What warns that a client may leave, and why those left who did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from storage.repositories.base import Repository
from storage.tables import clients, contracts, instalments

LOST = "lost"
MOST = 2000  # clients that one sign may name


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A client with what tells him apart; `since` is the last contact, else the instant of entry."""

    id: int
    name: str
    owner_id: str
    tier: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """How many clients of one adviser and tier were lost for one reason."""

    reason: str
    owner_id: str
    tier: str
    count: int


class ChurnRepository(Repository):
    """Each of the signs is {client id: how much of it}; clients that are lost already are left out."""

    def silent(self, is_silent: ColumnElement[bool]) -> set[int]:
        """Who satisfies a condition of `reminders.rules.silence`, the longest silent first where there are many."""
        since = func.coalesce(clients.c.last_contact_at, clients.c.created_at)
        query = select(clients.c.id).where(self.own(clients), is_silent).order_by(since, clients.c.id).limit(MOST)
        return set(self.uow.execute(query).scalars())

    def overdue(self, day: date, states: Collection[str]) -> dict[int, int]:
        """Unpaid instalments whose day is over, of contracts in these states."""
        query = (
            select(instalments.c.client_id, func.count())
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(self.own(instalments), instalments.c.state == "due", instalments.c.due_on < day)
            .where(contracts.c.state.in_(list(states)))
            .group_by(instalments.c.client_id).limit(MOST)
        )
        return self._counts(query)

    def lost_policies(self, first: date, end: date) -> dict[int, int]:
        """Policies that ended in the span without a next term, or are not to be renewed."""
        later = contracts.alias("later")
        follows = select(later.c.previous_id).where(later.c.previous_id.is_not(None))
        query = select(contracts.c.client_id, func.count()).where(
            self.own(contracts), contracts.c.kind == "policy", contracts.c.ends_on >= first, contracts.c.ends_on < end,
            contracts.c.id.not_in(follows), contracts.c.state != "renewed",
        )
        return self._counts(query.group_by(contracts.c.client_id).limit(MOST))

    def in_stage(self, stage: str) -> set[int]:
        query = select(clients.c.id).where(self.own(clients), clients.c.stage == stage).limit(MOST)
        return set(self.uow.execute(query).scalars())

    def named(self, ids: Collection[int], owner: str = "") -> list[AtRisk]:
        """These clients, as far as they are in scope and not lost; of one adviser if given."""
        since = func.coalesce(clients.c.last_contact_at, clients.c.created_at)
        query = select(
            clients.c.id, clients.c.name, clients.c.owner_id,
            func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, ""), since,
        ).where(self.own(clients), clients.c.id.in_(list(ids)), clients.c.stage != LOST)
        found: Any = self.uow.execute(query.where(clients.c.owner_id == owner) if owner else query)
        return [AtRisk(*row) for row in found]

    def losses(self, first: datetime, end: datetime) -> list[Loss]:
        """Clients that were lost in the span and still are, by reason, adviser and tier."""
        reason = func.coalesce(clients.c.loss_reason, "")
        tier = func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, "")
        query = select(reason, clients.c.owner_id, tier, func.count()).where(
            self.own(clients), clients.c.stage == LOST, clients.c.lost_at >= first, clients.c.lost_at < end
        )
        found: Any = self.uow.execute(query.group_by(reason, clients.c.owner_id, tier))
        return [Loss(*row) for row in found]

    def _counts(self, query: Select[Any]) -> dict[int, int]:
        found: Any = self.uow.execute(query)
        return {client_id: int(count) for client_id, count in found}
