"""A day and so many units: the arithmetic of 三个月后 and its like."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.language.when import calendar as cal
from handlers.language.when.calendar import add_months


def plus(day: date, count: float, unit: str) -> date:
    """`day` and so many units: 半个月 is 15 days, months keep the day and clip to the month's end."""
    whole, half = int(count), abs(count - int(count)) >= 0.5
    sign = -1 if count < 0 else 1
    if unit == "workday":
        return cal.workday(day, whole)
    if unit == "day":
        return day + timedelta(days=whole)
    if unit == "week":
        return day + timedelta(days=int(count * 7))
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    moved = add_months(day, whole * months)
    if not half:
        return moved
    return moved + timedelta(days=15 * sign) if unit == "month" else add_months(moved, sign * months // 2)


def iso_length(count: float, unit: str) -> str:
    if unit == "workday" or count != int(count):
        return f"P{round(count * {'month': 30, 'year': 365, 'week': 7}.get(unit, 1))}D"
    if unit == "week":
        return f"P{int(count) * 7}D"
    return f"P{int(count) * (3 if unit == 'quarter' else 1)}{'M' if unit in {'month', 'quarter'} else unit[0].upper()}"
