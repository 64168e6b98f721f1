"""Reading one atom's words into numbers. A reader returns None for what only looked like time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers.language.numerals import number, small
from handlers.language.when.words import PARTS

_WD = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4,
       "6": 5, "7": 6, "末": 5}
_ENGLISH = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_REL = {"上上上": -3, "上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "当": 0, "下": 1, "下下": 2, "下下下": 3,
        "last": -1, "this": 0, "next": 1}
_UNITS = (("工作日", "workday"), ("交易日", "workday"), ("季度", "quarter"), ("季", "quarter"), ("分钟", "minute"),
          ("小时", "hour"), ("钟头", "hour"), ("星期", "week"), ("礼拜", "week"), ("刻钟", "quarter_hour"),
          ("秒", "second"), ("分", "minute"), ("月", "month"), ("周", "week"), ("年", "year"), ("天", "day"), ("日", "day"))
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def _int(text: str) -> int | None:
    return small(text) if text else None


def _ymd(text: str) -> tuple[int, int, int]:
    if text.isdigit():
        return int(text[:4]), int(text[4:6]), int(text[6:8])
    year, month, day = re.findall(r"\d+", text)
    return int(year), int(month), int(day)


def _year(text: str) -> tuple[str, int] | None:
    relative = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "本年度": 0,
                "当年": 0, "明年": 1, "来年": 1, "下年": 1, "下一年": 1, "后年": 2, "大后年": 3, "last year": -1,
                "this year": 0, "next year": 1}
    if text in relative:
        return "rel", relative[text]
    value = _int(re.sub(r"年.*", "", text))
    if value is None:
        return None
    if value < 100:
        value += 1900 if value >= 40 else 2000
    return "abs", value


def _quarter(text: str) -> tuple[str, int] | None:
    if text[0] == "q":
        return "abs", int(text[1])
    plain = re.sub(r"[一个]?个?季度?$", "", text)
    if plain in _REL:
        return "rel", _REL[plain]
    value = _int(text.lstrip("第")[0])
    return ("abs", value) if value else None


def _month(text: str) -> tuple[str, int] | None:
    head = re.match(r"(上上|下下|上|下|这|本|当|next|this|last)", text)
    if head is not None:
        return "rel", _REL[head.group(1)]
    value = _int(text.split("月")[0])
    return ("abs", value) if value else None


def _md(text: str) -> tuple[int, int] | None:
    pieces = [p for p in re.split(r"月份?的?|[/.\-号日]", text) if p]
    month, day = _int(pieces[0]), _int(pieces[1])
    return (month, day) if month and day else None


def _mday(text: str) -> int | None:
    return _int(text.rstrip("号日"))


def _week(text: str) -> tuple[int | None, int | None, bool] | None:
    """(weeks from now or None, weekday or None, weekend?)"""
    if text.isascii():
        head, _, tail = text.rpartition(" ")
        if tail.startswith("week"):
            return _REL.get(head, 0), (5 if tail == "weekend" else None), tail == "weekend"
        return _REL.get(head) if head else None, _ENGLISH[tail[:3]], False
    match = re.fullmatch(r"(上+|下+|这|本|今)?一?个?(?:周|星期|礼拜)([末一二三四五六日天1-7])?", text)
    if match is None:
        return None
    offset = _REL.get(match[1]) if match[1] else None
    return offset, (_WD[match[2]] if match[2] else None), match[2] == "末"


_CLOCK = re.compile(
    r"(?P<h>[零一二两三四五六七八九十\d]+)(?::(?P<m>\d\d)(?::(?P<s>\d\d))?|点|时)?"
    r"(?:差(?P<minus>一刻|[^分]+)分?|过?(?P<q>[一三])刻钟?|钟?(?P<half>半)|过?(?P<min>[零一二三四五六七八九十\d]+)分?|钟?整|钟)?"
    r"\s?(?P<ap>[ap]\.?m)?"
)


def _clock(text: str) -> tuple[int, int, int, str] | None:
    """(hour, minute, second, how): how is "24" when the hour cannot mean anything else, else "12"."""
    minus = 0
    if text[0] == "差":
        head = re.match(r"差(一刻|[零一二三四五六七八九十\d]+)钟?分?钟?(?:就|不?到)?", text)
        if head is None:
            return None
        minus, text = 15 if head[1] == "一刻" else (_int(head[1]) or 0), text[head.end():]
    match = _CLOCK.fullmatch(text)
    hour = _int(match["h"]) if match else None
    if match is None or hour is None or hour > 24:
        return None
    minute = _minutes(match)
    minus += (15 if match["minus"] == "一刻" else _int(match["minus"]) or 0) if match["minus"] else 0
    how = "24" if hour > 12 or hour == 0 or (match["m"] and match["h"].startswith("0")) else "12"
    if match["ap"]:
        hour, how = (hour % 12) + (12 if match["ap"][0] == "p" else 0), "24"
    total = hour * 60 + minute - minus
    return (total // 60, total % 60, int(match["s"] or 0), how) if minute < 60 and total >= 0 else None


def _minutes(match: re.Match[str]) -> int:
    if match["m"]:
        return int(match["m"])
    if match["q"]:
        return 15 if match["q"] == "一" else 45
    if match["half"]:
        return 30
    return _int(match["min"]) or 0 if match["min"] else 0


def _lunar(text: str) -> tuple[bool, int | None, int | None, bool] | None:
    """(leap month?, month, day, said to be lunar?)"""
    said = re.match(r"(?:农历|阴历|旧历|古历)的?", text)
    rest = text[said.end():] if said else text.removeprefix("大年")
    leap = rest.startswith("闰")
    month, _, day = rest.lstrip("闰").rpartition("月")
    day = day.removeprefix("份").removeprefix("的").removeprefix("初").rstrip("日号")
    if month and month not in _MONTHS and _int(month) is None:
        return None
    number_of_month = (_MONTHS.get(month) or _int(month)) if month else None
    number_of_day = _int(day) if day else None
    if number_of_month is None and number_of_day is None:
        return None
    return leap, number_of_month, number_of_day, said is not None or leap


def _nth(text: str) -> tuple[int, str] | None:
    """(n, "workday" | "day" | weekday number as text); n below 0 counts from the end."""
    head = re.match(r"(倒数第|最后|第|头)([零一二两三四五六七八九十\d]*)个?", text)
    if head is None:
        return None
    n = _int(head[2]) or 1
    rest = text[head.end():]
    what = "workday" if rest.endswith("日") and rest[0] in "工交" else "day" if rest == "天" else str(_WD[rest[-1]])
    return (-n if head[1] in {"倒数第", "最后"} else n), what


def _edge(text: str) -> tuple[str, str]:
    """(period or "", start | mid | end | first | second | third)"""
    if text.endswith("旬"):
        return "month", {"上": "first", "中": "second", "下": "third"}[text[0]]
    period = {"月": "month", "年": "year", "岁": "year", "季": "quarter", "周": "week"}.get(text[0], "")
    return period, {"初": "start", "中": "mid", "底": "end", "末": "end"}[text[-1]]


def _unit(text: str) -> str | None:
    return next((unit for word, unit in _UNITS if text.startswith(word)), None)


_DURATION = re.compile(
    r"(?P<lead>再?过|再?等)?(?P<n>一个半|半|两三|三四|三五|四五|五六|七八|[\d.]+|[一二两三四五六七八九十百]+)(?P<ge>个)?(?P<half>半)?"
    r"(?P<unit>工作日|交易日|季度|分钟|小时|钟头|星期|礼拜|刻钟|秒钟?|分|月|周|年|天|日)"
    r"(?:[零又])?(?P<more>半)?(?:(?P<min>[零一二三四五六七八九十\d]+)分钟?)?(?:时间)?(?P<suffix>.*)"
)
_SUFFIX = {"之后": "after", "以后": "after", "过后": "after", "后": "after", "之前": "before", "以前": "before",
           "前": "before", "以内": "within", "之内": "within", "内": "within", "里": "within", "左右": ""}


def _duration(text: str) -> tuple[float, str, str, int] | None:
    """(count, unit, suffix: after | before | within | "", extra minutes); 本周内 has count 0."""
    if text.endswith("内") and (inside := re.fullmatch(r"(?:这个|这|本|今|当)?(周|月|年|天)内", text)):
        return 0, {"周": "week", "月": "month", "年": "year", "天": "day"}[inside[1]], "within", 0
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    fuzzy = {"一个半": 1.5, "半": 0.5, "两三": 3, "三四": 4, "三五": 5, "四五": 5, "五六": 6, "七八": 8}
    count = fuzzy.get(match["n"]) or number(match["n"])
    unit = _unit(match["unit"])
    if count is None or unit is None or match["suffix"] not in {*_SUFFIX, ""}:
        return None
    count += 0.5 if match["half"] or match["more"] else 0
    suffix = _SUFFIX.get(match["suffix"], "") or ("after" if match["lead"] else "")
    return count, unit, suffix, _int(match["min"] or "") or 0


_SPAN = re.compile(r"(?P<dir>最近|近期|近来|近日|近|过去|过往|以往|往后|未来|接下来|今后|后面|前|后|这)的?这?(?P<n>半|几|两|些|[\d]+|[一二三四五六七八九十百两]+)?个?来?"
                   r"(?P<unit>工作日|交易日|季度|分钟|小时|钟头|星期|礼拜|段时间|月|周|年|天|日)?(?:以内|之内|内|里)?")


def _span(text: str) -> tuple[str, float, str] | None:
    """(back | ahead | near, count, unit)"""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    direction = {"过去": "back", "过往": "back", "以往": "back", "前": "back"}.get(match["dir"], "ahead")
    if match["dir"] in {"最近", "近", "近期", "近来", "近日", "这"}:
        direction = "near"
    unit = _unit(match["unit"] or "") or "day"
    loose = match["n"] is None and match["unit"] in (None, "段时间")
    count = 7.0 if loose else {"几": 3.0, "些": 3.0, "半": 0.5}.get(match["n"] or "一") or number(match["n"] or "一")
    return (direction, count, unit) if count else None


def _day(text: str) -> int:
    for word, offset in (("大大后", 4), ("大后", 3), ("大前", -3), ("今", 0), ("本", 0), ("当", 0), ("明", 1), ("后", 2),
                         ("昨", -1), ("前", -2), ("次日", 1), ("第二天", 1), ("听日", 1), ("寻日", -1), ("today", 0),
                         ("tomorrow", 1), ("tm", 1), ("yesterday", -1)):
        if text.startswith(word):
            return offset
    return 0


def _daypart(text: str) -> tuple[int, str]:
    if text == "tonight":
        return 0, "晚"
    return {"今": 0, "当": 0, "明": 1, "昨": -1, "后": 2}[text[0]], text[1:2]


def _part(text: str) -> str | None:
    if text.startswith("下班"):
        return text
    return text if text in PARTS else None


_EVERY = re.compile(r"(?P<gap>每?隔)?(?:每|逢|每逢)?(?:隔)?(?P<n>半|[\d]+|[一二两三四五六七八九十]+)?个?(?P<unit>工作日|小时|钟头|分钟|星期|礼拜|季度?|天|日|周|月|年|晚|早)(?:一次)?")
_EVERY_WEEK = re.compile(r"(?:每|逢|每逢)个?到?(?:周|星期|礼拜)(?P<days>末|[一二三四五六日天1-7].*)")
_FREQ = {"minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def _every(text: str) -> dict[str, Any] | None:
    """{"freq", "interval"} and what was said with it: "byday" (weekday numbers), "workday", "lunar" (days), "part"."""
    if "初一" in text:
        return {"freq": "MONTHLY", "interval": 1, "lunar": (1, 15)}
    if "工作日" in text:
        return {"freq": "WEEKLY", "interval": 1, "workday": True}
    if text in {"天天", "年年", "每晚", "每早"}:
        return {"freq": "YEARLY" if text == "年年" else "DAILY", "interval": 1} | ({"part": text[1]} if text[0] == "每" else {})
    week = _EVERY_WEEK.fullmatch(text)
    if week is not None:
        return {"freq": "WEEKLY", "interval": 1, "byday": _weekdays(week["days"])}
    skip = re.fullmatch(r"隔一?(天|日|周|个?月)([一二三四五六日天])?", text)
    if skip is not None:
        unit = {"天": "DAILY", "日": "DAILY", "周": "WEEKLY"}.get(skip[1], "MONTHLY")
        return {"freq": unit, "interval": 2} | ({"byday": (_WD[skip[2]],)} if skip[2] else {})
    return _every_n(text)


def _every_n(text: str) -> dict[str, Any] | None:
    match = _EVERY.fullmatch(text)
    unit = _unit(match["unit"]) if match else None
    if match is None or unit is None:
        return None
    count = 0.5 if match["n"] == "半" else float(_int(match["n"] or "一") or 1)
    # 每隔两天 is every third day to a grammarian and every second day to everyone who says it.
    if unit == "quarter":
        return {"freq": "MONTHLY", "interval": int(3 * count), "quarter": True}
    if count == 0.5:
        half = {"year": ("MONTHLY", 6), "hour": ("MINUTELY", 30), "month": ("DAILY", 15)}.get(unit)
        return {"freq": half[0], "interval": half[1]} if half else None
    return {"freq": _FREQ[unit], "interval": int(count)}


def _weekdays(text: str) -> tuple[int, ...]:
    if text == "末":
        return 5, 6
    through = re.fullmatch(r"([一二三四五六日天1-7])(?:到|至|-)(?:周|星期|礼拜)?([一二三四五六日天1-7])", text)
    if through is not None:
        return tuple(range(_WD[through[1]], _WD[through[2]] + 1)) or (_WD[through[1]],)
    return tuple(sorted({_WD[c] for c in text if c in _WD}))


def _workday(text: str) -> int:
    return -1 if text[0] in "上前" else 1


READERS: dict[str, Callable[[str], Any]] = {
    "ymd": _ymd, "clock": _clock, "every": _every, "lunar": _lunar, "festival": str, "year": _year,
    "term": lambda text: text[:2], "half": lambda text: 1 if text[0] == "上" else 2, "quarter": _quarter, "md": _md,
    "month": _month, "nth": _nth, "edge": _edge, "mday": _mday, "week": _week, "workday": _workday, "span": _span,
    "duration": _duration, "day": _day, "daypart": _daypart, "part": _part,
}
