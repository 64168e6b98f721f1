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
    """A statement whose parameters are all named `bindparam`s."""

    def __init__(self, make: Callable[[Dialect], ClauseElement] | ClauseElement) -> None:
        self._make = make
        self._ready: dict[str, _Ready] = {}

    def rows(self, conn: Connection, params: Mapping[str, Any]) -> list[Any]:
        """All rows, as named tuples with the column names of the statement. `params` may hold more."""
        ready = self._on(conn.dialect)
        cursor = ready.execute(conn, params)
        try:
            return ready.read(cursor.fetchall())
        finally:
            cursor.close()

    def run(self, conn: Connection, params: Mapping[str, Any]) -> int:
        """Run it for its effect; the number of rows it touched."""
        cursor = self._on(conn.dialect).execute(conn, params)
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def run_many(self, conn: Connection, params: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each set of parameters."""
        ready = self._on(conn.dialect)
        cursor = _driver(conn).cursor()
        cursor.executemany(ready.sql, [ready.arguments(each) for each in params])
        cursor.close()

    def _on(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            made = self._make(dialect) if callable(self._make) else self._make
            ready = self._ready[dialect.name] = _compiled(made, dialect)
        return ready


@dataclass(frozen=True)
class _Ready:
    """A statement in one dialect."""

    sql: str
    fixed: Mapping[str, Any]
    asked: Sequence[tuple[str, Process]]
    order: Sequence[str] | None  # of positional parameters; None where the driver takes names
    row: Callable[..., Any]
    columns: Sequence[tuple[int, Callable[[Any], Any]]]

    def arguments(self, params: Mapping[str, Any]) -> Any:
        values = dict(self.fixed)
        for name, process in self.asked:
            value = params[name]
            values[name] = value if process is None else process(value)
        return values if self.order is None else [values[name] for name in self.order]

    def execute(self, conn: Connection, params: Mapping[str, Any]) -> Any:
        cursor = _driver(conn).cursor()
        cursor.execute(self.sql, self.arguments(params))
        return cursor

    def read(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        make, columns, rows = self.row, self.columns, []
        for raw in found:
            values = list(raw)
            for index, process in columns:
                values[index] = process(values[index])
            rows.append(make(values))
        return rows


def _driver(conn: Connection) -> Any:
    return conn.connection.driver_connection


def _compiled(statement: ClauseElement, dialect: Dialect) -> _Ready:
    compiled: Any = statement.compile(dialect=dialect)
    into = compiled._bind_processors
    fixed, asked = {}, []
    for name, bind in compiled.binds.items():
        if bind.required:
            asked.append((name, into.get(name)))
        else:
            process = into.get(name)
            fixed[name] = process(bind.effective_value) if process else bind.effective_value
    columns = [entry.keyname for entry in compiled._result_columns]
    out = [entry.type._cached_result_processor(dialect, None) for entry in compiled._result_columns]
    return _Ready(
        str(compiled), fixed, asked, compiled.positiontup,
        namedtuple("Row", columns)._make if columns else tuple,
        [(index, process) for index, process in enumerate(out) if process],
    )  # fmt: skip


def insert_ignoring(table: Table, key: str) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that does nothing where a row with the same `key` is there already."""

    def make(dialect: Dialect) -> ClauseElement:
        return _insert(table, dialect).on_conflict_do_nothing(index_elements=[key])

    return make


def upsert(table: Table) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that replaces the row with the same primary key."""

    def make(dialect: Dialect) -> ClauseElement:
        inserted = _insert(table, dialect)
        key = [column.name for column in table.primary_key]
        changed = {c.name: inserted.excluded[c.name] for c in table.c if c.name not in key}
        return inserted.on_conflict_do_update(index_elements=key, set_=changed)

    return make


def _insert(table: Table, dialect: Dialect) -> Any:
    """With every column a parameter, except those that the database counts up itself."""
    counted = table.autoincrement_column
    given = {c.name: bindparam(c.name) for c in table.c if c is not counted}
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
