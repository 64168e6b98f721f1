"""Who gets the morning brief and when; when a manager gets the digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from config.pack import ROLES_REMINDED
from reminders.calendar import clock_time
from reminders.quiet import Quiet
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.work import Reminder
from storage.push_times import PushTimes

NOON = time(12)  # a digest before noon tells of the day before


def brief_at(user: User, firm: PushTimes) -> time:
    """When the member gets the morning brief: at his own hour, else the firm's; never before the night that he asked
    for is over."""
    wanted = clock_time(str(user.preferences.get("brief_at", "")), firm.of("brief").at)
    return max(wanted, Quiet.of(user).ends) if "quiet" in user.preferences else wanted


def digest_at(user: User, firm: PushTimes) -> time:
    """When the manager gets the digest: at his own hour, else the firm's."""
    return clock_time(str(user.preferences.get("digest_at", "")), firm.of("digest").at)


def gets_brief(user: User) -> bool:
    """Who has things to do: advisers and managers, and the roles that rules may remind."""
    return user.serves_clients or user.role in ROLES_REMINDED


def readers(uow: UnitOfWork) -> list[User]:
    """Who gets the brief now. Who is away and covered for is left alone."""
    away = uow.covers.stand_ins(uow.now)
    return [user for user in uow.users.all() if gets_brief(user) and user.id not in away]


def whom(reminder: Reminder, away: Mapping[str, str]) -> str:
    """Who hears of a reminder: of clients of his own, whoever stands in for a receiver who is away."""
    own = reminder.client_id is not None and reminder.receiver_id == reminder.owner_id
    return away.get(reminder.receiver_id, reminder.receiver_id) if own else reminder.receiver_id
