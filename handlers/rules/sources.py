"""The dates that a rule may count from, by the words for them: 保单到期, 缴费日, 农历生日, 久未联系."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.pack import SILENCE, ContractKind, Packs
from config.pack_columns import is_instant
from storage.model.errors import Invalid
from storage.model.numerals import read_number

SILENT_WORDS = ("超过等级规定的联系天数", "超过规定天数未联系", "多久没联系", "久未联系", "长期未联系", "沉默")
_MORE = {
    "client.birthday": ("过生日",), "client.id_expires_on": ("证件到期", "身份证到期"),
    "client.licence_expires_on": ("执照到期", "营业执照到期"),
    "client.risk_class_expires_on": ("风评到期", "风险测评到期"),
}
_ALWAYS_YEARLY = ("client.anniversary",)
_BEGINS = "contract.starts_on"
_OF_DATES = ("日期", "时间", "日")  # 开户日期 is remembered as 开户周年
_ENDS = ("到期", "满期")
OVERDUE = "逾期"  # 贷款逾期后 3 天: the days count from the one that was missed
_OWED = ("缴费", "应缴")  # what people say of the instalments of an insurance


@dataclass(frozen=True, slots=True)
class Source:
    """A date as rules name it, the kinds of contracts that it is of (empty: all), and whether it is named as one that
    comes again every year: 开户周年."""

    path: str
    kinds: tuple[str, ...] = ()
    yearly: bool = False


_DAYS = re.compile(r"了?\s*(?:\d|[零一二两三四五六七八九十百半])")
_tables: dict[str, dict[str, Source]] = {}


def source_words(packs: Packs) -> dict[str, Source]:
    """The sources by their words, the longest word first; made once for each version of the packs."""
    found = _tables.get(packs.version)
    if found is None:
        words: dict[str, Source] = {}
        for word, source in _all(packs):
            if len(word) > 1 and not word.isascii():
                words.setdefault(word, source)
        _tables.clear()
        found = _tables[packs.version] = dict(sorted(words.items(), key=lambda pair: -len(pair[0])))
    return found


def find_source(text: str, packs: Packs) -> tuple[int, int, Source] | None:
    """The longest word for a source in a text, where it stands, and what it means."""
    for word, source in source_words(packs).items():
        if (at := text.find(word)) >= 0:
            end = at + len(word)
            days_follow = word.endswith(OVERDUE) and _DAYS.match(text, end)
            return at, end - len(OVERDUE) if days_follow else end, source  # 逾期3天 tells the days as well
    return None


_SILENT_N = r"(?P<n>\d{1,4}|[零一二两三四五六七八九十百半]{1,5})\s*(?P<unit>天|日|周|个?星期|个?月|年)"
_CONTACT = r"(?:联系|联络|沟通|跟进|接触|互动|往来)"
_AND = r"(?:且|并且|而且)"
_SILENT = (
    re.compile(
        rf"(?:{_AND}\s*)?(?:客户)?(?:已经?|连续|超过|超|满|达到?)*\s*{_SILENT_N}\s*(?:以上|都|内)*\s*"
        rf"(?:没有?|未|不)(?:再|有|被|人)*{_CONTACT}(?:过|上|到|了)*(?:以上)?(?:的?客户|的|时|后)?(?:\s*{_AND})?"
    ),
    re.compile(
        rf"(?:{_AND}\s*)?(?:距|从|自)?(?:上次|上一次|最后一?次|最近一?次|最近)(?:的)?{_CONTACT}(?:时间|日期)?(?:过|之|以|了)?(?:后|起)?"
        rf"\s*(?:满|超过|超|过)?\s*{_SILENT_N}(?:以上|还|都|仍)*(?:(?:没有?|未|不)再?{_CONTACT}(?:过|上)?)?(?:的?客户|的|时|后)?(?:\s*{_AND})?"
    ),
)  # fmt: skip
LONGEST_SILENCE = 3660  # days


def silence_said(text: str) -> tuple[int, int, int] | None:
    """Where a silence of so many days stands in a text (90天未联系, 上次联系后60天), and how many. Raises Invalid."""
    found = next((match for shape in _SILENT if (match := shape.search(text)) is not None), None)
    if found is None:
        return None
    unit, said = found["unit"], read_number(found["n"]) if found["n"] != "半" else 0.5
    length = 7 if "周" in unit or "星期" in unit else 30 if "月" in unit else 365 if unit == "年" else 1
    days = int(float(said) * length) if said is not None else 0
    if not 1 <= days <= LONGEST_SILENCE:
        raise Invalid(f"「{found[0].strip()}」不是能算的天数，请写 1 到 {LONGEST_SILENCE} 天，例如「90天未联系」。")
    return found.start(), found.end(), days


def _all(packs: Packs) -> Iterator[tuple[str, Source]]:
    for word in SILENT_WORDS:
        yield word, Source(SILENCE)
    for path, words in _MORE.items():
        for word in words:
            yield word, Source(path)
    for spec in packs.fields:
        if spec.type not in ("date", "lunar_day") or spec.record not in ("client", "contract", "instalment"):
            continue
        if is_instant(spec.record, spec.name):
            continue  # no rule may count from a moment: 上次联系 is a silence
        kinds = packs.kinds if spec.record != "client" else ()
        for word, yearly in (pair for one in (spec.label, *spec.synonyms) for pair in _said_as(one)):
            yearly = yearly or spec.path in _ALWAYS_YEARLY
            yield word, Source(spec.path, (), yearly)
            for kind in kinds:
                source = Source(spec.path, (kind.name,), yearly)
                yield from ((f"{name}{of}{word}", source) for name in _names(kind) for of in ("", "的"))
    for kind in packs.kinds:
        yield from _of_kind(kind)
    yield from ((word, Source("contract.ends_on")) for word in _ENDS)


def _of_kind(kind: ContractKind) -> Iterator[tuple[str, Source]]:
    ends, due = Source("contract.ends_on", (kind.name,)), Source("instalment.due_on", (kind.name,))
    for name in _names(kind):
        yield from ((f"{name}{of}{end}", ends) for of in ("", "的") for end in (*_ENDS, "续保", "到期日"))
    yield from ((f"{name}{of}周年", Source(_BEGINS, (kind.name,), True)) for name in _names(kind) for of in ("", "的"))
    if kind.name == "policy":
        yield "续保", ends
        yield from ((word, due) for word in _OWED)
    if kind.instalment_label:
        owed = kind.instalment_label
        yield from ((word, due) for word in (owed, f"{owed}日", f"{owed}到期", f"应{owed}", f"{kind.label}{owed}"))
        owing = (*_names(kind), owed, f"{kind.label}{owed}", *(("保费", *_OWED) if kind.name == "policy" else ()))
        yield from ((f"{word}{of}{OVERDUE}", due) for word in owing for of in ("", "的", " "))


def _names(kind: ContractKind) -> tuple[str, ...]:
    return (kind.label, *kind.synonyms)


def _said_as(word: str) -> Iterator[tuple[str, bool]]:
    """A word for a date and what it is shortened to; with 周年, the date as it comes again every year."""
    yield from ((short, False) for short in _shortened(word))
    for end in _OF_DATES:
        if word.endswith(end) and len(word) > len(end) + 1:
            yield from ((f"{word.removesuffix(end)}{again}", True) for again in ("周年", "周年日", "满周年"))
            return


def _shortened(word: str) -> Iterator[str]:
    """到期日 as 到期 as well, 证件有效期至 as 证件到期."""
    yield word
    for end in ("有效期至", "有效期"):
        if word.endswith(end) and len(word) > len(end):
            yield f"{word.removesuffix(end)}到期"
    if word.endswith("日") and len(word) > 3:
        yield word[:-1]
