"""Which papers a ticket still lacks. One whose file is being fetched is not there yet, but is not asked for again."""

from __future__ import annotations

from config.pack import Flow, Move, Paper
from storage.database import UnitOfWork
from storage.model.errors import Invalid
from storage.model.tickets import Ticket
from storage.repositories.ticket_papers import TicketPaperRepository


def missing_papers(uow: UnitOfWork, ticket: Ticket, flow: Flow) -> list[str]:
    """The labels of the papers that are needed and to be asked for."""
    came = {paper.paper for paper in TicketPaperRepository(uow).of(ticket)}
    return [paper.label for paper in _needed(flow) if paper.name not in came]


def coming_papers(uow: UnitOfWork, ticket: Ticket, flow: Flow) -> list[str]:
    """The labels of the papers that are needed, whose files are being fetched."""
    states: dict[str, set[str]] = {}
    for paper in TicketPaperRepository(uow).of(ticket):
        states.setdefault(paper.paper, set()).add(paper.state)
    return [paper.label for paper in _needed(flow) if states.get(paper.name) == {"fetching"}]


def lacking_words(uow: UnitOfWork, ticket: Ticket, flow: Flow) -> str:
    """病历、费用发票（正在收取）; "" where all are there."""
    coming = [f"{label}（正在收取）" for label in coming_papers(uow, ticket, flow)]
    return "、".join([*missing_papers(uow, ticket, flow), *coming])


def check_papers(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move) -> None:
    """Raises Invalid where the move needs papers that are not there."""
    if not move.papers:
        return
    if missing := missing_papers(uow, ticket, flow):
        raise Invalid(f"还缺资料：{'、'.join(missing)}，不能「{move.label}」。收到后把照片或文件发给我。")
    if coming := coming_papers(uow, ticket, flow):
        raise Invalid(f"「{'、'.join(coming)}」的文件正在收取，收好才能「{move.label}」。请过一会儿再办。")


def _needed(flow: Flow) -> list[Paper]:
    return [paper for paper in flow.papers if not paper.optional]
