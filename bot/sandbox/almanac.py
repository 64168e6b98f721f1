"""The line under the sandbox clock: weekday, lunar date, working day or holiday."""

from __future__ import annotations

from datetime import date

import chinese_calendar
from lunar_python import Solar

WEEKDAYS = "一二三四五六日"


def describe_day(day: date) -> dict[str, str]:
    """{weekday, lunar, kind} in Chinese; `kind` is 工作日, 调休上班, 周末 or 节假日, with a word where
    the year has no arrangement yet."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return {
        "weekday": f"星期{WEEKDAYS[day.weekday()]}",
        "lunar": f"农历{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}",
        "kind": _kind(day),
    }


def _kind(day: date) -> str:
    weekend = day.weekday() >= 5
    try:
        works = chinese_calendar.is_workday(day)
    except NotImplementedError:  # the table of that year is not published yet
        return f"{'周末' if weekend else '工作日'}（{day.year} 年放假安排还没有）"
    if works:
        return "调休上班" if weekend else "工作日"
    return "周末" if weekend else "节假日"
