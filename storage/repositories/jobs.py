"""Which job ran for which slot: the row is the lock. Who inserts it first does the job, over any number of
processes and restarts; it commits or rolls back together with what the job wrote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.repositories.base import Repository
from storage.tables import card_actions, job_runs, undo_steps

BEGINNING = "beginning"


class JobRepository(Repository):
    def start(self, job: str, slot: str, owner: str) -> bool:
        """Take a job for a slot. False when it was taken before; a process that is just doing it is waited for."""
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        row = {"job": job, "slot": slot, "ran_at": self.uow.now, "owner": owner}
        taken = self.uow.conn.execute(make(job_runs).values(row).on_conflict_do_nothing())
        return bool(taken.rowcount)

    def done(self, slots: Collection[str]) -> set[tuple[str, str]]:
        """The (job, slot) pairs that were taken, of these slots."""
        query = select(job_runs.c.job, job_runs.c.slot).where(job_runs.c.slot.in_(list(slots)))
        return {(row.job, row.slot) for row in self.uow.conn.execute(query)}

    def last_slot(self, job: str, until: str) -> str | None:
        """The latest slot of a job that is not after `until`, as text order has it (ISO dates)."""
        return self._one(select(func.max(job_runs.c.slot)).where(job_runs.c.job == job, job_runs.c.slot <= until))

    def began_at(self) -> datetime | None:
        """When this installation looked at the clock for the first time."""
        query = select(job_runs.c.ran_at).where(job_runs.c.job == BEGINNING)
        found: datetime | None = self.uow.conn.execute(query).scalar_one_or_none()
        return found

    def begin(self, owner: str) -> datetime:
        """`began_at`, which is now if it was never before."""
        began = self.began_at()
        if began is None:
            self.start(BEGINNING, "", owner)
        return began or self.began_at() or self.uow.now

    def purge(self, buttons_before: datetime, runs_before: datetime) -> int:
        """Forget dead buttons, undo steps and old job runs; how many rows went."""
        gone = (
            delete(card_actions).where(card_actions.c.expires_at < buttons_before),
            delete(undo_steps).where(undo_steps.c.expires_at < self.uow.now),
            delete(job_runs).where(job_runs.c.ran_at < runs_before, job_runs.c.job != BEGINNING),
        )
        return sum(self.uow.conn.execute(statement).rowcount for statement in gone)

    def _one(self, query: Select[Any]) -> str | None:
        found: str | None = self.uow.conn.execute(query).scalar_one_or_none()
        return found
