"""Lengths of time by which a reminder is put off: 推迟一小时, 提前两天, 稍后 3天, 十分钟后. As ISO 8601, a minus for earlier."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.lazy import lazy
from handlers.language.numerals import number

_DELAY = lazy(r"(?P<early>提前|往前(?:挪|推|提)?|早)?(?:推迟|延后|延期|延|往后推|往后挪|往后顺|推后|顺|推|晚)?(?:到)?(?P<n>半|一个半|[一二两俩仨三四五六七八九十]+|\d+)个?(?P<half>半)?(?P<unit>天|周|星期|礼拜|月|小时|钟头|分钟|刻钟|钟|工作日)(?P<end>前|后|之后|以后)?")


def delay_said(text: str) -> tuple[str, int] | None:
    """The delay that the words order (推迟一小时, 提前两天), and where it stands."""
    if re.search(r"(?:改|挪|推|延|移|换|迟|后)到", text) and not re.search(r"(?:推迟|延后|延期|往后推|提前|晚)(?:了)?[一二两三四五半\d]", text):
        return None
    for match in _DELAY.finditer(text):
        words = match.group()
        if match["end"] in {"后", "之后", "以后"} and not re.match(r"推|延|晚|往后|顺", words):
            continue
        if not re.match(r"提前|往前|早|推|延|晚|往后|顺", words):
            continue
        count = {"半": 0.5, "一个半": 1.5}.get(match["n"]) or number(match["n"])
        if count is None:
            continue
        count += 0.5 if match["half"] else 0
        return iso_delay(count, match["unit"], bool(match["early"])), match.start()
    return None


_LATER = lazy(r"(?:稍后|晚点|过会儿|推迟|延后|延期)[\s,:]*(?=\S+$)")


def bare_delay(text: str) -> tuple[str, int] | None:
    """稍后 1小时: the length of time alone, to the end of the sentence."""
    opened = _LATER.search(text)
    match = _DELAY.fullmatch(re.sub(r"^(?:再过|过|等)|\W+$|(?:吧|再说|再提醒我?)$", "", text[opened.end():])) if opened is not None else None
    count = {"半": 0.5, "一个半": 1.5}.get(match["n"]) or number(match["n"]) if match is not None else None
    if opened is None or match is None or count is None or match["early"]:
        return None
    return iso_delay(count + (0.5 if match["half"] else 0), match["unit"], False), opened.end()


def iso_delay(count: float, unit: str, early: bool) -> str:
    """So many of a unit in the words of the user."""
    sign = "-" if early else ""
    if unit in {"小时", "钟头", "钟"}:
        return f"{sign}PT{int(count)}H" if count == int(count) else f"{sign}PT{int(count * 60)}M"
    if unit == "分钟":
        return f"{sign}PT{int(count)}M"
    if unit == "刻钟":
        return f"{sign}PT{int(count * 15)}M"
    if unit in {"周", "星期", "礼拜"}:
        return f"{sign}P{int(count * 7)}D"
    if unit == "月":
        return f"{sign}P{int(count)}M" if count >= 1 else f"{sign}P15D"
    return f"{sign}P{int(count)}D" if count >= 1 else f"{sign}PT12H"


def delay_of(expression: times.Expression) -> str | None:
    """A length of time from now on (十分钟后, 过半小时) as a delay; None for any other time."""
    if expression.slots.keys() != {"duration"} or expression.slots["duration"][2] not in {"after", ""}:
        return None
    count, unit, _suffix, minutes = expression.slots["duration"]
    word = {"hour": "小时", "minute": "分钟", "quarter_hour": "刻钟", "day": "天", "week": "周", "month": "月"}.get(unit)
    return iso_delay(count, word, False) if word and not minutes else None
