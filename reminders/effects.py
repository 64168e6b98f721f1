"""What reminders and suggestions came to, rule by rule (R130): fired, done, put off, not needed and why, missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from config.pack import AT
from reminders.figures import Span
from reminders.working_hours import WorkingHours
from storage.database import UnitOfWork
from storage.repositories.effects import EffectRepository, Fate

REASONS = ("客户已办理", "客户不需要", "暂时联系不上", "在别处办了", "重复提醒", "其他")  # offered on the card
OTHER, NO_REASON = "其他", "没写原因"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Effect:
    """What a rule came to over all its receivers. `reasons` are why some were not needed, in words that name nobody;
    `missed` are still open beyond the hours after which they count as missed care."""

    rule: str
    category: str
    fired: int = 0
    done: int = 0
    snoozed: int = 0
    dismissed: int = 0
    escalated: int = 0
    accepted: int = 0
    missed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many are open."""
        return self.fired - self.done - self.dismissed


def effects(uow: UnitOfWork, span: Span, zone: ZoneInfo) -> list[Effect]:
    """What each rule came to over a span of days in the actor's scope, those that fired most first."""
    found, days = EffectRepository(uow), span.instants(zone)
    parts: dict[str, list[Fate]] = {}
    category: dict[str, str] = {}
    for fate in found.by_rule(*days):
        parts.setdefault(_rule(fate.rule), []).append(fate)
        category.setdefault(_rule(fate.rule), fate.category)
    reasons: dict[str, Counter[str]] = {}
    for rule, reason in found.refusals(*days):
        reasons.setdefault(_rule(rule), Counter())[_known(uow, reason)] += 1
    missed = _missed(uow, found, span, zone)
    made = [
        _added(rule, category[rule], of_rule, missed[rule], reasons.get(rule, {})) for rule, of_rule in parts.items()
    ]
    return sorted(made, key=lambda effect: (-effect.fired, effect.rule))


def total(found: Sequence[Effect]) -> Effect:
    """All of them together."""
    reasons = Counter[str]()
    for effect in found:
        reasons.update(effect.reasons)
    return _added("", "", found, sum(effect.missed for effect in found), reasons)


def _added(rule: str, category: str, parts: Iterable[Fate | Effect], missed: int, reasons: Mapping[str, int]) -> Effect:
    sums = Counter[str]()
    for part in parts:
        for name in ("fired", "done", "snoozed", "dismissed", "escalated", "accepted"):
            sums[name] += getattr(part, name)
    return Effect(rule, category, **sums, missed=missed, reasons=dict(reasons))


def _rule(line: str) -> str:
    return line.partition(AT)[0]


def _known(uow: UnitOfWork, reason: str) -> str:
    """The reason in words that many use; what somebody wrote himself may name a client."""
    head = reason.partition("：")[0]
    if not reason:
        return NO_REASON
    return head if head in REASONS or head in {loss.name for loss in uow.packs.loss_reasons} else OTHER


def _missed(uow: UnitOfWork, found: EffectRepository, span: Span, zone: ZoneInfo) -> Counter[str]:
    hours, limits = WorkingHours.of(uow.packs, zone), uow.escalations.in_force().limits
    until = {name: hours.before(uow.now, _HOUR * limit.missed) for name, limit in limits.items()}
    waiting = found.waiting(*span.instants(zone))
    return Counter(_rule(w.rule) for w in waiting if w.category in until and w.since <= until[w.category])
