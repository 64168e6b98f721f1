"""The `where` of a rule as SQL, over typed columns, over JSON attributes, and over the products on the shelf."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from config.pack import Condition, FieldSpec, Packs, Product, ReminderRule
from reminders.calendar import local_instant
from storage.conditions import View, compiled
from storage.conditions.checking import rule_condition
from storage.conditions.facts import column_of
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.tables import (
    UTCDateTime,
    accounts,
    clients,
    contracts,
    instalments,
    interactions,
    journey_runs,
    transactions,
)

TABLES: Mapping[str, Table] = {
    "client": clients, "contract": contracts, "instalment": instalments, "journey": journey_runs,
    "account": accounts, "transaction": transactions, "interaction": interactions,
}
_NUMBERS = ("money", "percent", "integer", "lunar_day")


def are_there(conn: Connection, record: str) -> bool:
    """Whether there is any record of a kind at all. Few firms have all kinds, and to look costs much less than the
    statement of a rule does."""
    return conn.execute(select(TABLES[record].c.id).limit(1)).first() is not None


class BadRule(ValueError):
    """A rule asks for something that its source does not have. Says which rule and field."""


def compile_condition(
    condition: Condition, packs: Packs, records: frozenset[str], zone: ZoneInfo
) -> ColumnElement[bool]:
    """The condition over the tables of `records`, which the statement has joined.

    An empty field satisfies `not in` and nothing else. Raises BadRule."""
    record, _, name = condition.field.partition(".")
    if record == "product" and "contract" in records:
        return _product_condition(condition, name, packs)
    if record not in records:
        raise BadRule(f"a rule over {sorted(records)} cannot ask for {condition.field}")
    spec = packs.field(record, name)
    return _compare(field_value(record, spec), condition, lambda v: _typed(spec, v, TABLES[record], zone))


def spoken_condition(rule: ReminderRule, packs: Packs, today: date, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """The rule's `when` as of a day; in a rule on contracts, instalments or sums that moved, their fields are asked of
    the rule's own one.

    Raises BadRule when the packs have changed since it was checked."""
    try:
        tree = rule_condition(rule, dictionary_of(packs), today)
    except Invalid:
        raise BadRule(f"{rule.id} has a condition that cannot be read under the packs in force") from None
    return [] if tree is None else [compiled(tree, view_of(rule, packs, today, zone))]


def view_of(rule: ReminderRule, packs: Packs, today: date, zone: ZoneInfo) -> View:
    """From where the conditions of a rule look at a client."""
    record = rule.source_record
    return View(packs, today, zone, anchored=record in ("contract", "instalment"), record=record)


def dictionary_of(packs: Packs) -> Dictionary:
    """The dictionary of packs, made once for each version of them."""
    found = _dictionaries.get(packs.version)
    if found is None:
        _dictionaries.clear()
        found = _dictionaries[packs.version] = Dictionary(packs)
    return found


_dictionaries: dict[str, Dictionary] = {}


def field_value(record: str, spec: FieldSpec) -> ColumnElement[Any]:
    """The SQL value of a dictionary field, in a column of its own or in the JSON of the others."""
    table = TABLES[record]
    if not spec.column and ("attrs" not in table.c or spec.sealed):
        raise BadRule(f"{spec.path} cannot be asked for in SQL")
    column: ColumnElement[Any] = column_of(spec, table)
    return column


def _compare(
    left: ColumnElement[Any], condition: Condition, typed: Callable[[Any], Any]
) -> ColumnElement[bool]:
    if isinstance(condition.value, tuple):
        values = [typed(value) for value in condition.value]
        return left.in_(values) if condition.op == "in" else or_(left.is_(None), left.not_in(values))
    value = typed(condition.value)
    if isinstance(value, bool):
        return left.is_(value)
    return {"=": operator.eq, ">=": operator.ge, "<=": operator.le}[condition.op](left, value)  # type: ignore[no-any-return]


def _typed(spec: FieldSpec, value: Any, table: Table, zone: ZoneInfo) -> Any:
    if spec.type == "boolean":
        return bool(value)
    if spec.type == "date" and spec.column:
        day = date.fromisoformat(str(value))
        return _midnight(day, zone) if isinstance(table.c[spec.name].type, UTCDateTime) else day
    if spec.type in _NUMBERS:
        return Decimal(str(value)) if spec.column and spec.type in ("money", "percent") else float(value)
    return str(value)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return local_instant(day, time(), zone)


def _product_condition(condition: Condition, name: str, packs: Packs) -> ColumnElement[bool]:
    """Products are pack data: the shelf is searched here, and SQL is given the codes."""
    codes = [product.code for product in packs.products if _satisfies(product, name, condition)]
    code = contracts.c.product_code
    if condition.op != "not in":
        return code.in_(codes)
    others = [product.code for product in packs.products if product.code not in codes]
    return or_(code.is_(None), code.not_in(others))


def _satisfies(product: Product, name: str, condition: Condition) -> bool:
    if not hasattr(product, name):
        raise BadRule(f"products have no {name}")
    value: Any = getattr(product, name)
    if isinstance(condition.value, tuple):
        return (value in condition.value) == (condition.op == "in")
    if value is None:
        return False
    if condition.op == "=":
        return bool(value == condition.value)
    return bool(value >= condition.value if condition.op == ">=" else value <= condition.value)
