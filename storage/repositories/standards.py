"""The tier standard that operations set, in versions over the pack's."""

from __future__ import annotations

from collections.abc import Sequence

from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.tables import standard_versions
from storage.tiers import Standard, StandardBook, overlaid


class StandardRepository(VersionRepository[StandardBook]):
    table, subject = standard_versions, "scheme"
    mark_name, record = "tier_standard", "tier_standard"
    noun, history_words = "分层标准", "分层标准历史"

    def held(self) -> Standard | None:
        """The standard in force, which nobody changes until this transaction ends: whoever computes tiers by it holds
        it, or an older standard could have the last word."""
        self._lock("")
        return self.in_force().standard

    def _overlaid(self, versions: Sequence[Version]) -> StandardBook:
        return overlaid(self.uow.packs, versions)
