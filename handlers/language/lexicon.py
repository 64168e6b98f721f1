"""The words that mean business: products, fields, tags and the other closed vocabularies, each with its synonyms.

`Lexicon.default()` knows language.md's vocabularies; `lexicon_from(packs)` adds what the packs in force declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.language import vocabulary as words
from storage.model.normal import normalise

if TYPE_CHECKING:
    from config.pack import Packs


class Scanner:
    """Finds known words in text: at each place the longest one."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self.meanings = dict(meanings)
        by_first: dict[str, list[str]] = {}
        for word in self.meanings:
            by_first.setdefault(word[0], []).append(word)
        self._by_first = {first: tuple(sorted(group, key=len, reverse=True)) for first, group in by_first.items()}

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, meaning), left to right, without overlaps."""
        found: list[tuple[int, int, str]] = []
        free = 0
        for at, character in enumerate(text):
            if at < free or character not in self._by_first:
                continue
            for word in self._by_first[character]:
                if text.startswith(word, at):
                    free = at + len(word)
                    found.append((at, free, self.meanings[word]))
                    break
        return found

    def everywhere(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every known word at every place, overlaps included."""
        by_first = self._by_first
        for at, character in enumerate(text):
            for word in by_first.get(character, ()):
                if text.startswith(word, at) and not (character.isascii() and _goes_on(text, at, at + len(word))):
                    yield at, at + len(word), self.meanings[word]


def _goes_on(text: str, start: int, end: int) -> bool:
    """Is a Latin word only a part of a longer one? dingyi888 orders nobody to ding."""
    return text[end - 1].isalnum() and ((text[end:end + 1].isascii() and text[end:end + 1].isalnum()) or (start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()))


@dataclass(frozen=True)
class Lexicon:
    """Synonym → canonical word, per kind; all keys normalised. `kinds` gives the contract kind of a product,
    `commands` a canonical command word for other ways to say it, `phrases` extra words per concept of the intents."""

    products: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    loss_reasons: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)  # by what they are called without 旅程
    flows: Mapping[str, str] = field(default_factory=dict)  # sorts of tickets that language.md has no words for
    moves: frozenset[str] = frozenset()
    questionnaires: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)  # what questionnaires come to, and the field that it sets
    metrics: Mapping[str, str] = field(default_factory=dict)
    moves_alone: frozenset[str] = frozenset()  # an order also without a ticket's number

    @staticmethod
    @lru_cache(maxsize=1)
    def default() -> Lexicon:
        """The vocabularies of language.md, without any pack."""
        return Lexicon(
            products=expand(words.PRODUCTS), kinds=dict(words.KIND_OF_PRODUCT), fields=expand(words.FIELDS),
            tags=expand(words.TAGS), tiers=expand(words.TIERS), stages=expand(words.STAGES),
            statuses=expand(words.POLICY_STATUS), relations=expand(words.RELATIONS), roles=expand(words.PARTY_ROLES),
            sections=expand(words.SECTIONS), sources=expand(words.SOURCES), loss_reasons=expand(words.LOSS_REASONS),
        )

    def scanner(self, kind: str) -> Scanner:
        """A scanner for one of the vocabularies ("products", "fields" …), made once."""
        made: dict[str, Scanner] = self.__dict__.setdefault("_scanners", {})
        if kind not in made:
            made[kind] = Scanner(getattr(self, kind))
        return made[kind]


def expand(table: Mapping[str, str]) -> dict[str, str]:
    """{canonical: "synonym synonym"} turned round; the canonical word is its own synonym if it is Chinese."""
    turned: dict[str, str] = {}
    for canonical, synonyms in table.items():
        for word in (*synonyms.split(), *(() if canonical.isascii() else (canonical,))):
            turned.setdefault(plain(word), canonical)
    return turned


def plain(word: str) -> str:
    """A word as `normalise` leaves it in a sentence."""
    return normalise(word).text


_SPOKEN_FLOWS = frozenset({"demand", "complaint", "claim"})  # for these there are rules of their own


def lexicon_from(packs: Packs) -> Lexicon:
    """The default words and those of `packs`; a pack's word wins over a default one."""
    base = Lexicon.default()
    products, kinds = _products(packs, base)
    return Lexicon(
        products=products, kinds=kinds, fields=_fields(packs, base),
        tags={**base.tags, **_synonyms(packs.tags), **_words(packs, "tag")},
        tiers={**base.tiers, **{k: v for scheme in packs.tiers for k, v in _synonyms(scheme.tiers).items()}},
        stages={**base.stages, **_labelled(packs.stages)},
        statuses=dict(base.statuses),
        relations={**_labelled(packs.relations), **base.relations},
        roles={**base.roles, **{k: v for kind in packs.kinds for k, v in _labelled(kind.roles).items()}},
        sections={**base.sections, **{plain(f.section): f.section for f in packs.fields if f.record == "client" and f.section}},
        sources={**base.sources, **_synonyms(packs.sources)},
        loss_reasons={**base.loss_reasons, **_synonyms(packs.loss_reasons)},
        commands=_words(packs, "command"), metrics={plain(word): metric.id for metric in packs.metrics for word in metric.words},
        flows={plain(word): flow.id for flow in packs.flows if flow.id not in _SPOKEN_FLOWS for word in flow.said},
        moves=frozenset(plain(word) for flow in packs.flows for move in flow.moves for word in move.said),
        moves_alone=frozenset(plain(word) for flow in packs.flows for move in flow.moves if move.alone for word in move.said),
        questionnaires={plain(word): each.id for each in packs.questionnaires for word in each.said},
        results={plain(result): each.field for each in packs.questionnaires for result in each.results},
        journeys={plain(word.removesuffix("旅程")): journey.label for journey in packs.journeys for word in journey.words},
    )


def _products(packs: Packs, base: Lexicon) -> tuple[dict[str, str], dict[str, str]]:
    """Families and products by name. A one-word synonym that is a common word (担当, 传承) is only known with 保险 etc."""
    products = {**base.products, **_words(packs, "product")}
    kinds = dict(base.kinds)
    for item in packs.products:
        kinds[item.name] = item.kind
        kinds.setdefault(item.family, item.kind)
        for word in (item.name, *(s for s in item.synonyms if len(s) > 2)):
            products.setdefault(plain(word), item.name)
    return products, kinds


def _fields(packs: Packs, base: Lexicon) -> dict[str, str]:
    found: dict[str, str] = {}
    for spec in packs.fields:
        if spec.record == "client":
            for word in (spec.label, *spec.synonyms):
                if len(word) > 1:
                    found.setdefault(plain(word), spec.name)
    return {**base.fields, **found, **_words(packs, "field")}


def _synonyms(items: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:  # type: ignore[attr-defined]
        for word in (item.name, *item.synonyms):
            found.setdefault(plain(word), item.name)
    return found


def _labelled(items: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:  # type: ignore[attr-defined]
        for word in (item.label, *item.synonyms):
            found.setdefault(plain(word), item.name)
    return found


def _words(packs: Packs, kind: str) -> dict[str, str]:
    return {plain(w): entry.canonical for entry in packs.words if entry.kind == kind for w in (entry.canonical, *entry.synonyms)}
