"""Statements on the way of every message, compiled once and run on the driver's own cursor.

SQLAlchemy's bookkeeping costs some 50 to 100 µs a statement, a look-up needs ten of them, and the statement
itself takes SQLite 5 µs. What SQLAlchemy knows is used here once, when the statement is compiled: SQL, the
order of parameters, and how values go in and come out. Errors are the driver's; `Database` reads both kinds."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ClauseElement, SelectBase
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any] | None
_OTHER_WAYS = ("enable_bitmapscan", "enable_sort")
_WHOLE_TABLE = ("enable_seqscan", "enable_material")


def _without(ways: Sequence[str]) -> str:
    """Till the end of the transaction."""
    return "SELECT " + ", ".join(f"set_config('{way}', 'off', true)" for way in ways)


class Prepared:
    """A statement whose parameters are all named `bindparam`s. Give a maker where dialects need different ones.

    PostgreSQL plans by what it knows of a table, which may be a minute or a whole start behind. Of a queue, empty
    until a moment ago, it knows nothing, and collects and sorts all of 30,000 rows to find 20 (15 s), or reads them all
    for each of the 20 (0.5 s). What goes `along_an_index` has no such way open to it, nor keeps a plan from an emptier
    day; `never_whole` closes the second way too, which costs where a look at all of a small table is the quickest."""

    def __init__(
        self, make: Callable[[Dialect], ClauseElement] | ClauseElement, *, along_an_index: bool = False,
        never_whole: bool = False,
    ) -> None:
        self._make, self._along_an_index, self._never_whole = make, along_an_index, never_whole
        self._ready: dict[str, _Ready] = {}

    def rows(self, conn: Connection, params: Mapping[str, Any]) -> list[Any]:
        """All rows, as named tuples with the column names of the statement. `params` may hold more."""
        return self.send(conn, params)()

    def send(self, conn: Connection, params: Mapping[str, Any]) -> Callable[[], list[Any]]:
        """Ask for rows now; what is returned gives them."""
        ready, cursor = self._sent(conn, params)

        def rows() -> list[Any]:
            found = cursor.fetchall()
            cursor.close()
            return ready.read(found)

        return rows

    def run(self, conn: Connection, params: Mapping[str, Any]) -> int:
        """Run it for its effect; the number of rows it touched, which nobody knows yet where it left `in_one_go`."""
        _, cursor = self._sent(conn, params)
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def _sent(self, conn: Connection, params: Mapping[str, Any]) -> tuple[_Ready, Any]:
        ready = self._ready.get(conn.dialect.name) or self._prepare(conn.dialect)
        cursor: Any = conn.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        if ready.guided:
            cursor.execute(ready.guided)
        cursor.execute(ready.sql, ready.arguments(params), **ready.options)
        return ready, cursor

    def send_many(self, conn: Connection, params: Iterable[Mapping[str, Any]]) -> Callable[[], int]:
        """Run it once for each set of parameters. What is returned says how many rows it touched in all; where it
        left `in_one_go`, only after that."""
        ready = self._ready.get(conn.dialect.name) or self._prepare(conn.dialect)
        cursor = conn.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        cursor.executemany(ready.sql, [ready.arguments(each) for each in params])

        def touched() -> int:
            rows = int(cursor.rowcount)
            cursor.close()
            return rows

        return touched

    def _prepare(self, dialect: Dialect) -> _Ready:
        statement = self._make if isinstance(self._make, ClauseElement) else self._make(dialect)
        ready = _compiled(statement, dialect)
        if self._along_an_index and dialect.name == "postgresql":
            ways = (*_OTHER_WAYS, *(_WHOLE_TABLE if self._never_whole else ()))
            ready = replace(ready, guided=_without(ways), options={"prepare": False})
        self._ready[dialect.name] = ready
        return ready


class Rows:
    """Rows for a table that no other row is in the way of. PostgreSQL takes many by COPY, at a third of the cost of
    INSERTs; where they go `in_one_go` with others that cannot be."""

    MANY = 8

    def __init__(self, table: Table) -> None:
        self._columns = [column.name for column in table.c]
        self._insert = Prepared(insert(table).values({name: bindparam(name) for name in self._columns}))
        self._copy = f"COPY {table.name} ({', '.join(self._columns)}) FROM STDIN"

    def add(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write them; mappings that may hold more than the table has."""
        driver: Any = conn.connection.dbapi_connection
        if conn.dialect.name != "postgresql" or len(rows) < self.MANY or driver.pgconn.pipeline_status:
            if rows:
                self._insert.send_many(conn, rows)
            return
        cursor: Any = driver.cursor()
        with cursor, cursor.copy(self._copy) as copy:
            for row in rows:
                copy.write_row([row[name] for name in self._columns])


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in one dialect. `pick` takes the values of the parameters, `inward` says which of them are converted,
    and how. The driver wants a dict, or a list where the parameters go to `places` among the `constants`."""

    sql: str
    names: Sequence[str]
    places: Sequence[int] | None
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    constants: Sequence[Any]
    inward: Sequence[tuple[int, Callable[[Any], Any]]]
    row: Callable[..., Any]
    columns: Sequence[tuple[int, Callable[[Any], Any]]]
    options: Mapping[str, bool] = field(default_factory=dict)  # for the driver
    guided: str = ""  # tells PostgreSQL which ways not to take

    def arguments(self, params: Mapping[str, Any]) -> Any:
        given = list(self.pick(params))
        for place, process in self.inward:
            given[place] = process(given[place])
        if self.places is None:
            return dict(zip(self.names, [*given, *self.constants], strict=True))
        if len(given) == len(self.constants):
            return given
        among = list(self.constants)
        for place, value in zip(self.places, given, strict=True):
            among[place] = value
        return among

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
    inward: Mapping[str, Callable[[Any], Any]] = compiled._bind_processors
    constants = {
        name: inward[name](bind.effective_value) if name in inward else bind.effective_value
        for name, bind in compiled.binds.items() if not bind.required
    }
    names = list(compiled.positiontup) if compiled.positional else list(compiled.binds)
    asked = [name for name in names if name not in constants]
    columns = compiled._result_columns
    out = [_result_processor(entry.type, dialect) for entry in columns]
    row = namedtuple("Row", [entry.keyname for entry in columns])  # type: ignore[misc]
    return _Ready(
        sql=str(compiled),
        names=[*asked, *constants],
        places=[place for place, name in enumerate(names) if name not in constants] if compiled.positional else None,
        pick=_picker(asked),
        constants=[constants.get(name) for name in names] if compiled.positional else list(constants.values()),
        inward=[(place, inward[name]) for place, name in enumerate(asked) if name in inward],
        row=partial(tuple.__new__, row),  # what `_make` does, less a look at the length
        columns=[(place, process) for place, process in enumerate(out) if process],
    )


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """`itemgetter`, which gives no tuple for fewer than two."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda params: tuple(params[name] for name in names)


