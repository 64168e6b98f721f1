"""Reminders that nobody handled climb: adviser → supervisor → missed care (R150).

The limits are working hours by category, from the packs or as operations set them. A reminder that was put off or
handed over begins to wait anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.pack import Escalation
from reminders.briefs import scene_of
from reminders.push_times import whom
from reminders.quiet import Quiet
from reminders.supervisors import supervisor_of
from reminders.wording import list_line
from reminders.working_hours import WorkingHours
from storage.database import UnitOfWork
from storage.model.messages import Text, cut
from storage.model.people import User
from storage.model.work import Reminder, Step
from storage.repositories.reminders import latest_steps
from storage.repositories.subjects import SubjectRepository
from storage.repositories.unhandled import UnhandledRepository

LISTED = 10  # lines of one message
KEPT = 100  # what numbers can mean: the list stands in the conversation, which is read with every message
KIND = "escalated"  # of the list that a supervisor has before him
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Climbed:
    """What one supervisor is told of: a message, and the items that its numbers mean."""

    manager: User
    items: tuple[Mapping[str, Any], ...]
    message: Text


def climb(uow: UnitOfWork, zone: ZoneInfo) -> list[tuple[User, list[Step]]]:
    """Mark what waits beyond its limit as told, and say whom of what. Whose receiver has nobody above him stays, and
    so does what is for a supervisor who is not to be disturbed now: the next hour comes."""
    hours, unhandled = WorkingHours.of(uow.packs, zone), UnhandledRepository(uow)
    limits: dict[str, datetime] = {
        name: hours.before(uow.now, _HOUR * limit.to_manager) for name, limit in _limits(uow).items()
    }
    if not limits:
        return []
    supervisors = {receiver: supervisor_of(uow, receiver) for receiver in unhandled.receivers(limits)}
    ready = {
        receiver: above for receiver, above in supervisors.items()
        if above is not None and not Quiet.of(above).covers(uow.now, zone)
    }
    by_supervisor: dict[str, list[Step]] = {}
    for step in unhandled.climb(limits, ready):
        by_supervisor.setdefault(ready[step.receiver_id].id, []).append(step)
    told = {above.id: above for above in ready.values()}
    return [(told[who], latest_steps(theirs)) for who, theirs in by_supervisor.items()]


def told(uow: UnitOfWork, manager: User, found: Sequence[Step], zone: ZoneInfo) -> Climbed:
    """The message for the supervisor, who is the actor of the unit of work."""
    # Read again as the supervisor: of a client that is none of his people's he is not told the name.
    read = uow.reminders.numbered([step.id for step in found[:KEPT]])
    items = tuple(items_of(uow, manager, read, zone))
    lines = [f"{number}. {item['line']}" for number, item in enumerate(items[:LISTED], 1)]
    more = f"还有 {len(found) - LISTED} 件，发送「漏办清单」查看。" if len(found) > LISTED else ""
    message = "\n".join(filter(None, [
        f"有 {len(found)} 件待办放了很久还没处理，请您过问：", *lines, more,
        "回复「1 催办」提醒本人，「1 转交 姓名」换人处理。",
    ]))  # fmt: skip
    return Climbed(manager, items, Text(message))


def items_of(uow: UnitOfWork, reader: User, found: Sequence[Reminder], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The reminders as lines of a numbered list: who has it, what it is, how long it waits."""
    scene, subjects = scene_of(uow, reader, zone), SubjectRepository(uow).of(found)
    hours, limits = WorkingHours.of(uow.packs, zone), _missed_after(uow)
    names = uow.users.names()
    stand_ins = uow.covers.stand_ins(uow.now)
    return [
        {
            "reminder": r.id, "client_id": r.client_id, "name": r.client_name,
            "line": f"{_who(r, names, stand_ins)}：{list_line(r, subjects[r.id], scene)}"
                    f"，{_waiting(hours.between(r.waits_since, uow.now), limits.get(r.category))}",
        }
        for r in found
    ]  # fmt: skip


def _who(reminder: Reminder, names: Mapping[str, str], away: Mapping[str, str]) -> str:
    """李想, or 李想（周敏代） while he is away."""
    member, hears = reminder.receiver_id, whom(reminder, away)
    stands_in = f"（{cut(names[hears], 8)}代）" if hears != member else ""
    return f"{cut(names.get(member, member), 8)}{stands_in}"


def _missed_after(uow: UnitOfWork) -> dict[str, timedelta]:
    return {name: _HOUR * limit.missed for name, limit in _limits(uow).items()}


def _limits(uow: UnitOfWork) -> Mapping[str, Escalation]:
    return uow.escalations.in_force().limits


def _waiting(worked: timedelta, limit: timedelta | None) -> str:
    missed = "（漏办）" if limit is not None and worked >= limit else ""
    return f"已放 {int(worked / _HOUR)} 个工作小时{missed}"


def missed(uow: UnitOfWork, zone: ZoneInfo) -> list[Reminder]:
    """Missed care in scope: what a supervisor was told of and still nobody handled within its limit."""
    hours, limits = WorkingHours.of(uow.packs, zone), _missed_after(uow)
    until: dict[str, datetime] = {name: hours.before(uow.now, limit) for name, limit in limits.items()}
    return [r for r in uow.reminders.escalated() if r.category in until and r.waits_since <= until[r.category]]
