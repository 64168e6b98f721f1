"""The days that a rule looks at, as small tables to join: a slot is a fact's day, an offset, the instant of showing.

Joined to a date column they let an index find exactly what falls due. Of dates that come again every year the table
holds the dates themselves, one row for each year that they may lie back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnClause,
    ColumnElement,
    Date,
    Dialect,
    SmallInteger,
    String,
    TypeDecorator,
    Values,
    and_,
    column,
    extract,
    literal,
    or_,
    values,
)
from sqlalchemy.sql.selectable import HasCTE
from sqlalchemy.sql.visitors import InternalTraversal

from config.pack import ReminderRule
from reminders.calendar import DAY, dates_remembered_on, days_shifted_to, local_instant
from storage.tables import UTCDateTime


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact on `due_on` is to be shown from `remind_at`."""

    due_on: date
    offset: int
    remind_at: datetime

    @property
    def mark(self) -> str:
        return f"{self.due_on}:{self.offset}"


def slots_of(rule: ReminderRule, first: date, last: date, zone: ZoneInfo) -> list[Slot]:
    """What the rule shows on the days `first` to `last` on which it is valid."""
    at = time.fromisoformat(rule.hour)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    return [
        Slot(meant - timedelta(days=offset), offset, local_instant(day, at, zone))
        for day in days if rule.is_valid_on(day)
        for meant in days_shifted_to(day, rule.shift) for offset in rule.offsets
    ]  # fmt: skip


class _Rows(Values):
    """VALUES of which only the number of rows belongs to the statement, so that it is compiled once and not every day:
    SQLAlchemy caches none whose values it does not know as parameters."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's own name and form
        ("_column_args", InternalTraversal.dp_clauseelement_list), ("_cells", InternalTraversal.dp_clauseelement_list),
        ("name", InternalTraversal.dp_string), *HasCTE._has_ctes_traverse_internals,
    ]  # fmt: skip

    def __init__(self, name: str, columns: Sequence[ColumnClause[Any]], rows: Iterable[Sequence[Any]]) -> None:
        super().__init__(*columns, name=name)
        self._cells = [literal(value, c.type) for row in rows for value, c in zip(row, columns, strict=True)]

    @property
    def _data(self) -> tuple[Sequence[tuple[Any, ...]], ...]:  # type: ignore[override]
        """What SQLAlchemy compiles, by rows. Its own is a plain attribute, which a copy would keep with the values of
        another day."""
        width = len(self._column_args)
        return ([tuple(self._cells[n : n + width]) for n in range(0, len(self._cells), width)],)


def slot_table(name: str, slots: Sequence[tuple[Slot, int]]) -> CTE:
    """The slots as a table to join; `code` is what a slot looks for where that is no date: a birthday as month * 100 +
    day, a month as `month_number` counts."""
    columns = (
        column("due_on", Date), column("offset_days", SmallInteger), column("remind_at", UTCDateTime),
        column("mark", String), column("code", SmallInteger),
    )  # fmt: skip
    rows = ((slot.due_on, slot.offset, slot.remind_at, slot.mark, code) for slot, code in slots)
    # Nested: sqlite3 counts the rows of a statement that begins with INSERT, not of one that begins with WITH.
    return _Rows(name, columns, rows).cte(name, nesting=True)


class SlotColumns(NamedTuple):
    """What a row takes from its slot."""

    due_on: ColumnElement[Any]
    offset_days: ColumnElement[Any]
    remind_at: ColumnElement[Any]
    mark: ColumnElement[Any]


def columns_of(table: CTE) -> SlotColumns:
    return SlotColumns(table.c.due_on, table.c.offset_days, table.c.remind_at, table.c.mark)


def literal_of(slot: Slot) -> SlotColumns:
    return SlotColumns(
        literal(slot.due_on, Date), literal(slot.offset, SmallInteger), literal(slot.remind_at, UTCDateTime),
        literal(slot.mark, String),
    )  # fmt: skip


# ---------------------------------------------------------------- dates that come again


class _Day(TypeDecorator[date]):
    """A day written into the statement: there may be more of them than a statement takes values."""

    impl = Date
    cache_ok = True

    def literal_processor(self, dialect: Dialect) -> Callable[[date], str]:
        typed = "DATE " if dialect.name == "postgresql" else ""
        return lambda day: f"{typed}'{day.isoformat()}'"


def anniversaries(days: Iterable[date]) -> CTE:
    """Which dates (`since`) have an anniversary on these days (`due_on`)."""
    rows = [(day, since) for day in sorted(set(days)) for since in dates_remembered_on(day)]
    columns = column("due_on", _Day), column("since", _Day)
    return values(*columns, name="anniversaries", literal_binds=True).data(rows).cte("anniversaries", nesting=True)


def has_anniversary_on(on: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether `day` is an anniversary of the date `on`, as `dates_remembered_on` has it; for the years 1901 to 2099."""
    year, month, of_month = (extract(part, day) for part in ("year", "month", "day"))
    on_year, on_month, on_day = (extract(part, on) for part in ("year", "month", "day"))
    leapling = and_(on_month == 2, on_day == 29, of_month == 28, year % 4 != 0)
    return and_(on_year < year, on_month == month, or_(on_day == of_month, leapling))
