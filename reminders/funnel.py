"""The way of new clients: entered → reached → first contract → another one; and at which stage all clients are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reminders.figures import Ledger, Span, Values

DEFINITION = "期间内建档的客户中，联系过或有合同的、有合同的、有两份及以上合同的（续保的下一期不另算），按现在的顾问算"


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    values: Values

    def count(self, ids: Iterable[str]) -> int:
        return sum(int(self.values.get(i, 0)) for i in ids)


def steps(ledger: Ledger, span: Span) -> list[Step]:
    """Each step counts a part of the one before."""
    first, end = span.instants(ledger.zone)
    counts = ledger.counts
    return [
        Step("建档", counts.new_clients(first, end)), Step("已联系", counts.reached(first, end)),
        Step("已签约", counts.won(first, end)), Step("再签约", counts.won(first, end, 2)),
    ]


def stages(ledger: Ledger) -> list[tuple[str, int]]:
    """(label, clients) of every stage of the packs, in their order."""
    found = ledger.counts.stages()
    return [(stage.label, found.get(stage.name, 0)) for stage in ledger.uow.packs.stages]
