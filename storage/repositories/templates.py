"""The words of texts to clients that operations set, in versions over the packs'."""

from __future__ import annotations

from collections.abc import Sequence

from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.tables import template_versions
from storage.templates import TemplateBook, overlaid


class TemplateRepository(VersionRepository[TemplateBook]):
    table, subject = template_versions, "template"
    mark_name, record = "template", "template"
    noun, history_words = "模板", "模板"

    def _overlaid(self, versions: Sequence[Version]) -> TemplateBook:
        return overlaid(self.uow.packs, versions)
