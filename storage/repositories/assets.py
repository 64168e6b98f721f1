"""Assets under management over time: what was known on the morning of a day, what changed since.

Only changes are kept, not a row a day: a thousand clients of whom ten move make ten rows, and the amount of any
day is the latest row before it. The present amount stands with the client."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)

from storage.conditions.asset_change import amount_noted, amount_now, amount_then, in_cents
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import asset_history, clients

Span = tuple[int, int]  # yuan, from the first on and below the second


@dataclass(frozen=True, slots=True)
class Moved:
    """A client whose assets are not what they were, in yuan."""

    client_id: int
    name: str
    owner_id: str
    tier: str
    before: Decimal
    now: Decimal

    @property
    def change(self) -> Decimal:
        return self.now - self.before

    @property
    def percent(self) -> int | None:
        """The change in full percent of what there was; None where there was nothing."""
        return round(self.change / self.before * 100) if self.before else None


class AssetRepository(Repository):
    """`midnight` is the first instant of `day` where the reader is."""

    def note_changes(self, day: date) -> int:
        """Write down what differs from the latest row of each client; how many did. A second run adds nothing."""
        known, now = amount_noted(asset_history.c.since <= day), amount_now()
        changed = or_(and_(known.is_(None), clients.c.aum.is_not(None)), known != now)
        rows = select(clients.c.id, literal(day, Date), clients.c.owner_id, now).where(changed, ~_has_row_of(day))
        columns = ["client_id", "since", "owner_id", "amount"]
        statement = insert(asset_history).from_select(columns, rows).execution_options(preserve_rowcount=True)
        return max(0, self.uow.conn.execute(statement).rowcount)

    def note(self, client: Client, since: date, amount: Decimal) -> None:
        """What a client had from a morning on, for records that come with their history."""
        row = {"client_id": client.id, "owner_id": client.owner_id, "since": since, "amount": amount}
        self.uow.conn.execute(insert(asset_history).values(row))

    def totals(self, day: date, midnight: datetime, which: ColumnElement[bool] | None = None) -> dict[str, Decimal]:
        """Assets on the morning of a day by the present adviser, of the clients that satisfy a condition.

        Who was entered later counts nothing; who was there before the first row counts what that row says."""
        query = select(clients.c.owner_id, func.sum(amount_then(day, midnight))).where(self.own(clients))
        query = query if which is None else query.where(which)
        found: Any = self.uow.execute(query.group_by(clients.c.owner_id))
        return {owner: Decimal(total or 0) for owner, total in found}

    def movers(self, day: date, midnight: datetime, limit: int, owner: str = "") -> list[Moved]:
        """Whose assets changed most since the morning of a day, up or down; of one adviser if given."""
        moved = self._moved(day, midnight, owner)
        change = in_cents(moved.c.now) - in_cents(moved.c.before)
        query = select(moved).where(change != 0).order_by(func.abs(change).desc(), moved.c.id).limit(limit)
        found = self._rows(query)
        self.uow.audit.listed("client", [(row.client_id, row.client_id) for row in found], section="assets")
        return found

    def drops(self, day: date, midnight: datetime, percent: int, least: int, limit: int = 2000) -> list[Moved]:
        """Whose assets fell since the morning of a day by so many percent and yuan at least, the largest first."""
        moved = self._moved(day, midnight)
        before, now = in_cents(moved.c.before), in_cents(moved.c.now)
        fell = and_(
            before > 0, before - now >= least * 100,
            now * literal(100, Integer) <= before * literal(100 - percent, Integer),
        )
        return self._rows(select(moved).where(fell).order_by((before - now).desc(), moved.c.id).limit(limit))

    def near(self, spans: Collection[Span], limit: int, owner: str = "") -> list[Moved]:
        """Clients whose assets lie in one of these spans now, the richest first; of one adviser if given."""
        return self._richest(or_(*(_within(amount_now(), span) for span in spans)), limit, owner)

    def high(self, which: ColumnElement[bool], limit: int, owner: str = "") -> list[Moved]:
        """Clients that satisfy a condition, the richest first; of one adviser if given."""
        return self._richest(which, limit, owner)

    def came_near(self, day: date, spans: Collection[Span]) -> dict[str, int]:
        """How many clients of each adviser came into one of these spans by what was noted on a day, and were not in it
        before. One who is known for the first time has come from nowhere."""
        before, now = amount_noted(asset_history.c.since < day), amount_noted(asset_history.c.since == day)
        came = or_(*(and_(_within(now, span), not_(_within(before, span))) for span in spans))
        query = select(clients.c.owner_id, func.count()).where(
            self.own(clients), clients.c.stage != "lost", _has_row_of(day), before.is_not(None), came
        )
        found: Any = self.uow.execute(query.group_by(clients.c.owner_id))
        return {owner: int(count) for owner, count in found}

    def _richest(self, which: ColumnElement[bool], limit: int, owner: str) -> list[Moved]:
        tier = func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, "")
        query = select(
            clients.c.id, clients.c.name, clients.c.owner_id, tier,
            amount_now().label("before"), amount_now().label("now"),
        ).where(self.own(clients), clients.c.stage != "lost", which)
        query = query.where(clients.c.owner_id == owner) if owner else query
        found = self._rows(query.order_by(in_cents(amount_now()).desc(), clients.c.id).limit(limit))
        self.uow.audit.listed("client", [(row.client_id, row.client_id) for row in found], section="assets")
        return found

    def of_client(self, client_id: int) -> list[tuple[date, Decimal]]:
        """(since, amount) of one client, oldest first; nothing for one out of scope."""
        query = select(asset_history.c.since, asset_history.c.amount).where(
            asset_history.c.client_id == client_id, self.mine(asset_history)
        )
        return [(row.since, row.amount) for row in self.uow.execute(query.order_by(asset_history.c.since))]

    def _moved(self, day: date, midnight: datetime, owner: str = "") -> Subquery:
        """Clients in scope that are not lost, with what they had and have."""
        tier = func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, "")
        query = select(
            clients.c.id, clients.c.name, clients.c.owner_id, tier.label("tier"),
            amount_then(day, midnight).label("before"), amount_now().label("now"),
        ).where(self.own(clients), clients.c.stage != "lost")
        return (query.where(clients.c.owner_id == owner) if owner else query).subquery("moved")

    def _rows(self, query: Select[Any]) -> list[Moved]:
        found: Any = self.uow.execute(query)
        return [Moved(*row) for row in found]


def _within(amount: Any, span: Span) -> ColumnElement[bool]:
    first, end = span
    return and_(in_cents(amount) >= first * 100, in_cents(amount) < end * 100)


def _has_row_of(day: date) -> ColumnElement[bool]:
    row = select(asset_history.c.client_id).where(
        asset_history.c.client_id == clients.c.id, asset_history.c.since == day
    )
    return row.exists()
