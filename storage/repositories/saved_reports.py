"""Questions about figures that come by themselves every week or month. Each member has only the own ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select

from storage.model.errors import Corrupt
from storage.model.ids import new_id
from storage.repositories.base import Repository
from storage.tables import saved_reports

log = structlog.get_logger(__name__)

_PLACE = "saved_reports.question"


@dataclass(frozen=True, slots=True)
class SavedReport:
    """`every` is weekly or monthly, `day` 1 (Monday) to 7 or 1 to 28, `at` the hour as HH:MM; `question` is empty where
    it does not open."""

    id: int
    user_id: str
    every: str
    day: int
    at: str
    question: Mapping[str, Any]


class SavedReportRepository(Repository):
    def mine_all(self) -> list[SavedReport]:
        """The actor's own, oldest first."""
        return self._found(saved_reports.c.user_id == self.uow.actor.user_id)

    def everybodys(self) -> list[SavedReport]:
        """All of them, for the clock."""
        return self._found()

    def _found(self, *whose: ColumnElement[bool]) -> list[SavedReport]:
        rows = self.uow.conn.execute(select(saved_reports).where(*whose).order_by(saved_reports.c.id))
        return [self._report(row) for row in rows]

    def find(self, report_id: int) -> SavedReport | None:
        """None when it was removed meanwhile."""
        row = self.uow.conn.execute(select(saved_reports).where(saved_reports.c.id == report_id)).one_or_none()
        return self._report(row) if row else None

    def add(self, every: str, day: int, at: str, question: Mapping[str, Any]) -> None:
        row_id = new_id()
        self.uow.insert(saved_reports, {
            "id": row_id, "user_id": self.uow.actor.user_id, "every": every, "day": day, "at": at,
            "question": self.uow.seal(_PLACE, row_id, dict(question)), "created_at": self.uow.now,
        })
        self.uow.audit.record("save", "report", row_id, every=every)

    def remove(self, report: SavedReport) -> None:
        """Forget one of the actor's own."""
        self.uow.delete(saved_reports, {"id": report.id, "user_id": self.uow.actor.user_id})
        self.uow.audit.record("remove", "report", report.id)

    def _report(self, row: Any) -> SavedReport:
        try:
            question = self.uow.unseal(_PLACE, row.id, row.question)
        except Corrupt:  # the clock asks for everybody's at once, and its owner must be able to remove it
            log.error("saved_report.unreadable", report_id=row.id)
            question = {}
        return SavedReport(row.id, row.user_id, row.every, row.day, row.at, question)
