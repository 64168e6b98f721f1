"""A change of the tier standard as operations type it: 贵宾 50万改60万, 私行 800万 贵宾 60万.

Every word must be read, or the whole is refused: nothing that was written is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from storage.model.errors import Invalid
from storage.model.numerals import half_width
from storage.model.values import money_text, read_money
from storage.tiers import Standard

LONGEST = 200  # characters
EXAMPLE = "分层标准 贵宾 50万改60万"
_CHINESE = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
# Taken whole or not at all: half of 60万-70万 is no amount.
_AMOUNT = (
    rf"(?>(?:\d{{1,3}}(?:,\d{{3}})+|[\d{_CHINESE}])[\d.点{_CHINESE}]*(?:\s*[万亿萬億wWkK{_CHINESE}\d]+)?"
    r"(?:\s*(?:元整|元|块钱|块|人民币))?)"
)
_FILLER = re.compile(r"(?:[\s,，;；、:：。]|把|将|和|及|以及|请|的|客户|等级|资产|管理资产|标准|门槛|起点|准入)+")
_TO = (
    r"(?:改[成为到]?|调[到为]|调整[到为]|提高?到|提升到|升到|降低?[到为]|变[成为]|换成|设为|要|需要|->|=>|→|到|至|为|是)"
)
_NEW = rf"(?P<new>{_AMOUNT})(?:及?以上|起)?(?![\d.-])"
_FROM_TO = re.compile(rf"(?:从|由|原来|原)?\s*(?P<old>{_AMOUNT})\s*{_TO}\s*{_NEW}")
_TO_NEW = re.compile(rf"(?:{_TO})?\s*{_NEW}")
_UNREAD = re.compile(r"[^\s,，;；、:：。]+")
_WORD = re.compile(rf"(?:(?!{_TO})[^\s\d,，;；、:：。])+")


@dataclass(frozen=True, slots=True)
class Change:
    """A tier is to begin at `new` yuan; `old` is what the writer took for the present amount, None where none was
    named."""

    tier: str
    new: int
    old: int | None = None


def changes_in(text: str, standard: Standard) -> list[Change]:
    """What a text changes of a standard, tier by tier. Raises Invalid."""
    if len(text) > LONGEST:
        raise Invalid(f"太长了，最多 {LONGEST} 个字。请写成「{EXAMPLE}」这样。")
    found = list(_changes(half_width(text), standard))
    if not found:
        raise Invalid(f"请写出哪一档改成多少，例如「{EXAMPLE}」。")
    if len({change.tier for change in found}) < len(found):
        raise Invalid("同一档写了两次，请只写一次再发送。")
    return found


def _changes(text: str, standard: Standard) -> Iterator[Change]:
    words = {word: tier.name for tier in standard.tiers for word in (tier.name, *tier.synonyms)}
    tier_word = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
    canonical = {word.lower(): name for word, name in words.items()}
    rest = _left(text)
    while rest:
        named = tier_word.match(rest)
        if named is None:
            raise Invalid(_unknown(rest, standard))
        name = canonical[named[0].lower()]
        rest = _left(rest[named.end():])
        amounts = _FROM_TO.match(rest) or _TO_NEW.match(rest)
        if amounts is None:
            raise Invalid(_no_amount(rest, name))
        said = amounts.groupdict()
        yield Change(name, _yuan(said["new"]), _yuan(said["old"]) if said.get("old") else None)
        rest = _left(rest[amounts.end():])


def _left(text: str) -> str:
    """What is still to be read, without what says nothing."""
    found = _FILLER.match(text)
    return text[found.end():] if found else text


def _unknown(rest: str, standard: Standard) -> str:
    names = [tier.name for tier in reversed(standard.tiers)]
    found = _WORD.match(rest) or _UNREAD.match(rest)
    said = found[0] if found else rest
    near = get_close_matches(said, names, 2, 0.3) or [name for name in names if set(name) & set(said)]
    hint = f"相近的有：{'、'.join(near)}" if near else f"可以改的有：{'、'.join(names[:-1])}"
    return f"没有「{said[:20]}」这一档，{hint}。请写成「{EXAMPLE}」这样。"


def _no_amount(rest: str, tier: str) -> str:
    found = _UNREAD.match(rest)
    if found is None:
        return f"「{tier}」要改成多少？请带上金额，例如「分层标准 {tier} 60万」。"
    return f"「{found[0][:20]}」不是金额，请写成「分层标准 {tier} 60万」这样。"


def _yuan(said: str) -> int:
    amount = read_money(said)
    if amount != amount.to_integral_value():
        raise Invalid(f"分层标准要是整数元，「{money_text(amount)}」不行。")
    return int(amount)
