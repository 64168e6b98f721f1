"""Recurrences as RFC 5545 rules: RSCALE=CHINESE (RFC 7529) for lunar days, X-WORKDAY=CN for Chinese working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.language.when import calendar as cal
from handlers.language.when.certain import Impossible
from handlers.language.when.combine import Expression
from handlers.language.when.days import Period, period_of
from handlers.language.when.words import FESTIVALS, PARTS, PUBLIC_PART

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEPS = {"SECONDLY": timedelta(seconds=1), "MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
_TWO_YEARS = 800


@dataclass(frozen=True, slots=True)
class Repeating:
    """A rule and its first occurrence at or after now; `clock` says whether an hour was said."""

    rrule: str
    start: datetime
    clock: bool
    part: str | None


def recurrence(expression: Expression, now: datetime) -> Repeating | None:
    """None when the expression does not repeat or can never happen (每年 2月30日)."""
    every = expression.slots.get("every")
    if every is None:
        return None
    try:
        return _repeating(expression.slots, every, now)
    except (Impossible, ValueError, OverflowError, KeyError):
        return None


def _repeating(slots: Mapping[str, Any], every: Mapping[str, Any], now: datetime) -> Repeating | None:
    at, part = _time_of_day(slots, every)
    if every["freq"] in _STEPS:
        start = now.replace(second=0, microsecond=0) + _STEPS[every["freq"]] * every["interval"]
        return Repeating(_rule(every["freq"], every["interval"], ""), start, True, None)
    rule, first = _days(slots, every, now, at)
    return Repeating(rule, datetime.combine(first, at or time()), at is not None, part if at is None else None)


def _time_of_day(slots: Mapping[str, Any], every: Mapping[str, Any]) -> tuple[time | None, str | None]:
    word = slots.get("part") or every.get("part")
    part = PARTS[word][0] if word else None
    if "clock" not in slots:
        return None, PUBLIC_PART[part] if part else None
    hour, minute, _second, how = slots["clock"]
    if (part in {"afternoon", "evening", "night"} and hour < 12) or (part == "noon" and hour < 3):
        hour += 12
    elif part is None and how == "12" and hour < 7:
        hour += 12  # rule 3: within 07:00–22:00
    return time(hour % 24, minute), PUBLIC_PART[part] if part else None


def _days(slots: Mapping[str, Any], every: Mapping[str, Any], now: datetime, at: time | None) -> tuple[str, date]:
    freq, interval = every["freq"], every["interval"]
    if "lunar" in every:
        days = every["lunar"]
        rule = _rule("MONTHLY", 1, "BYMONTHDAY=" + ",".join(map(str, days)), lunar=True)
        return rule, _first(now, at, lambda d: cal.lunar(d)[2] in days)
    if "lunar" in slots:
        return _lunar(slots, freq, now, at)
    if "festival" in slots:
        return _festival(str(slots["festival"][0]), now, at)
    if every.get("workday"):
        rule = _rule("WEEKLY", 1, "BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN")
        return rule, _first(now, at, cal.is_workday)
    if freq == "WEEKLY":
        return _weekly(slots, every, now, at)
    if freq == "DAILY":
        return _rule("DAILY", interval, ""), _first(now, at, lambda d: True)
    return _monthly(slots, every, now, at) if freq == "MONTHLY" else _yearly(slots, interval, now, at)


def _weekly(slots: Mapping[str, Any], every: Mapping[str, Any], now: datetime, at: time | None) -> tuple[str, date]:
    days = every.get("byday") or ()
    week = slots.get("week")
    if not days and week is not None and week[1] is not None:
        days = (5, 6) if week[2] else (week[1],)
    if not days:
        return _rule("WEEKLY", every["interval"], ""), _first(now, at, lambda d: True)
    by = "BYDAY=" + ",".join(_DAYS[d] for d in days)
    return _rule("WEEKLY", every["interval"], by), _first(now, at, lambda d: d.weekday() in days)


def _monthly(slots: Mapping[str, Any], every: Mapping[str, Any], now: datetime, at: time | None) -> tuple[str, date]:
    interval = every["interval"]
    if "nth" in slots and slots["nth"][1] == "month" and "mday" in slots:  # 每季度头一个月的10号
        n, day = slots["nth"][0], slots["mday"]
        return _rule("MONTHLY", interval, f"BYMONTHDAY={day}"), _first(now, at, lambda d: d.day == day and (d.month - n) % 3 == 0)
    if "nth" in slots:
        return _nth(slots["nth"], every, now, at)
    if "edge" in slots:
        where = slots["edge"][1]
        day = {"end": -1, "start": 1, "mid": 15}.get(where, 1)
        return _rule("MONTHLY", interval, f"BYMONTHDAY={day}"), _first(now, at, _edge_test(day, bool(every.get("quarter"))))
    days = slots.get("mdays") or ((slots["mday"],) if "mday" in slots else ())
    if not days:
        first = _first(now, at, (lambda d: d.day == 1 and d.month % 3 == 1) if every.get("quarter") else (lambda d: True))
        return _rule("MONTHLY", interval, ""), first
    if max(days) > 31:
        raise Impossible
    return _rule("MONTHLY", interval, "BYMONTHDAY=" + ",".join(map(str, days))), _first(now, at, lambda d: d.day in days)


def _edge_test(day: int, quarter: bool) -> Any:
    def test(d: date) -> bool:
        right_day = d == cal.month_end(d) + timedelta(days=day + 1) if day < 0 else d.day == day
        return right_day and (not quarter or d.month % 3 == (0 if day < 0 else 1))
    return test


def _nth(nth: tuple[int, str], every: Mapping[str, Any], now: datetime, at: time | None) -> tuple[str, date]:
    n, what = nth
    if what == "day":
        return (_rule("MONTHLY", every["interval"], f"BYMONTHDAY={n}"),
                _first(now, at, _edge_test(n, bool(every.get("quarter")))))
    if what == "workday":
        by = f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={n};X-WORKDAY=CN"
        return _rule("MONTHLY", every["interval"], by), _first(now, at, lambda d: d == _nth_workday(d, n))
    by = f"BYDAY={n}{_DAYS[int(what)]}"
    return _rule("MONTHLY", every["interval"], by), _first(
        now, at, lambda d: d == cal.nth_weekday(d.year, d.month, int(what), n))


def _nth_workday(day: date, n: int) -> date:
    start = day.replace(day=1) - timedelta(days=1) if n > 0 else cal.month_end(day) + timedelta(days=1)
    return cal.workday(start, n)


def _yearly(slots: Mapping[str, Any], interval: int, now: datetime, at: time | None) -> tuple[str, date]:
    rest = {k: v for k, v in slots.items() if k in {"md", "month", "mday", "term", "edge", "nth", "season"}}
    if not rest:
        return _rule("YEARLY", interval, ""), _first(now, at, lambda d: True)
    if set(rest) == {"edge"}:
        rest["edge"] = ("year", rest["edge"][1])
    start = period_of(rest, now, "future", "ahead").start
    start = _not_over(start, rest, now, at)
    if "term" in rest or "season" in rest:
        return _rule("YEARLY", interval, ""), start
    by = f"BYMONTH={start.month};BYMONTHDAY={-1 if 'edge' in rest and start == cal.month_end(start) else start.day}"
    return _rule("YEARLY", interval, by), start


def _not_over(start: date, rest: Mapping[str, Any], now: datetime, at: time | None) -> date:
    if datetime.combine(start, at or time.max) > now:
        return start
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time())
    found: Period = period_of(rest, tomorrow, "future", "ahead")
    return found.start


def _lunar(slots: Mapping[str, Any], freq: str, now: datetime, at: time | None) -> tuple[str, date]:
    leap, month, day, _said, _year = slots["lunar"]
    if day is None:
        raise Impossible
    if month is None or freq == "MONTHLY":
        return (_rule("MONTHLY", 1, f"BYMONTHDAY={day}", lunar=True),
                _first(now, at, lambda d: cal.lunar(d)[2] == day))
    today = now.date()
    first = cal.next_lunar(month, day, leap, today)
    if first is not None and datetime.combine(first, at or time.max) <= now:
        first = cal.next_lunar(month, day, leap, today + timedelta(days=1))
    if first is None:
        raise Impossible
    by = f"BYMONTH={month}{'L' if leap else ''};BYMONTHDAY={day}"
    return _rule("YEARLY", 1, by, lunar=True), first


def _festival(name: str, now: datetime, at: time | None) -> tuple[str, date]:
    rule = FESTIVALS[name]
    start = _not_over(period_of({"festival": (name, 0)}, now, "future", "ahead").start, {"festival": (name, 0)}, now, at)
    if rule[0] == "lunar":
        by = "BYMONTH=12;BYMONTHDAY=-1" if rule[2] == 0 else f"BYMONTH={rule[1]};BYMONTHDAY={rule[2]}"
        return _rule("YEARLY", 1, by, lunar=True), start
    if rule[0] == "nth":
        return _rule("YEARLY", 1, f"BYMONTH={rule[1]};BYDAY={rule[2]}{_DAYS[rule[3]]}"), start  # type: ignore[misc]
    return _rule("YEARLY", 1, f"BYMONTH={rule[1]};BYMONTHDAY={rule[2]}"), start


def _rule(freq: str, interval: int, by: str, lunar: bool = False) -> str:
    return ";".join(filter(None, (
        "RSCALE=CHINESE" if lunar else "", f"FREQ={freq}", f"INTERVAL={interval}" if interval > 1 else "", by)))


def _first(now: datetime, at: time | None, fits: Any) -> date:
    """The first day that fits and is not over: today counts while its time is still to come."""
    day = now.date()
    if at is not None and datetime.combine(day, at) <= now:
        day += timedelta(days=1)
    for offset in range(_TWO_YEARS):
        if fits(day + timedelta(days=offset)):
            return day + timedelta(days=offset)
    raise Impossible
