"""A field that was written wrongly, told with what it is: 郭老板一年挣120万，之前填80填少了; 白姐生日系统错啦 是1979年11月3号."""

from __future__ import annotations

import re

from handlers.language.intents import create, fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_CLASS = r"(?:(?<![a-z])[cr][1-5](?!\d)级?|(?:保守|谨慎|稳健|平衡|成长|积极|进取|激进)型)"
_OF_RISK = r"(?:风评|风测|风险(?:等级|测评|评级|评估|测试)?)"
WRONG = r"[填录登记写报打存留弄标](?:错|反|少|多|高|低|漏|成)|不对|错了|错啦|有误|搞反|明明是|其实是|应该是"
ASSESSED = rf"{_OF_RISK}[^,。]{{0,6}}(?:重(?:新)?[做测评]|刚[做测]|更新|变)[^。]{{0,10}}{_CLASS}|(?:重(?:新)?|刚)[做测评]了?{_OF_RISK}[^。]{{0,10}}{_CLASS}"

_RISK = lazy(_CLASS)
_IS_RATHER = lazy(r"(?<!不)(?:是|该是)(?:个)?([男女])(?!.{0,3}(?:不对|错))")


def put_right(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The field and its right value; None where no value of that kind is told."""
    if not s.fields:
        return None
    name = s.fields[0][2]
    value = _value(s, name)
    return fills.merged(fills.client(s), {"field": name, "value": value}) if value else None


def _value(s: Sentence, name: str) -> object:
    if name == "gender":
        said = [found[1] for found in _IS_RATHER.finditer(s.text)]
        return {"男": "M", "女": "F"}[said[-1]] if said else None
    if name == "risk_level":
        return _risk(s)
    if name in create.MONEY_LIKE and _BY_SO_MUCH.search(s.shape) is not None:
        return None
    if name in create.MONEY_LIKE:
        return create.value_for(name, s, s.fields[0][1], len(s.text)) if any(a.unit == "yuan" for a in s.amounts) else None
    if name == "birthday":
        days = [e for e in s.points if "ymd" in e.slots and _NOT_IT.search(s.text[:e.start]) is None]
        return create.value_for(name, s, days[0].start, len(s.text)) if len(days) == 1 else None
    return None


# 少了20万 says by how much; 不是1980年5月1日 says what it is not.
_BY_SO_MUCH = lazy(r"(?:少|多|高|低|差)了?\s?M")
_NOT_IT = lazy(r"(?:不是|并非|[填写录记登]成|之前是|原来是|系统(?:里|上)?是)了?\s?$")


def risk_anew(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """邓总风评重做了 现在是C4: the class that the new assessment gave."""
    said = None if _NO_RESULT.search(s.text) is not None else _risk(s)
    return fills.merged(fills.client(s), {"field": "risk_level", "value": said}) if said else None


_NO_RESULT = lazy(rf"比\s?{_CLASS}|更新不了|一直(?:都)?是|{_CLASS}(?:那|这)[张份个]|不(?:是|到|够)\s?{_CLASS}")


def _risk(s: Sentence) -> str | None:
    said = [found.group() for found in _RISK.finditer(s.text)]
    return said[-1].rstrip("级").upper() if said else None
