"""Who may leave: signs added up by the weights of the packs, each with its reason in words (R228)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from reminders.calendar import DAY, day_bounds
from reminders.figures import states_in_force
from reminders.rules import silence
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.repositories.assets import AssetRepository
from storage.repositories.churn import AtRisk, ChurnRepository


@dataclass(frozen=True, slots=True)
class Warned:
    """A client who may leave; `reasons` in words, the heaviest first."""

    client: AtRisk
    score: int
    reasons: tuple[str, ...]


@dataclass
class _Signs:
    """(weight, words) by client."""

    by_client: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, weight: int, found: Mapping[int, str]) -> None:
        for client_id, words in found.items():
            self.by_client.setdefault(client_id, []).append((weight, words))


def warnings(uow: UnitOfWork, zone: ZoneInfo, owner: str = "") -> list[Warned]:
    """Clients in scope who show a sign, the highest score first; of one adviser if given. Of equal ones those first
    whom nobody has met for longest."""
    today, signs = local_date(uow.now, zone), _Signs()
    repository = ChurnRepository(uow)
    if signal := uow.packs.signal("assets_drop"):
        since = today - DAY * signal.days
        fallen = AssetRepository(uow).drops(since, day_bounds(since, zone)[0], signal.percent, signal.least)
        words = {m.client_id: f"{signal.days} 天资产降 {-(m.percent or 0)}%" for m in fallen}
        signs.add(signal.weight, words)
    if signal := uow.packs.signal("overdue"):
        late = repository.overdue(today, states_in_force(uow))
        signs.add(signal.weight, {client: f"逾期未缴 {count} 笔" for client, count in late.items()})
    if signal := uow.packs.signal("lost_policy"):
        gone = repository.lost_policies(today - DAY * signal.days, today)
        words = {client: f"近 {signal.days} 天 {count} 份保单没有续" for client, count in gone.items()}
        signs.add(signal.weight, words)
    if signal := uow.packs.signal("at_risk"):
        signs.add(signal.weight, dict.fromkeys(repository.in_stage("at_risk"), signal.label))
    quiet = uow.packs.signal("silence")
    silent = repository.silent(silence(uow.packs, today, zone)) if quiet else set()
    named = repository.named({*signs.by_client, *silent}, owner)
    if quiet:
        signs.add(quiet.weight, {c.id: silent_words(c, uow, zone) for c in named if c.id in silent})
    return sorted(
        (_warned(client, signs.by_client[client.id]) for client in named),
        key=lambda warned: (-warned.score, warned.client.since, warned.client.id),
    )


def silent_clients(uow: UnitOfWork, zone: ZoneInfo) -> list[AtRisk]:
    """Who is over the longest silence that his tier allows, in the actor's scope, the longest first."""
    repository = ChurnRepository(uow)
    ids = repository.silent(silence(uow.packs, local_date(uow.now, zone), zone))
    return sorted(repository.named(ids), key=lambda client: (client.since, client.id))


def silent_words(client: AtRisk, uow: UnitOfWork, zone: ZoneInfo) -> str:
    """65 天没联系"""
    return f"{(local_date(uow.now, zone) - local_date(client.since, zone)).days} 天没联系"


def _warned(client: AtRisk, signs: list[tuple[int, str]]) -> Warned:
    ranked = sorted(signs, key=lambda sign: -sign[0])
    return Warned(client, sum(weight for weight, _ in ranked), tuple(words for _, words in ranked))
