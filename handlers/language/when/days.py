"""From the date words of an expression to civil days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from handlers.language.when import calendar as cal
from handlers.language.when.calendar import add_months, month_end
from handlers.language.when.certain import Impossible, day_of, month_of, sure
from handlers.language.when.lengths import iso_length, plus

DAY = timedelta(days=1)


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
    for kind in ("nth", "ymd", "lunar", "festival", "term", "season", "span", "duration", "md", "workday", "edge", "mday", "week",
                 "day", "days", "month", "quarter", "half", "year", "decade"):
        if kind in slots:
            return getattr(reader, kind)()  # type: ignore[no-any-return]
    return Period(reader.today, said=False)


class _Reader:
    """One expression being read; each method answers for the finest kind that was said."""

    def __init__(self, slots: Mapping[str, Any], today: date, step: int, near: str) -> None:
        self.slots, self.today, self.step, self.near_way = slots, today, step, near

    # ---- single days
    def ymd(self) -> Period:
        return Period(day_of(*self.slots["ymd"]))

    def day(self) -> Period:
        day = self.today + timedelta(days=self.slots["day"])
        if "duration" in self.slots:  # 一年前的今天
            count, unit, suffix, _minutes = self.slots["duration"]
            return Period(plus(day, -count if suffix == "before" else count, unit))
        if "month" in self.slots:
            return Period(add_months(day, int(self.slots["month"][1])))
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
            return Period(day_of(self._year(), month, day))
        this = self.today.year
        if (month, day) == (2, 29):  # asked for in a common year it is refused, not rolled
            is_ahead = self.today < date(this, 3, 1)
            return Period(day_of(this if is_ahead == (self.step > 0) else this + self.step, 2, 29))
        weekday = self.slots.get("week", (None, None))[1]
        if weekday is not None:  # 周日,二月十号: the year in which it is a Sunday
            fits = [d for y in (this, this + self.step, this - self.step) if (d := day_of(y, month, day)).weekday() == weekday]
            if fits:
                return Period(fits[0])
        found = day_of(this, month, day)
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
            return Period(day_of(first.year, first.month, day))
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
        offset, weekday, weekend, last = self.slots["week"]
        if "day" in self.slots and offset is not None and weekday is None:  # 下周的今天
            return Period(self.today + timedelta(weeks=offset))
        if self.slots.keys() & {"md", "mday", "ymd", "day"}:  # 6月18号周三: the date decides
            finer = next(k for k in ("ymd", "md", "mday", "day") if k in self.slots)
            return getattr(self, finer)()  # type: ignore[no-any-return]
        monday = self.today - timedelta(days=self.today.weekday())
        if offset is None:
            found = self._bare_weekday(weekday, weekend)
            return found if last is None else Period(found.start, found.start + timedelta(days=(last - weekday) % 7 + 1), whole=True)
        monday += timedelta(weeks=offset)
        if weekday is None:
            return Period(monday, monday + timedelta(days=7), "week", whole=True)
        start = monday + timedelta(days=weekday)
        if last is not None:
            return Period(start, start + timedelta(days=(last - weekday) % 7 + 1), whole=True)
        return Period(start, start + timedelta(days=2)) if weekend else Period(start)

    def _bare_weekday(self, weekday: int, weekend: bool) -> Period:
        ahead = (weekday - self.today.weekday()) % 7
        if self.step < 0 and ahead:
            ahead -= 7
        if weekend and self.today.weekday() == 6:
            ahead = -1  # on a Sunday this weekend is still on
        start = self.today + timedelta(days=ahead)
        later = (start + timedelta(days=7),) if start == self.today and self.step > 0 else ()
        return Period(start, start + timedelta(days=2)) if weekend else Period(start, floating=True, alts=later)

    def lunar(self) -> Period:
        leap, month, day, _said, _year = self.slots["lunar"]
        if month is None and self.slots.get("month", ("", 0))[0] == "rel":
            return self._lunar_day_of_month(day)
        if day is None:
            return self._lunar_month(month, leap)
        if "year" in self.slots:
            found = cal.solar(self._year(), month or 1, day, leap)
        else:
            found = cal.next_lunar(month, day, leap, self.today, self.step)
        return self._shifted(sure(found))

    def _lunar_day_of_month(self, day: int) -> Period:
        """下个月初八 is the lunar 8th that falls in the next civil month."""
        first = add_months(self.today.replace(day=1), self.slots["month"][1])
        return Period(sure(cal.next_lunar(None, day, False, first)))

    def _lunar_month(self, month: int, leap: bool) -> Period:
        start = cal.solar(self._year(), month, 1, leap) if "year" in self.slots else cal.next_lunar(month, 1, leap, self.today, self.step)
        last = cal.solar(cal.lunar(sure(start))[0], month, 30, leap)
        return Period(sure(start), sure(last) + DAY, "month", whole=True)

    def festival(self) -> Period:
        name, turn = self.slots["festival"]
        if turn:
            self.step = turn
        if name == "除夕" and self.slots.get("year") == ("rel", 0) and (eve := cal.festival(name, self.today.year)) and eve < self.today:
            return self._shifted(sure(cal.festival(name, self.today.year + 1)))  # 今年除夕 ends the lunar year that has begun
        return self._yearly(cal.festival, name)

    def term(self) -> Period:
        return self._yearly(cal.term, self.slots["term"])

    def _yearly(self, find: Any, name: str) -> Period:
        if "year" in self.slots:
            return self._shifted(sure(find(name, self._year())))
        year = self.today.year if self.step > 0 else self.today.year + 1
        for offset in range(3):
            found = find(name, year + offset * self.step)
            if found is not None and (found - self.today).days * self.step >= 0:
                return self._shifted(found)
        raise Impossible

    def _shifted(self, day: date) -> Period:
        """春节前三天: three days before, counted from the festival; 国庆第二天 the day behind its first."""
        if "day" in self.slots:
            return Period(day + timedelta(days=self.slots["day"]))
        if "span" not in self.slots:
            return Period(day)
        way, count, unit = self.slots["span"]
        moved = plus(day, -count if way == "prev" else count, unit)
        if "week" in self.slots:  # 中秋前一周的周一
            moved += timedelta(days=(self.slots["week"][1] or 0) - moved.weekday())
        return Period(moved)

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
            start = date(self._year(), month_of(n), 1)
            this_month = self.today.replace(day=1)
            if "year" not in self.slots and (start - this_month).days * self.step < 0:
                start = start.replace(year=start.year + self.step)
        return Period(start, add_months(start, 1), "month", whole=True)

    def edge(self) -> Period:
        named, where = self.slots["edge"]
        outer = next((k for k in ("month", "quarter", "half", "year") if k in self.slots), "")
        whole: Period = getattr(self, outer)() if outer and not (named and named != outer) else self._period_now(named or "month")
        start, last = whole.start, (whole.end or whole.start + DAY) - DAY
        if where in {"half1", "half2"}:
            middle = start + timedelta(days=15)
            return Period(start, middle, whole=True) if where == "half1" else Period(middle, last + DAY, whole=True)
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
        if not outer and what == "day" and n > 0:  # 第三天 counts from today
            return Period(self.today + timedelta(days=n - 1))
        whole = getattr(self, outer)() if outer else self._period_now("month")
        end = whole.end or month_end(whole.start) + DAY
        days = [whole.start + timedelta(days=i) for i in range((end - whole.start).days)]
        if what == "days":  # 头三天, 最后两天
            start = whole.start if n > 0 else end + n * DAY
            return Period(start, start + abs(n) * DAY, whole=True)
        if what == "month":
            return self._nth_month(n)
        if what == "week":
            return self._nth_week(n, whole.start, end)
        if what == "workday":
            days = [d for d in days if cal.is_workday(d)]
        elif what != "day":
            days = [d for d in days if d.weekday() == int(what)]
        index = n - 1 if n > 0 else n
        if not -len(days) <= index < len(days):
            raise Impossible
        return Period(days[index])

    def _nth_month(self, n: int) -> Period:
        start = date(self._year(), month_of(n if n > 0 else 13 + n), 1)
        return Period(start, add_months(start, 1), "month", whole=True)

    def _nth_week(self, n: int, start: date, end: date) -> Period:
        """The weeks of a month or year are those whose Thursday lies in it."""
        thursdays = [day for i in range((end - start).days) if (day := start + timedelta(days=i)).weekday() == 3]
        index = n - 1 if n > 0 else n
        if not -len(thursdays) <= index < len(thursdays):
            raise Impossible
        monday = thursdays[index] - timedelta(days=3)
        return Period(monday, monday + timedelta(days=7), "week", whole=True)

    def _nth_around(self, n: int, what: str) -> Period:
        """国庆后第一个工作日, 月底前最后一个工作日."""
        rest = {k: v for k, v in self.slots.items() if k not in {"nth", "side"}}
        base = _Reader(rest, self.today, self.step, self.near_way)
        kind = next((k for k in ("ymd", "lunar", "festival", "term", "md", "edge", "mday", "week", "day", "duration") if k in rest), None)
        if kind is None:
            raise Impossible
        day: date = getattr(base, kind)().start
        way = -1 if self.slots["side"] == "before" else 1
        if self.slots["side"] == "over" and what == "day":
            what = "workday"
        for _ in range(abs(n)):
            day += way * DAY
            while not (cal.is_workday(day) if what == "workday" else what == "day" or day.weekday() == int(what)):
                day += way * DAY
        return Period(day)

    # ---- lengths
    def duration(self) -> Period:
        count, unit, suffix, _minutes = self.slots["duration"]
        if "md" in self.slots:  # 五年后3月30号
            return Period(day_of(plus(self.today, -count if suffix == "before" else count, unit).year, *self.slots["md"]))
        if count == 0:
            whole = self._whole(unit)
            return replace(whole, start=self.today, end=whole.end, grain="day", whole=True)
        if suffix == "within":
            return Period(self.today, plus(self.today, count, unit) + DAY, whole=True, within=iso_length(count, unit))
        day = plus(self.today, -count if suffix == "before" else count, unit)
        if "week" in self.slots and self.slots["week"][1] is not None:
            return Period(day - timedelta(days=day.weekday()) + timedelta(days=self.slots["week"][1]))
        return Period(day)

    def _whole(self, unit: str) -> Period:
        if unit == "day":
            return Period(self.today, self.today + DAY)
        kind, value = {"week": ("week", (0, None, False, None)), "month": ("month", ("rel", 0)), "year": ("year", ("rel", 0))}[unit]
        found: Period = getattr(_Reader({kind: value}, self.today, self.step, self.near_way), kind)()
        return found

    def span(self) -> Period:
        way, count, unit = self.slots["span"]
        if way in {"prev", "next"} and self.slots.keys() & {"year", "half"}:
            return self._part_of_year(way, count, unit)
        if "day" in self.slots:
            self.today = self.day().start
        if way == "near":
            way = "recent" if self.near_way == "back" else "ahead"
        if way in {"last", "coming"} or (way in {"prev", "next"} and unit in {"month", "quarter"} | ({"year"} if way == "prev" else set())):
            return self._calendar_units(-1 if way in {"last", "prev"} else 1, int(count), unit)
        start, end = {
            "recent": (plus(self.today, -count, unit) + DAY, self.today + DAY), "back": (plus(self.today, -count, unit), self.today + DAY),
            "prev": (plus(self.today, -count, unit), self.today), "next": (self.today + DAY, plus(self.today, count, unit) + DAY),
            "ahead": (self.today, plus(self.today, count, unit) + DAY),
        }[way]
        return Period(start, end, whole=True, within=iso_length(count, unit))

    def _calendar_units(self, step: int, count: int, unit: str) -> Period:
        """上两周, 下三个月: whole weeks, months … before or behind the one that runs."""
        if unit in {"day", "workday"}:
            start = self.today if step < 0 else self.today + DAY
        else:
            start = self._whole(unit).start if unit != "quarter" else self._period_now("quarter").start
            start = start if step < 0 else plus(start, 1, unit)
        other = plus(start, step * count, unit)
        return Period(min(start, other), max(start, other), unit if unit in {"week", "month", "year", "quarter"} else "day", whole=True)

    def _part_of_year(self, way: str, count: float, unit: str) -> Period:
        """今年前两个季度, 2021年后三个月."""
        whole = self.half() if "half" in self.slots else self.year()
        end = sure(whole.end)
        return Period(whole.start, plus(whole.start, count, unit), "month", whole=True) if way == "prev" else Period(plus(end, -count, unit), end, "month", whole=True)

    def days(self) -> Period:
        first, last, unit = self.slots["days"]
        base = self.today if unit == "day" else self.today.replace(month=1, day=1)
        return Period(plus(base, first, unit), plus(base, last, unit), unit, whole=True)

    def decade(self) -> Period:
        start = date(self.slots["decade"], 1, 1)
        if self.slots.get("edge", ("", ""))[1] == "end":
            start = start.replace(year=start.year + 7)
        return Period(start, date(self.slots["decade"] + 10, 1, 1), "year", whole=True)

    def season(self) -> Period:
        """Seasons run from 立春, 立夏 … to the next of these; school holidays by the usual months."""
        name = self.slots["season"]
        year = self._year()
        start, end = sure(cal.season(name, year))
        if "year" not in self.slots and (end - self.today).days * self.step <= 0:
            start, end = sure(cal.season(name, year + self.step))
        return Period(start, end, "day", whole=True)

    def _year(self) -> int:
        kind, value = self.slots.get("year", ("rel", 0))
        return int(value) if kind == "abs" else self.today.year + int(value)
