"""外部查询: a flow asks an outside source about the client, if he has authorised it; a valid answer is used again."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.tickets.engine import effect
from reminders.outside import AGREES, check_of, tick
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.errors import Invalid
from storage.model.outside import OutsideQuery
from storage.model.tickets import Ticket
from storage.repositories.outside import OutsideRepository
from storage.repositories.ticket_papers import TicketPaperRepository

AUTHORISATION, REVIEW = "authorisation", "review"


@effect("ask_outside")
def ask_outside(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Have the source asked, or take the answer that is still valid. Raises Invalid without an authorisation, and while
    an answer is awaited."""
    outside, check = OutsideRepository(uow), check_of(uow.packs)
    with as_system(uow):
        client = uow.clients.get(ticket.client_id)
    if TicketPaperRepository(uow).came_in(client, AUTHORISATION, days=check.authorised_days) is None:
        raise Invalid(
            f"没有「{client.name}」有效的查询授权书（{check.authorised_days} 天内），不能对外查询。"
            f"请客户签好后把照片发给我，或回复「{ticket.name} 收到 查询授权书」，再发送「{ticket.name} 外部查询」。"
        )
    before = outside.latest(ticket)
    if before is not None and before.state in ("queued", "asking"):
        raise Invalid(f"工单 {ticket.name} 已经在查了，结果出来马上告诉您。")
    if (known := outside.valid(client, uow.now - timedelta(days=check.valid_days))) is not None:
        day = (known.answered_at or known.asked_at).astimezone(zone)
        words = f"沿用 {day:%Y-%m-%d} 的外部查询（{check.label}）：{AGREES}，{check.valid_days} 天内有效，没有再查。"
        tick(uow, ticket, "agrees", words)
        uow.audit.record("reuse_outside", "ticket", ticket.id, client_id=client.id, query=known.id)
        return words
    outside.ask(ticket, client)
    return f"已提交外部查询（{check.label}），结果出来马上告诉您。"


def refuse_what_differs(uow: UnitOfWork, ticket: Ticket) -> None:
    """Raises Invalid where the source said otherwise, a person ticked it all the same and compliance has not looked
    since. That nobody answered later takes nothing back."""
    outside, since = OutsideRepository(uow), uow.now - timedelta(days=check_of(uow.packs).valid_days)
    query = outside.last_said(ticket)
    if query is None or query.state != "differs" or _is_reviewed(uow, ticket, query):
        return
    with as_system(uow):
        client = uow.clients.get(ticket.client_id)
    if outside.valid(client, since) is None:
        raise Invalid("外部系统查到的不一致，不能人工改成一致后完成。请核实资料后重新查询，或转合规复核。")


def _is_reviewed(uow: UnitOfWork, ticket: Ticket, query: OutsideQuery) -> bool:
    """Whether compliance looked after the answer had come."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    reviews = {move.name for move in flow.moves if REVIEW in move.asks}
    answered_at = query.answered_at or query.asked_at
    return any(step.move in reviews and step.at >= answered_at for step in uow.tickets.steps(ticket))
