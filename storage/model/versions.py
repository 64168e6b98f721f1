"""A version of something that operations set: who wrote it, who approved it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage.model.people import Role, User

VersionState = Literal["submitted", "in_force", "retired", "rejected", "withdrawn"]
Act = Literal["create", "change", "stop", "start", "roll_back"]
ACTS: Mapping[Act, str] = {"create": "新建", "change": "修改", "stop": "停用", "start": "启用", "roll_back": "回滚"}
OPS: tuple[Role, ...] = ("ops", "admin", "compliance")
DECIDERS: tuple[Role, ...] = (*OPS, "manager")


@dataclass(frozen=True, slots=True)
class Version:
    """`subject` names what it is a version of: a rule by its id, a tier standard by the client field of its scheme, the
    hours of escalation by a word of ours.
    `body` is its content as plain JSON; None: as the pack has it. `version` counts from 1 for each subject; 0 means
    the pack's.

    `approver_id` is whom the author asked, `decided_by` approved or refused it; a rule that was stopped needs no second
    person, so it may be the author."""

    id: int
    subject: str
    version: int
    state: VersionState
    act: Act
    body: Mapping[str, Any] | None
    author_id: str
    created_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    approver_id: str | None = None


def may_decide(user: User, author_id: str, superior_id: str | None) -> bool:
    """Who may approve what an author hands in: operations, compliance, administrators, and the author's superior;
    never the author."""
    of_the_line = user.id == superior_id and user.role in DECIDERS
    return user.id != author_id and (user.role in OPS or of_the_line)
