"""What a manager is told of a day: counts and short lists over the people below, never above level 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import clients, contracts, instalments, reminders


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in a list of a digest. `since` is the last contact, else the instant of entry."""

    id: int
    name: str
    owner_id: str
    tier: str
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract, or one unpaid instalment of it (`number`), in a list of a digest; `id` is the contract's."""

    id: int
    client_id: int
    client_name: str
    owner_id: str
    product_name: str
    on: date
    state: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class LostLine:
    """A client that was lost, in a list of a digest."""

    id: int
    name: str
    owner_id: str
    tier: str
    reason: str


class DigestRepository(Repository):
    def reminders_due(self, first: datetime, end: datetime) -> dict[str, int]:
        """How many reminders came up in the span, whatever became of them, by receiver."""
        query = select(reminders.c.receiver_id, func.count()).where(
            self._told(), reminders.c.remind_at >= first, reminders.c.remind_at < end,
            reminders.c.state != "cancelled",
        ).group_by(reminders.c.receiver_id)  # fmt: skip
        found: Any = self.uow.execute(query)
        return {receiver: int(count) for receiver, count in found}

    def paid_lines(self, day: date, limit: int, owner: str = "") -> list[ContractLine]:
        """Instalments noted as paid on the day; of one adviser if given."""
        query = self._instalments(instalments.c.state == "paid", instalments.c.paid_on == day, *_of(instalments, owner))
        return self._contracts(query.order_by(instalments.c.due_on, instalments.c.id).limit(limit))

    def lost_lines(self, first: datetime, end: datetime, limit: int, owner: str = "") -> list[LostLine]:
        """Clients that were lost in the span and still are; of one adviser if given."""
        query = select(
            clients.c.id, clients.c.name, clients.c.owner_id,
            func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, "").label("tier"),
            func.coalesce(clients.c.loss_reason, "").label("reason"),
        ).where(
            self.own(clients), clients.c.stage == "lost", clients.c.lost_at >= first, clients.c.lost_at < end,
            *_of(clients, owner),
        ).order_by(clients.c.lost_at, clients.c.id)  # fmt: skip
        lines = [LostLine(**row._mapping) for row in self.uow.execute(query.limit(limit))]
        self.uow.audit.listed("client", [(line.id, line.id) for line in lines], section="digest")
        return lines

    def unpaid_lines(self, day: date, states: Sequence[str], limit: int, owner: str = "") -> list[ContractLine]:
        """Instalments whose day is over, of contracts in these states, the oldest first; of one adviser if given."""
        query = self._unpaid(day, states).where(*_of(instalments, owner))
        return self._contracts(query.order_by(instalments.c.due_on).limit(limit))

    def ending_lines(self, day: date, limit: int, owner: str = "") -> list[ContractLine]:
        """Policies whose term ends on the day; of one adviser if given."""
        return self._policies(limit, contracts.c.ends_on == day, *_of(contracts, owner))

    def renewed_lines(self, first: datetime, end: datetime, limit: int, owner: str = "") -> list[ContractLine]:
        """Policies that follow another one and were entered in the span; of one adviser if given."""
        entered = (contracts.c.created_at >= first, contracts.c.created_at < end)
        return self._policies(limit, contracts.c.previous_id.is_not(None), *entered, *_of(contracts, owner))

    def new_client_lines(self, first: datetime, end: datetime, limit: int, owner: str = "") -> list[ClientLine]:
        """Clients entered in the span; of one adviser if given."""
        entered = (clients.c.created_at >= first, clients.c.created_at < end, *_of(clients, owner))
        return self._clients(limit, clients.c.created_at, *entered)

    def silent(self, is_silent: ColumnElement[bool]) -> int:
        """How many clients satisfy a condition of `reminders.rules.silence`."""
        return self._count(select(func.count()).where(self.own(clients), is_silent))

    def silent_lines(self, is_silent: ColumnElement[bool], limit: int, owner: str = "") -> list[ClientLine]:
        """The same as a list, the longest silent first; of one adviser if given."""
        since = func.coalesce(clients.c.last_contact_at, clients.c.created_at)
        return self._clients(limit, since, is_silent, *_of(clients, owner))

    # ------------------------------------------------------------ inside

    def _told(self) -> ColumnElement[bool]:
        return visible(self.uow.own_scope, reminders.c.receiver_id)

    def _count(self, query: Select[Any]) -> int:
        return int(self.uow.execute(query).scalar_one())

    def _unpaid(self, day: date, states: Sequence[str]) -> Select[Any]:
        return self._instalments(
            instalments.c.state == "due", instalments.c.due_on < day, contracts.c.state.in_(list(states))
        )

    def _instalments(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return (
            select(
                contracts.c.id, contracts.c.client_id, clients.c.name.label("client_name"), instalments.c.owner_id,
                contracts.c.product_name, instalments.c.due_on.label("on"), contracts.c.state, instalments.c.number,
            )
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .join(clients, clients.c.id == instalments.c.client_id)
            .where(self.own(instalments), *conditions)
        )  # fmt: skip

    def _clients(
        self, limit: int, since: ColumnElement[Any], *conditions: ColumnElement[bool]
    ) -> list[ClientLine]:
        query = select(
            clients.c.id, clients.c.name, clients.c.owner_id,
            func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, ""),
            func.coalesce(clients.c.source, ""), since,
        ).where(self.own(clients), *conditions).order_by(since, clients.c.id)  # fmt: skip
        found: Any = self.uow.execute(query.limit(limit))
        lines = [ClientLine(*row) for row in found]
        self.uow.audit.listed("client", [(line.id, line.id) for line in lines], section="digest")
        return lines

    def _policies(self, limit: int, *conditions: ColumnElement[bool]) -> list[ContractLine]:
        query = select(
            contracts.c.id, contracts.c.client_id, clients.c.name.label("client_name"), contracts.c.owner_id,
            contracts.c.product_name, contracts.c.ends_on.label("on"), contracts.c.state,
        ).join(clients, clients.c.id == contracts.c.client_id)  # fmt: skip
        query = query.where(self.own(contracts), contracts.c.kind == "policy", *conditions)
        return self._contracts(query.order_by(contracts.c.id).limit(limit))

    def _contracts(self, query: Select[Any]) -> list[ContractLine]:
        lines = [ContractLine(**row._mapping) for row in self.uow.execute(query)]
        self.uow.audit.listed("contract", [(line.id, line.client_id) for line in lines], section="digest")
        return lines


def _of(table: Table, owner: str) -> list[ColumnElement[bool]]:
    return [table.c.owner_id == owner] if owner else []
