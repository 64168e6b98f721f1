"""What can be asked of a client, and how each question is put to the database."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, and_, cast, exists, func, not_, or_

from config.pack import Counted, FieldSpec, Packs
from storage.conditions.counting import counted_for, window
from storage.lunar import lunar_codes_celebrated_between
from storage.model.periods import Period, stretch, years_before
from storage.tables import UTCDateTime, client_tags, clients, earned_tags

Op = Literal["=", "!=", ">", ">=", "<", "<=", "between", "in", "contains", "empty", "filled"]
NUMBERS = ("money", "percent", "integer")
COMPARE: dict[Op, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class View:
    """From where a client is looked at: the packs in force and today's date where the reader is.

    `anchored`: the statement speaks of one contract, which it has joined; fields of contracts are asked of that one,
    unless a sort of product is named beside them. `record`: the sort of record that the statement is of, if any;
    fields of such records are asked of that one."""

    packs: Packs
    today: date
    zone: ZoneInfo
    anchored: bool = False
    record: str = ""

    def midnight(self, day: date) -> datetime:
        """The first instant of a local day."""
        return datetime.combine(day, time(), self.zone)


class Fact(ABC):
    """Something about a client. `type` is a field type of the dictionary."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What the fact is called when it is told back."""

    @property
    @abstractmethod
    def type(self) -> str:
        """Decides how it may be compared."""

    @abstractmethod
    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        """True for the clients of whom it holds; NULL counts as false."""

    def measure(self, value: Any, view: View) -> ColumnElement[Any] | None:
        """The number that is compared, where it is derived and worth telling: SQL on a row of `clients`."""
        return None


@dataclass(frozen=True)
class FieldFact(Fact):
    """A field of the dictionary that is not sealed."""

    spec: FieldSpec

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def type(self) -> str:
        return self.spec.type


class ClientField(FieldFact):
    """A field of the client record."""

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return test_field(self.spec, clients, op, value, view)


@dataclass(frozen=True, slots=True)
class Tagged(Fact):
    """Which tags the client carries: those that people put on him, those that follow from his records, and those that
    he has by a condition since the last morning."""

    label: str = "标签"
    type: str = "tag"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        given = exists().where(client_tags.c.client_id == clients.c.id)
        earned = exists().where(earned_tags.c.client_id == clients.c.id)
        match op:
            case "filled" | "empty":
                by_records = (_follows(tag.counted, view) for tag in view.packs.counted_tags if tag.counted)
                has = or_(given, *([earned] if view.packs.earned_tags else []), *by_records)
                return has if op == "filled" else ~has
        asked = value if op == "in" else (value,)
        ways: list[ColumnElement[bool]] = [given.where(client_tags.c.tag.in_(asked))]
        if any(tag.name in asked for tag in view.packs.earned_tags):
            ways.append(earned.where(earned_tags.c.tag.in_(asked)))
        ways += [_follows(tag.counted, view) for tag in view.packs.counted_tags if tag.counted and tag.name in asked]
        return ~or_(*ways) if op == "!=" else or_(*ways)


def _follows(counted: Counted, view: View) -> ColumnElement[bool]:
    """Whether the client has enough records for a counted tag."""
    many = counted_for(counted, clients.c.id, window(counted.days, view.today, view.zone))
    return many.correlate(clients).scalar_subquery() >= counted.at_least


@dataclass(frozen=True, slots=True)
class Silence(Fact):
    """How long nobody has been in touch: since the last contact, or since the client was entered."""

    label: str = "未联系"
    type: str = "period"

    def test(self, op: Op, value: Period, view: View) -> ColumnElement[bool]:
        """`>=`: silent for the whole period. `<`: there was a contact within it."""
        begins = view.midnight(value.before(view.today) + timedelta(days=1))
        if op == ">=":
            return func.coalesce(clients.c.last_contact_at, clients.c.created_at) < begins
        return clients.c.last_contact_at >= begins


@dataclass(frozen=True, slots=True)
class Age(Fact):
    """Full years of age, by the solar birthday."""

    label: str = "年龄"
    type: str = "integer"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        """Being at least n years old is being born on or before this day n years ago."""
        born = clients.c.birthday
        if op in ("empty", "filled"):
            return born.is_(None) if op == "empty" else born.is_not(None)
        if op == "in":
            return or_(*(self.test("=", years, view) for years in value))
        low, high = value if op == "between" else (value, value)
        at_least, older = born <= years_before(view.today, low), born <= years_before(view.today, high + 1)
        tests: dict[Op, ColumnElement[bool]] = {
            ">=": at_least, ">": older, "<": not_(at_least), "<=": not_(older), "!=": or_(not_(at_least), older),
        }
        return tests.get(op, and_(at_least, not_(older)))


@dataclass(frozen=True, slots=True)
class Entered(Fact):
    """The day on which the client was entered."""

    label: str = "建档日"
    type: str = "date"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return _test_instant(clients.c.created_at, op, value, view)


