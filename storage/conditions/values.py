"""Values as they are written behind a fact, checked by the dictionary, and how they are told back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from storage.conditions.facts import Fact, Op, Tagged
from storage.conditions.operators import DATE_SIGNS, OPS, SIGNS
from storage.conditions.tree import Test
from storage.conditions.vocabulary import Vocabulary
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.numerals import read_number
from storage.model.periods import STRETCHES, Period, Unit
from storage.model.values import date_text, money_text, read_date

NUMBER = r"(?:\d[\d,.]*|[零〇一二两三四五六七八九十百千半]+)"
PERIOD = rf"(?P<count>{NUMBER})\s*(?P<unit>天|日|周|个?星期|个?月|年)"
# A stretch of the calendar as it is said, and as it is told.
_CALLED = {
    "今日": "今天", "明日": "明天", "这周": "本周", "这个星期": "本周", "本星期": "本周", "下星期": "下周",
    "下个星期": "下周",
    "这个月": "本月", "当月": "本月", "下个月": "下月", "这个季度": "本季度", "本季": "本季度", "下个季度": "下季度",
    "本年": "今年",
}
STRETCH = "(?P<stretch>" + "|".join(sorted((*STRETCHES, *_CALLED), key=len, reverse=True)) + ")"
_UNITS: dict[str, Unit] = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year"}
_MOST: dict[Unit, int] = {"day": 36500, "week": 5200, "month": 1200, "year": 100}
_NEAR = {"今天": 0, "今日": 0, "明天": 1, "昨天": -1, "后天": 2, "前天": -2}
_QUOTES = "「」\"'“”"
# Dates of which the days to come are asked, and those that are over when they are written down.
_AHEAD = re.compile(r"ends|expires|until|^next_|due|redeem|^expected_on$|^review_on$|^maintenance_on$")
_BACK = re.compile(
    r"^last_contact_at$|^lost_at$|^happened_|_(?:opened|assessed|reviewed|report)_on$|^(?:disbursed|paid)_on$"
)


class Unreadable(Invalid):
    """The conditions cannot be read; says which part, and what comes nearest."""


class Values:
    """Makes tests of facts from written values."""

    def __init__(self, vocabulary: Vocabulary, dictionary: Dictionary, today: date) -> None:
        self._vocabulary, self._dictionary, self._today = vocabulary, dictionary, today

    def test(self, fact: Fact, op: Op, words: str) -> Test:
        """Raises Unreadable for an operator or a value that the fact does not take."""
        allowed = OPS.get(fact.type, ("=",))
        if fact.type == "boolean" and op in ("=", "!="):
            value = self._value(fact, words) is (op == "=")
            return Test(fact, "=", value, f"{fact.label} {'是' if value else '否'}")
        if op not in allowed:
            ways = "、".join(SIGNS[each] for each in allowed)
            raise Unreadable(f"「{fact.label}」不能用「{SIGNS[op]}」来比，可以写：{ways}。")
        if op == "between":
            return self._between(fact, words)
        if op == "in" or (op == "=" and "、" in words):
            return self._in(fact, words)
        value = self._value(fact, words)
        if isinstance(value, tuple):  # one label for several values: 已到期 of every kind of contract
            told = f"{fact.label} {SIGNS[op]} {words.strip(_QUOTES + ' ')}"
            return Test(fact, "in" if op == "=" else op, value, told)
        signs_of = DATE_SIGNS if fact.type == "date" else SIGNS
        return Test(fact, op, value, f"{fact.label} {signs_of[op]} {_quoted(fact, said(fact, value))}")

    def choice_in(self, fact: Fact, rest: str) -> str | None:
        """The value when all that follows the fact is one of its choices, also 是 高中及以下."""
        words = re.sub(r"^(?:是|为|等于|=|:)\s*", "", rest).strip(_QUOTES + " ")
        spec = getattr(fact, "spec", None)
        if spec is not None and _choices(spec, words):
            return words
        return None

    def _between(self, fact: Fact, words: str) -> Test:
        low, high = (self._value(fact, each) for each in words.split(" 到 ", 1))
        if low > high:
            raise Unreadable(f"「{fact.label}」的范围写反了：前面的应比后面的小。")
        return Test(fact, "between", (low, high), f"{fact.label} 在 {said(fact, low)} 到 {said(fact, high)} 之间")

    def _in(self, fact: Fact, words: str) -> Test:
        written = [each.strip() for each in re.split(r"[、/]", words) if each.strip()]
        if not written:
            raise Unreadable(f"「{fact.label}」后面还缺要比的内容，例如「{fact.label} 是 甲、乙」。")
        values = [self._value(fact, each) for each in written]
        told = zip(written, values, strict=True)
        labels = [each if isinstance(value, tuple) else said(fact, value) for each, value in told]
        flat = tuple(one for value in values for one in (value if isinstance(value, tuple) else (value,)))
        return Test(fact, "in", flat, f"{fact.label} 属于 {'、'.join(_quoted(fact, label) for label in labels)}")

    def _value(self, fact: Fact, words: str) -> Any:
        words = words.strip().strip(_QUOTES).strip()
        try:
            if isinstance(fact, Tagged):
                return self._tag(words)
            if fact.type == "date":
                return self._today + timedelta(days=_NEAR[words]) if words in _NEAR else read_date(words)
            if fact.type == "integer":
                words = re.sub(r"\s*(?:周?岁|次|个|人|年|期|天)$", "", words)
            spec = getattr(fact, "spec", None)
            if spec is None:
                return _years(words)
            if spec.type == "choice" and len(found := _choices(spec, words)) > 1:
                return found
            return self._dictionary.normalise(spec, words)
        except Invalid as error:
            raise Unreadable(f"「{fact.label}」后面的「{words[:40]}」不对：{error}") from None

    def _tag(self, words: str) -> str:
        tags = self._dictionary.packs.tags
        found = next((t.name for t in tags if words.lower() in {w.lower() for w in (t.name, *t.synonyms)}), None)
        if found is None:
            near = [word for word in self._vocabulary.nearest(words) if any(word == tag.name.lower() for tag in tags)]
            raise Invalid("没有这个标签。" + (f"最接近的有：{'、'.join(near)}。" if near else ""))
        return found


def period_in(found: re.Match[str], counted: str = "count", by: str = "unit") -> Period:
    """The period of a match with the groups `count` and `unit`. Raises Unreadable for one that is none."""
    unit = _UNITS[found[by].removeprefix("个")]
    if found[counted] == "半":
        halves = {"year": Period(6, "month"), "month": Period(15, "day")}
        if unit in halves:
            return halves[unit]
        raise Unreadable(f"「半{found[by]}」看不懂，请写成几天。")
    count = read_number(found[counted])
    if count is None or count != int(count) or not 0 < count <= _MOST[unit]:
        raise Unreadable(f"「{found[counted]}{found[by]}」不对：时间请写整数，最长 100 年。")
    return Period(int(count), unit)


def stretch_in(found: re.Match[str]) -> str:
    """The stretch of the calendar of a match with the group `stretch`, by the word that it is told with."""
    return _CALLED.get(found["stretch"], found["stretch"])


def looks_back(fact: Fact) -> bool | None:
    """Whether 在 30 天内 of a date looks back; None where it may be either."""
    spec = getattr(fact, "spec", None)
    if spec is None:
        return True  # the day of entry
    if _BACK.search(spec.name):
        return True
    return False if _AHEAD.search(spec.name) else None


def said(fact: Fact, value: Any) -> str:
    """The value as it is told back."""
    spec = getattr(fact, "spec", None)
    if isinstance(value, date):
        return date_text(value)
    if fact.type == "money":
        return money_text(value)
    if spec is not None and spec.type == "choice":
        return next((choice.label for choice in spec.choices if choice.value == value), str(value))
    return str(value)


_JOINS = re.compile(r"[()（）,，;；、/]|且|或|同时")
_MORE_THAN_A_VALUE = re.compile(r"\s|\band\b|\bor\b|^[为含非不没未无是]", re.IGNORECASE)


def _quoted(fact: Fact, words: str) -> str:
    """In quotation marks where it could be read as more than a value."""
    if fact.type not in ("text", "choice"):
        return words
    more = fact.type == "text" and _MORE_THAN_A_VALUE.search(words)
    return f"「{words}」" if more or _JOINS.search(words) else words


def _choices(spec: Any, words: str) -> tuple[str, ...]:
    """All values that go by this word: states of several kinds of contracts share their labels."""
    key = words.lower().replace(" ", "")
    return tuple(dict.fromkeys(
        choice.value for choice in spec.choices
        if key in {w.lower().replace(" ", "") for w in (choice.value, choice.label, *choice.synonyms)}
    ))


def _years(words: str) -> int:
    number = read_number(words)
    if number is None or number != int(number) or not 0 <= number <= 200:
        raise Invalid("请写成 0 到 200 的整数。")
    return int(number)
