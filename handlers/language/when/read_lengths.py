"""Reading lengths of time: 两年零三个月, 一个半小时后, 最近7天, 前两个季度."""

from __future__ import annotations

import re

from handlers.language.numerals import number

_UNITS = (("工作日", "workday"), ("交易日", "workday"), ("季度", "quarter"), ("季", "quarter"), ("分钟", "minute"),
          ("小时", "hour"), ("钟", "hour"), ("星期", "week"), ("礼拜", "week"), ("刻钟", "quarter_hour"), ("秒", "second"),
          ("分", "minute"), ("月", "month"), ("周年", "year"), ("周", "week"), ("年", "year"), ("天", "day"), ("日", "day"))
_FUZZY = {"一个半": 1.5, "半": 0.5, "一两": 2.0, "两三": 3.0, "三四": 4.0, "三五": 5.0, "四五": 5.0, "五六": 6.0, "六七": 7.0, "七八": 8.0,
          "八九": 9.0, "几": 3.0, "两": 2.0, "些": 3.0}
_WORDS = r"工作日|交易日|季度|分半?钟|小时|钟头|钟|星期|礼拜|周年|刻钟|秒钟?|分|月|周|年|天|日"
_PIECE = re.compile(
    r"(?P<n>一个半|半|一两|两三|三四|三五|四五|五六|六七|七八|八九|几|[\d.,]+万?|[一二两俩仨三四五六七八九十百千零]+万?)(?:来|多|几)?\s?(?:个(?:多|来)?)?(?P<half>半)?"
    rf"(?P<unit>{_WORDS})(?P<more>半(?!年|个|天|小))?"
)
_LEAD = re.compile(r"再?过|再?等")
_SUFFIX = {"之后": "after", "以后": "after", "过后": "after", "后": "after", "之前": "before", "以前": "before",
           "前": "before", "以内": "within", "之内": "within", "内": "within", "里": "within", "左右": "", "上下": "", "以来": "since"}
_TAIL = re.compile("(" + "|".join(_SUFFIX) + ")$")
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365, "workday": 1}
_SECONDS = {"hour": 3600, "minute": 60, "second": 1, "quarter_hour": 900}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def unit_of(text: str) -> str | None:
    return next((unit for word, unit in _UNITS if text.startswith(word)), None)


def duration(text: str) -> tuple[float, str, str, int] | None:
    """(count, unit, suffix: after | before | within | since | "", extra minutes); 本周内 has count 0."""
    if text.endswith("内") and (inside := re.fullmatch(r"(?:这个|这|本|今|当)?(周|月|年|天)内", text)):
        return 0, {"周": "week", "月": "month", "年": "year", "天": "day"}[inside[1]], "within", 0
    lead = _LEAD.match(text)
    tail = _TAIL.search(text)
    pieces = [p for m in _PIECE.finditer(text, lead.end() if lead else 0) if (p := _piece(m)) is not None]
    if not pieces:
        return None
    suffix = _SUFFIX[tail[1]] if tail else "after" if lead else ""
    if text.startswith("几") and not suffix:
        return None  # 还有几个月 asks
    return (*_sum(pieces)[:2], suffix, _sum(pieces)[2])


def _piece(match: re.Match[str]) -> tuple[float, str] | None:
    said = match["n"].lstrip("零")
    count, unit = _FUZZY.get(said) or number(said), unit_of(match["unit"])
    if count is None or unit is None:
        return None
    return count + (0.5 if match["half"] or match["more"] or match["unit"] == "分半钟" else 0), unit


def _sum(pieces: list[tuple[float, str]]) -> tuple[float, str, int]:
    """Several lengths as one: (count, unit, extra minutes)."""
    if len(pieces) == 1:
        return (*pieces[0], 0)
    units = {unit for _n, unit in pieces}
    if [u for _n, u in pieces] == ["hour", "minute"]:
        return pieces[0][0], "hour", int(pieces[1][0])
    if units <= _MONTHS.keys():
        return sum(n * _MONTHS[u] for n, u in pieces), "month", 0
    if units <= _DAYS.keys():
        return sum(n * _DAYS[u] for n, u in pieces), "day", 0
    seconds = sum(n * (_SECONDS.get(u) or _DAYS[u] * 86400) for n, u in pieces)
    return (seconds, "second", 0) if seconds % 60 else (seconds / 60, "minute", 0)


_SPAN = re.compile(r"(?P<dir>最近|近期|近来|近日|近|过去|过往|以往|往后|未来|接下来|今后|后面|之前|之后|前|后|上|下|这)的?这?(?P<n>半|几|两|些|[\d]+|[一二三四五六七八九十百两]+)?(?P<more>个半(?=[月小钟星礼]))?个?来?"
                   r"(?P<unit>工作日|交易日|季度|季|分钟|小时|钟头|钟|星期|礼拜|段时间|月|周|年|天|日|秒钟?|刻钟)?(?:以内|之内|内|里)?")
_WAYS = {"过去": "back", "过往": "back", "以往": "back", "前": "prev", "之前": "prev", "后": "next", "之后": "next", "上": "last", "下": "coming",
         "最近": "near", "近": "near", "近期": "near", "近来": "near", "近日": "near", "这": "near"}


def span(text: str) -> tuple[str, float, str] | None:
    """(way, count, unit). Ways: back and ahead count from today, prev and next leave today out, last and coming are
    whole calendar periods, near is one of back and ahead as the asker wants it."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    unit = unit_of(match["unit"] or "") or "day"
    loose = match["n"] is None and match["unit"] in (None, "段时间")
    said = match["n"] or "一"
    count = 7.0 if loose else _FUZZY.get(said) or number(said)
    if count and match["more"]:
        count += 0.5
    return (_WAYS.get(match["dir"], "ahead"), count, unit) if count else None
