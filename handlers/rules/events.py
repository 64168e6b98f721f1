"""Events as operations type them: 工资卡连续3个月结余超2万, 单笔转出50万以上, 储蓄卡大额转入超过100万, 投诉后第3天."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from config.pack import EVENT, Packs
from storage.model.errors import Invalid
from storage.model.numerals import read_number
from storage.model.values import read_money

_N = r"(?:\d{1,4}|[零一二两三四五六七八九十]{1,3})"
_MONEY = r"\d[\d,]*(?:\.\d+)?\s*(?:万|千|百|亿|[wWkK])?\s*(?:元|块)?|[一二两三四五六七八九十百]+\s*万\s*(?:元|块)?"
_OVER = rf"(?:都|均|每月)?\s*(?:超过|超|大于|高于|多于|不低于|达到|达|满|在)?\s*(?P<over>{_MONEY})\s*(?:以上)?的?"
_SURPLUS = re.compile(
    rf"(?:账户|户头)?(?:每个?月)?的?\s*连续\s*(?P<months>{_N})\s*个?月\s*(?:以上)?(?:每个?月)?的?\s*(?:大额|净)?(?:结余|盈余|净流入)\s*{_OVER}"
)
_MOVEMENT = re.compile(
    rf"(?:账户|户头)?的?\s*(?:一次|单笔|每笔|一笔|大额)*\s*(?P<way>转出|流出|支出|转入|流入|入账|到账)\s*(?:金额)?\s*{_OVER}"
)
_COMPLAINT = re.compile(  # 常投诉 and 投诉处理中 are conditions
    r"(?:客户)?(?:登记|记录|发生|提出|收到|有|新|来|一)*(?:了|的)?(?<!常)投诉(?:登记|记录|发生)?了?(?=\s*(?:之|以|过)?[前后]|\s*提前|\s*(?:当天|当日|那天|次日|第))"
)
_OUT = ("转出", "流出", "支出")
EXAMPLE = "工资卡连续3个月结余超2万"


def event_said(text: str, packs: Packs) -> tuple[int, int, Mapping[str, Any]] | None:
    """Where an event stands in a text, and the parts of a rule that it makes. Raises Invalid for numbers that make no
    sense."""
    if (found := _COMPLAINT.search(text)) is not None:
        event: dict[str, Any] = {"kind": "complaint"}
        return found.start(), found.end(), {"source": f"{EVENT}complaint", "event": event, "kinds": [], "offsets": [0]}
    for pattern in (_SURPLUS, _MOVEMENT):
        if (found := pattern.search(text)) is not None:
            start, kinds = _kinds_before(text, found.start(), packs)
            event = _surplus(found) if pattern is _SURPLUS else _movement(found)
            parts = {"source": f"{EVENT}{event['kind']}", "event": event, "kinds": kinds, "offsets": [0]}
            return start, found.end(), parts
    return None


def _surplus(found: re.Match[str]) -> dict[str, Any]:
    months = read_number(found["months"])
    if months is None or not 2 <= months <= 12:
        raise Invalid(f"「{found['months']}」个月不行，请写连续 2 到 12 个月，例如「{EXAMPLE}」。")
    return {"kind": "surplus", "over": _yuan(found["over"]), "months": int(months)}


def _movement(found: re.Match[str]) -> dict[str, Any]:
    return {"kind": "outflow" if found["way"] in _OUT else "inflow", "over": _yuan(found["over"])}


def _yuan(said: str) -> str:
    amount = read_money(said.strip())
    if not 0 < amount <= 10**12:
        raise Invalid(f"「{said.strip()}」不能作为门槛，请写大于 0 的金额，例如「{EXAMPLE}」。")
    return str(amount)


def _kinds_before(text: str, at: int, packs: Packs) -> tuple[int, list[str]]:
    """The kinds of accounts that are named right before: 工资卡, 工资卡和储蓄卡; none for all."""
    kinds: list[str] = []
    words = sorted(_words(packs), key=lambda pair: -len(pair[0]))
    while True:
        before = re.sub(r"[\s、和及与或的]+$", "", text[:at])
        named = next(((word, kind) for word, kind in words if before.endswith(word)), None)
        if named is None:
            return at, list(dict.fromkeys(reversed(kinds)))
        at = len(before) - len(named[0])
        kinds.append(named[1])


def _words(packs: Packs) -> Iterator[tuple[str, str]]:
    spec = packs.field("account", "kind")
    for choice in spec.choices:
        yield from ((word, choice.value) for word in (choice.label, *choice.synonyms))
