"""The clients by tier: how many, with what assets, and who moved this month (R237). Counted by the same figures as
「各等级客户数」 and 「各等级管理资产」."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import ColumnElement

from config.pack import TierScheme
from reminders.answers import UNKNOWN
from reminders.figures import COMPUTATIONS, Ledger, Span
from storage.model.values import money_text
from storage.tables import clients


def tier_lines(ledger: Ledger, span: Span, ids: Sequence[str]) -> list[str]:
    """One part for each scheme that has clients in scope; then the moves of the span. `ids`: whose clients."""
    schemes = [scheme for scheme in ledger.uow.packs.tiers if scheme.name in clients.c]
    found = [line for scheme in schemes for line in _scheme(ledger, scheme, span, ids)]
    if not found:
        return []
    ups, downs = (_sum(ledger, name, span, ids) for name in ("tier_ups", "tier_downs"))
    return [*found, f"等级变动（{span.words}）：升档 {ups:f} 次，降档 {downs:f} 次"]


def _scheme(ledger: Ledger, scheme: TierScheme, span: Span, ids: Sequence[str]) -> Iterator[str]:
    column = clients.c[scheme.name]
    steps: list[tuple[str, ColumnElement[bool]]] = [
        (tier.name, column == tier.name) for tier in sorted(scheme.tiers, key=lambda tier: -tier.rank)
    ]
    rows: list[tuple[str, Decimal, Decimal]] = []  # the tier, its clients, their assets
    for name, which in (*steps, (UNKNOWN, column.is_(None))):
        part = replace(ledger, which=which)
        rows.append((name, _sum(part, "client_count", span, ids), _sum(part, "aum", span, ids)))
    if not any(count for name, count, _ in rows if name != UNKNOWN):
        return
    everybody, everything = sum((row[1] for row in rows), Decimal(0)), sum((row[2] for row in rows), Decimal(0))
    yield f"{scheme.label}：共 {everybody:f} 位，管理资产 {money_text(everything)}"
    for name, count, assets in rows:
        if count:
            share = f"，{money_text(assets)}（{assets / everything:.0%}）" if assets else ""
            yield f"· {name} {count:f} 位（{count / everybody:.0%}）{share}"


def _sum(ledger: Ledger, name: str, span: Span, ids: Sequence[str]) -> Decimal:
    counted = COMPUTATIONS[name].part(ledger, span)
    return sum((Decimal(counted.get(user_id, 0)) for user_id in ids), Decimal(0))
