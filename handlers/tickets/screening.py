"""What opening an account does besides: the name is screened, and every check must have come out well."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.tickets.engine import as_system, effect
from reminders.screening import hits
from storage.database import UnitOfWork
from storage.model.errors import Invalid
from storage.model.tickets import Ticket

AGREES = "一致"
FREEZE, CHECKED = "freeze", ("document", "phone", "outside")


@effect("screen")
def screen(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """A name near to one on the lists stops everything until compliance has decided; why is for compliance alone."""
    with as_system(uow):
        found = hits(uow.packs.screened, uow.clients.get(ticket.client_id))
        if not found:
            return ""
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        words = "；".join(f"{entry.name}：{entry.why}" for entry in found)
        frozen = uow.tickets.move(ticket, flow, flow.move(FREEZE), said={"screening": words})
        uow.audit.record("freeze", "ticket", ticket.id, client_id=ticket.client_id, hits=len(found))
        people = uow.users.all("compliance")
        load = uow.tickets.load([user.id for user in people])
        if people:
            uow.tickets.give(frozen, min(people, key=lambda user: (load[user.id], user.id)))
    return ""


@effect("check_marks")
def check_marks(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Raises Invalid while a check does not agree."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    wrong = [flow.ask(name).label for name in CHECKED if ticket.details.get(name) != AGREES]
    if wrong:
        raise Invalid(f"{'、'.join(wrong)}不是「{AGREES}」，不能完成。请核实后重新核验，或转合规复核。")
    return ""
