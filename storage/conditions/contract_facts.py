"""What can be asked of a client's contracts. Tests that stand side by side are of one and the same contract:
持有重疾险 且 到期日 在 未来 30 天内 means the critical illness policy that ends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from config.pack import Packs
from storage.conditions.facts import COMPARE, Fact, FieldFact, Op, View, test_field
from storage.tables import clients, contracts, products


class ContractFact(Fact):
    """Something about a contract of the client."""

    @abstractmethod
    def on_contract(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        """The condition on a row of `contracts`."""

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return on_one([(self, op, value)], view)


class ContractField(FieldFact, ContractFact):
    """A field of a contract. Only its state can be asked of contracts that are over."""

    def on_contract(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return test_field(self.spec, contracts, op, value, view)


class ProductField(ContractField):
    """A field of the product that a contract is of."""

    def on_contract(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        such = select(products.c.code).where(test_field(self.spec, products, op, value, view))
        return contracts.c.product_code.in_(such)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A sort of product as people name it: a kind of contract, or products of one family or name."""

    word: str
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holds(ContractFact):
    """Whether the client has an open contract of a sort."""

    label: str = "持有"
    type: str = "product"

    def on_contract(self, op: Op, value: Shelf, view: View) -> ColumnElement[bool]:
        return of_sort(value)


@dataclass(frozen=True, slots=True)
class Count(Fact):
    """How many open contracts of a sort the client has. The value is the sort and the number."""

    label: str = "数量"
    type: str = "count"

    def test(self, op: Op, value: tuple[Shelf, int], view: View) -> ColumnElement[bool]:
        shelf, number = value
        mine = and_(contracts.c.client_id == clients.c.id, is_open(view.packs), of_sort(shelf))
        how_many = select(func.count()).select_from(contracts).where(mine).correlate(clients).scalar_subquery()
        result: ColumnElement[bool] = COMPARE[op](how_many, number)
        return result


def on_one(tests: Sequence[tuple[ContractFact, Op, Any]], view: View) -> ColumnElement[bool]:
    """Whether one contract passes all the tests. It is an open one unless its state is asked for, or the one that the
    view is anchored at."""
    if view.anchored and not any(isinstance(fact, Holds) for fact, _op, _value in tests):
        return func.coalesce(and_(*(fact.on_contract(op, value, view) for fact, op, value in tests)), false())
    asks_state = any(isinstance(fact, ContractField) and fact.spec.name == "state" for fact, _op, _value in tests)
    alive = [] if asks_state else [is_open(view.packs)]
    conditions = [fact.on_contract(op, value, view) for fact, op, value in tests]
    # Named, because a statement that is anchored at a contract has a table of this name of its own.
    return exists().where(contracts.c.client_id == clients.c.id, *alive, *conditions).correlate(clients)


def is_open(packs: Packs) -> ColumnElement[bool]:
    """Contracts that are not over, over all kinds."""
    return or_(*(
        and_(contracts.c.kind == kind.name, contracts.c.state.in_(kind.open_states)) for kind in packs.kinds
    ))


def of_sort(shelf: Shelf) -> ColumnElement[bool]:
    """The contracts of a sort of product."""
    if not shelf.codes:
        return contracts.c.kind.in_(shelf.kinds)
    # A contract from before the shelf was kept has its product in words only.
    in_words = contracts.c.product_name.contains(shelf.word, autoescape=True)
    return or_(contracts.c.product_code.in_(shelf.codes), in_words)
