"""Who may buy more: what the packs say speaks for a client, added up, each with its reason and points (R126)."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.pack import Packs, Potential
from reminders.rule_conditions import dictionary_of
from storage.conditions import View, compiled, read
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.people import SYSTEM
from storage.repositories.scores import Scored, ScoreRepository


@dataclass(frozen=True, slots=True)
class Promising:
    """A client with points; `reasons` are what speaks for and against him, as `factors` orders them."""

    client: Scored
    reasons: tuple[Potential, ...]


def factors(packs: Packs) -> list[Potential]:
    """What counts under the packs in force: what speaks for a client, the heaviest first, then what speaks against."""
    return sorted((p for p in packs.potentials if p.weight), key=lambda p: (p.weight < 0, -abs(p.weight), p.id))


def promising(uow: UnitOfWork, zone: ZoneInfo, limit: int, owner: str = "") -> tuple[int, list[Promising]]:
    """How many clients in scope (of one adviser if given) have more than 0 points, and the first of them."""
    today, asked = local_date(uow.now, zone), factors(uow.packs)
    view, words = View(uow.packs, today, zone), dictionary_of(uow.packs)
    parts = [(p.weight, compiled(read(p.when, words, SYSTEM.role, today, kept=True), view)) for p in asked]
    total, found = ScoreRepository(uow).best(parts, limit, owner)
    return total, [
        Promising(client, tuple(p for p, holds in zip(asked, client.held, strict=True) if holds)) for client in found
    ]
