"""Red flags of a ticket (R074): what a claim has about it that somebody should look into, for those who may see that.

They are computed when the ticket is looked at and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from config.pack import Flow, RedFlag
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.tickets import Ticket

_IN_FORCE = "policy"


def red_flags(uow: UnitOfWork, ticket: Ticket, flow: Flow, reader: User) -> list[str]:
    """保单生效 20 天就出险, 365 天内第 3 次理赔; nothing for whom they are not meant."""
    if reader.role not in flow.flags_for:
        return []
    with as_system(uow):
        return [words for flag in flow.flags for words in _FINDERS[flag.sort](uow, ticket, flow, flag)]


def _young_contract(uow: UnitOfWork, ticket: Ticket, flow: Flow, flag: RedFlag) -> Iterator[str]:
    """The client's youngest policy had hardly begun when it happened."""
    happened = date.fromisoformat(str(ticket.details.get("happened_on") or ticket.created_at.date().isoformat()))
    began = [
        contract.starts_on for contract in uow.contracts.of_client(ticket.client_id)
        if contract.kind == _IN_FORCE and contract.starts_on is not None and contract.starts_on <= happened
    ]
    if began and (age := (happened - max(began)).days) < flag.days:
        yield f"保单生效 {age} 天就出险"


def _repeated(uow: UnitOfWork, ticket: Ticket, flow: Flow, flag: RedFlag) -> Iterator[str]:
    since = ticket.created_at - timedelta(days=flag.days)
    found = [
        each for each in uow.tickets.of_client(ticket.client_id)
        if each.flow == flow.id and since <= each.created_at <= ticket.created_at
    ]
    if len(found) >= flag.at_least:
        yield f"{flag.days} 天内第 {len(found)} 次{flow.label}"


def _shared_phone(uow: UnitOfWork, ticket: Ticket, flow: Flow, flag: RedFlag) -> Iterator[str]:
    """Others with the client's phone number had such a ticket as well."""
    phone = uow.clients.get(ticket.client_id).value("phone")
    others = [row.id for row in uow.clients.with_phone(phone) if row.id != ticket.client_id] if phone else []
    since = ticket.created_at - timedelta(days=flag.days)
    claimed = [
        other for other in others
        if any(each.flow == flow.id and each.created_at >= since for each in uow.tickets.of_client(other))
    ]
    if len(claimed) + 1 >= flag.at_least:
        yield f"同一手机号在 {len(claimed) + 1} 位客户的{flow.label}里出现"


_FINDERS = {"young_contract": _young_contract, "repeated": _repeated, "shared_phone": _shared_phone}
