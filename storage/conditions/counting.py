"""How many records of a client a counted tag is about: one definition for 筛选, the card and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from config.pack import Counted
from storage.tables import contracts, instalments, interactions, relations

REFERRER = "referrer"


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


def counted_for(counted: Counted, client_id: ColumnElement[Any], days: Window) -> Select[int]:
    """How many of its records a client has in the window."""
    match counted.of:
        case "contact":
            c = interactions.c
            of = and_(c.client_id == client_id, c.happened_at >= days.since, *_of(c.kind, counted))
            return select(func.count(c.id)).where(of)
        case "contract":
            k = contracts.c
            new = and_(k.previous_id.is_(None), k.starts_on >= days.first, k.starts_on <= days.today)
            return select(func.count(k.id)).where(k.client_id == client_id, new, *_of(k.kind, counted))
        case "late_payment":
            i = instalments.c
            late = or_(i.paid_on > i.due_on, and_(i.state == "due", i.due_on < days.today))
            return select(func.count(i.id)).where(i.client_id == client_id, i.due_on >= days.first, late)
        case "referral":
            r = relations.c
            told = and_(r.other_id == client_id, r.kind == REFERRER, r.created_at >= days.since)
            return select(func.count(r.id)).where(told)


def _of(kind: ColumnElement[Any], counted: Counted) -> list[ColumnElement[bool]]:
    """One by one, because a prepared statement takes no lists."""
    return [or_(*(kind == one for one in counted.kinds))] if counted.kinds else []
