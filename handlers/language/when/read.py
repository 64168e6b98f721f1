"""Reading one atom's words into numbers. A reader returns None for what only looked like time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers.language.numerals import small
from handlers.language.when import read_lengths
from handlers.language.when.words import FESTIVALS, PARTS

_WD = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4,
       "6": 5, "7": 6, "末": 5}
_ENGLISH = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_REL = {"上上上": -3, "同": 0, "上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "当": 0, "下": 1, "下下": 2, "下下下": 3,
        "last": -1, "this": 0, "next": 1}
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def _int(text: str) -> int | None:
    return small(text) if text else None


def _ymd(text: str) -> tuple[int, int, int]:
    if text.isdigit():
        return int(text[:4]), int(text[4:6]), int(text[6:8])
    first, second, third = (int(n) for n in re.findall(r"\d+", text))
    if first <= 12 and "/" in text:  # 10/31/1974
        return _full_year(third), first, second
    return _full_year(first), second, third


def _full_year(year: int) -> int:
    """98 → 1998, 15 → 2015."""
    return year if year >= 100 else year + (1900 if year >= 50 else 2000)


def _ym(text: str) -> tuple[int, int]:
    year, month = re.findall(r"\d+", text)
    return int(year), int(month)


def _decade(text: str) -> int:
    """The first year of 上世纪80年代, 90年代, 2010年代."""
    said = text.split("年代")[0].rpartition("纪")[2]
    if len(said) == 4:
        return int(said)
    tens = _int(said) or 0
    return tens + (2000 if "本" in text or (tens < 40 and "上" not in text) else 1900)


def _year(text: str) -> tuple[str, int] | None:
    relative = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "本年度": 0,
                "当年": 0, "同年": 0, "这一年": 0, "明年": 1, "来年": 1, "次年": 1, "翌年": 1, "下年": 1, "下一年": 1, "后年": 2, "大后年": 3, "last year": -1,
                "this year": 0, "next year": 1}
    if text in relative:
        return "rel", relative[text]
    said = re.sub(r"\s?年.*", "", text)
    if text[:1] in "今本全":
        return "rel", 0
    value = _int("".join(str(_DIGITS.index(c)) for c in said) if said and set(said) <= set(_DIGITS) else said.strip())
    return None if value is None else ("abs", _full_year(value))


_DIGITS = "零一二三四五六七八九"


def _quarter(text: str) -> tuple[str, int] | None:
    if text[0] == "q":
        return "abs", int(text[1])
    if text[0] in "首末头":
        return "abs", 4 if text[0] == "末" else 1
    plain = re.sub(r"[一个]?个?季度?$", "", text)
    if plain in _REL:
        return "rel", _REL[plain]
    value = _int(text.lstrip("第")[0])
    return ("abs", value) if value else None


def _month(text: str) -> tuple[str, int] | None:
    if text == "首月":
        return "abs", 1
    head = re.match(r"(上上|下下|上|下|这|本|当|同|今|next|this|last)", text)
    if head is not None:
        return "rel", _REL[head.group(1)]
    value = _int(text.split("月")[0].strip())
    return ("abs", value) if value else None


def _md(text: str) -> tuple[int, int] | None:
    pieces = [p for p in re.split(r"月份?的?|[/.·\-号日]", text) if p]
    month, day = _int(pieces[0]), _int(pieces[1])
    return (month, day) if month and day else None


def _mday(text: str) -> int | None:
    return _int(text.rstrip("号日"))


def _week(text: str) -> tuple[int | None, int | None, bool, int | None] | None:
    """(weeks from now or None, weekday or None, weekend?, last weekday of 周一到五 and 周三四 or None)"""
    if text.isascii():
        head, _, tail = text.rpartition(" ")
        if tail.startswith("week"):
            return _REL.get(head, 0), (5 if tail == "weekend" else None), tail == "weekend", None
        return _REL.get(head) if head else None, _ENGLISH[tail[:3]], False, None
    match = re.fullmatch(r"(上+|下+|这|本|今)?一?个?(?:周|星期|礼拜)([末一二三四五六日天1-7])?(?:\s?(?:到|至|~|-{1,2})?\s?([一二三四五六日天]))?", text)
    if match is None:
        return None
    last = _WD[match[3]] if match[3] else None
    if last is not None and "到" not in text and "至" not in text and "-" not in text and "~" not in text and last != _WD[match[2]] + 1:
        last = None
    return _REL.get(match[1]) if match[1] else None, (_WD[match[2]] if match[2] else None), match[2] == "末", last


_CLOCK = re.compile(
    r"(?P<h>[零一二两三四五六七八九十\d]+)\s?(?::(?P<m>\d\d)(?::(?P<s>\d\d))?|点|时)?\s?"
    r"(?:差(?P<minus>一刻|[^分]+)分?|[过零]?(?P<q>[一三13])刻钟?|钟?(?P<half>半)|过?(?P<min>[零一二三四五六七八九十\d]+)分?|[多来]?钟?[整正]?)"
    r"(?:(?P<sec>[零一二三四五六七八九十廿\d]+)秒)?\s?(?P<ap>[ap](?:\.?m\.?)?)?"
)
_ABOUT = {"一两": "一", "两三": "两", "三四": "三", "四五": "四", "五六": "五", "六七": "六", "七八": "七", "八九": "八"}


def _clock(text: str) -> tuple[int, int, int, str] | None:
    """(hour, minute, second, how): how is "24" when the hour cannot mean anything else, else "12"."""
    minus = 0
    if text[0] == "差":
        head = re.match(r"差(一刻|[零一二三四五六七八九十\d]+)钟?分?钟?(?:就|不?到)?", text)
        if head is None:
            return None
        minus, text = 15 if head[1] == "一刻" else (_int(head[1]) or 0), text[head.end():]
    if text[0] in "ap":  # pm2:30
        mark = re.match(r"[ap]\.?m\.?\s?", text)
        if mark is not None:
            text = text[mark.end():] + ("" if text[mark.end():].isdigit() or ":" in text or "点" in text else "点") + text[0] + "m"
    if text[:2] in _ABOUT:
        text = _ABOUT[text[:2]] + "点"
    match = _CLOCK.fullmatch(text)
    hour = _int(match["h"]) if match else None
    if match is None or hour is None or hour > 24:
        return None
    minute, second = _minutes(match), _int(match["s"] or match["sec"] or "") or 0
    minus += (15 if match["minus"] == "一刻" else _int(match["minus"]) or 0) if match["minus"] else 0
    how = "24s" if match["s"] or match["sec"] else "24" if hour > 12 or hour == 0 or (match["m"] and match["h"].startswith("0")) else "12"
    if match["ap"]:
        hour, how = (hour % 12) + (12 if match["ap"][0] == "p" else 0), "24s" if how == "24s" else "24"
    total = hour * 60 + minute - minus
    return (total // 60, total % 60, second, how) if minute < 60 and total >= 0 and second < 60 else None


def _minutes(match: re.Match[str]) -> int:
    if match["m"]:
        return int(match["m"])
    if match["q"]:
        return 15 if match["q"] in "一1" else 45
    if match["half"]:
        return 30
    said = match["min"] or ""
    return 10 if said == "一十" else _int(said) or 0


_MARKER = re.compile(r"的?(?:农历|阴历|旧历|古历)的?")
_IN_YEAR = re.compile(r"([\d零一二三四五六七八九]{4}|[今明去后])年的?")


def _lunar(text: str) -> tuple[bool, int | None, int | None, bool, tuple[str, int] | None] | None:
    """(leap month?, month, day, said to be lunar?, year said between 农历 and the month)"""
    rest = _MARKER.sub("", text)
    said = rest != text
    of_year = _IN_YEAR.match(rest)
    year = _year(of_year[1] + "年") if of_year else None
    rest = rest[of_year.end():] if of_year else rest
    if rest.startswith("大年"):
        rest = "正月" + rest[2:]
    leap = rest.startswith("闰")
    month, _, day = rest.lstrip("闰").rpartition("月")
    day = day.removeprefix("份").removeprefix("的").removeprefix("初").rstrip("日号")
    if month and month not in _MONTHS and _int(month) is None:
        return None
    number_of_month = (_MONTHS.get(month) or _int(month)) if month else None
    number_of_day = _int(day) if day else None
    if number_of_month is None and number_of_day is None:
        return None
    return leap, number_of_month, number_of_day, said or leap, year


_TURN = re.compile(r"(下一?个|上一?个)?(?:农历)?(.+?)(?:佳节|假期|长假|黄金周|小长假|放假)?$")


def _festival(text: str) -> tuple[str, int]:
    """(name, 1 or -1 for 下一个 and 上一个, 0 otherwise)"""
    if text == "年":  # 年前, 年后
        return "春节", 0
    match = _TURN.match(text)
    if text in FESTIVALS or match is None or match[2] not in FESTIVALS:
        return text, 0
    return match[2], 0 if not match[1] else 1 if match[1][0] == "下" else -1


def _nth(text: str) -> tuple[int, str] | None:
    """(n, "workday" | "day" | weekday number as text); n below 0 counts from the end."""
    head = re.match(r"(倒数第|最后|第|头|首)([零一二两三四五六七八九十\d]*)个?", text)
    if head is None:
        return None
    n = _int(head[2]) or 1
    rest = text[head.end():]
    if n > 1 and rest == "天" and head[1] in {"头", "首", "最后"}:
        return (-n if head[1] == "最后" else n), "days"
    what = ("workday" if rest.endswith("日") and rest[0] in "工交" else
            {"天": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month"}.get(rest) or str(_WD[rest[-1]]))
    return (-n if head[1] in {"倒数第", "最后"} else n), what


def _edge(text: str) -> tuple[str, str]:
    """(period or "", start | mid | end | first | second | third)"""
    if text.endswith("旬"):
        return "month", {"上": "first", "中": "second", "下": "third"}[text[0]]
    if "半" in text:
        return "month", "half1" if text[0] == "上" else "half2"
    period = {"月": "month", "年": "year", "岁": "year", "季": "quarter", "周": "week"}.get(text[0], "")
    return period, {"初": "start", "头": "start", "始": "start", "中": "mid"}.get(text[-1], "end")


def _day(text: str) -> int:
    for word, offset in (("大大后", 4), ("大大前", -4), ("大后", 3), ("大前", -3), ("今", 0), ("本", 0), ("当", 0), ("明", 1), ("后", 2),
                         ("昨", -1), ("前", -2), ("次日", 1), ("翌日", 1), ("第二天", 1), ("听日", 1), ("寻日", -1), ("琴日", -1), ("today", 0),
                         ("tomorrow", 1), ("tm", 1), ("yesterday", -1)):
        if text.startswith(word):
            return offset
    return 0


def _daypart(text: str) -> tuple[int, str]:
    if text == "tonight":
        return 0, "晚"
    return {"今": 0, "当": 0, "明": 1, "听": 1, "昨": -1, "琴": -1, "寻": -1, "后": 2}[text[0]], text[1:2].replace("朝", "早")


def _part(text: str) -> str | None:
    if text.startswith("下班"):
        return text
    return text if text in PARTS else None


_EVERY = re.compile(r"(?P<gap>每?隔)?(?:每|逢|每逢)?(?:隔)?(?P<n>半|[\d]+|[一二两三四五六七八九十]+)?个?(?P<unit>工作日|小时|钟头|钟|分钟|秒钟?|星期|礼拜|季度?|天|日|周|月|年|晚|早)(?:一次)?")
_EVERY_WEEK = re.compile(r"(?:每隔?|逢|每逢)个?到?(?:(?P<n>\d+|[一二两三四五六七八九十]+)个?)?(?:周|星期|礼拜)的?(?:周|星期|礼拜)?(?P<days>末|[一二三四五六日天1-7].*)")
_FREQ = {"second": "SECONDLY", "minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def _every(text: str) -> dict[str, Any] | None:
    """{"freq", "interval"} and what was said with it: "byday" (weekday numbers), "workday", "lunar" (days), "part"."""
    if "初一" in text:
        return {"freq": "MONTHLY", "interval": 1, "lunar": (1, 15)}
    if "工作日" in text or "交易日" in text:
        return {"freq": "WEEKLY", "interval": 1, "workday": True}
    if text in {"天天", "年年", "月月", "每晚", "每早", "每夜"}:
        return {"freq": {"年": "YEARLY", "月": "MONTHLY"}.get(text[0], "DAILY"), "interval": 1} | ({"part": text[1]} if text[0] == "每" else {})
    if text.endswith(("每天", "天天", "每日")) and text[0] in "周星礼":
        return {"freq": "WEEKLY", "interval": 1, "byday": _weekdays(re.sub(r"周|星期|礼拜|每天|天天|每日", "", text))}
    week = _EVERY_WEEK.fullmatch(text)
    if week is not None:
        apart = 2 if text.startswith("每隔") and week["n"] in {"一", "1"} else _int(week["n"] or "一") or 1
        return {"freq": "WEEKLY", "interval": apart, "byday": _weekdays(week["days"])}
    if text in {"每逢", "每到", "逢"}:  # 每逢中秋
        return {"freq": "YEARLY", "interval": 1}
    if len(text) > 1 and text[:-1] in {"每", "每到", "每逢", "每个", "每到了"} and text[-1] in "月季年":
        return _every_n("每" + text[-1])
    if text[0] in "一二三":  # 一三五早上八点
        ends = re.fullmatch(r"一[至到-]五", text)
        return {"freq": "WEEKLY", "interval": 1, "byday": (0, 1, 2, 3, 4) if ends else tuple(_WD[c] for c in text)} if set(text) <= set("一二三四五六至到-") else _every_n(text)
    double = re.fullmatch(r"每?[逢个]?[双单]周的?(?:周|星期|礼拜)?([一二三四五六日天])", text)
    if double is not None:
        return {"freq": "WEEKLY", "interval": 2, "byday": (_WD[double[1]],)}
    skip = re.fullmatch(r"隔一?个?(天|日|周|星期|礼拜|月)([一二三四五六日天])?", text)
    if skip is not None:
        unit = {"天": "DAILY", "日": "DAILY", "月": "MONTHLY"}.get(skip[1], "WEEKLY")
        return {"freq": unit, "interval": 2} | ({"byday": (_WD[skip[2]],)} if skip[2] else {})
    return _every_n(text)


def _every_n(text: str) -> dict[str, Any] | None:
    match = _EVERY.fullmatch(text)
    unit = read_lengths.unit_of(match["unit"]) if match else None
    if match is None or unit is None:
        return None
    count = 0.5 if match["n"] == "半" else float(_int(match["n"] or "一") or 1)
    if match["gap"] and match["n"] in {"一", "1"} and unit in {"day", "week", "month", "year"}:
        count = 2.0  # 每隔一天 is every other day
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


_DAYS = {"今明后": (0, 3, "day"), "今明两年": (0, 2, "year"), "明后两年": (1, 3, "year"), "今明": (0, 2, "day"), "明后": (1, 3, "day"), "昨今": (-1, 1, "day")}


def _days(text: str) -> tuple[int, int, str]:
    """今明两天: (from, to, unit) counted from today, the end exclusive."""
    return next(value for word, value in _DAYS.items() if text.startswith(word))


READERS: dict[str, Callable[[str], Any]] = {
    "ymd": _ymd, "ym": _ym, "clock": _clock, "every": _every, "lunar": _lunar, "festival": _festival, "year": _year, "decade": _decade,
    "term": lambda text: text[:2], "half": lambda text: 1 if text[0] == "上" else 2, "quarter": _quarter, "md": _md,
    "season": lambda text: text.lstrip("的今")[0], "month": _month, "nth": _nth, "edge": _edge, "mday": _mday, "week": _week, "workday": _workday,
    "days": _days, "span": read_lengths.span, "duration": read_lengths.duration, "day": _day, "daypart": _daypart, "part": _part,
    "now": lambda text: text,
}
