"""The words that conditions may use: those of the packs in force, as far as the reader's role may see them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from config.pack import Choice, FieldSpec, Packs
from storage.conditions.contract_facts import ContractField, Holds, ProductField, Shelf
from storage.conditions.facts import Age, ClientField, Entered, Fact, Op, Tagged
from storage.conditions.party_facts import roles_of
from storage.conditions.record_facts import RECORDS, LastContact, RecordField, is_encrypted
from storage.dictionary import Dictionary

_BY_OTHER_WORDS = frozenset({"name", "lunar_birthday"})  # a client is looked up by these, not filtered
_NOT_YET = frozenset({"owner_id", "referrer"})  # they hold people, who are known by their names
# Words that say next to nothing without their field: 没有 房产 must not become 续保意向 是 不续.
_NEVER_ALONE = frozenset("没有 其他 其它 普通 一般 不续 不会 会 正常 良好 关注".split())
_GENDERS = frozenset("男女")


# Where the word of a field ends and what it is compared with begins.
_COMPARED = re.compile(
    r"\s|[<>=!≥≤:]|(?<=.)(?:不?(?:大于|小于|超过|低于|高于|少于|多于|早于|晚于|等于|属于|包含|是|为)|在)"
)


@dataclass(frozen=True, slots=True)
class Valued:
    """A word that is a value of some fact by itself: 贵宾 is 银行等级 = 贵宾."""

    fact: Fact
    value: object
    label: str
    op: Op = "="


@lru_cache(maxsize=16)
def vocabulary_of(dictionary: Dictionary, role: str) -> Vocabulary:
    """The vocabulary of a role under the packs in force, made once."""
    return Vocabulary(dictionary, role)


class Vocabulary:
    """Made for one reader: `role` decides which fields may be asked for."""

    def __init__(self, dictionary: Dictionary, role: str) -> None:
        self._dictionary, self._role = dictionary, role
        self._fields: dict[str, Fact] = {}  # by record.name
        self.facts: dict[str, Fact] = {}
        self.values: dict[str, list[Valued]] = {}
        self.shelves: dict[str, Shelf] = {}
        self.refused: dict[str, str] = {}  # words that are understood and may not be used, and why
        self.roles = roles_of(dictionary.packs)  # of the parties of contracts
        self._add_products()
        if dictionary.may(role, "see", dictionary.field("client", "birthday")):
            self.facts |= dict.fromkeys(("年龄", "岁数"), Age())
        self.facts |= dict.fromkeys(("标签", "tag"), Tagged())
        self.facts |= dict.fromkeys(("建档日", "建档时间", "建档日期", "录入日期"), Entered())
        for record, make in (("client", ClientField), ("contract", ContractField)):
            for spec in dictionary.fields(record):
                self._add_field(spec, make(spec))
        self._add_records()
        self._add_tags()
        self._longest = sorted(self.facts, key=len, reverse=True)
        self._longest_shelves = sorted(self.shelves, key=len, reverse=True)

    @property
    def packs(self) -> Packs:
        """The packs whose words these are."""
        return self._dictionary.packs

    def hidden(self, path: str) -> str | None:
        """Why a field of any record may not be asked for; None where it may, or where no pack declares it."""
        if path not in self.packs.paths:
            return None
        return self._why_refused(self._dictionary.field(*path.split(".", 1)), seen_only=True)

    def fact(self, word: str) -> Fact | None:
        """The fact that goes by exactly this word."""
        return self.facts.get(_key(word))

    def field(self, path: str) -> Fact | None:
        """A field of the dictionary by `record.name`, when the reader may ask for it."""
        return self._fields.get(path)

    def is_fact(self, word: str) -> bool:
        """Whether a fact goes by exactly this word."""
        return _key(word) in self.facts

    def fact_at(self, text: str) -> tuple[Fact, str] | None:
        """The fact whose word the text begins with, the longest one, and what follows it."""
        word = _beginning(text, self._longest)
        return (self.facts[word], text[len(word):].strip()) if word else None

    def value(self, word: str) -> list[Valued]:
        """What a word by itself may mean."""
        return self.values.get(_key(word), [])

    def shelf(self, word: str) -> Shelf | None:
        """The sort of product that a word names."""
        return self.shelves.get(_key(word))

    def shelf_at(self, text: str) -> tuple[Shelf, str] | None:
        """The sort of product whose word the text begins with, the longest one, and what follows it."""
        word = _beginning(text, self._longest_shelves)
        return (self.shelves[word], text[len(word):].strip()) if word else None

    def why_not(self, text: str) -> str | None:
        """Why a field that the text begins with may not be asked for."""
        word = _beginning(text, sorted(self.refused, key=len, reverse=True))
        return self.refused[word] if word else None

    def nearest(self, text: str) -> list[str]:
        """Up to three words of this vocabulary that look most like the text, or like what stands in it where a field
        is named; never what was written itself."""
        field = _COMPARED.split(text.strip(), maxsplit=1)[0]
        said = [part for part in dict.fromkeys((_key(field), _key(text))) if part]
        known = (*self.facts, *self.values, *self.shelves, *self.roles)
        words = [word for word in known if word not in said and len(word) > 1]
        close = [word for part in said for word in difflib.get_close_matches(part, words, n=3, cutoff=0.5)]
        pairs = {part[i : i + 2] for part in said for i in range(len(part) - 1)}
        alike = [word for word in words if any(pair in word for pair in pairs)]
        shown = [self.facts[word].label if word.isascii() and word in self.facts else word for word in (*close, *alike)]
        return list(dict.fromkeys(word for word in shown if word not in said))[:3]

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
        self._fields[spec.path] = fact
        if spec.type == "boolean":
            alone = () if spec.label.startswith(("有无", "是否")) else (spec.label,)
            self._add_values((*alone, *spec.synonyms), Valued(fact, True, f"{spec.label} 是"))
        by_label: dict[str, list[Choice]] = {}
        for choice in spec.choices:
            by_label.setdefault(choice.label, []).append(choice)
        for label, choices in by_label.items():
            values = tuple(choice.value for choice in choices)
            said = f"{spec.label} 是 {label}"
            valued = Valued(fact, values[0], said) if len(values) == 1 else Valued(fact, values, said, "in")
            self._add_values((label, *(word for choice in choices for word in choice.synonyms)), valued)

    def _add_records(self) -> None:
        """Fields of the records that hang on a client, by the words that are theirs alone. Their choices say nothing
        without the field: 电话 is no condition, 互动方式 电话 is one."""
        for record in (*RECORDS, "product"):
            for spec in self._dictionary.fields(record):
                why = self._why_refused(spec)
                fact = ProductField(spec) if record == "product" else RecordField(spec)
                for word in map(_key, _of_record(spec)):
                    if why and word not in self.facts:
                        self.refused.setdefault(word, why)
                    elif not why:
                        self.facts.setdefault(word, fact)
                if not why:
                    self._fields[spec.path] = fact
        ways = ("上次联系方式", "最近联系方式", "最近一次联系方式", "上次互动方式")
        paths = ("interaction.kind", "client.last_contact_at")
        if hidden := next(filter(None, map(self.hidden, paths)), None):
            self.refused |= dict.fromkeys(ways, hidden)
        elif self.packs.paths.issuperset(paths):
            self.facts |= dict.fromkeys(ways, LastContact(self._dictionary.field("interaction", "kind")))

    def _why_refused(self, spec: FieldSpec, *, seen_only: bool = False) -> str | None:
        if not self._dictionary.may(self._role, "see", spec):
            return f"「{spec.label}」您无权查看，不能按它筛选。"
        if seen_only:
            return None
        if spec.sealed or is_encrypted(spec):
            return f"「{spec.label}」是加密保存的，不能按它筛选。"
        if spec.name in _NOT_YET:
            return f"「{spec.label}」现在还不能筛选。"
        if spec.name in _BY_OTHER_WORDS:
            return f"「{spec.label}」不能这样筛选；要找某位客户，请发送「查 姓名」。"
        return None

    def _add_values(self, words: Iterable[str], valued: Valued) -> None:
        for word in map(_key, words):
            if word in _NEVER_ALONE or (len(word) == 1 and word not in _GENDERS):
                continue
            there = self.values.setdefault(word, [])
            if all(other.fact != valued.fact for other in there):
                there.append(valued)

    def _add_tags(self) -> None:
        for tag in self._dictionary.packs.tags:
            self._add_values((tag.name, *tag.synonyms), Valued(Tagged(), tag.name, f"标签 是 {tag.name}"))

    def _add_products(self) -> None:
        packs = self._dictionary.packs
        for kind in packs.kinds:
            for word in (kind.name, kind.label, *kind.synonyms):
                self.shelves[_key(word)] = Shelf(kind.label, kinds=(kind.name,))
        for family in dict.fromkeys(product.family for product in packs.products):
            codes = tuple(product.code for product in packs.products if product.family == family)
            self.shelves.setdefault(_key(family), Shelf(family, codes=codes))
        for product in packs.products:
            for word in (product.name, *product.synonyms):
                self.shelves.setdefault(_key(word), Shelf(product.name, codes=(product.code,)))


def _of_record(spec: FieldSpec) -> Iterator[str]:
    """The words of a field of a record that hangs on a client. Those of two letters (金额, 状态, 方式) are said of
    anything."""
    yield spec.path
    words = (spec.label, *(word for word in spec.synonyms if len(word) > 2), *([spec.name] if "_" in spec.name else []))
    if spec.record == "product":
        held = (f"持有{spec.label}", f"持有的{spec.label}") if spec.label.startswith("产品") else ()
        words = (spec.label, *held)
    yield from words


def holding(shelf: Shelf) -> Valued:
    """The fact of holding something of a sort."""
    return Valued(Holds(), shelf, f"持有{shelf.word}")


def _beginning(text: str, words: Iterable[str]) -> str | None:
    small = text.lower()
    return next((word for word in words if small.startswith(word)), None)


def _key(word: str) -> str:
    return word.strip().lower().replace(" ", "")
