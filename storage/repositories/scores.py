"""Clients by points: conditions with weights, added up by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, case, func, literal, select

from storage.repositories.base import Repository
from storage.tables import clients

LOST = "lost"


@dataclass(frozen=True, slots=True)
class Scored:
    """A client with points; `held` says of each condition whether it holds."""

    id: int
    name: str
    owner_id: str
    tier: str
    score: int
    held: tuple[bool, ...]


class ScoreRepository(Repository):
    def best(
        self, parts: Sequence[tuple[int, ColumnElement[bool]]], limit: int, owner: str = ""
    ) -> tuple[int, list[Scored]]:
        """How many clients in scope, not lost, have more than 0 points, and those with the most; of equal ones those
        first whom nobody has met for longest. `parts`: (points, condition on `clients`)."""
        if not parts:
            return 0, []
        held = [case((condition, 1), else_=0).label(f"held_{n}") for n, (_, condition) in enumerate(parts)]
        tier = func.coalesce(clients.c.bank_tier, clients.c.insurance_tier, "").label("tier")
        since = func.coalesce(clients.c.last_contact_at, clients.c.created_at).label("since")
        query = select(clients.c.id, clients.c.name, clients.c.owner_id, tier, since, *held)
        query = query.where(self.own(clients), clients.c.stage != LOST)
        asked = (query.where(clients.c.owner_id == owner) if owner else query).cte("asked")
        points: ColumnElement[int] = literal(0, Integer)
        for n, (weight, _) in enumerate(parts):
            points += asked.c[f"held_{n}"] * weight
        scored = select(asked, points.label("points")).cte("scored")
        found = self.uow.execute(
            select(scored, func.count().over().label("total")).where(scored.c.points > 0)
            .order_by(scored.c.points.desc(), scored.c.since, scored.c.id).limit(limit)
        ).all()
        return found[0].total if found else 0, [
            Scored(
                row.id, row.name, row.owner_id, row.tier, int(row.points),
                tuple(bool(row._mapping[f"held_{n}"]) for n in range(len(parts))),
            )
            for row in found
        ]
