"""The rules of who gets a client without an adviser, in versions over the packs'."""

from __future__ import annotations

from collections.abc import Sequence

from storage.assignments import AssignmentBook, overlaid
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.tables import assignment_versions


class AssignmentRepository(VersionRepository[AssignmentBook]):
    table, subject = assignment_versions, "setting"
    mark_name, record = "assignment", "assignment"
    noun, history_words = "客户分配", "客户分配 历史"

    def _overlaid(self, versions: Sequence[Version]) -> AssignmentBook:
        return overlaid(self.uow.packs, versions)
