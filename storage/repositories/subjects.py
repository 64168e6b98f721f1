"""What reminders are about: enough to name the matter in a list, read for a whole list in a handful of statements.

Cut to the reader's scope like everything else: of a client that is somebody else's only the name is known,
which the reminder carries itself. Nothing here is above level 2."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, select

from storage.model.work import Reminder
from storage.repositories.base import Repository
from storage.tables import accounts, clients, contracts, instalments, transactions


@dataclass(frozen=True, slots=True)
class ClientFacts:
    id: int
    name: str
    kind: str
    gender: str | None
    birthday: date | None
    birthday_calendar: str
    lunar_birthday: int | None
    bank_tier: str | None
    insurance_tier: str | None
    last_contact_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ContractFacts:
    id: int
    kind: str
    state: str
    product_name: str
    number_tail: str
    ends_on: date | None
    premium: Decimal | None
    renewal_intent: str | None


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    id: int
    contract_id: int
    number: int
    due_on: date
    grace_ends_on: date | None
    amount: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    id: int
    kind: str
    number_tail: str


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """`amount` is below zero for what went out."""

    id: int
    account_id: int
    happened_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Subject:
    """The records behind one reminder, as far as they exist and are in the reader's scope."""

    client: ClientFacts | None = None
    contract: ContractFacts | None = None
    instalment: InstalmentFacts | None = None
    account: AccountFacts | None = None
    transaction: TransactionFacts | None = None


class SubjectRepository(Repository):
    def of(self, reminders: Iterable[Reminder]) -> Mapping[int, Subject]:
        """The subject of each reminder, by the reminder's id."""
        found = list(reminders)
        parts = self._read(instalments, InstalmentFacts, _ids(found, "instalment"))
        wanted = _ids(found, "contract") | {part.contract_id for part in parts.values()}
        held = self._read(contracts, ContractFacts, wanted)
        moved = self._read(transactions, TransactionFacts, _ids(found, "transaction"))
        used = self._read(accounts, AccountFacts, _ids(found, "account") | {each.account_id for each in moved.values()})
        people = self._read(clients, ClientFacts, {r.client_id for r in found if r.client_id})

        def subject(reminder: Reminder) -> Subject:
            part = parts.get(reminder.object_id) if reminder.object_type == "instalment" else None
            contract_id = part.contract_id if part else reminder.object_id
            contract = held.get(contract_id) if part or reminder.object_type == "contract" else None
            sum_ = moved.get(reminder.object_id) if reminder.object_type == "transaction" else None
            account_id = sum_.account_id if sum_ else reminder.object_id
            account = used.get(account_id) if sum_ or reminder.object_type == "account" else None
            return Subject(people.get(reminder.client_id), contract, part, account, sum_)

        return {reminder.id: subject(reminder) for reminder in found}

    def _read(self, table: Table, make: Any, ids: Collection[int]) -> dict[Any, Any]:
        if not ids:
            return {}
        columns: list[Column[Any]] = [table.c[name] for name in make.__slots__]
        query = select(*columns).where(table.c.id.in_(list(ids)), self.mine(table))
        return {row.id: make(**row._mapping) for row in self.uow.execute(query)}


def _ids(reminders: list[Reminder], object_type: str) -> set[int]:
    return {r.object_id for r in reminders if r.object_type == object_type and r.object_id}