@dataclass(frozen=True, slots=True)
class Birthday(Fact):
    """Whose next birthday lies within a period from today (`>=`), on the days of a stretch of the calendar (`between`),
    or in a month of the year (`=`). The lunar one is asked by the days that lunar months have this year."""

    lunar: bool = False
    type: str = "period"

    @property
    def label(self) -> str:
        return "农历生日" if self.lunar else "公历生日"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        day = clients.c.lunar_birthday if self.lunar else clients.c.birth_day
        if op == "=":
            low, high = value * 100 + 1, value * 100 + 31
            return or_(day.between(low, high), day.between(-high, -low)) if self.lunar else day.between(low, high)
        first, last = stretch(value, view.today) if op == "between" else (view.today, value.after(view.today))
        return lunar_between(first, last) if self.lunar else born_between(first, last)


@dataclass(frozen=True, slots=True)
class Surname(Fact):
    """How the name of a person begins."""

    label: str = "姓"
    type: str = "text"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return and_(clients.c.kind == "individual", clients.c.name.startswith(value, autoescape=True))


# ---------------------------------------------------------------- to SQL


def born_between(first: date, last: date) -> ColumnElement[bool]:
    """Whose solar birthday (month and day) lies from `first` to `last`. One on 29 February falls on the 28th in a year
    that has none."""
    day = clients.c.birth_day
    if (last - first).days >= 365:
        return day.is_not(None)
    low, high = first.month * 100 + first.day, last.month * 100 + last.day
    if high == 228 and (last + timedelta(days=1)).day == 1:
        high = 229
    return day.between(low, high) if low <= high else or_(day >= low, day <= high)


def lunar_between(first: date, last: date) -> ColumnElement[bool]:
    """Whose lunar birthday is celebrated from `first` to `last`."""
    day = clients.c.lunar_birthday
    if (last - first).days >= 384:  # the longest lunar year
        return day.is_not(None)
    return day.in_(lunar_codes_celebrated_between(first, last))


def test_field(spec: FieldSpec, table: Any, op: Op, value: Any, view: View) -> ColumnElement[bool]:
    """A field of a record's table against a value. True, false or NULL."""
    column: ColumnElement[Any] = column_of(spec, table)
    match op:
        case "empty":
            return _is_empty(spec, column)
        case "filled":
            return not_(_is_empty(spec, column))
    if spec.column and isinstance(table.c[spec.name].type, UTCDateTime):
        return _test_instant(column, op, value, view)
    if spec.type == "text":  # SQLite's LIKE does not tell capitals from small letters, PostgreSQL's does
        column, value = func.lower(column), _small(value)
    if op == "contains":
        return column.contains(value, autoescape=True)
    if op == "in":
        return column.in_([_kept(spec, one) for one in value])
    if op == "between":
        return column.between(*(_kept(spec, one) for one in value))
    if isinstance(value, bool):
        return column.is_(value) if op == "=" else or_(column.is_(None), column.is_not(value))
    if op == "!=":
        return or_(column.is_(None), column != _kept(spec, value))
    result: ColumnElement[bool] = COMPARE[op](column, _kept(spec, value))
    return result


def _small(value: Any) -> Any:
    return tuple(each.lower() for each in value) if isinstance(value, tuple) else str(value).lower()


def _is_empty(spec: FieldSpec, column: ColumnElement[Any]) -> ColumnElement[bool]:
    none = column.is_(None)
    return or_(none, column == "") if spec.type in ("text", "choice") else none


def _test_instant(column: ColumnElement[Any], op: Op, value: Any, view: View) -> ColumnElement[bool]:
    """A column that holds an instant, tested by local days."""
    if op in ("empty", "filled"):
        return column.is_(None) if op == "empty" else column.is_not(None)
    if op == "in":
        return or_(*(_test_instant(column, "=", day, view) for day in value))
    first, last = value if op == "between" else (value, value)
    begins, ends = view.midnight(first), view.midnight(last + timedelta(days=1))
    within = and_(column >= begins, column < ends)
    tests: dict[Op, ColumnElement[bool]] = {
        ">": column >= ends, ">=": column >= begins, "<": column < begins, "<=": column < ends,
        "!=": or_(column.is_(None), ~within),
    }
    return tests.get(op, within)


def column_of(spec: FieldSpec, table: Any) -> Any:
    """The SQL value of a field: a column of its own, or out of the JSON of the others, where decimals and dates are
    kept as text, so that nothing is lost."""
    if spec.column:
        return table.c[spec.name]
    attribute = table.c.attrs[spec.name]
    if spec.type == "boolean":
        return attribute.as_boolean()
    text = attribute.as_string()
    return cast(text, Float) if spec.type in (*NUMBERS, "lunar_day") else text


def _kept(spec: FieldSpec, value: Any) -> Any:
    """A value as the column or the JSON holds it."""
    if spec.column:
        return value
    if spec.type in NUMBERS:
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
