"""How many records of a client a counted tag is about: one definition for 筛选, the card and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, true

from config.pack import Counted
from storage.tables import contracts, instalments, interactions, relations

REFERRER = "referrer"


class Sort(Protocol):
    """Which records count: of what sort, and of which kinds of it (all when empty)."""

    @property
    def of(self) -> Literal["contact", "contract", "late_payment", "referral"]: ...

    @property
    def kinds(self) -> tuple[str, ...]: ...


BETWEEN = ","


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count, today included: as values, or as parameters of a prepared statement."""

    since: Any  # the first instant
    first: Any  # the first local day
    today: Any


def window(days: int, today: date, zone: ZoneInfo) -> Window:
    """The last so many days."""
    first = today - timedelta(days=days - 1)
    return Window(datetime.combine(first, time(), zone), first, today)


def counted_for(counted: Sort, client_id: ColumnElement[Any], days: Window) -> Select[int]:
    """How many of its records a client has in the window."""
    records = _records(counted, client_id, days)
    return select(func.count(records.id)).where(records.of_client, records.recent, records.counts)


def counted_together(
    several: Sequence[Counted], client_id: ColumnElement[Any], today: date, zone: ZoneInfo
) -> Select[str]:
    """The numbers of several that look at the same sort of record, in their order, as one text with commas between:
    each record is looked at once, however many ask for it."""
    asked = [_records(counted, client_id, window(counted.days, today, zone)) for counted in several]
    numbers: list[ColumnElement[str]] = [
        cast(func.count(records.id).filter(records.recent, records.counts), String) for records in asked
    ]
    text = reduce(lambda said, number: said + BETWEEN + number, numbers)
    return select(text).where(asked[0].of_client, or_(*(records.recent for records in asked)))


@dataclass(frozen=True, slots=True)
class _Records:
    """Where a counted tag looks: whose records, how far back, and which of them count."""

    id: ColumnElement[int]
    of_client: ColumnElement[bool]
    recent: ColumnElement[bool]
    counts: ColumnElement[bool]


def _records(counted: Sort, client_id: ColumnElement[Any], days: Window) -> _Records:
    match counted.of:
        case "contact":
            c = interactions.c
            return _Records(c.id, c.client_id == client_id, c.happened_at >= days.since, _of(c.kind, counted))
        case "contract":
            k = contracts.c
            new = and_(k.previous_id.is_(None), k.starts_on <= days.today, _of(k.kind, counted))
            return _Records(k.id, k.client_id == client_id, k.starts_on >= days.first, new)
        case "late_payment":
            i = instalments.c
            late = or_(i.paid_on > i.due_on, and_(i.state == "due", i.due_on < days.today))
            return _Records(i.id, i.client_id == client_id, i.due_on >= days.first, late)
        case "referral":
            r = relations.c
            return _Records(r.id, r.other_id == client_id, r.created_at >= days.since, r.kind == REFERRER)


def _of(kind: ColumnElement[Any], counted: Sort) -> ColumnElement[bool]:
    """One by one, because a prepared statement takes no lists."""
    return or_(*(kind == one for one in counted.kinds)) if counted.kinds else true()
