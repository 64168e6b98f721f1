"""Tickets counted: opened, ended, first answers, and those behind their red line; in the actor's own scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, func, or_, select

from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import clients, ticket_limits, tickets


class LateTicket(NamedTuple):
    """One that nobody dealt with in time."""

    number: int
    flow: str
    owner_id: str
    handler_id: str | None
    client_name: str
    red_at: datetime


class TicketFigureRepository(Repository):
    def opened(self, start: datetime, end: datetime) -> dict[str, int]:
        """How many were opened in [start, end), by flow."""
        return self._by_flow(tickets.c.created_at >= start, tickets.c.created_at < end)

    def ended(self, start: datetime, end: datetime) -> dict[str, int]:
        """How many ended in [start, end), by flow."""
        return self._by_flow(tickets.c.ended_at >= start, tickets.c.ended_at < end)

    def first_answers(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """(opened, answered) of those that got their first answer in [start, end)."""
        query = select(tickets.c.created_at, tickets.c.answered_at).where(
            tickets.c.answered_at >= start, tickets.c.answered_at < end, self.own(tickets)
        )
        return [(row.created_at, row.answered_at) for row in self.uow.execute(query)]

    def causes(self, start: datetime, end: datetime, flow: str = "") -> dict[tuple[str, str], int]:
        """How many ended in [start, end) for each (flow, cause), the cause "" where none was told; of one flow if
        given. Whoever has no clients gets the numbers of the whole firm: none of them names anybody."""
        scope = self.uow.own_scope
        c = tickets.c
        query = select(c.flow, c.cause, func.count()).where(
            c.ended_at >= start, c.ended_at < end, *([c.flow == flow] if flow else []),
            visible("all" if scope == "none" else scope, c.owner_id),
        )
        found: Any = self.uow.execute(query.group_by(c.flow, c.cause))
        return {(of_flow, cause or ""): int(count) for of_flow, cause, count in found}

    def behind_the_red_line(self, now: datetime, limit: int, of: str = "") -> list[LateTicket]:
        """Open ones with a limit whose red line is over, the longest ago first, `of` one member or of all; the look is
        on the trail."""
        red = func.min(ticket_limits.c.red_at)
        query = (
            select(tickets.c.id, tickets.c.client_id, tickets.c.number, tickets.c.flow, tickets.c.owner_id,
                   tickets.c.handler_id, clients.c.name, red.label("red_at"))
            .join(ticket_limits, ticket_limits.c.ticket_id == tickets.c.id)
            .join(clients, clients.c.id == tickets.c.client_id)
            .where(*self._late(now, of)).group_by(tickets.c.id, clients.c.name).order_by(red, tickets.c.id).limit(limit)
        )  # fmt: skip
        found: list[Row[Any]] = list(self.uow.execute(query))
        self.uow.audit.listed("ticket", [(row.id, row.client_id) for row in found], section="tickets")
        return [
            LateTicket(row.number, row.flow, row.owner_id, row.handler_id, row.name, row.red_at) for row in found
        ]

    def count_behind_the_red_line(self, now: datetime, of: str = "") -> int:
        """How many there are."""
        query = (
            select(func.count(tickets.c.id.distinct()))
            .join(ticket_limits, ticket_limits.c.ticket_id == tickets.c.id).where(*self._late(now, of))
        )  # fmt: skip
        return int(self.uow.execute(query).scalar_one())

    def _late(self, now: datetime, of: str) -> list[ColumnElement[bool]]:
        his = [or_(tickets.c.owner_id == of, tickets.c.handler_id == of)] if of else []
        running = ticket_limits.c.stopped_at.is_(None)
        return [ticket_limits.c.red_at < now, running, tickets.c.ended_at.is_(None), self.own(tickets), *his]

    def _by_flow(self, *conditions: ColumnElement[bool]) -> dict[str, int]:
        query = select(tickets.c.flow, func.count()).where(*conditions, self.own(tickets)).group_by(tickets.c.flow)
        found: Any = self.uow.execute(query)
        return dict(tuple(row) for row in found)
