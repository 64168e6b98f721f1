"""A questionnaire that a client answers, or has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

AssessmentState = Literal["running", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """`answers` hold the question as it was asked, the answer, its points and its place among the answers, sealed at
    rest; `valid_until` is the last day on which the result is good."""

    id: int
    client_id: int
    owner_id: str
    questionnaire: str
    edition: str
    state: AssessmentState
    answers: Sequence[Mapping[str, Any]]
    points: int | None
    result: str | None
    valid_until: date | None
    asked_by: str
    started_at: datetime
    ended_at: datetime | None
    version: int

    @property
    def chosen(self) -> list[int]:
        """The place of each answer in its question, from 0."""
        return [int(answer["place"]) for answer in self.answers]
