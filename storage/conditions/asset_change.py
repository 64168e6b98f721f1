"""What a client's assets under management are and were: one definition for lists, figures, signals and conditions.

Only changes are kept (`asset_history`): the amount of any day is the latest row before it; the present one stands with
the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, literal, select, type_coerce

from storage.columns import Fixed
from storage.conditions.facts import COMPARE, Fact, Op, View
from storage.model.periods import Period
from storage.tables import asset_history, clients

_MONEY = Fixed(2)
Way = Literal["change", "fall", "rise"]


def amount_noted(*rows: ColumnElement[bool], newest: bool = True) -> Any:
    """The latest (or first) amount of each client among rows of the history: one step in its primary key."""
    order = asset_history.c.since.desc() if newest else asset_history.c.since
    own = asset_history.c.client_id == clients.c.id
    query = select(asset_history.c.amount).where(own, *rows).order_by(order).limit(1)
    return query.correlate(clients).scalar_subquery()


def amount_now() -> ColumnElement[Any]:
    return func.coalesce(clients.c.aum, literal(0, _MONEY))


def amount_then(day: date, midnight: datetime) -> ColumnElement[Any]:
    """What a client had on the morning of a day, of which `midnight` is the first instant. Who was entered later had
    nothing; who was there before the first row had what that row says."""
    first = func.coalesce(amount_noted(newest=False), amount_now())
    unknown = case((clients.c.created_at >= midnight, literal(0, _MONEY)), else_=first)
    return func.coalesce(amount_noted(asset_history.c.since <= day), unknown)


def in_cents(amount: Any) -> Any:
    """Cents as they are kept, to be reckoned with."""
    return type_coerce(amount, BigInteger)


@dataclass(frozen=True, slots=True)
class Change:
    """By how much: `way` says whether a change with its sign is meant, a fall or a rise; `share`: in percent of what
    there was, else in yuan. `number` is one bound, or two of a range."""

    period: Period
    way: Way
    share: bool
    number: Decimal | tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class AssetChange(Fact):
    """What the assets are now less what they were on the morning of the day a period ago."""

    label: str = "管理资产变动"
    type: str = "change"

    def test(self, op: Op, value: Change, view: View) -> ColumnElement[bool]:
        before, change = self._before(value, view), self.measure(value, view)
        moved = -change if value.way == "fall" else change
        # There is no share of nothing. Tenths of a percent, so that all are whole numbers, and none too large to keep.
        scale = 1000 if value.share else 1
        asked = [before > 0] if value.share else []
        if value.way != "change":
            asked.append(moved > 0)
        bounds = value.number if isinstance(value.number, tuple) else (value.number,)
        borders: list[ColumnElement[Any]] = [
            literal(int(bound * 10), BigInteger) * before if value.share else literal(int(bound * 100), BigInteger)
            for bound in bounds
        ]
        if op == "between":
            asked += [moved * scale >= borders[0], moved * scale <= borders[1]]
        else:
            asked.append(COMPARE[op](moved * scale, borders[0]))
        return and_(*asked)

    def measure(self, value: Change, view: View) -> ColumnElement[Any]:
        """The change in cents, as SQL on a row of `clients`."""
        result: ColumnElement[Any] = in_cents(amount_now()) - self._before(value, view)
        return result

    def _before(self, value: Change, view: View) -> Any:
        day = value.period.before(view.today)
        return in_cents(amount_then(day, view.midnight(day)))
