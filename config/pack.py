"""Packs: the business words of a line as data. Import from here; the other `pack_` files are its inside.

A pack is a folder: `pack.yaml` and any of fields, contracts, products, tags, rules, templates, words.
`load_packs` merges several into one frozen `Packs`; `PackStore` keeps the last good one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.pack_fields import Checks, Choice, FieldSpec, FieldType, Line, Record, Role
from config.pack_loading import BUILT_IN, PackError, PackProblem, folder_of, load
from config.pack_models import (
    SILENCE,
    Condition,
    ContractKind,
    LossReason,
    PackInfo,
    PartyRole,
    Product,
    RelationKind,
    ReminderRule,
    Source,
    Stage,
    State,
    Tag,
    Template,
    Tier,
    TierScheme,
    Words,
)
from config.pack_text import VARIABLES, MissingVariable

__all__ = [
    "BUILT_IN", "SILENCE", "VARIABLES",
    "Checks", "Choice", "Condition", "ContractKind", "FieldSpec", "FieldType", "Line", "LossReason",
    "MissingVariable", "PackError", "PackInfo", "PackProblem", "PackStore", "Packs", "PartyRole", "Product",
    "Record", "RelationKind", "ReminderRule", "Role", "Source", "Stage", "State", "Tag", "Template", "Tier",
    "TierScheme", "Words", "load_packs",
]


@dataclass(frozen=True)
class Packs:
    """Everything the loaded packs declare, merged, cross-checked and in reading order.

    `version` changes whenever a byte of any file does."""

    version: str
    infos: tuple[PackInfo, ...]
    fields: tuple[FieldSpec, ...]
    kinds: tuple[ContractKind, ...]
    products: tuple[Product, ...]
    tags: tuple[Tag, ...]
    tiers: tuple[TierScheme, ...]
    stages: tuple[Stage, ...]
    relations: tuple[RelationKind, ...]
    loss_reasons: tuple[LossReason, ...]
    sources: tuple[Source, ...]
    rules: tuple[ReminderRule, ...]
    templates: tuple[Template, ...]
    words: tuple[Words, ...]

    @cached_property
    def _by_path(self) -> dict[str, FieldSpec]:
        return {spec.path: spec for spec in self.fields}

    @cached_property
    def _by_kind(self) -> dict[str, ContractKind]:
        return {kind.name: kind for kind in self.kinds}

    @cached_property
    def _by_code(self) -> dict[str, Product]:
        return {product.code: product for product in self.products}

    @cached_property
    def _by_template(self) -> dict[str, Template]:
        return {template.id: template for template in self.templates}

    @cached_property
    def _by_rule(self) -> dict[str, ReminderRule]:
        return {rule.id: rule for rule in self.rules}

    def field(self, record: str, name: str) -> FieldSpec:
        """Raises KeyError for a field no loaded pack declares."""
        return self._by_path[f"{record}.{name}"]

    def kind(self, name: str) -> ContractKind:
        """Raises KeyError for a kind no loaded pack declares."""
        return self._by_kind[name]

    def product(self, code: str) -> Product:
        """Raises KeyError for a code no loaded pack declares."""
        return self._by_code[code]

    def template(self, id: str) -> Template:
        """Raises KeyError for a template no loaded pack declares."""
        return self._by_template[id]

    def rule(self, id: str) -> ReminderRule:
        """Raises KeyError for a rule no loaded pack declares."""
        return self._by_rule[id]

    def find_stage(self, name: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)

    def find_relation(self, name: str) -> RelationKind | None:
        return next((relation for relation in self.relations if relation.name == name), None)

    def care_templates(self, occasion: str) -> tuple[Template, ...]:
        """Approved texts to a client for an occasion such as `birthday`; may be none."""
        return tuple(t for t in self.templates if t.purpose == "care" and t.occasion == occasion)


def load_packs(names_or_folders: Sequence[str | Path]) -> Packs:
    """Read and check packs in order. A bare name is a built-in pack, anything else a folder.

    Raises PackError, which lists every problem with its file, line and reason in Chinese."""
    version, merged = load(names_or_folders)
    return Packs(version, **merged)


class PackStore:
    """The packs in force. A reload that fails leaves them as they were, and `problems` says why it failed."""

    def __init__(self, names_or_folders: Sequence[str | Path]) -> None:
        self._sources = tuple(names_or_folders)
        self._seen = self._look()
        self.current: Packs = load_packs(self._sources)
        self.problems: tuple[PackProblem, ...] = ()

    def reload(self) -> Packs:
        """Read the files again. Raises PackError and keeps `current` when any of them is bad."""
        self._seen = self._look()
        try:
            self.current = load_packs(self._sources)
        except PackError as error:
            self.problems = tuple(error.problems)
            raise
        self.problems = ()
        return self.current

    def has_changed(self) -> bool:
        """Whether any file was touched since it was last read, well or badly."""
        return self._look() != self._seen

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        files = sorted(path for source in self._sources for path in folder_of(source).glob("*.yaml"))
        return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
