"""Why a record satisfies conditions, or does not: the tree clause by clause, each to be asked by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from storage.conditions.facts import View
from storage.conditions.record_facts import RECORDS, RecordFact
from storage.conditions.tree import All, Any_, Not, Test, Tree, compiled, describe, groups_of, of_one

ALL_OF, ANY_OF, NOT_OF = "以下要全部满足", "以下满足一项即可", "以下不能成立"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it is told, `depth` steps inside of the whole; `test` where it is a single one or its denial,
    `measure` the number that decides it where that is derived.

    What joins several says how (`ALL_OF` …), and they follow, one step deeper."""

    depth: int
    said: str
    condition: ColumnElement[bool]
    test: Test | None = None
    measure: ColumnElement[Any] | None = None


def outline(tree: Tree, view: View, depth: int = 0) -> Iterator[Clause]:
    """The clauses in the order in which they were said, each before what it consists of."""
    match tree:
        case All(parts):
            yield Clause(depth, ALL_OF, compiled(tree, view))
            yield from _side_by_side(parts, view, depth + 1)
        case Any_(parts):
            yield Clause(depth, ANY_OF, compiled(tree, view))
            for part in parts:
                yield from outline(part, view, depth + 1)
        case Not(Test() as test):
            yield Clause(depth, describe(tree), compiled(tree, view), test, test.fact.measure(test.value, view))
        case Not(part):
            yield Clause(depth, NOT_OF, compiled(tree, view))
            yield from outline(part, view, depth + 1)
        case Test():
            yield Clause(depth, tree.said, compiled(tree, view), tree, tree.fact.measure(tree.value, view))


def _side_by_side(parts: tuple[Tree, ...], view: View, depth: int) -> Iterator[Clause]:
    """What is asked of one and the same record is one clause: it holds of a record or of none."""
    waiting = [tests for tests in groups_of(parts) if len(tests) > 1]
    told = [test for tests in waiting for test in tests]
    for part in parts:
        if not any(part is test for test in told):
            yield from outline(part, view, depth)
        elif tests := next((tests for tests in waiting if any(part is test for test in tests)), None):
            waiting.remove(tests)
            one = RECORDS[fact.record].one if isinstance(fact := tests[0].fact, RecordFact) else "同一份合同"
            yield Clause(depth, f"{one}：{' 且 '.join(test.said for test in tests)}", of_one(tests, view))
