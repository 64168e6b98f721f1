"""The words that conditions may use: those of the packs in force, as far as the reader's role may see them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from config.pack import FieldSpec
from storage.conditions.facts import Age, ClientField, ContractField, Entered, Fact, Holds, Shelf, Tagged
from storage.dictionary import Dictionary

_BY_OTHER_WORDS = frozenset({"name", "lunar_birthday"})  # a client is looked up by these, not filtered


@dataclass(frozen=True, slots=True)
class Valued:
    """A word that is a value of some fact by itself: 贵宾 is 银行等级 = 贵宾."""

    fact: Fact
    value: object
    label: str


@lru_cache(maxsize=16)
def vocabulary_of(dictionary: Dictionary, role: str) -> Vocabulary:
    """The vocabulary of a role under the packs in force, made once."""
    return Vocabulary(dictionary, role)


class Vocabulary:
    """Made for one reader: `role` decides which fields may be asked for."""

    def __init__(self, dictionary: Dictionary, role: str) -> None:
        self._dictionary, self._role = dictionary, role
        self.facts: dict[str, Fact] = {}
        self.values: dict[str, list[Valued]] = {}
        self.shelves: dict[str, Shelf] = {}
        self.refused: dict[str, str] = {}  # words that are understood and may not be used, and why
        self._add_products()
        for word in ("年龄", "岁数"):
            self.facts[word] = Age()
        for word in ("标签", "tag"):
            self.facts[word] = Tagged()
        for word in ("建档日", "建档时间", "建档", "录入日期"):
            self.facts[word] = Entered()
        for record, make in (("client", ClientField), ("contract", ContractField)):
            for spec in dictionary.fields(record):
                self._add_field(spec, make(spec))
        self._add_tags()
        self._longest = sorted(self.facts, key=len, reverse=True)
        self._longest_shelves = sorted(self.shelves, key=len, reverse=True)

    def fact_at(self, text: str) -> tuple[Fact, str] | None:
        """The fact whose word the text begins with, the longest one, and what follows it."""
        for word in self._longest:
            if text.startswith(word):
                return self.facts[word], text[len(word):].strip()
        return None

    def value(self, word: str) -> list[Valued]:
        """What a word by itself may mean."""
        return self.values.get(_key(word), [])

    def shelf(self, word: str) -> Shelf | None:
        """The sort of product that a word names."""
        return self.shelves.get(_key(word))

    def shelf_at(self, text: str) -> tuple[Shelf, str] | None:
        """The sort of product whose word the text begins with, the longest one, and what follows it."""
        word = next((word for word in self._longest_shelves if text.startswith(word)), None)
        return (self.shelves[word], text[len(word):].strip()) if word else None

    def why_not(self, text: str) -> str | None:
        """Why a field that the text begins with may not be asked for."""
        word = next((word for word in sorted(self.refused, key=len, reverse=True) if text.startswith(word)), None)
        return self.refused[word] if word else None

    def nearest(self, text: str) -> list[str]:
        """Up to three words of this vocabulary that look most like the text."""
        words = [*self.facts, *self.values, *self.shelves]
        close = difflib.get_close_matches(_key(text), words, n=3, cutoff=0.5)
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        alike = [word for word in words if any(pair in word for pair in pairs)]
        return list(dict.fromkeys([*close, *alike]))[:3]

    # ------------------------------------------------------------ making it

    def _add_field(self, spec: FieldSpec, fact: Fact) -> None:
        why = self._why_refused(spec)
        for word in map(_key, spec.words):
            if why:
                self.refused.setdefault(word, why)
            else:
                self.facts.setdefault(word, fact)
        if why:
            return
        if spec.type == "boolean":
            self._add_values(spec.synonyms, Valued(fact, True, f"{spec.label} 是"))
        for choice in spec.choices:
            valued = Valued(fact, choice.value, f"{spec.label} 是 {choice.label}")
            self._add_values((choice.label, *choice.synonyms), valued)

    def _why_refused(self, spec: FieldSpec) -> str | None:
        if not self._dictionary.may(self._role, "see", spec):
            return f"「{spec.label}」您无权查看，不能按它筛选。"
        if spec.sealed:
            return f"「{spec.label}」是加密保存的，不能按它筛选。"
        if spec.name in _BY_OTHER_WORDS:
            return f"「{spec.label}」不能这样筛选；要找某位客户，请发送「查 姓名」。"
        return None

    def _add_values(self, words: Iterable[str], valued: Valued) -> None:
        for word in map(_key, words):
            there = self.values.setdefault(word, [])
            if all(other.fact != valued.fact for other in there):
                there.append(valued)

    def _add_tags(self) -> None:
        for tag in self._dictionary.packs.tags:
            self._add_values((tag.name, *tag.synonyms), Valued(Tagged(), tag.name, f"标签 是 {tag.name}"))

    def _add_products(self) -> None:
        packs = self._dictionary.packs
        for kind in packs.kinds:
            for word in (kind.label, *kind.synonyms):
                self.shelves[_key(word)] = Shelf(kind.label, kinds=(kind.name,))
        for family in dict.fromkeys(product.family for product in packs.products):
            codes = tuple(product.code for product in packs.products if product.family == family)
            self.shelves.setdefault(_key(family), Shelf(family, codes=codes))
        for product in packs.products:
            for word in (product.name, *product.synonyms):
                self.shelves.setdefault(_key(word), Shelf(product.name, codes=(product.code,)))


def holding(shelf: Shelf) -> Valued:
    """The fact of holding something of a sort."""
    return Valued(Holds(), shelf, f"持有{shelf.word}")


def _key(word: str) -> str:
    return word.strip().lower().replace(" ", "")
