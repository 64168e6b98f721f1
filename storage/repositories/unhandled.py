"""What receivers left lying beyond the limits of its categories: who has such, and the mark that supervisors are told.

`limits` says for each category the last instant it may wait since. The clock asks, over all receivers: nobody is shown
anything of anybody by what stands here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, cast, exists, func, literal, or_, select, update

from storage.model.work import Step
from storage.repositories.base import Repository
from storage.tables import clients, reminders

_COLUMNS = [reminders.c[name] for name in Step.__slots__]


class UnhandledRepository(Repository):
    def receivers(self, limits: Mapping[str, datetime]) -> list[str]:
        """Who has left something lying of which no supervisor was told."""
        found = self.uow.conn.execute(select(reminders.c.receiver_id).where(*self._lies(limits)).distinct())
        return sorted(found.scalars())

    def climb(self, limits: Mapping[str, datetime], receivers: Collection[str]) -> list[Step]:
        """Mark what these left lying as told to their supervisors, every step of it, and say what that was; the most
        pressing first. In one statement, so that what somebody does meanwhile counts."""
        marked = self.uow.conn.execute(
            update(reminders).where(*self._lies(limits), reminders.c.receiver_id.in_(list(receivers)))
            .values(escalated_at=self.uow.now).returning(*_COLUMNS)
        )
        return sorted((Step(*row) for row in marked), key=lambda step: (-step.weight, step.due_on, step.id))

    def count(self, limits: Mapping[str, datetime]) -> dict[str, int]:
        """How many of the whole firm's lie so; by category. Those that somebody handed over are left out."""
        query = select(reminders.c.category, func.count()).where(
            reminders.c.state == "open", reminders.c.escalated_at.is_(None), _late(limits), _handed_at().is_(None)
        )
        return {row[0]: row[1] for row in self.uow.conn.execute(query.group_by(reminders.c.category))}

    def _lies(self, limits: Mapping[str, datetime]) -> list[ColumnElement[bool]]:
        since = [
            and_(reminders.c.category == category, self._handed_until(limit)) for category, limit in limits.items()
        ]
        # A reminder about a client that was taken back (undo) speaks of nobody.
        of_somebody = or_(reminders.c.client_id.is_(None), exists().where(clients.c.id == reminders.c.client_id))
        return [
            reminders.c.state == "open", reminders.c.escalated_at.is_(None), _late(limits),
            or_(_handed_at().is_(None), *since), of_somebody,
        ]

    def _handed_until(self, limit: datetime) -> ColumnElement[bool]:
        """Whether it came to its receiver by a hand-over no later: it waits for him only since then."""
        if self.uow.conn.dialect.name == "postgresql":
            return cast(_handed_at(), DateTime(timezone=True)) <= literal(limit, DateTime(timezone=True))
        return func.julianday(_handed_at()) <= func.julianday(limit.isoformat())


def _handed_at() -> ColumnElement[Any]:
    handed_at: ColumnElement[Any] = reminders.c.data["handed_at"].as_string()
    return handed_at


def _late(limits: Mapping[str, datetime]) -> ColumnElement[bool]:
    return or_(*(
        and_(reminders.c.category == category, reminders.c.remind_at <= since) for category, since in limits.items()
    ))
