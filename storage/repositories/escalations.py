"""The hours of escalation that operations set, in versions over the packs'."""

from __future__ import annotations

from collections.abc import Sequence

from storage.escalation import EscalationBook, overlaid
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.tables import escalation_versions


class EscalationRepository(VersionRepository[EscalationBook]):
    table, subject = escalation_versions, "setting"
    mark_name, record = "escalation", "escalation"
    noun, history_words = "升级时间", "升级时间 历史"

    def _overlaid(self, versions: Sequence[Version]) -> EscalationBook:
        return overlaid(self.uow.packs, versions)
