"""What became of what rules reminded people of: counts, and the rows that need a closer look.

A reminder is of the day on which it was written: there it fired. What was cancelled, because its cause was gone or its
receiver took it back, did not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select

from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import opportunities, reminders

_REASON = "reminders.reason"


@dataclass(frozen=True, slots=True)
class Fate:
    """How many reminders a line of a rule made in a span, and what became of them. `accepted` are those whose answer
    opened an opportunity."""

    rule: str
    category: str
    fired: int
    done: int
    snoozed: int
    dismissed: int
    escalated: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reminder that is open although a supervisor was told."""

    rule: str
    category: str
    since: datetime


def fired(first: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which reminders rules made in a span; people's own are none."""
    c = reminders.c
    return c.rule != "manual", c.created_at >= first, c.created_at < end, c.state != "cancelled"


def led_somewhere() -> ColumnElement[bool]:
    """The answer to the reminder opened an opportunity."""
    return exists().where(opportunities.c.reminder_id == reminders.c.id)


class EffectRepository(Repository):
    """Of the actor's people, himself included; of the whole firm for who sees no clients (operations), for whom these
    are numbers alone."""

    def by_rule(self, first: datetime, end: datetime) -> list[Fate]:
        """A row for each line of a rule that made any, those with the most first."""
        c = reminders.c
        query = (
            select(
                c.rule, c.category, func.count().label("fired"), _sum(c.state == "done").label("done"),
                _sum(c.snoozed > 0).label("snoozed"), _sum(c.state == "dismissed").label("dismissed"),
                _sum(c.escalated_at.is_not(None)).label("escalated"), _sum(led_somewhere()).label("accepted"),
            )
            .where(*fired(first, end), self._seen()).group_by(c.rule, c.category)
        )  # fmt: skip
        found = [Fate(**row._mapping) for row in self.uow.execute(query)]
        return sorted(found, key=lambda fate: (-fate.fired, fate.rule))

    def refusals(self, first: datetime, end: datetime) -> Iterator[tuple[str, str]]:
        """(rule, the reason that was given, "" for none) of each that was not needed."""
        c = reminders.c
        query = select(c.rule, c.key, c.reason).where(*fired(first, end), c.state == "dismissed", self._seen())
        for row in self.uow.execute(query):
            yield row.rule, self.uow.unseal(_REASON, row.key, row.reason) or ""

    def waiting(self, first: datetime, end: datetime) -> list[Waiting]:
        """Those that are open although a supervisor was told, with since when they wait for who has them."""
        c = reminders.c
        query = select(c.rule, c.category, c.remind_at, c.data["handed_at"].as_string().label("handed")).where(
            *fired(first, end), c.state == "open", c.escalated_at.is_not(None), self._seen()
        )
        return [
            Waiting(row.rule, row.category, _since(row.remind_at, row.handed)) for row in self.uow.execute(query)
        ]

    def _seen(self) -> ColumnElement[bool]:
        scope = self.uow.own_scope
        return visible("all" if scope == "none" else scope, reminders.c.receiver_id)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _since(remind_at: datetime, handed: str | None) -> datetime:
    return max(remind_at, datetime.fromisoformat(handed)) if handed else remind_at


def of_rules(rules: Collection[str]) -> ColumnElement[bool]:
    """Reminders that these lines of rules made."""
    return reminders.c.rule.in_(sorted(rules))
