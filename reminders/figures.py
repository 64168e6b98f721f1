"""Figures at work: the one computation of each metric of the packs, for digests, answers, reports and charts.

A figure is asked of a `Ledger` (whose scope, as of when, which clients) over a `Span` of days, and comes back by
member, so that a team, a member and a ranking are sums of the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, not_, or_

from config.pack import Metric, Packs
from reminders.calendar import DAY, add_months, day_bounds
from reminders.escalation import missed
from reminders.rules import silence
from reminders.working_hours import WorkingHours
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.values import money_text
from storage.repositories.assets import AssetRepository
from storage.repositories.figures import FigureRepository
from storage.repositories.tiers import differs
from storage.repositories.usage import UsageRepository
from storage.tables import clients

Values = Mapping[str, int | Decimal]
_HIGH = 2  # how many steps of a tier scheme count as its top
NOTHING_TO_COUNT = "没有可算的数据"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included, with what people call them."""

    first: date
    last: date
    words: str

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the day after the last."""
        return self.first, self.last + DAY

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant, and the first after the last day."""
        return day_bounds(self.first, zone)[0], day_bounds(self.last, zone)[1]


@dataclass(frozen=True)
class Ledger:
    """What figures are counted from: the actor's scope now, cut to the clients that satisfy `which`."""

    uow: UnitOfWork
    zone: ZoneInfo
    which: ColumnElement[bool] | None = None

    @cached_property
    def today(self) -> date:
        return local_date(self.uow.now, self.zone)

    @cached_property
    def counts(self) -> FigureRepository:
        return FigureRepository(self.uow, self.which)

    def kinds_with(self, word: str) -> list[str]:
        """Contract kinds whose instalments are called so: 保费."""
        return [kind.name for kind in self.uow.packs.kinds if kind.premium_label == word]

    def open_states(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        return {k.name: k.open_states for k in self.uow.packs.kinds if k.name == kind}

    def assets_on(self, day: date) -> Mapping[str, Decimal]:
        """Assets under management on the morning of a day, by the present adviser; what is now for days to come."""
        if day > self.today:
            return self.counts.assets()
        return AssetRepository(self.uow).totals(day, day_bounds(day, self.zone)[0], self.which)


Count = Callable[[Ledger, Span], Values]


@dataclass(frozen=True, slots=True)
class Computation:
    """How a figure is counted: `part` alone, `part` of `whole` as a share, or `part` on average over `whole`."""

    part: Count
    whole: Count | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric counted: by member, in its unit. Money is in yuan."""

    metric: Metric
    span: Span
    parts: Values
    wholes: Values | None = None

    def part(self, ids: Iterable[str]) -> Decimal:
        return _sum(self.parts, ids)

    def value(self, ids: Iterable[str]) -> Decimal:
        """The figure of these members together; of a share its fraction, of an average that, 0 of nothing."""
        ids = list(ids)
        if self.wholes is None:
            return _sum(self.parts, ids)
        whole = _sum(self.wholes, ids)
        return _sum(self.parts, ids) / whole if whole else Decimal(0)

    def counts_nothing(self, ids: Iterable[str]) -> bool:
        """A share or an average of these members that has nothing to be one of."""
        return self.wholes is not None and not _sum(self.wholes, ids)

    def is_any(self, ids: Iterable[str]) -> bool:
        """Whether there is something to tell: an average of anything (who answers at once takes 0 hours), or anything
        counted."""
        ids = list(ids)
        return not self.counts_nothing(ids) if self._is_average else bool(self.part(ids))

    @property
    def _is_average(self) -> bool:
        return self.wholes is not None and self.metric.unit != "%"

    def text(self, ids: Iterable[str]) -> str:
        """「5,200 元」, 「62.5%（5/8）」, 「3 位」"""
        ids = list(ids)
        if self.wholes is None:
            return amount_text(_sum(self.parts, ids), self.metric.unit)
        part, whole = _sum(self.parts, ids), _sum(self.wholes, ids)
        if self._is_average:
            return f"{part / whole:.1f} {self.metric.unit}（{whole:f} 件）" if whole else NOTHING_TO_COUNT
        return f"{part / whole * 100:.1f}%（{part:f}/{whole:f}）" if whole else NOTHING_TO_COUNT

    @property
    def when(self) -> str:
        """「（上个月）」; nothing for what is counted now."""
        return "" if self.metric.now else f"（{self.span.words}）"


def figure(ledger: Ledger, metric: Metric, span: Span) -> Figure:
    """Count a metric that has a definition."""
    how = COMPUTATIONS[metric.id]
    return Figure(metric, span, how.part(ledger, span), how.whole(ledger, span) if how.whole else None)


def last_days(metric: Metric, today: date) -> Span | None:
    """The days that a metric is of where no span was said; None for one of the month."""
    if not metric.days:
        return None
    return Span(today - DAY * (metric.days - 1), today, f"近 {metric.days} 天")


def amount_text(value: Decimal, unit: str) -> str:
    """A number in its unit: 「60 万元」, 「3 位」."""
    return money_text(value) if unit == "元" else f"{value:f} {unit}"


def months_back(today: date, months: int) -> list[Span]:
    """The last so many calendar months, oldest first; this one ends today."""
    firsts = [add_months(today.replace(day=1), -n) for n in range(months - 1, -1, -1)]
    return [Span(first, min(add_months(first, 1) - DAY, today), f"{first.month}月") for first in firsts]


def _sum(values: Values, ids: Iterable[str]) -> Decimal:
    return sum((Decimal(values.get(i, 0)) for i in ids), Decimal(0))


# ---------------------------------------------------------------- the computations


def _instants(count: Callable[[FigureRepository, datetime, datetime], Values]) -> Count:
    return lambda ledger, span: count(ledger.counts, *span.instants(ledger.zone))


def _days(count: Callable[[FigureRepository, date, date], Values]) -> Count:
    return lambda ledger, span: count(ledger.counts, *span.days)


def _contacts(*kinds: str) -> Count:
    return _instants(lambda counts, first, end: counts.contacts(first, end, kinds))


def _clients(ledger: Ledger, span: Span) -> Values:
    return ledger.counts.clients()


def _premium(ledger: Ledger, span: Span) -> Values:
    return ledger.counts.paid(*span.days, ledger.kinds_with("保费"))


def _overdue(ledger: Ledger, span: Span) -> Values:
    return ledger.counts.unpaid_before(ledger.today, states_in_force(ledger.uow))


def states_in_force(uow: UnitOfWork) -> list[str]:
    """States of contracts in which an unpaid instalment is still waited for."""
    return sorted({state for kind in uow.packs.kinds for state in kind.open_states} - {"suspended"})


def _silent(ledger: Ledger, span: Span) -> Values:
    return ledger.counts.having(silence(ledger.uow.packs, ledger.today, ledger.zone))


def _missed(ledger: Ledger, span: Span) -> Values:
    return Counter(reminder.receiver_id for reminder in missed(ledger.uow, ledger.zone))


def _kept(ledger: Ledger, span: Span) -> Values:
    first, end = span.instants(ledger.zone)
    base, gone = ledger.counts.kept(first), ledger.counts.kept(first, end)
    return {owner: count - gone.get(owner, 0) for owner, count in base.items()}


def _grown(ledger: Ledger, span: Span) -> Values:
    before, after = ledger.assets_on(span.first), ledger.assets_on(span.last + DAY)
    return {owner: after.get(owner, Decimal(0)) - before.get(owner, Decimal(0)) for owner in {*before, *after}}


def high_tiers(packs: Packs) -> ColumnElement[bool]:
    """Clients in the top steps of any tier scheme."""
    tops = [
        clients.c[scheme.name].in_([t.name for t in sorted(scheme.tiers, key=lambda t: -t.rank)[:_HIGH]])
        for scheme in packs.tiers if scheme.name in clients.c
    ]
    return or_(clients.c.id.is_(None), *tops)


def _high_met(ledger: Ledger, span: Span) -> Values:
    high = high_tiers(ledger.uow.packs)
    high = high if ledger.which is None else and_(high, ledger.which)
    return Ledger(ledger.uow, ledger.zone, high).counts.clients_contacted(*span.instants(ledger.zone))


def _tier_changes(*, up: bool) -> Count:
    def count(ledger: Ledger, span: Span) -> Values:
        standard = ledger.uow.standards.in_force().standard
        ranks = standard.ranks if standard else {}
        return ledger.counts.tier_changes(*span.instants(ledger.zone), ranks, up=up) if ranks else {}
    return count


def _set_by_hand(ledger: Ledger, span: Span) -> Values:
    return ledger.counts.having(_BY_HAND)


def _set_right(ledger: Ledger, span: Span) -> Values:
    standard = ledger.uow.standards.in_force().standard
    return ledger.counts.having(and_(_BY_HAND, not_(differs(standard)))) if standard else {}


def _suggested(*, accepted: bool) -> Count:
    """Reminders by which a rule in force suggests a product."""
    def count(ledger: Ledger, span: Span) -> Values:
        lines = [line.id for line in ledger.uow.rules.in_force().lines if line.suggests]
        days = span.instants(ledger.zone)
        return ledger.counts.fired(*days, rules=lines, accepted=accepted) if lines else {}
    return count


def _active(ledger: Ledger, span: Span) -> Values:
    (active,) = UsageRepository(ledger.uow).active([span.instants(ledger.zone)])
    return dict.fromkeys(active, 1)


def _members(ledger: Ledger, span: Span) -> Values:
    return dict.fromkeys(UsageRepository(ledger.uow).members(), 1)


def _tickets(flow: str = "") -> Count:
    return _instants(lambda counts, first, end: counts.tickets(first, end, flow))


def _answer_hours(ledger: Ledger, span: Span) -> Values:
    """Working hours from the opening of each ticket to its first answer, summed."""
    worked, hours = WorkingHours.of(ledger.uow.packs, ledger.zone), Counter[str]()
    for owner, opened, answered in ledger.counts.first_answers(*span.instants(ledger.zone)):
        hours[owner] += round(worked.between(opened, answered) / _SECOND)
    return {owner: Decimal(seconds) / 3600 for owner, seconds in hours.items()}


def _answers(ledger: Ledger, span: Span) -> Values:
    return Counter(owner for owner, *_ in ledger.counts.first_answers(*span.instants(ledger.zone)))


_SECOND = timedelta(seconds=1)
COMPLAINT, CLAIM = "complaint", "claim"  # flows of the packs
SATISFIED = 4  # of 5
# Figures of the members themselves: no client, and so no tier or tag, tells them apart.
BY_MEMBER_ALONE = frozenset({"missed_care", "usage_rate"})
# Tiers that somebody set, of clients whose assets say what they should be.
_BY_HAND = and_(clients.c.tier_set_by.is_not(None), clients.c.aum.is_not(None), clients.c.stage != "lost")
_NEW = _instants(FigureRepository.new_clients)
_REFERRED = _instants(FigureRepository.referrals)
_FIRED = _instants(lambda counts, first, end: counts.fired(first, end))
_BASE = _instants(lambda counts, first, end: counts.kept(first))
COMPUTATIONS: Mapping[str, Computation] = {
    "new_clients": Computation(_NEW),
    "client_count": Computation(_clients),
    "referrals": Computation(_REFERRED),
    "referral_rate": Computation(_REFERRED, _NEW),
    "referral_conversion": Computation(_instants(FigureRepository.referrals_won), _REFERRED),
    "conversion": Computation(_instants(FigureRepository.won), _NEW),
    "lost_clients": Computation(_instants(FigureRepository.lost)),
    "loss_rate": Computation(_instants(lambda counts, first, end: counts.kept(first, end)), _BASE),
    "retention": Computation(_kept, _BASE),
    "silent_clients": Computation(_silent),
    "vip_activity": Computation(_high_met, lambda ledger, span: ledger.counts.having(high_tiers(ledger.uow.packs))),
    "tier_ups": Computation(_tier_changes(up=True)),
    "tier_downs": Computation(_tier_changes(up=False)),
    "tier_accuracy": Computation(_set_right, _set_by_hand),
    "follow_ups": Computation(_contacts()),
    "visits": Computation(_contacts("visit", "meeting")),
    "calls": Computation(_contacts("call")),
    "followup_rate": Computation(_instants(FigureRepository.clients_contacted), _clients),
    "reminders_done": Computation(_instants(FigureRepository.reminders_done)),
    "reminders_fired": Computation(_FIRED),
    "reminder_uptake": Computation(_instants(lambda counts, first, end: counts.fired(first, end, done=True)), _FIRED),
    "suggestion_uptake": Computation(_suggested(accepted=True), _suggested(accepted=False)),
    "missed_care": Computation(_missed),
    "policy_count": Computation(lambda ledger, span: ledger.counts.contracts(ledger.open_states("policy"))),
    "deals": Computation(_days(FigureRepository.deals)),
    "premium": Computation(_premium),
    "payments": Computation(_days(FigureRepository.payments)),
    "overdue_count": Computation(_overdue),
    "renewals_due": Computation(_days(FigureRepository.policies_ended)),
    "renewals_done": Computation(_instants(FigureRepository.renewals)),
    "renewal_rate": Computation(_days(FigureRepository.policies_renewed), _days(FigureRepository.policies_ended)),
    "aum": Computation(lambda ledger, span: ledger.assets_on(span.last + DAY)),
    "aum_change": Computation(_grown),
    "tickets": Computation(_tickets()),
    "complaints": Computation(_tickets(COMPLAINT)),
    "complaint_rate": Computation(
        _instants(lambda counts, first, end: counts.clients_with_tickets(first, end, COMPLAINT)), _clients
    ),
    "claims": Computation(_tickets(CLAIM)),
    "response_time": Computation(_answer_hours, _answers),
    "usage_rate": Computation(_active, _members),
    "satisfaction": Computation(
        _instants(lambda counts, first, end: counts.ratings(first, end, SATISFIED)), _instants(FigureRepository.ratings)
    ),
}
