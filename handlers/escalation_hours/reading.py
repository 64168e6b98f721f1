"""A change of the hours as operations type it: 升级时间 改为 4小时, 漏办时间 改 8小时, 升级时间 续保 8小时 漏办 20小时.

Every word must be read, or the whole is refused: nothing that was written is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from handlers.rule_words import CATEGORY_WORDS
from storage.model.errors import Invalid
from storage.model.numerals import half_width, read_number

LONGEST = 200  # characters
EXAMPLE = "升级时间 续保 改为 4小时"
_MORE = {
    "renewal": "续期", "premium": "缴保费 保费 交费", "repayment": "还贷 逾期", "maturity": "满期", "follow_up": "跟进",
    "expiry": "证件", "silence": "久未联系 沉默",
}
_ALL = "所有类别|所有|全部|每一类|每类|都"
_MODES = {"to_manager": r"升级|上报|告诉主管|提醒主管", "missed": r"算?漏办"}
_NUMBER = r"(?P<n>\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]{1,5})"
_AMOUNT = re.compile(
    rf"{_NUMBER}\s*(?:个(?P<half>半)?)?\s*(?P<unit>工作小时|小时|钟头|[hH](?:ours?)?(?![a-z])|工作日|工作天|天|日)"
    r"(?P<more>半)?(?:后|以后|之后)?"
)
_FILLER = re.compile(
    r"(?:[\s,，;；、:：。]|把|将|和|及|以及|请|的|类|提醒|待办|时间|时限|小时数|期限|改[成为到]?|调[成到为]?|调整[成到为]|设[成为]|变[成为]|是|为|到|要|用)+"
)
_UNREAD = re.compile(r"[^\s,，;；、:：。]+")


@dataclass(frozen=True, slots=True)
class Change:
    """`mode` is "to_manager" or "missed"; `categories` are those that were named, none where all are meant."""

    mode: str
    categories: tuple[str, ...]
    hours: int


def changes_in(text: str, known: Mapping[str, object], hours_a_day: float) -> list[Change]:
    """What a text changes, in its order; `known` are the categories that climb. Raises Invalid."""
    if len(text) > LONGEST:
        raise Invalid(f"太长了，最多 {LONGEST} 个字。请写成「{EXAMPLE}」这样。")
    found = list(_changes(half_width(text), known, hours_a_day))
    if not found:
        raise Invalid(f"请写出改成多少小时，例如「{EXAMPLE}」「漏办时间 改为 8小时」。")
    return found


def _changes(text: str, known: Mapping[str, object], hours_a_day: float) -> Iterator[Change]:
    words = _words(known)
    category = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")
    rest, mode, named, fresh = _left(text), "to_manager", list[str](), False
    while rest:
        if found := _AMOUNT.match(rest):
            yield Change(mode, tuple(dict.fromkeys(named)), _hours(found, hours_a_day))
            fresh = True
        elif found := category.match(rest):
            named = [*([] if fresh else named), words[found[0]]]
            fresh = False
        elif found := re.match(_ALL, rest):
            named = []
        elif found := next((m for m in (re.match(pattern, rest) for pattern in _MODES.values()) if m), None):
            mode = next(name for name, pattern in _MODES.items() if re.match(pattern, rest))
        else:
            raise Invalid(_unknown(rest, known))
        rest = _left(rest[found.end():])


def _words(known: Mapping[str, object]) -> dict[str, str]:
    return {
        word: name for name in known for word in (CATEGORY_WORDS.get(name, name), *_MORE.get(name, "").split())
    }


def _left(text: str) -> str:
    """What is still to be read, without what says nothing."""
    found = _FILLER.match(text)
    return text[found.end():] if found else text


def _hours(found: re.Match[str], hours_a_day: float) -> int:
    """Whole working hours, a part of one as a whole: 两个半小时 as 3; a day is as long as people work."""
    number = 0.5 if found["n"] == "半" else float(read_number(found["n"]) or 0)
    number += 0.5 if found["half"] or found["more"] else 0
    return ceil(number * (hours_a_day if found["unit"] in ("工作日", "工作天", "天", "日") else 1))


def _unknown(rest: str, known: Mapping[str, object]) -> str:
    word = _UNREAD.match(rest)
    labels = "、".join(CATEGORY_WORDS.get(name, name) for name in known)
    said = word[0][:12] if word else rest[:12]
    return f"「{said}」没有看懂，没有改动。可以写的类别：{labels}；时间写成「4小时」「2天」。"
