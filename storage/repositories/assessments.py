"""Questionnaires that clients in scope answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from storage.model.assessments import Assessment
from storage.model.errors import Conflict, NotFound
from storage.model.ids import new_id
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import assessments

_ANSWERS = "assessments.answers"
_COLUMNS = [assessments.c[name] for name in Assessment.__slots__]
Answers = Sequence[Mapping[str, Any]]


class AssessmentRepository(Repository):
    def begin(self, client: Client, questionnaire: str, edition: str) -> Assessment:
        """A new one, as the actor, without any answer."""
        row_id = new_id()
        self.uow.insert(assessments, {
            "id": row_id, "client_id": client.id, "owner_id": client.owner_id, "questionnaire": questionnaire,
            "edition": edition, "state": "running", "answers": self.uow.seal(_ANSWERS, row_id, []),
            "asked_by": self.uow.actor.user_id, "started_at": self.uow.now, "version": 1,
        })  # fmt: skip
        self.uow.audit.record("begin", "assessment", row_id, client_id=client.id, edition=edition)
        return self.get(row_id)

    def get(self, assessment_id: int) -> Assessment:
        """Raises NotFound."""
        found = self._read(assessments.c.id == assessment_id)
        if not found:
            raise NotFound("没有找到这份问卷。请重新发送「客户姓名 风险测评」。")
        return found[0]

    def running(self, client_id: int, questionnaire: str) -> Assessment | None:
        """The one that was begun and not ended."""
        c = assessments.c
        found = self._read(c.client_id == client_id, c.questionnaire == questionnaire, c.state == "running")
        return found[0] if found else None

    def done(self, client_id: int, questionnaire: str) -> list[Assessment]:
        """The finished ones, the latest first; the read is on the trail."""
        c = assessments.c
        found = self._read(c.client_id == client_id, c.questionnaire == questionnaire, c.state == "done")
        self.uow.audit.read("client", client_id, client_id=client_id, section="assessments")
        return found

    def write(self, assessment: Assessment, answers: Answers) -> Assessment:
        """Keep what was answered so far. Raises Conflict when somebody was quicker."""
        return self._change(assessment, answers=self.uow.seal(_ANSWERS, assessment.id, list(answers)))

    def finish(self, assessment: Assessment, points: int, result: str, valid_until: date) -> Assessment:
        """All is answered. Raises Conflict when somebody was quicker."""
        done = self._change(
            assessment, state="done", points=points, result=result, valid_until=valid_until, ended_at=self.uow.now
        )
        self.uow.audit.record(
            "finish", "assessment", done.id, client_id=done.client_id, result=result, edition=done.edition
        )
        return done

    def drop(self, assessment: Assessment) -> None:
        """It is not gone on with: its questions are asked in other words by now."""
        self._change(assessment, state="dropped", ended_at=self.uow.now)
        self.uow.audit.record("drop", "assessment", assessment.id, client_id=assessment.client_id)

    def _change(self, assessment: Assessment, **values: Any) -> Assessment:
        key = {"id": assessment.id, "version": assessment.version, "state": "running"}
        if not self.uow.update(assessments, key, {**values, "version": assessment.version + 1}):
            raise Conflict("这份问卷刚刚在别处答过了。请重新发送「客户姓名 风险测评」接着答。")
        return self.get(assessment.id)

    def _read(self, *conditions: ColumnElement[bool]) -> list[Assessment]:
        query = select(*_COLUMNS).where(*conditions, self.mine(assessments)).order_by(assessments.c.id.desc())
        return [
            Assessment(**row._asdict() | {"answers": self.uow.unseal(_ANSWERS, row.id, row.answers)})
            for row in self.uow.execute(query)
        ]
