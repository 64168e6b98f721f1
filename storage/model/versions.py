"""A version of something that operations set: who wrote it, who approved it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

VersionState = Literal["submitted", "in_force", "retired", "rejected", "withdrawn"]
Act = Literal["create", "change", "stop", "start", "roll_back"]


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
