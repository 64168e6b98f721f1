"""What waits for a second person, over all that operations set in versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.versions import Version, may_decide
from storage.repositories.versions import VersionRepository


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that was handed in, with what people call its sort: 规则, 分层标准."""

    noun: str
    version: Version


def versioned(uow: UnitOfWork) -> Sequence[VersionRepository[Any]]:
    """Everything that has versions. `tests/handlers/test_approvals.py` fails while one is missing."""
    return (uow.rules, uow.standards, uow.escalations, uow.push_times, uow.assignments, uow.templates)


def all_waiting(uow: UnitOfWork) -> list[Waiting]:
    """Whatever waits for a second person, the oldest first."""
    found = [Waiting(each.noun, version) for each in versioned(uow) for version in each.all_waiting()]
    return sorted(found, key=lambda waiting: (waiting.version.created_at, waiting.version.id))


def waiting_for(uow: UnitOfWork, user: User) -> list[Waiting]:
    """What this member may decide about: the same as 待我审批 lists."""
    found = []
    for waiting in all_waiting(uow):
        author = uow.users.find(waiting.version.author_id)
        if may_decide(user, waiting.version.author_id, author.manager_id if author else None):
            found.append(waiting)
    return found
