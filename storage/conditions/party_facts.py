"""Who is in a contract beside the client (被保险人 是 本人, 受益人 为空), and whose contracts the client himself is in
(是担保人)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, exists, or_, select

from config.pack import Packs
from storage.conditions.contract_facts import ContractFact, is_open
from storage.conditions.facts import Fact, Op, View
from storage.tables import clients, contracts, parties

PATHS = ("party.role", "party.name")  # the fields that a reader must be allowed to see


@dataclass(frozen=True, slots=True)
class Role:
    """What a party of a contract is called, in all kinds of contracts that have it."""

    label: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Party(ContractFact):
    """Who has a role in a contract of the client. The value is a name, or None for the client himself; `!=` asks for
    somebody else. What is only noted in a sentence (受益人说明) is encrypted and does not count."""

    role: Role
    type: str = "party"

    @property
    def label(self) -> str:
        return self.role.label

    def on_contract(self, op: Op, value: str | None, view: View) -> ColumnElement[bool]:
        there = _has(self.role)
        if op in ("empty", "filled"):
            return there if op == "filled" else and_(contracts.c.kind.in_(self.role.kinds), ~there)
        meant = _himself() if value is None else parties.c.name == value
        return there.where(~meant if op == "!=" else meant)


@dataclass(frozen=True, slots=True)
class PartyOf(Fact):
    """Whether the client has a role in a contract that is not over: any, or (`foreign`) one of another client. Only
    contracts that his own adviser looks after count, so that no condition tells of a colleague's book."""

    role: Role
    foreign: bool = False
    type: str = "party"

    @property
    def label(self) -> str:
        return f"是{'别人合同的' if self.foreign else ''}{self.role.label}"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        anothers = [contracts.c.client_id != clients.c.id] if self.foreign else []
        his = select(parties.c.id).where(
            parties.c.client_id == clients.c.id, parties.c.owner_id == clients.c.owner_id,
            parties.c.role.in_(self.role.names), contracts.c.id == parties.c.contract_id,
            is_open(view.packs), *anothers,
        )  # fmt: skip
        return his.correlate(clients).exists()


def _has(role: Role) -> Exists:
    of_contract = exists().where(parties.c.contract_id == contracts.c.id, parties.c.role.in_(role.names))
    return of_contract.correlate(contracts, clients)


def _himself() -> ColumnElement[bool]:
    """The client by his record, or by his name where the party was written down in words only."""
    by_name = and_(parties.c.client_id.is_(None), parties.c.name == clients.c.name)
    return or_(and_(parties.c.client_id.is_not(None), parties.c.client_id == clients.c.id), by_name)


def roles_of(packs: Packs) -> Mapping[str, Role]:
    """The roles by their words, the longest word first."""
    by_label: dict[str, Role] = {}
    words: dict[str, str] = {}
    for kind in packs.kinds:
        for role in kind.roles:
            known = by_label.get(role.label, Role(role.label, (), ()))
            names, kinds = {*known.names, role.name}, {*known.kinds, kind.name}
            by_label[role.label] = Role(role.label, tuple(sorted(names)), tuple(sorted(kinds)))
            words |= {word: role.label for word in (role.label, *role.synonyms) if word not in words}
    return {word: by_label[words[word]] for word in sorted(words, key=len, reverse=True)}
