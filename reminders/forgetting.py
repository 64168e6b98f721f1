"""What tickets hold is forgotten at night, when it was kept as long as the packs say (`retention.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from config.pack import Forgotten
from reminders.calendar import add_months, local_instant
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.repositories.forgetting import ForgettingRepository, Kept

AT_ONCE = 2000  # of each sort a night; the rest goes in the nights to come
_MONTHS = 12


def forget(uow: UnitOfWork, zone: ZoneInfo) -> Mapping[str, int]:
    """How many rows went, by what they held; the trail says so."""
    counts: dict[str, int] = {}
    for entry in uow.packs.forgotten:
        repository = ForgettingRepository(uow)
        work = {"papers": repository.papers, "words": repository.words, "marks": repository.marks}[entry.of]
        gone = work(_kept(entry, uow.now, zone), AT_ONCE)
        if gone:
            uow.audit.record("forget", "tickets", entry.name, rows=gone, years=entry.years)
        counts[entry.of] = counts.get(entry.of, 0) + gone
    return counts


def _kept(entry: Forgotten, now: datetime, zone: ZoneInfo) -> Kept:
    day = add_months(local_date(now, zone), -_MONTHS * entry.years)
    return Kept(entry.flows, local_instant(day, time(), zone), day if entry.since == "relation" else None)
