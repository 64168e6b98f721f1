"""Statements on the way of every message, compiled once and run on the driver's own cursor.

SQLAlchemy's bookkeeping costs some 50 to 100 µs a statement, a look-up needs ten of them, and the statement
itself takes SQLite 5 µs. What SQLAlchemy knows is used here once, when the statement is compiled: SQL, the
order of parameters, and how values go in and come out. Errors are the driver's; `Database` reads both kinds."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

Process = Callable[[Any], Any] | None


class Prepared:
    """A statement whose parameters are all named `bindparam`s. Give a maker where dialects need different ones."""

    def __init__(self, make: Callable[[Dialect], ClauseElement] | ClauseElement) -> None:
        self._make = make
        self._ready: dict[str, _Ready] = {}

    def rows(self, conn: Connection, params: Mapping[str, Any]) -> list[Any]:
        """All rows, as named tuples with the column names of the statement. `params` may hold more."""
        ready = self._ready.get(conn.dialect.name) or self._prepare(conn.dialect)
        cursor = conn.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        cursor.execute(ready.sql, ready.arguments(params))
        found = cursor.fetchall()
        cursor.close()
        return ready.read(found)

    def run(self, conn: Connection, params: Mapping[str, Any]) -> int:
        """Run it for its effect; the number of rows it touched."""
        ready = self._ready.get(conn.dialect.name) or self._prepare(conn.dialect)
        cursor = conn.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        cursor.execute(ready.sql, ready.arguments(params))
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def run_many(self, conn: Connection, params: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each set of parameters."""
        ready = self._ready.get(conn.dialect.name) or self._prepare(conn.dialect)
        cursor = conn.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        cursor.executemany(ready.sql, [ready.arguments(each) for each in params])
        cursor.close()

    def _prepare(self, dialect: Dialect) -> _Ready:
        statement = self._make if isinstance(self._make, ClauseElement) else self._make(dialect)
        ready = self._ready[dialect.name] = _compiled(statement, dialect)
        return ready


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in one dialect. `places` says where each parameter goes in a copy of `given`, which holds
    the constants of the statement already: a list by position, or a dict by name, as the driver wants it."""

    sql: str
    given: Any
    places: Sequence[tuple[Any, str, Process]]
    row: Callable[..., Any]
    columns: Sequence[tuple[int, Callable[[Any], Any]]]

    def arguments(self, params: Mapping[str, Any]) -> Any:
        given = self.given.copy()
        for place, name, process in self.places:
            given[place] = params[name] if process is None else process(params[name])
        return given

    def read(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        make, columns, rows = self.row, self.columns, []
        for raw in found:
            values = list(raw)
            for index, process in columns:
                if values[index] is not None:  # NULL is None in all our types; most cells of a wide row are
                    values[index] = process(values[index])
            rows.append(make(values))
        return rows


def _compiled(statement: ClauseElement, dialect: Dialect) -> _Ready:
    compiled: Any = statement.compile(dialect=dialect)
    order = list(enumerate(compiled.positiontup)) if compiled.positional else [(n, n) for n in compiled.binds]
    given: Any = [None] * len(order) if compiled.positional else {}
    places: list[tuple[Any, str, Process]] = []
    for place, name in order:
        bind, process = compiled.binds[name], compiled._bind_processors.get(name)
        if bind.required:
            places.append((place, name, process))
        else:
            given[place] = process(bind.effective_value) if process else bind.effective_value
    columns = compiled._result_columns
    out = [entry.type._cached_result_processor(dialect, None) for entry in columns]
    row = namedtuple("Row", [entry.keyname for entry in columns])  # type: ignore[misc]
    return _Ready(
        str(compiled), given, places, row._make, [(i, process) for i, process in enumerate(out) if process]
    )


def insert_ignoring(table: Table, key: str) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that does nothing where a row with the same `key` is there already."""

    def make(dialect: Dialect) -> ClauseElement:
        ignoring: ClauseElement = _insert(table, dialect).on_conflict_do_nothing(index_elements=[key])
        return ignoring

    return make


def upsert(table: Table) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that replaces the row with the same primary key."""

    def make(dialect: Dialect) -> ClauseElement:
        inserted = _insert(table, dialect)
        key = [column.name for column in table.primary_key]
        changed = {c.name: inserted.excluded[c.name] for c in table.c if c.name not in key}
        replacing: ClauseElement = inserted.on_conflict_do_update(index_elements=key, set_=changed)
        return replacing

    return make


def _insert(table: Table, dialect: Dialect) -> Any:
    """With every column a parameter, except those that the database counts up itself."""
    counted = table.autoincrement_column
    given: dict[str, Any] = {c.name: bindparam(c.name) for c in table.c if c is not counted}
    return (postgresql if dialect.name == "postgresql" else sqlite).insert(table).values(given)


def one_of(column: ColumnElement[str], name: str, dialect: Dialect) -> ColumnElement[bool]:
    """`column IN (…)` for any number of words under one parameter, so that it compiles only once."""
    if dialect.name == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(Text)))
    words = func.json_each(bindparam(name, type_=_JsonList())).table_valued("value")
    return column.in_(select(words.c.value))


class _JsonList(TypeDecorator[list[str]]):
    """A list of words as the JSON text that SQLite's json_each takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        return json.dumps(value, ensure_ascii=False)
