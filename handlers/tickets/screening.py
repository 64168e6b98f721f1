"""What opening an account does besides: the name is screened, and every check must have come out well. Whoever is new,
or has another name, document or birthday, is screened as well."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.context import UNDO_HINT, Context
from handlers.router import afterwards
from handlers.tickets.engine import effect, open_ticket, running_one
from handlers.tickets.outside import refuse_what_differs
from handlers.tickets.showing import ticket_message
from reminders.screening import hits
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.journal import Change
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import User
from storage.model.tickets import Ticket

AGREES = "一致"
SCREENING = "screening"
_WHO = ("name", "id_number_index", "licence_index", "birthday")  # what tells one client from another
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
    refuse_what_differs(uow, ticket)
    return ""


# ---------------------------------------------------------------- whenever a client is new or somebody else


def screen_client(uow: UnitOfWork, zone: ZoneInfo, client_id: int) -> Ticket | None:
    """A ticket for compliance where the client comes near to somebody on the lists; None where he does not, and where
    one lies before them already."""
    with as_system(uow):
        client, flow = uow.clients.get(client_id), uow.packs.find_flow(SCREENING)
        found = hits(uow.packs.screened, client)
        if not found or flow is None or running_one(uow, flow, client) is not None:
            return None
        said = {wanted.name: wanted.default for wanted in flow.asks if wanted.default}
        words = "；".join(f"{entry.name}：{entry.why}" for entry in found)
        ticket = open_ticket(uow, zone, flow, client, {**said, "hits": words})
        uow.audit.record("screen", "ticket", ticket.id, client_id=client.id, hits=len(found))
        return ticket


@afterwards
def screen_who_changed(ctx: Context) -> None:
    """Who writes it reads that compliance is to look, and nothing else; it cannot be taken back past them."""
    for client_id in dict.fromkeys(_is_somebody_else(change) for change in ctx.uow.changes):
        ticket = screen_client(ctx.uow, ctx.zone, client_id) if client_id is not None else None
        if ticket is None:
            continue
        for user in hearers_of(ctx.uow, ticket):
            with as_system(ctx.uow):
                ctx.tell(user.id, ticket_message(ctx, ticket, user))
        ctx.say(f"「{ticket.client_name}」待合规复核（工单 {ticket.name}），有结果会告诉您。复核前先不要办理新业务。")
        _say_it_stays(ctx)
        ctx.wrote_for_good(f"{ticket.client_name} 的资料")


def _say_it_stays(ctx: Context) -> None:
    """Whoever wrote it was told that he can take it back: not past compliance."""
    ctx.replies = [
        replace(reply, content=reply.content.removesuffix(f"\n{UNDO_HINT}")) if isinstance(reply, Text) else reply
        for reply in ctx.replies
    ]


def hearers_of(uow: UnitOfWork, ticket: Ticket) -> list[User]:
    """Whose it is, else all of compliance."""
    handler = uow.users.find(ticket.handler_id) if ticket.handler_id else None
    return [handler] if handler is not None else uow.users.all("compliance")


def _is_somebody_else(change: Change) -> int | None:
    """The client whom a change makes, or makes another; None for any other change."""
    before, after = change.before, change.after
    if change.table != "clients" or after is None:
        return None
    same = before is not None and all(before.get(name) == after.get(name) for name in _WHO)
    return None if same else int(after["id"])
