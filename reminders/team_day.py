"""The figures of one team and day, for its digest: each read when it is needed, all in the manager's own scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from reminders.calendar import day_bounds
from reminders.churn import Warned, warnings
from reminders.escalation import missed
from reminders.figures import COMPUTATIONS, Ledger, Span, Values, states_in_force
from reminders.rules import silence
from storage.approvals import Waiting, waiting_for
from storage.database import UnitOfWork
from storage.model.people import Cover, User
from storage.model.work import Reminder
from storage.repositories.digests import DigestRepository

OVERDUE_AFTER = 3  # days that a reminder may wait before the manager hears of it (R150)
_AT_WORK = ("adviser", "manager")


@dataclass(frozen=True)
class TeamDay:
    """The figures of one team and day, each read when it is needed."""

    uow: UnitOfWork
    manager: User
    day: date
    zone: ZoneInfo
    member: User | None = None  # whose share is looked at; None for the whole team

    @property
    def owner(self) -> str:
        return self.member.id if self.member else ""

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        return day_bounds(self.day, self.zone)

    @cached_property
    def team(self) -> Sequence[User]:
        """The people below the manager."""
        return [u for u in self.uow.users.team() if u.role in _AT_WORK and u.id != self.manager.id]

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return self.uow.users.names()

    @cached_property
    def lists(self) -> DigestRepository:
        return DigestRepository(self.uow)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.uow, self.zone)

    def counted(self, metric: str) -> Mapping[str, int]:
        """A figure of the day by member, counted as everywhere else."""
        return {member: int(value) for member, value in self.values(metric).items() if value}

    def values(self, metric: str) -> Values:
        span = Span(self.day, self.day, "")
        return COMPUTATIONS[metric].part(self.ledger, span)

    @cached_property
    def new_clients(self) -> Mapping[str, int]:
        return self.counted("new_clients")

    @cached_property
    def contacts(self) -> Mapping[str, int]:
        return self.counted("follow_ups")

    @cached_property
    def done(self) -> Mapping[str, int]:
        return self.counted("reminders_done")

    @cached_property
    def missed(self) -> Sequence[Reminder]:
        return [r for r in missed(self.uow, self.zone) if self.owner in ("", r.receiver_id)]

    @cached_property
    def risks(self) -> Sequence[Warned]:
        return warnings(self.uow, self.zone, self.owner)

    @cached_property
    def overdue(self) -> Sequence[Reminder]:
        before, _ = day_bounds(self.day - timedelta(days=OVERDUE_AFTER), self.zone)
        found = self.uow.reminders.waiting_since(before)
        return [r for r in found if self.owner in ("", r.receiver_id)]

    @cached_property
    def away(self) -> Sequence[Cover]:
        """Who is away and covered for at some time of the day."""
        found = self.uow.covers.between(*self.bounds)
        return [cover for cover in found if self.owner in ("", cover.away_id)]

    @cached_property
    def due(self) -> Mapping[str, int]:
        return self.lists.reminders_due(*self.bounds)

    @cached_property
    def approvals(self) -> Sequence[Waiting]:
        """What waits for the manager's own decision, whoever handed it in."""
        found = waiting_for(self.uow, self.manager)
        return [waiting for waiting in found if self.owner in ("", waiting.version.author_id)]

    @cached_property
    def idle(self) -> Sequence[str]:
        """Who entered no client, wrote no contact down and dealt with no reminder, and was not away."""
        away = {cover.away_id for cover in self.uow.covers.between(*self.bounds)}
        busy = {*self.new_clients, *self.contacts, *self.done, *away}
        return [user.name for user in self.team if user.id not in busy]

    @cached_property
    def in_force(self) -> Sequence[str]:
        """States in which an unpaid instalment is still waited for."""
        return states_in_force(self.uow)

    @cached_property
    def silent(self) -> int:
        return self.lists.silent(silence(self.uow.packs, self.day, self.zone))

    def by_member(self, counts: Mapping[str, int]) -> str:
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        named = [f"{self.name_of(user_id)} {count}" for user_id, count in ranked]
        return f"（{first_few(named, 4)}）" if len(named) > 1 or self.team else ""

    def name_of(self, user_id: str) -> str:
        """The name of a colleague, whether he is still here or not."""
        return self._names.get(user_id, user_id)

    def anybodys_name(self, user_id: str) -> str:
        """The name of a colleague, also of one in another team."""
        found = self.uow.users.find(user_id)
        return found.name if found else user_id


def first_few(words: Sequence[str], most: int) -> str:
    more = f" 等 {len(words)} 人" if len(words) > most else ""
    return "、".join(words[:most]) + more
