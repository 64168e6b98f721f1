"""The hours of the morning brief, the digest and the reports that operations set, in versions over the packs'."""

from __future__ import annotations

from collections.abc import Sequence

from storage.model.versions import Version
from storage.push_times import PushTimes, overlaid
from storage.repositories.versions import VersionRepository
from storage.tables import push_versions


class PushTimeRepository(VersionRepository[PushTimes]):
    table, subject = push_versions, "push"
    mark_name, record = "push", "push_time"
    noun, history_words = "推送时间", "早报时间 历史"

    def _overlaid(self, versions: Sequence[Version]) -> PushTimes:
        return overlaid(self.uow.packs, versions)
