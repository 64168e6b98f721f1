"""Whose birthday comes: 生日 在 30 天内, 本周生日, 12月生日, 农历生日 在 30 天内, 农历八月生日."""

from __future__ import annotations

import re

from storage.conditions.facts import Birthday
from storage.conditions.tree import Test
from storage.conditions.values import NUMBER, PERIOD, STRETCH, Unreadable, period_in, stretch_in
from storage.conditions.vocabulary import Vocabulary
from storage.model.numerals import read_number

_SOON = PERIOD.replace("个?月", "个月")  # 12月生日 is a month of the year
_CALENDAR = "(?P<lunar>农历|阴历|旧历)?(?:公历|阳历|新历)?(?:的)?"
_DAY = rf"{_CALENDAR}生日"
_BEHIND = re.compile(rf"{_DAY}\s*在?\s*(?:未来|最近|近|接下来)?\s*{_SOON}\s*(?:以?内)?的?")
_BEFORE = re.compile(rf"(?:未来|最近|近|接下来)?\s*{_SOON}\s*(?:以?内)?\s*(?:要|会)?(?:过|有)?{_DAY}的?")
_MONTH_BEHIND = re.compile(rf"{_DAY}\s*[在是]?\s*(?P<month>正|腊|冬|{NUMBER})\s*月份?的?")
_MONTH_BEFORE = re.compile(rf"{_CALENDAR}(?P<month>正|腊|冬|{NUMBER})\s*月份?(?:过|的)?(?:公历|阳历)?生日的?")
_STRETCH_BEHIND = re.compile(rf"{_DAY}\s*[在是]?\s*{STRETCH}(?:内|里)?的?")
_STRETCH_BEFORE = re.compile(rf"{STRETCH}(?:内|里)?(?:要|会)?(?:过|有)?{_DAY}的?")
_NAMED = {"正": 1, "冬": 11, "腊": 12}


def read_birthday(text: str, vocabulary: Vocabulary) -> Test | None:
    """None where nothing of the kind is said. Raises Unreadable."""
    if vocabulary.field("client.birthday") is None:
        return None
    for shapes, make in (
        ((_MONTH_BEHIND, _MONTH_BEFORE), _in_month), ((_STRETCH_BEHIND, _STRETCH_BEFORE), _in_stretch),
        ((_BEHIND, _BEFORE), _soon),
    ):
        for shape in shapes:
            if (found := shape.fullmatch(text)) is not None:
                return make(found, Birthday(bool(found["lunar"])))
    return None


def _in_month(found: re.Match[str], fact: Birthday) -> Test:
    month = _NAMED.get(found["month"]) or read_number(found["month"])
    if month is None or not 1 <= month <= 12 or month != int(month):
        raise Unreadable(f"「{found[0]}」不对：月份请写 1 到 12。")
    return Test(fact, "=", int(month), f"{fact.label} 在 {int(month)} 月")


def _in_stretch(found: re.Match[str], fact: Birthday) -> Test:
    word = stretch_in(found)
    return Test(fact, "between", word, f"{fact.label} 在 {word}")


def _soon(found: re.Match[str], fact: Birthday) -> Test:
    period = period_in(found)
    return Test(fact, ">=", period, f"{fact.label} 在 未来 {period}内")
