"""Entries of packs with the place they were written, and the names that one entry may use of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from config.pack_care import Occasion, Purpose
from config.pack_fields import Choice, FieldSpec, Item
from config.pack_figures import Metric
from config.pack_flows import Flow
from config.pack_hours import Shift
from config.pack_journeys import Journey
from config.pack_models import ContractKind, RelationKind, Stage, Template, TierScheme, Words
from config.pack_yaml import Document, Where

Finding = tuple[str, int, str]


@dataclass(frozen=True)
class Entry:
    """An item and where it was written."""

    item: Item
    file: str
    document: Document
    where: Where

    @property
    def key(self) -> str:
        item = self.item
        if isinstance(item, FieldSpec):
            return item.path
        if isinstance(item, Words):
            return f"{item.kind}:{item.canonical}"
        return str(getattr(item, "id", None) or getattr(item, "code", None) or cast(Any, item).name)

    def line(self, *inside: str | int) -> int:
        return self.document.line(*self.where, *inside)

    def finding(self, reason: str, *inside: str | int) -> Finding:
        return self.file, self.line(*inside), reason


Entries = Mapping[str, Sequence[Entry]]


def with_choices(parts: Mapping[str, Sequence[Any]]) -> tuple[FieldSpec, ...]:
    """The fields, with `choices_from` replaced by the words of the list it names."""
    lists = _choice_lists(parts)
    return tuple(
        spec.model_copy(update={"choices": lists[spec.choices_from]}) if spec.choices_from else spec
        for spec in cast(Sequence[FieldSpec], parts["fields"])
    )


class Known:
    """The names that may be referred to, over all packs."""

    def __init__(self, parts: Mapping[str, Sequence[Item]]) -> None:
        self.fields = {spec.path: spec for spec in cast(Sequence[FieldSpec], parts["fields"])}
        self.kinds = {kind.name: kind for kind in cast(Sequence[ContractKind], parts["kinds"])}
        self.templates = {t.id: t for t in cast(Sequence[Template], parts["templates"])}
        self.purposes = {purpose.name for purpose in cast(Sequence[Purpose], parts["purposes"])}
        self.occasions = {occasion.name for occasion in cast(Sequence[Occasion], parts["occasions"])}
        self.stages = {stage.name for stage in cast(Sequence[Stage], parts["stages"])}
        self.relations = {r.name: r for r in cast(Sequence[RelationKind], parts["relations"])}
        schemes = cast(Sequence[TierScheme], parts["tiers"])
        self.tiers = [tier.name for scheme in schemes for tier in scheme.tiers]
        self.by_assets = [scheme.name for scheme in schemes if scheme.by_assets]
        self.lists = _choice_lists(parts)
        self.families = {choice.value for choice in self.lists["families"]}
        self.shifts = cast(Sequence[Shift], parts["shifts"])
        self.spoken = _spoken(self.fields.values())
        self.journeys: dict[str, str] = {}  # whose name it is; the earlier entry's
        for journey in cast(list[Journey], parts.get("journeys", [])):
            for word in journey.words:
                self.journeys.setdefault(word, journey.id)
        self.flow_words: dict[str, str] = {}  # whose word it is; the earlier entry's
        for flow in cast(list[Flow], parts.get("flows", [])):
            for word in flow.said:
                self.flow_words.setdefault(word, flow.id)
        metrics = cast(list[Metric], parts.get("metrics", []))
        self.computed = {metric.id for metric in metrics if metric.definition}
        self.figures: dict[str, str] = {}  # whose word it is; the earlier entry's
        for metric in metrics:
            for word in metric.words:
                self.figures.setdefault(word.lower(), metric.id)


def _spoken(fields: Iterable[FieldSpec]) -> dict[tuple[str, str], list[FieldSpec]]:
    """The fields that (record, word) may mean, the earlier pack's first."""
    spoken: dict[tuple[str, str], list[FieldSpec]] = {}
    for spec in fields:
        for word in dict.fromkeys(word.lower() for word in spec.words):
            spoken.setdefault((spec.record, word), []).append(spec)
    return spoken


def _choice_lists(parts: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Choice, ...]]:
    kinds = cast(Sequence[ContractKind], parts["kinds"])
    lists: dict[str, list[tuple[str, str, Sequence[str]]]] = {
        "kinds": [(k.name, k.label, k.synonyms) for k in kinds],
        "states": [(s.name, s.label, ()) for k in kinds for s in k.states],
        "roles": [(r.name, r.label, r.synonyms) for k in kinds for r in k.roles],
        "stages": [(s.name, s.label, s.synonyms) for s in parts["stages"]],
        "sources": [(s.name, s.name, s.synonyms) for s in parts["sources"]],
        "loss_reasons": [(r.name, r.name, r.synonyms) for r in parts["loss_reasons"]],
        "families": [(w.canonical, w.canonical, w.synonyms) for w in parts["words"] if w.kind == "product"],
    }
    for scheme in cast(Sequence[TierScheme], parts["tiers"]):
        lists[f"tiers.{scheme.name}"] = [(t.name, t.name, t.synonyms) for t in scheme.tiers]
    return {name: _joined(rows) for name, rows in lists.items()}


def _joined(rows: Sequence[tuple[str, str, Sequence[str]]]) -> tuple[Choice, ...]:
    """One choice a value. Another label for the same value (有效, 持有中) becomes its synonym."""
    choices: dict[str, Choice] = {}
    for value, label, synonyms in rows:
        first = choices.get(value)
        words = (*synonyms, label) if first else tuple(synonyms)
        before = first.synonyms if first else ()
        names = dict.fromkeys(word for word in (*before, *words) if not first or word != first.label)
        choices[value] = Choice(value=value, label=first.label if first else label, synonyms=tuple(names))
    return tuple(choices.values())
