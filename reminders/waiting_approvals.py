"""Approvals that wait past half of their time (R145): who is asked hears of each once more, in working hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from reminders.quiet import Quiet
from reminders.working_hours import WorkingHours
from storage.approvals import Waiting, all_waiting
from storage.database import UnitOfWork
from storage.model.messages import Text
from storage.model.people import User
from storage.model.versions import ACTS, may_decide

_HOUR = timedelta(hours=1)
Nudge = tuple[User, Text, str]  # for whom, what is said, the key under which it is said once


def nudges(uow: UnitOfWork, zone: ZoneInfo) -> Iterator[Nudge]:
    """What is to be said now. Who is not to be disturbed hears of it in a later hour."""
    limit = next((limit.hours for limit in uow.packs.limits if limit.name == "approval"), None)
    if limit is None:
        return
    hours = WorkingHours.of(uow.packs, zone)
    for waiting in all_waiting(uow):
        worked = hours.between(waiting.version.created_at, uow.now)
        if worked < _HOUR * limit / 2:
            continue
        for user in _asked(uow, waiting):
            if not Quiet.of(user).covers(uow.now, zone):
                key = f"approval-waits:{waiting.noun}:{waiting.version.id}:{user.id}"
                yield user, _text(uow, waiting, int(worked / _HOUR), limit, zone), key


def _asked(uow: UnitOfWork, waiting: Waiting) -> list[User]:
    """Whom the author asked; where he is gone, everybody who may decide."""
    version, users = waiting.version, uow.users.all()
    asked = [user for user in users if user.id == version.approver_id and user.active]
    if asked:
        return asked
    author = uow.users.find(version.author_id)
    return [user for user in users if may_decide(user, version.author_id, author.manager_id if author else None)]


def _text(uow: UnitOfWork, waiting: Waiting, worked: int, limit: int, zone: ZoneInfo) -> Text:
    version, author = waiting.version, uow.users.find(waiting.version.author_id)
    who = author.name if author else version.author_id
    return Text(
        f"{who} {version.created_at.astimezone(zone):%m-%d %H:%M} 提交的{waiting.noun} v{version.version}"
        f"（{ACTS[version.act]}）还在等您审批，已等 {worked} 个工作小时，时限 {limit} 个。\n"
        "发送「待我审批」看全文和按钮。"
    )
