"""The texts to clients in force: those of the packs, and over them what operations have put in force since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from config.pack import VARIABLES, VARIABLES_OF, Packs, ReminderRule, Template
from storage.model.errors import Invalid
from storage.model.versions import Version

_WELCOME = frozenset({"adviser_name", "company_name"})  # nothing is known yet of who is welcomed


@dataclass(frozen=True)
class TemplateBook:
    """`templates` in the order of the packs, those that speak to members among them; `versions` by template, of those
    that operations have set. `broken` says of which an approved version can be used no more: the pack's text counts."""

    templates: tuple[Template, ...]
    versions: Mapping[str, Version]
    broken: tuple[str, ...] = ()

    @staticmethod
    def of(packs: Packs) -> TemplateBook:
        """Nothing but the packs'."""
        return TemplateBook(packs.templates, {})

    @cached_property
    def _by_id(self) -> Mapping[str, Template]:
        return {template.id: template for template in self.templates}

    def find(self, template_id: str) -> Template | None:
        return self._by_id.get(template_id)

    def get(self, template_id: str) -> Template:
        """Raises KeyError for one that no pack has."""
        return self._by_id[template_id]

    @property
    def care(self) -> tuple[Template, ...]:
        """The texts to clients."""
        return tuple(template for template in self.templates if template.purpose == "care")

    def for_occasion(self, occasion: str) -> tuple[Template, ...]:
        """Approved texts to a client for an occasion such as `birthday`; may be none."""
        return tuple(t for t in self.care if t.occasion == occasion and t.state == "approved")


def overlaid(packs: Packs, versions: Sequence[Version]) -> TemplateBook:
    """The packs' texts under the versions of them that are in force."""
    known, texts, broken = {template.id: template for template in packs.templates}, {}, []
    for version in versions:
        own = known.get(version.subject)
        try:
            if own is not None:
                texts[own.id] = own if version.body is None else reworded(own, version.body)
        except Invalid:
            broken.append(version.subject)
    set_by = {version.subject: version for version in versions if version.subject in texts}
    return TemplateBook(tuple(texts.get(t.id, t) for t in packs.templates), set_by, tuple(broken))


def reworded(own: Template, body: Mapping[str, Any]) -> Template:
    """A template in other words. Raises Invalid for a text that is too long or holds something that is no variable."""
    values = {**own.model_dump(), "text": body.get("text"), "variants": body.get("variants") or {}}
    try:
        return Template(**values)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            raise Invalid(f"{first['ctx']['error']!s}。没有改动。") from None
        raise Invalid("模板的文字要写 1 到 600 个字，没有改动。") from None


def body_of(template: Template) -> dict[str, Any]:
    """The words of a template as a version holds them."""
    return {"text": template.text, "variants": dict(template.variants)}


def out_of_place(template: Template, own: Template, rules: Sequence[ReminderRule]) -> list[str]:
    """Variables of a text, by the words for them, whose value is not known where it is used: by the rules that suggest
    it, and besides what the pack's own text uses."""
    if own.occasion == "welcome":
        allowed = _WELCOME
    else:
        sources = [VARIABLES_OF[rule.source_record] for rule in rules if rule.care_template == own.id]
        allowed = frozenset.intersection(*sources) if sources else VARIABLES_OF["client"]
    return [VARIABLES[name] for name in template.variables if name not in allowed | set(own.variables)]
