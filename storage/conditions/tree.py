"""What a sentence of conditions says: tests of facts, joined by all, any and not.

Every test is either true or false of a client, also where a field is empty, so that 不是 贵宾 holds for those without
a tier: an empty field passes no test but 为空."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from storage.conditions.contract_facts import ContractFact, Holds, on_one
from storage.conditions.facts import Fact, Op, View
from storage.conditions.record_facts import RecordFact, on_one_record


@dataclass(frozen=True, slots=True)
class Test:
    """`said` is how the test reads when it is told back."""

    fact: Fact
    op: Op
    value: Any
    said: str


@dataclass(frozen=True, slots=True)
class All:
    """`grouped`: put in brackets, so that its tests of contracts are of a contract of their own."""

    parts: tuple[Tree, ...]
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree


Tree = Test | All | Any_ | Not


def compiled(tree: Tree, view: View) -> ColumnElement[bool]:
    """The condition on a row of `clients`."""
    match tree:
        case All(parts):
            return and_(*_all(parts, view))
        case Any_(parts):
            return or_(*(compiled(part, view) for part in parts))
        case Not(part):
            return not_(compiled(part, view))
    return func.coalesce(tree.fact.test(tree.op, tree.value, view), false())


def _all(parts: tuple[Tree, ...], view: View) -> Iterator[ColumnElement[bool]]:
    """The tests of fields and parties of contracts are of one contract, and of the sort that is named beside them;
    those of records that hang on the client of one record of each sort."""
    groups = groups_of(parts)
    yield from (of_one(tests, view) for tests in groups)
    together = [test for tests in groups for test in tests]
    yield from (compiled(part, view) for part in parts if not any(part is test for test in together))


def groups_of(parts: tuple[Tree, ...]) -> list[list[Test]]:
    """The tests that stand side by side and are of one and the same record, for each sort of record."""
    of_contract = fields_of(parts)
    groups = [of_contract + holdings_of(parts)] if of_contract else []
    by_record: dict[str, list[Test]] = {}
    for part in parts:
        if isinstance(part, Test) and isinstance(part.fact, RecordFact):
            by_record.setdefault(part.fact.record, []).append(part)
    return groups + list(by_record.values())


def of_one(tests: list[Test], view: View) -> ColumnElement[bool]:
    """Whether one record passes all tests of a group."""
    of_records = [(t.fact, t.op, t.value) for t in tests if isinstance(t.fact, RecordFact)]
    if of_records:
        return on_one_record(of_records, view)
    return on_one([(t.fact, t.op, t.value) for t in tests if isinstance(t.fact, ContractFact)], view)


def fields_of(parts: tuple[Tree, ...]) -> list[Test]:
    """The tests of fields and parties of contracts that stand side by side."""
    of_contracts = [part for part in parts if isinstance(part, Test) and isinstance(part.fact, ContractFact)]
    return [test for test in of_contracts if not isinstance(test.fact, Holds)]


def holdings_of(parts: tuple[Tree, ...]) -> list[Test]:
    """The sorts of contracts that are named side by side."""
    return [part for part in parts if isinstance(part, Test) and isinstance(part.fact, Holds)]


def tests_of(tree: Tree) -> Iterator[Test]:
    """All tests, in the order in which they were said."""
    match tree:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part):
            yield from tests_of(part)
        case Test():
            yield tree


def describe(tree: Tree) -> str:
    """The tree in words, which read to the same tree again."""
    match tree:
        case All(parts):
            return " 且 ".join(map(_grouped, parts))
        case Any_(parts):
            return " 或 ".join(map(_grouped, parts))
        case Not(part):
            return f"非 {describe(part)}" if isinstance(part, Test) else f"非 ({describe(part)})"
    return tree.said


def _grouped(part: Tree) -> str:
    return f"({describe(part)})" if isinstance(part, Any_ | All) else describe(part)
