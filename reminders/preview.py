"""What the rules will remind a member of on a day to come. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from config.pack import SILENCE, ReminderRule
from reminders.rule_faults import apart
from reminders.rules import selection
from storage.database import UnitOfWork
from storage.model.people import User


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that a rule is going to make: about whom, of which category, for which day's fact."""

    client_id: int
    category: str
    due_on: date
    weight: int


def coming(uow: UnitOfWork, user: User, day: date, zone: ZoneInfo) -> list[Coming]:
    """The heaviest first. Silent clients are left out: who will be silent by then is not known yet."""
    lines = [line for line in uow.rules.in_force().enabled_lines if line.source != SILENCE]
    found = [c for line in lines for c in _of_rule(uow, line, user, day, zone)]
    once = {(c.client_id, c.category): c for c in sorted(found, key=lambda c: c.weight)}
    return sorted(once.values(), key=lambda c: (-c.weight, c.due_on, c.client_id))


def _of_rule(uow: UnitOfWork, rule: ReminderRule, user: User, day: date, zone: ZoneInfo) -> list[Coming]:
    found: list[Coming] = []
    with apart(uow, rule):
        chosen = selection(rule, uow.packs, day, day, zone=zone, now=uow.now)
        if chosen is not None:
            due = chosen.subquery()
            query = select(due.c.client_id, due.c.category, due.c.due_on, due.c.weight)
            rows: Any = uow.conn.execute(query.where(due.c.receiver_id == user.id))
            found = [Coming(*row) for row in rows]
    return found
