"""Contracts, the people on them and their instalments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, bindparam, func, insert, select, union

from storage.model.contracts import CONTRACT_COLUMNS, Contract, Instalment, Party
from storage.model.errors import Conflict, Invalid, NotFound
from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.prepared import Prepared
from storage.repositories.base import Repository, plain
from storage.scope import Scope, visible
from storage.tables import contracts, instalments, parties

NOT_FOUND = "没有找到这份合同。发送「客户姓名 保单」等可查看名下合同。"
_PLACE = "contracts.secrets"
_COLUMNS = [contracts.c[name] for name in (
    "id", "client_id", "owner_id", "number_tail", "previous_id", "attrs", "secrets", "version", "created_at",
    "updated_at", *sorted(CONTRACT_COLUMNS - {"number"}),
)]
_AUDITED = CONTRACT_COLUMNS - {"number"} | {"previous_id"}
_INSTALMENT = [instalments.c[f] for f in Instalment.__slots__]


@cache
def _of_client(scope: Scope) -> Prepared:
    ids = ids_of_client(bindparam("client_id"))
    return Prepared(select(*_COLUMNS).where(contracts.c.id.in_(ids), visible(scope, owner_of(contracts))))


def ids_of_client(client_id: Any) -> CompoundSelect[Any]:
    """The ids of the contracts in which the client has any role."""
    own = contracts.alias("own")
    return union(
        select(own.c.id).where(own.c.client_id == client_id),
        select(parties.c.contract_id).where(parties.c.client_id == client_id),
    )


def owner_of(table: Table) -> ColumnElement[str]:
    """Inside a function the owner is no bait for the planner, which would rather read his whole book."""
    return func.coalesce(table.c.owner_id, "")


class ContractRepository(Repository):
    def get(self, contract_id: int) -> Contract:
        """The contract; the read is audited. Raises NotFound."""
        query = select(*_COLUMNS).where(contracts.c.id == contract_id, self.mine(contracts))
        row = self.uow.execute(query).one_or_none()
        if row is None:
            raise NotFound(NOT_FOUND)
        self.uow.audit.read("contract", contract_id, client_id=row.client_id, section=row.kind)
        return self._contract(row._asdict())

    def of_client(self, client_id: int, kinds: Collection[str] = ()) -> list[Contract]:
        """Contracts in which the client has any role, by the day they end."""
        found = self.uow.rows(_of_client(self.uow.scope), {"client_id": client_id})
        read = [self._contract(r._asdict()) for r in found if not kinds or r.kind in kinds]
        return sorted(read, key=_by_end)

    def with_number(self, number: str) -> list[Contract]:
        """Contracts in scope with this full number."""
        mark = self.uow.vault.blind("contract_number", number.upper())
        return self._listed(select(*_COLUMNS).where(contracts.c.number_index == mark, self.mine(contracts)), "number")

    def ending(
        self, first: date, last: date, kinds: Collection[str], states: Collection[str] = ()
    ) -> list[Contract]:
        """Contracts in scope of these kinds that end from `first` to `last`, soonest first."""
        query = (
            select(*_COLUMNS)
            .where(contracts.c.ends_on.between(first, last), contracts.c.kind.in_(list(kinds)))
            .where(self.mine(contracts)).order_by(contracts.c.ends_on, contracts.c.id)
        )
        if states:
            query = query.where(contracts.c.state.in_(list(states)))
        return self._listed(query, "ending")

    def in_states(self, kinds: Collection[str], states: Collection[str], limit: int = 500) -> list[Contract]:
        """Contracts in scope of these kinds and states, the latest changed first."""
        query = (
            select(*_COLUMNS).where(contracts.c.kind.in_(list(kinds)), contracts.c.state.in_(list(states)))
            .where(self.mine(contracts)).order_by(contracts.c.updated_at.desc(), contracts.c.id).limit(limit)
        )
        return self._listed(query, "states")

    def add(self, client: Client, values: Mapping[str, Any], people: Iterable[tuple[str, str, int | None]] = ()
            ) -> Contract:
        """Create a contract of the client's from normalised values; `people` are (role, name, client id)."""
        contract_id = new_id()
        columns, attrs, secrets = self._split(values)
        self.uow.insert(contracts, {
            "currency": "CNY", "product_name": "", "line": "", **columns, **self._number(values),
            "id": contract_id, "client_id": client.id, "owner_id": client.owner_id,
            **self._bags(_PLACE, contract_id, ({}, {}), (attrs, secrets)),
            "version": 1, "created_at": self.uow.now, "created_by": self.uow.actor.user_id,
            "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id,
        })
        for role, name, person in people:
            self.add_party(contract_id, client.owner_id, role, name, person)
        self.uow.audit.record(
            "create", "contract", contract_id, client_id=client.id,
            fields=self.changes("contract", _AUDITED, {}, values),
        )
        return self._get_unaudited(contract_id)

    def update(self, contract: Contract, **values: Any) -> Contract:
        """Change dictionary fields. A move of `state` must be legal. Raises Conflict, Invalid."""
        if "state" in values:
            self._check_move(contract, values["state"])
        columns, attrs, secrets = self._split(values)
        row: dict[str, Any] = {
            **columns, "version": contract.version + 1,
            "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id,
            **self._bags(_PLACE, contract.id, (contract.attrs, contract.secrets), (attrs, secrets)),
            **self._number(values),
        }
        before = {name: contract.value(name) for name in values}
        if not self.uow.update(contracts, {"id": contract.id, "version": contract.version}, row):
            raise Conflict()
        self.uow.audit.record(
            "update", "contract", contract.id, client_id=contract.client_id,
            fields=self.changes("contract", _AUDITED, before, values),
        )
        return self._get_unaudited(contract.id)

    # ------------------------------------------------------------ parties

    def add_party(
        self, contract_id: int, owner_id: str, role: str, name: str, client_id: int | None = None
    ) -> None:
        self.uow.insert(parties, {
            "id": new_id(), "contract_id": contract_id, "owner_id": owner_id, "role": role,
            "name": mask_free_text(name), "client_id": client_id,
        })

    def parties(self, contract_ids: Collection[int]) -> list[Party]:
        """Everybody on these contracts, as far as they are in scope."""
        columns = [parties.c[f] for f in Party.__slots__]
        query = select(*columns).where(parties.c.contract_id.in_(list(contract_ids)), self.mine(parties))
        return [Party(**row._mapping) for row in self.uow.execute(query.order_by(parties.c.id))]

    # ------------------------------------------------------------ instalments

    def add_instalments(self, contract: Contract, plan: Iterable[Mapping[str, Any]]) -> None:
        """Write a payment plan: mappings of number, due_on, amount, grace_ends_on, principal, interest."""
        if count := self._write_plan(contract, plan):
            self.uow.audit.record(
                "plan", "contract", contract.id, client_id=contract.client_id, instalments=count
            )

    def _write_plan(self, contract: Contract, plan: Iterable[Mapping[str, Any]]) -> int:
        empty = dict.fromkeys(column.name for column in instalments.columns)
        rows = [
            {
                **empty, "id": new_id(), "contract_id": contract.id, "client_id": contract.client_id,
                "owner_id": contract.owner_id, "state": "due", "version": 1, **part,
            }
            for part in plan
        ]
        if rows:
            self.uow.conn.execute(insert(instalments), rows)
        for row in rows:
            self.uow.note_insert(instalments, row)
        return len(rows)

    def replace_unpaid(self, contract: Contract, plan: Iterable[Mapping[str, Any]]) -> None:
        """Put `plan` in place of the instalments that are still due; what was paid stays."""
        for old in self.instalments([contract.id]):
            if old.state == "due":
                self.uow.delete(instalments, {"id": old.id})
        count = self._write_plan(contract, plan)
        self.uow.audit.record(
            "replan", "contract", contract.id, client_id=contract.client_id, instalments=count
        )

    def instalments(self, contract_ids: Collection[int]) -> list[Instalment]:
        """The plans of these contracts, in the order they fall due."""
        query = select(*_INSTALMENT).where(
            instalments.c.contract_id.in_(list(contract_ids)), self.mine(instalments)
        )
        return self._instalments(query)

    def contracts_of(self, found: Iterable[Instalment]) -> dict[int, Contract]:
        """The contracts of these instalments by id, as far as they are in scope."""
        ids = {part.contract_id for part in found}
        query = select(*_COLUMNS).where(contracts.c.id.in_(ids), self.mine(contracts))
        return {row.id: self._contract(row._asdict()) for row in self.uow.execute(query)}

    def instalment(self, instalment_id: int) -> Instalment:
        """Raises NotFound."""
        found = self._instalments(select(*_INSTALMENT).where(
            instalments.c.id == instalment_id, self.mine(instalments)
        ))
        if not found:
            raise NotFound(NOT_FOUND)
        return found[0]

    def due_between(self, first: date, last: date, kinds: Collection[str]) -> list[Instalment]:
        """Unpaid instalments in scope due from `first` to `last`, of contracts of these kinds."""
        query = (
            select(*_INSTALMENT)
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(instalments.c.state == "due", instalments.c.due_on.between(first, last))
            .where(contracts.c.kind.in_(list(kinds)), self.mine(instalments))
        )
        found = self._instalments(query)
        self.uow.audit.listed("instalment", [(part.id, part.client_id) for part in found], section="due")
        return found

    def overdue(self, line: str, kinds: Collection[str], today: date) -> list[tuple[int, date]]:
        """(contract, the day its oldest unpaid instalment was due) of the contracts in scope of a line of business and
        these kinds of which one is late; the longest late first."""
        oldest = func.min(instalments.c.due_on).label("oldest")
        query = (
            select(instalments.c.contract_id, oldest)
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(instalments.c.state == "due", instalments.c.due_on < today, contracts.c.line == line)
            .where(contracts.c.kind.in_(list(kinds)), self.mine(instalments))
            .group_by(instalments.c.contract_id).order_by(oldest, instalments.c.contract_id)
        )
        return [(row.contract_id, row.oldest) for row in self.uow.execute(query)]

    def pay(self, instalment: Instalment, paid_on: date) -> None:
        """Mark as paid. Raises Conflict when it no longer is as it was read."""
        changed = self.uow.update(
            instalments, {"id": instalment.id, "version": instalment.version, "state": "due"},
            {"state": "paid", "paid_on": paid_on, "version": instalment.version + 1},
        )
        if not changed:
            raise Conflict()
        self.uow.audit.record(
            "pay", "instalment", instalment.id, client_id=instalment.client_id, number=instalment.number
        )

    # ------------------------------------------------------------ inside

    def _listed(self, query: Select[Any], section: str) -> list[Contract]:
        """For showing them in a list: the read is on the trail."""
        found = [self._contract(r._asdict()) for r in self.uow.execute(query)]
        self.uow.audit.listed("contract", [(each.id, each.client_id) for each in found], section=section)
        return found

    def _instalments(self, query: Select[Any]) -> list[Instalment]:
        ordered = query.order_by(instalments.c.due_on, instalments.c.number)
        return [Instalment(**row._mapping) for row in self.uow.execute(ordered)]

    def _get_unaudited(self, contract_id: int) -> Contract:
        row = self.uow.conn.execute(select(*_COLUMNS).where(contracts.c.id == contract_id)).one()
        return self._contract(row._asdict())

    def _contract(self, row: Mapping[str, Any]) -> Contract:
        secrets = self.uow.unseal(_PLACE, row["id"], row["secrets"]) or {}
        return Contract(**{**row, "secrets": secrets, "number": secrets.get("number")})

    def _number(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if "number" not in values:
            return {}
        number = values["number"]
        return {
            "number_tail": number[-4:] if number else "",
            "number_index": self.uow.vault.blind("contract_number", number.upper()) if number else None,
        }

    def _split(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        columns, attrs, secrets = {}, {}, {}
        for name, value in values.items():
            if name == "number":
                secrets[name] = value or None
            elif name == "product_name":
                columns[name] = mask_free_text(value or "")
            elif name in CONTRACT_COLUMNS or name == "previous_id":
                columns[name] = value
            elif self.uow.dictionary.field("contract", name).sealed:
                secrets[name] = plain(value)
            else:
                attrs[name] = plain(value)
        return columns, attrs, secrets

    def _check_move(self, contract: Contract, state: str) -> None:
        kind = self.uow.packs.kind(contract.kind)
        labels = {s.name: s.label for s in kind.states}
        legal = next((s.moves for s in kind.states if s.name == contract.state), ())
        if state != contract.state and state not in legal:
            allowed = "、".join(labels[m] for m in legal) or "无（已是终态）"
            raise Invalid(
                f"状态不能从「{labels.get(contract.state, contract.state)}」改为「{labels.get(state, state)}」，"
                f"可改为：{allowed}。", "state",
            )


def _by_end(contract: Contract) -> tuple[date, int]:
    """By the day it ends; what has no end comes last."""
    return contract.ends_on or date.max, contract.id
