"""Why a time was read as it was, in a few words for the person who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Slots = Mapping[str, Any]
_UNITS = {"workday": "个工作日", "day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}
_DATES = frozenset({"ymd", "md", "mday", "lunar", "festival", "term", "day", "days", "week", "month", "year", "quarter", "half", "edge", "nth",
                    "duration", "span", "workday", "season", "decade", "now"})
_WEEKDAYS = "一二三四五六日"
PLAIN = "说得完整，照字面"


def why(slots: Slots, start: datetime, now: datetime, prefer: str, near: str) -> str:
    """The reasons that bear on this reading, joined; `PLAIN` when there was nothing to choose."""
    turn = "下一个" if prefer == "future" else "上一个"
    found = [*_of_date(slots, start, turn, near), *_of_clock(slots, start, now)]
    return "；".join(found) or PLAIN


def _of_date(slots: Slots, start: datetime, turn: str, near: str) -> list[str]:
    return [said for kind, reason in _DATE_REASONS if kind in slots and (said := reason(slots, start, turn, near))]


def _week(slots: Slots, start: datetime, turn: str, near: str) -> str:
    offset, weekday, weekend, _last = slots["week"]
    if slots.keys() & {"ymd", "md", "mday", "day"}:
        return "说了几号，星期只作核对"
    if weekend:
        return "周末是周六、周日"
    if offset is None:
        return f"没说哪一周，取{turn}周{_WEEKDAYS[weekday]}"
    return "一周从周一算起" if offset else ""


def _lunar(slots: Slots, start: datetime, turn: str, near: str) -> str:
    _leap, month, _day, said, _year = slots["lunar"]
    marked = "按农历" if said or month is None else "初几、廿几是农历"
    return marked if "year" in slots else f"{marked}，没说{'年份' if month else '月份'}，取{turn}"


def _edge(slots: Slots, start: datetime, turn: str, near: str) -> str:
    return {"end": f"“底”按最后一天，{start.month}月{start.day}日", "start": "“初”按头几天", "mid": "“中”按正中一天"}.get(slots["edge"][1], "一旬十天")


def _duration(slots: Slots, start: datetime, turn: str, near: str) -> str:
    count, unit, suffix, _minutes = slots["duration"]
    if suffix == "within":
        return "“内”含今天和最后一天"
    if unit in {"month", "year", "quarter"}:
        return "半个月按 15 天" if unit == "month" and count == 0.5 else "按日历推，月底对齐"
    return "工作日按国务院放假安排数" if unit == "workday" else "从现在算起" if unit not in _UNITS else "从今天算起"


def _span(slots: Slots, start: datetime, turn: str, near: str) -> str:
    return {"near": "“最近”在统计里往回看" if near == "back" else "“最近”在名单里往后看", "last": "按整周整月往回数", "coming": "按整周整月往后数",
            "prev": "往回数，不含今天", "next": "往后数，不含今天"}.get(slots["span"][0], "从今天算起")


def _no_year(slots: Slots, start: datetime, turn: str, near: str) -> str:
    return "" if "year" in slots or "duration" in slots else f"没说年份，取{turn}"


def _mday(slots: Slots, start: datetime, turn: str, near: str) -> str:
    return f"没说月份，取{turn} {slots['mday']} 号" if not slots.keys() & {"month", "day", "md", "ymd"} else _no_year(slots, start, turn, near) if slots.get("month", ("rel",))[0] == "abs" else ""


def _month(slots: Slots, start: datetime, turn: str, near: str) -> str:
    return _no_year(slots, start, turn, near) if slots["month"][0] == "abs" and "mday" not in slots else ""


_DATE_REASONS: tuple[tuple[str, Callable[[Slots, datetime, str, str], str]], ...] = (
    ("md", _no_year), ("mday", _mday), ("lunar", _lunar), ("festival", _no_year), ("term", _no_year), ("month", _month), ("week", _week), ("edge", _edge),
    ("duration", _duration), ("span", _span),
    ("workday", lambda slots, start, turn, near: "工作日按国务院放假安排数"),
    ("nth", lambda slots, start, turn, near: "工作日按国务院放假安排数" if slots["nth"][1] == "workday" else ""),
)


def _of_clock(slots: Slots, start: datetime, now: datetime) -> list[str]:
    said: list[str] = []
    if "clock" in slots and "part" not in slots and slots["clock"][3] == "12":
        said.append("没说上下午，取 7:00–22:00 里最近的一个")
    if "clock" in slots and not slots.keys() & _DATES:
        said.append("没说哪天，今天还没到" if start.date() == now.date() else "没说哪天，今天的已过")
    if "part" in slots and "clock" not in slots:
        said.append("只说了时段，只定日期")
    if slots.get("clock", (0,))[0] == 12 and start.hour == 0:
        said.append("夜里 12 点是第二天 0 点")
    return said


def other(slots: Slots, start: datetime) -> str:
    """Why `start` is another reading that stays possible."""
    if "clock" in slots and "part" not in slots:
        return f"也可指{'早上' if start.hour < 9 else '上午' if start.hour < 12 else '下午' if start.hour < 18 else '晚上'}"
    if "week" in slots:
        return "也可指下一周的"
    return "也可指另一年的" if "year" not in slots else "闰日在平年也可顺延一天"
