"""Time limits of tickets, counted in working hours: when somebody is to be told, whom, and in what words (R160, R161).

At 50, 80 and 100 % of a limit its handler is told, at 100 % and at the red line also who stands above him. What is due
is a question to the data: a level that was slept through is told once, as the latest one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from config.pack import Flow, TimeLimit
from reminders.supervisors import supervisor_of
from reminders.working_hours import WorkingHours
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.messages import Message, Text
from storage.model.people import User
from storage.model.tickets import LEVELS, Ticket, TicketLimit

AT_ONCE = 200
FULL, RED = 100, 200
_HOUR = timedelta(hours=1)
Nudge = tuple[User, Message, str]  # whom, what, and the key under which it is told once


class Look(Protocol):
    """A look at something, by its name: whom to tell of what was found."""

    __name__: str

    def __call__(self, uow: UnitOfWork, zone: ZoneInfo, /) -> Iterable[Nudge]: ...


def started(flow: Flow, ticket: Ticket, hours: WorkingHours, now: datetime) -> list[TicketLimit]:
    """The limits that run from now on."""
    return [
        TicketLimit(
            ticket_id=ticket.id, name=limit.name, started_at=now, limit_at=hours.after(now, _HOUR * limit.limit),
            red_at=hours.after(now, _HOUR * limit.red) if limit.red else None, stopped_at=None, level=0,
            next_at=_at(limit, LEVELS[0], hours, now),
        )
        for limit in flow.limits
    ]  # fmt: skip


def met_by(flow: Flow, move: str) -> set[str]:
    """The limits that a move stops."""
    return {limit.name for limit in flow.limits if move in limit.until}


def _at(limit: TimeLimit, level: int, hours: WorkingHours, start: datetime) -> datetime | None:
    """When a level is reached; None for a red line that is not drawn."""
    if level == RED:
        return hours.after(start, _HOUR * limit.red) if limit.red else None
    return hours.after(start, _HOUR * limit.limit * level / FULL)


def nudges(uow: UnitOfWork, zone: ZoneInfo) -> Iterator[Nudge]:
    """Whom to tell of which limit now; each is marked as told in the same unit of work."""
    hours, stand_ins = WorkingHours.of(uow.packs, zone), uow.covers.stand_ins(uow.now)
    for running in uow.ticket_limits.due(AT_ONCE):
        ticket = uow.tickets.get(running.ticket_id)
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        limit = next(each for each in flow.limits if each.name == running.name)
        times = {level: at for level in LEVELS if (at := _at(limit, level, hours, running.started_at))}
        level = max(level for level, at in times.items() if at <= uow.now or level == _next_level(running.level))
        uow.ticket_limits.told(running, level, min((at for each, at in times.items() if each > level), default=None))
        words = _words(flow, ticket, limit, running, level, zone, uow.now)
        for user in _hearers(uow, ticket, level, stand_ins):
            yield user, Text(words), f"ticket:{ticket.id}:{limit.name}:{level}:{user.id}"


def _next_level(level: int) -> int:
    return next(each for each in LEVELS if each > level)


def _hearers(uow: UnitOfWork, ticket: Ticket, level: int, stand_ins: Mapping[str, str]) -> list[User]:
    """Who has it, or everybody of its pool, or the client's adviser, for whom somebody may stand in; from 100 % on also
    who stands above."""
    handler = uow.users.find(ticket.handler_id) if ticket.handler_id else None
    if handler is not None and handler.active:
        found = [handler]
    elif ticket.pool:
        found = [user for user in uow.users.all() if user.role == ticket.pool]
    else:
        found = [owner] if (owner := uow.users.find(ticket.owner_id)) and owner.active else []
    above = supervisor_of(uow, found[0].id if found else ticket.owner_id) if level >= FULL else None
    if [user.id for user in found] == [ticket.owner_id] and (stand_in := stand_ins.get(ticket.owner_id)):
        found = [uow.users.get(stand_in)]
    return [*found, *([above] if above is not None and above not in found else [])]


def _words(
    flow: Flow, ticket: Ticket, limit: TimeLimit, running: TicketLimit, level: int, zone: ZoneInfo, now: datetime
) -> str:
    head = f"工单 {ticket.name}（{flow.label}·{ticket.client_name}）"
    by = _moment(running.limit_at, zone, now)
    if level < FULL:
        said = f"{limit.label}的时限已用 {level}%，请在 {by} 前处理。"
    elif level == FULL:
        said = f"{limit.label}的时限（{by}）已经到了，请马上处理。"
    else:
        said = f"{limit.label}已经超过红线（{limit.red:g} 个工作小时），请马上处理。"
    return f"{head}{said}\n发送「{ticket.name}」查看。"


def _moment(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """11:30, or 06-10 11:30 on another day."""
    local = instant.astimezone(zone)
    return f"{local:%H:%M}" if local_date(instant, zone) == local_date(now, zone) else f"{local:%m-%d %H:%M}"


def left_words(limit: TicketLimit, label: str, zone: ZoneInfo, now: datetime) -> str:
    """首次答复 11:00 前, or 首次答复已超时."""
    if limit.is_over(now):
        return f"{label}已超时（{_moment(limit.limit_at, zone, now)}）"
    return f"{label} {_moment(limit.limit_at, zone, now)} 前"
