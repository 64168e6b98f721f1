"""Who gets the morning brief and when; when a manager gets the digest."""

from __future__ import annotations

from datetime import time

from config.pack import ROLES_REMINDED
from reminders.calendar import clock_time
from reminders.quiet import Quiet
from storage.database import UnitOfWork
from storage.model.people import User

BRIEF_AT, DIGEST_AT = time(8, 30), time(18)
NOON = time(12)  # a digest before noon tells of the day before


def brief_at(user: User) -> time:
    """When the member wants the morning brief, but never before the night that he asked for is over."""
    wanted = clock_time(str(user.preferences.get("brief_at", "")), BRIEF_AT)
    return max(wanted, Quiet.of(user).ends) if "quiet" in user.preferences else wanted


def digest_at(user: User) -> time:
    """When the manager wants the digest."""
    return clock_time(str(user.preferences.get("digest_at", "")), DIGEST_AT)


def readers(uow: UnitOfWork) -> list[User]:
    """Who has things to do: advisers and managers, and the roles that rules may remind. Who is away and covered for
    is left alone."""
    away = uow.covers.stand_ins(uow.now)
    return [u for u in uow.users.all() if (u.serves_clients or u.role in ROLES_REMINDED) and u.id not in away]