def _result_processor(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    """How a value comes out. SQLite keeps JSON as text, most of it empty."""
    if isinstance(kind, JSON) and dialect.name == "sqlite":
        return _document
    processor: Process = kind._cached_result_processor(dialect, None)
    return processor


def _document(text: str) -> Any:
    return {} if text == "{}" else orjson.loads(text)


def in_one_go(conn: Connection) -> AbstractContextManager[object]:
    """What is sent inside leaves without waiting for each other's answers, where the driver can do that (PostgreSQL:
    libpq's pipeline). An error shows at the next read or at the end, and what was sent after it was not done."""
    if conn.dialect.name != "postgresql":
        return nullcontext()
    driver: Any = conn.connection.driver_connection
    pipeline: AbstractContextManager[object] = driver.pipeline()
    return pipeline


def insert_ignoring(table: Table, key: str) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that does nothing where a row with the same `key` is there already."""

    def make(dialect: Dialect) -> ClauseElement:
        ignoring: ClauseElement = _insert(table, dialect).on_conflict_do_nothing(index_elements=[key])
        return ignoring

    return make


def upsert(table: Table, only: ColumnElement[bool] | None = None) -> Callable[[Dialect], ClauseElement]:
    """Makes an INSERT of one row that replaces the row with the same primary key, `only` where that one is so."""

    def make(dialect: Dialect) -> ClauseElement:
        inserted = _insert(table, dialect)
        key = [column.name for column in table.primary_key]
        changed = {c.name: inserted.excluded[c.name] for c in table.c if c.name not in key}
        replacing: ClauseElement = inserted.on_conflict_do_update(index_elements=key, set_=changed, where=only)
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


def for_each(statement: SelectBase, **kinds: TypeEngine[Any]) -> Prepared:
    """A statement's rows for many sets of the parameters that `kinds` names, in one question; PostgreSQL only.

    Each parameter becomes a list, all of one length; each row begins with `place`, the number of its set from 1."""

    def from_set(element: Any, **_: Any) -> ColumnElement[Any] | None:
        if isinstance(element, BindParameter) and element.key in kinds:
            return literal_column(f"sets.{element.key}", kinds[element.key])
        return None

    lists = (bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in kinds.items())
    columns = [column(name, kind) for name, kind in kinds.items()]
    sets = func.unnest(*lists).table_valued(*columns, with_ordinality="place").render_derived("sets")
    of_set: Any = visitors.replacement_traverse(statement, {}, from_set)
    found = of_set.lateral("found")
    return Prepared(select(sets.c.place, *found.c).select_from(sets.join(found, true())))


class _JsonList(TypeDecorator[list[str]]):
    """A list of words as the JSON text that SQLite's json_each takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        return orjson.dumps(value).decode()
