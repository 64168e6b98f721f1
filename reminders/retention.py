"""The retention job: what clients had erased goes at night, what the law has kept is locked (PIPL art. 47).

A ticket of the flow `rights` that compliance granted before the night is due. Nothing is remembered but its state and
the row that says it was tried tonight; both commit together with what was erased, so a process that dies midway leaves
everything for the next one. While another ticket of the client is open (a complaint, a claim) it waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from config.pack import Kept
from reminders.calendar import local_instant
from reminders.gate_checks import DIED
from reminders.ticket_limits import met_by
from storage.database import Database, UnitOfWork
from storage.model.clock import local_date
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.repositories.erasure import ErasureRepository
from storage.repositories.jobs import JobRepository

log = structlog.get_logger(__name__)

RIGHTS, GRANT, GRANTED, ERASE = "rights", "grant", "granted", "erase"
NIGHTLY_AT = time(3, 10)
AT_ONCE = 200
PLACEHOLDER = "已清除客户"


@dataclass(frozen=True, slots=True)
class Locked:
    """What stays of a client: the entries of the packs that keep something of him, until when (None: a contract runs
    on, and then their years), the client fields and the kinds of contacts."""

    entries: tuple[Kept, ...]
    until: date | None
    fields: frozenset[str]
    time_line: frozenset[str]

    @property
    def words(self) -> str:
        """身份资料、投诉记录，至 2036-07-09"""
        if not self.entries:
            return "没有依法要留的，全部清除"
        end = f"至 {self.until}" if self.until else f"到合同结束后 {max(kept.years for kept in self.entries)} 年"
        return f"{'、'.join(kept.label for kept in self.entries)}，{end}"


def locked(uow: UnitOfWork, client: Client, today: date) -> Locked:
    """What the packs have kept of him, by what he had with the firm; not what was kept long enough."""
    erasure = ErasureRepository(uow)
    had, ends = erasure.had(client), erasure.ends(client)
    untils = [(kept, _until(kept, ends[what])) for kept in uow.packs.kept for what in kept.because if what in had]
    running = [(kept, until) for kept, until in untils if until is None or until >= today]
    entries = tuple({kept.name: kept for kept, _ in running}.values())
    known = [until for _, until in running if until is not None]
    return Locked(
        entries, max(known) if known and len(known) == len(running) else None,
        frozenset(name for kept in entries for name in kept.fields),
        frozenset(kind for kept in entries for kind in kept.time_line),
    )


def _until(kept: Kept, ended: date | None) -> date | None:
    if ended is None:
        return None
    years = ended.year + kept.years
    return ended.replace(year=years, day=28) if (ended.month, ended.day) == (2, 29) else ended.replace(year=years)


def state_words(client: Client) -> str:
    """资料已封存（依法保留至 2036-07-09）; "" for a client who had nothing erased."""
    if client.erased_at is None:
        return ""
    if client.kept_until is None:
        return "资料已封存（依法保留，合同还没结束）"
    if client.kept_until <= client.erased_at.date():
        return "资料已清除"
    return f"资料已封存（依法保留至 {client.kept_until}）"


def waits_for(uow: UnitOfWork, ticket: Ticket) -> list[Ticket]:
    """The client's other open tickets: he is not erased before they end."""
    return [each for each in uow.tickets.of_client(ticket.client_id, only_open=True) if each.id != ticket.id]


class Retention:
    """Erases, at night, what compliance has granted."""

    def __init__(self, database: Database, zone: ZoneInfo, owner: str) -> None:
        self._database, self._zone, self._owner = database, zone, owner

    def due(self, now: datetime) -> list[tuple[str, Callable[[], int]]]:
        """A piece of work for each ticket that was granted before tonight and not tried since."""
        today = local_date(now, self._zone)
        night = local_instant(today, NIGHTLY_AT, self._zone)
        if now < night:
            return []
        with self._database.system(now) as uow:
            done = JobRepository(uow).done([today.isoformat()])
            granted = [ticket for ticket in uow.tickets.running(AT_ONCE, RIGHTS) if ticket.state == GRANTED]
            ready = [ticket.id for ticket in granted if _granted_at(uow, ticket) < night]
        return [
            (name, partial(self._erase, ticket_id, today, now))
            for ticket_id in ready if ((name := f"erase:{ticket_id}"), today.isoformat()) not in done
        ]

    def _erase(self, ticket_id: int, today: date, now: datetime) -> int:
        with self._database.system(now) as uow:
            if JobRepository(uow).start(f"erase:{ticket_id}", today.isoformat(), self._owner):
                erase(uow, uow.tickets.get(ticket_id), self._zone)
        return 0


def _granted_at(uow: UnitOfWork, ticket: Ticket) -> datetime:
    return next(step.at for step in reversed(uow.tickets.steps(ticket)) if step.move == GRANT)


def erase(uow: UnitOfWork, ticket: Ticket, zone: ZoneInfo) -> bool:
    """Erase what may go of the client of a granted ticket, lock the rest, and end the ticket; all in this unit of
    work. False, and nothing is done, while another ticket of his is open or this one is granted no more."""
    if ticket.state != GRANTED or waits_for(uow, ticket):
        log.info("retention.waits", ticket=ticket.id)
        return False
    client, flow = uow.clients.get(ticket.client_id), uow.tickets.flows.of(ticket.flow, ticket.edition)
    kept = locked(uow, client, local_date(uow.now, zone))
    counts = ErasureRepository(uow).erase(
        client, ticket, fields=kept.fields, time_line=kept.time_line, placeholder=f"{PLACEHOLDER} {ticket.name}",
        loss_reason=DIED, until=kept.until if kept.entries else uow.now.date(),
    )
    uow.audit.record("erase", "client", client.id, client_id=client.id, ticket=ticket.name, rows=counts)
    ended = uow.tickets.move(ticket, flow, flow.move(ERASE))
    uow.ticket_limits.stop(ended, met_by(flow, ERASE) | {limit.name for limit in flow.limits})
    said = f"工单 {ticket.name} {flow.label} {flow.state(ended.state).label}，{kept.words}"
    uow.interactions.add(uow.clients.get(client.id), "system", said)
    log.info("retention.erased", id=client.id, ticket=ticket.id, **counts)
    return True
