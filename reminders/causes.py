"""What tickets come from: the causes that were chosen when they ended, the most frequent first (R167)."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.pack import Packs
from reminders.figures import Span
from storage.database import UnitOfWork
from storage.repositories.ticket_figures import TicketFigureRepository

UNTOLD = "没有记原因"


@dataclass(frozen=True, slots=True)
class Cause:
    """How many tickets of a flow ended with a cause; `before`: in the span before."""

    flow: str
    words: str
    count: int
    before: int


def causes(uow: UnitOfWork, zone: ZoneInfo, span: Span, before: Span, flow: str = "") -> list[Cause]:
    """Of the tickets that ended in a span, of one flow or all that tell a cause; those without one come last."""
    figures = TicketFigureRepository(uow)
    now, then = (figures.causes(*days.instants(zone), flow) for days in (span, before))
    telling = {of_flow for of_flow, cause in now if cause} | ({flow} if flow else set())
    found = [
        Cause(of_flow, _words(uow.packs, of_flow, cause), count, then.get((of_flow, cause), 0))
        for (of_flow, cause), count in now.items() if of_flow in telling
    ]
    return sorted(found, key=lambda cause: (cause.words == UNTOLD, -cause.count, cause.flow, cause.words))


def _words(packs: Packs, flow: str, cause: str) -> str:
    """The label of a cause; the word itself where the flow has it no more."""
    known = packs.find_flow(flow)
    asks = [ask for ask in known.asks if ask.name == "cause"] if known else []
    labels = {choice.value: choice.label for ask in asks for choice in ask.choices}
    return labels.get(cause, cause) or UNTOLD
