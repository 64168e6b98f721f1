"""From the date words of an expression to civil days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from handlers.language.when import calendar as cal
from handlers.language.when.calendar import add_months, month_end

DAY = timedelta(days=1)


class Impossible(Exception):
    """No such day: 2月30日, 29 February of a common year, 闰三月 in sixty years without one."""


@dataclass(frozen=True, slots=True)
class Period:
    """`end` is exclusive, None for a single day. `said` = a date was said at all; `floating` = a weekday alone, which
    may move a week; `whole` = meant as a period."""

    start: date
    end: date | None = None
    grain: str = "day"
    said: bool = True
    floating: bool = False
    whole: bool = False
    within: str | None = None
    limit: str = ""
    alts: tuple[date, ...] = ()


def period_of(slots: Mapping[str, Any], now: datetime, prefer: str, near: str) -> Period:
    """The days that the date slots mean. Raises Impossible or ValueError for days that do not exist."""
    reader = _Reader(slots, now.date(), 1 if prefer == "future" else -1, near)
    for kind in ("nth", "ymd", "lunar", "festival", "term", "span", "duration", "md", "workday", "edge", "mday", "week",
                 "day", "month", "quarter", "half", "year"):
        if kind in slots:
            return getattr(reader, kind)()  # type: ignore[no-any-return]
    return Period(reader.today, said=False)


class _Reader:
    """One expression being read; each method answers for the finest kind that was said."""

    def __init__(self, slots: Mapping[str, Any], today: date, step: int, near: str) -> None:
        self.slots, self.today, self.step, self.near_way = slots, today, step, near

    # ---- single days
    def ymd(self) -> Period:
        return Period(_day(*self.slots["ymd"]))

    def day(self) -> Period:
        day = self.today + timedelta(days=self.slots["day"])
        if "year" not in self.slots:
            return Period(day)
        year = self._year()
        try:
            return Period(day.replace(year=year))
        except ValueError:  # 后年今天 on 29 February
            return Period(date(year, 2, 28), alts=(date(year, 3, 1),))

    def md(self) -> Period:
        return self._month_day(*self.slots["md"])

    def _month_day(self, month: int, day: int) -> Period:
        if "year" in self.slots:
            return Period(_day(self._year(), month, day))
        this = self.today.year
        if (month, day) == (2, 29):  # asked for in a common year it is refused, not rolled
            is_ahead = self.today < date(this, 3, 1)
            return Period(_day(this if is_ahead == (self.step > 0) else this + self.step, 2, 29))
        found = _day(this, month, day)
        if (found - self.today).days * self.step < 0:
            found = found.replace(year=this + self.step)
        return Period(found)

    def mday(self) -> Period:
        day = self.slots["mday"]
        if "month" in self.slots:
            kind, month = self.slots["month"]
            if kind == "abs":
                return self._month_day(month, day)
            first = add_months(self.today.replace(day=1), month)
            return Period(_day(first.year, first.month, day))
        if "day" in self.slots:
            return self.day()
        first = self.today.replace(day=1)
        for ahead in range(12):
            month_start = add_months(first, ahead * self.step)
            if day <= month_end(month_start).day:
                found = month_start.replace(day=day)
                if (found - self.today).days * self.step >= 0:
                    return Period(found)
        raise Impossible

    def week(self) -> Period:
        offset, weekday, weekend = self.slots["week"]
        if self.slots.keys() & {"md", "mday", "ymd", "day"}:  # 6月18号周三: the date decides
            finer = next(k for k in ("ymd", "md", "mday", "day") if k in self.slots)
            return getattr(self, finer)()  # type: ignore[no-any-return]
        monday = self.today - timedelta(days=self.today.weekday())
        if offset is None:
            return self._bare_weekday(weekday, weekend)
        monday += timedelta(weeks=offset)
        if weekday is None:
            return Period(monday, monday + timedelta(days=7), "week", whole=True)
        start = monday + timedelta(days=weekday)
        return Period(start, start + timedelta(days=2)) if weekend else Period(start)

    def _bare_weekday(self, weekday: int, weekend: bool) -> Period:
        ahead = (weekday - self.today.weekday()) % 7
        if self.step < 0 and ahead:
            ahead -= 7
        if weekend and self.today.weekday() == 6:
            ahead = -1  # on a Sunday this weekend is still on
        start = self.today + timedelta(days=ahead)
        return Period(start, start + timedelta(days=2)) if weekend else Period(start, floating=True)

    def lunar(self) -> Period:
        leap, month, day, _said = self.slots["lunar"]
        if month is None and self.slots.get("month", ("", 0))[0] == "rel":
            return self._lunar_day_of_month(day)
        if day is None:
            return self._lunar_month(month, leap)
        if "year" in self.slots:
            found = cal.solar(self._year(), month or 1, day, leap)
        else:
            found = cal.next_lunar(month, day, leap, self.today, self.step)
        return self._shifted(_sure(found))

    def _lunar_day_of_month(self, day: int) -> Period:
        """下个月初八 is the lunar 8th that falls in the next civil month."""
        first = add_months(self.today.replace(day=1), self.slots["month"][1])
        return Period(_sure(cal.next_lunar(None, day, False, first)))

    def _lunar_month(self, month: int, leap: bool) -> Period:
        start = cal.solar(self._year(), month, 1, leap) if "year" in self.slots else cal.next_lunar(month, 1, leap, self.today, self.step)
        last = cal.solar(cal.lunar(_sure(start))[0], month, 30, leap)
        return Period(_sure(start), _sure(last) + DAY, "month", whole=True)

    def festival(self) -> Period:
        return self._yearly(cal.festival, self.slots["festival"])

    def term(self) -> Period:
        return self._yearly(cal.term, self.slots["term"])

    def _yearly(self, find: Any, name: str) -> Period:
        if "year" in self.slots:
            return self._shifted(_sure(find(name, self._year())))
        year = self.today.year if self.step > 0 else self.today.year + 1
        for offset in range(3):
            found = find(name, year + offset * self.step)
            if found is not None and (found - self.today).days * self.step >= 0:
                return self._shifted(found)
        raise Impossible

    def _shifted(self, day: date) -> Period:
        """春节前三天: three days before, counted from the festival."""
        if "span" not in self.slots:
            return Period(day)
        way, count, unit = self.slots["span"]
        return Period(_plus(day, count if way != "back" else -count, unit))

    def workday(self) -> Period:
        return Period(cal.workday(self.today, self.slots["workday"]))

    # ---- periods
    def year(self) -> Period:
        start = date(self._year(), 1, 1)
        return Period(start, start.replace(year=start.year + 1), "year", whole=True)

    def half(self) -> Period:
        start = date(self._year(), 1 if self.slots["half"] == 1 else 7, 1)
        return Period(start, add_months(start, 6), "quarter", whole=True)

    def quarter(self) -> Period:
        kind, n = self.slots["quarter"]
        if kind == "rel":
            first = self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1)
            start = add_months(first, 3 * n)
        else:
            start = date(self._year(), 3 * n - 2, 1)
        return Period(start, add_months(start, 3), "quarter", whole=True)

    def month(self) -> Period:
        kind, n = self.slots["month"]
        if kind == "rel":
            start = add_months(self.today.replace(day=1), n)
        else:
            start = date(self._year(), _month(n), 1)
            this_month = self.today.replace(day=1)
            if "year" not in self.slots and (start - this_month).days * self.step < 0:
                start = start.replace(year=start.year + self.step)
        return Period(start, add_months(start, 1), "month", whole=True)

    def edge(self) -> Period:
        named, where = self.slots["edge"]
        outer = next((k for k in ("month", "quarter", "half", "year") if k in self.slots), "")
        whole: Period = getattr(self, outer)() if outer and not (named and named != outer) else self._period_now(named or "month")
        start, last = whole.start, (whole.end or whole.start + DAY) - DAY
        if where == "end":
            return Period(last)
        if where == "start":
            days = {"month": 10, "year": 31, "week": 2}.get(named or outer, 10)
            return Period(start, start + timedelta(days=days))
        if where == "mid":
            half = 14 if (last - start).days < 32 else (last - start).days // 2
            return Period(start + timedelta(days=half))
        first = start + timedelta(days={"first": 0, "second": 10, "third": 20}[where])
        return Period(first, last + DAY if where == "third" else first + timedelta(days=10), whole=True)

    def _period_now(self, named: str) -> Period:
        if named == "week":
            monday = self.today - timedelta(days=self.today.weekday())
            return Period(monday, monday + timedelta(days=5))
        if "month" in self.slots or named == "month":
            return _Reader({"month": self.slots.get("month", ("rel", 0))}, self.today, self.step, self.near_way).month()
        if named == "quarter":
            return _Reader({"quarter": ("rel", 0)}, self.today, self.step, self.near_way).quarter()
        return self.year()

    def nth(self) -> Period:
        n, what = self.slots["nth"]
        if "side" in self.slots:
            return self._nth_around(n, what)
        outer = next((k for k in ("month", "quarter", "half", "year", "week", "edge", "festival") if k in self.slots), "")
        whole = getattr(self, outer)() if outer else self._period_now("month")
        end = whole.end or month_end(whole.start) + DAY
        days = [whole.start + timedelta(days=i) for i in range((end - whole.start).days)]
        if what == "workday":
            days = [d for d in days if cal.is_workday(d)]
        elif what != "day":
            days = [d for d in days if d.weekday() == int(what)]
        index = n - 1 if n > 0 else n
        if not -len(days) <= index < len(days):
            raise Impossible
        return Period(days[index])

    def _nth_around(self, n: int, what: str) -> Period:
        """国庆后第一个工作日, 月底前最后一个工作日."""
        rest = {k: v for k, v in self.slots.items() if k not in {"nth", "side"}}
        base = _Reader(rest, self.today, self.step, self.near_way)
        kind = next(k for k in ("ymd", "lunar", "festival", "term", "md", "edge", "mday", "week", "day", "duration") if k in rest)
        day: date = getattr(base, kind)().start
        way = 1 if self.slots["side"] == "after" else -1
        for _ in range(abs(n)):
            day += way * DAY
            while not (cal.is_workday(day) if what == "workday" else what == "day" or day.weekday() == int(what)):
                day += way * DAY
        return Period(day)

    # ---- lengths
    def duration(self) -> Period:
        count, unit, suffix, _minutes = self.slots["duration"]
        if count == 0:
            whole = self._whole(unit)
            return replace(whole, start=self.today, end=whole.end, grain="day", whole=True)
        if suffix == "within":
            return Period(self.today, _plus(self.today, count, unit) + DAY, whole=True, within=iso_length(count, unit))
        day = _plus(self.today, -count if suffix == "before" else count, unit)
        if "week" in self.slots and self.slots["week"][1] is not None:
            return Period(day - timedelta(days=day.weekday()) + timedelta(days=self.slots["week"][1]))
        return Period(day)

    def _whole(self, unit: str) -> Period:
        if unit == "day":
            return Period(self.today, self.today + DAY)
        kind, value = {"week": ("week", (0, None, False)), "month": ("month", ("rel", 0)), "year": ("year", ("rel", 0))}[unit]
        found: Period = getattr(_Reader({kind: value}, self.today, self.step, self.near_way), kind)()
        return found

    def span(self) -> Period:
        way, count, unit = self.slots["span"]
        if way == "near":
            way = self.near_way
        if way == "back":
            return Period(_plus(self.today, -count, unit) + DAY, self.today + DAY, whole=True, within=iso_length(count, unit))
        return Period(self.today, _plus(self.today, count, unit) + DAY, whole=True, within=iso_length(count, unit))

    def _year(self) -> int:
        kind, value = self.slots.get("year", ("rel", 0))
        return int(value) if kind == "abs" else self.today.year + int(value)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Impossible from None


def _month(n: int) -> int:
    if not 1 <= n <= 12:
        raise Impossible
    return n


def _sure(day: date | None) -> date:
    if day is None:
        raise Impossible
    return day


def _plus(day: date, count: float, unit: str) -> date:
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
