"""The resolver: an expression, the time now and a policy give the period that is meant, and what else it could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from handlers.language.when import calendar as cal
from handlers.language.when import reasons
from handlers.language.when.certain import Impossible
from handlers.language.when.combine import Expression
from handlers.language.when.days import Period, period_of
from handlers.language.when.words import PARTS, PUBLIC_PART
from reminders.calendar import year_note

DAY = timedelta(days=1)
# A clock hour without part of day means the first future one of {h, h+12} that people work in (language.md, rule 3).
OPENS, CLOSES = time(7, 0), time(22, 0)


@dataclass(frozen=True, slots=True)
class Policy:
    """How the intent wants unclear times read. `prefer`: a date without year, a weekday alone; `near`: which way
    最近 N 天 looks; `refuse_past`: a time that is over is a problem."""

    prefer: Literal["future", "past"] = "future"
    near: Literal["back", "ahead"] = "ahead"
    refuse_past: bool = False


REMIND = Policy("future", "ahead", True)  # orders for the future
DUE = Policy("future", "ahead")  # due lists
LOOK_BACK = Policy("past", "back")  # figures and reports


@dataclass(frozen=True, slots=True)
class Reading:
    """A resolved expression in local wall-clock time. `end` is exclusive; `start` None with `problem` "impossible"; `why`
    says in Chinese what was chosen and by which rule; `alts` are other readings that stay possible."""

    start: datetime | None
    end: datetime | None = None
    grain: str = "day"
    part: str | None = None
    clock: bool = False
    limit: str = ""
    within: str | None = None
    alts: tuple[datetime, ...] = ()
    problem: str | None = None
    why: str = ""
    note: str = ""
    period: bool = False  # said as a period (本月, 3天内, 从…到…), not as a point


IMPOSSIBLE = Reading(None, problem="impossible", why="没有这一天")


def resolve(expression: Expression, now: datetime, policy: Policy = REMIND) -> Reading:
    """`now` is local wall-clock time without zone. Never raises: what cannot be has `problem` "impossible"."""
    try:
        if expression.until is not None:
            return _explained(expression, _range(expression, now, policy), now, policy)
        return _explained(expression, _checked(_one(expression, now, policy), now, policy), now, policy)
    except (Impossible, ValueError, OverflowError, KeyError):
        return IMPOSSIBLE


def _explained(expression: Expression, reading: Reading, now: datetime, policy: Policy) -> Reading:
    if reading.start is None:
        return reading
    said = reasons.why(expression.slots, reading.start, now, policy.prefer, policy.near)
    if expression.until is not None:
        said += "；到最后一天为止"
    back_at_work = expression.until is None and _is_behind_a_holiday(expression, policy)
    said += "；节后第一个工作日" if back_at_work else ""
    counted = back_at_work or _counts_working_days(expression.slots)
    note = year_note(now.date(), reading.start.date()) if counted else ""
    return replace(reading, why=said + ("；时间已经过去" if reading.problem == "past" else ""), note=note)


def _counts_working_days(slots: reasons.Slots) -> bool:
    """第一个工作日, 3个工作日后, 每个工作日, 节后第一天上班."""
    nth, duration = slots.get("nth", (0, "")), slots.get("duration", (0, ""))
    return "workday" in slots or "workday" in (nth[1], duration[1]) or bool(slots.get("every", {}).get("workday"))


def _one(expression: Expression, now: datetime, policy: Policy) -> Reading:
    slots = expression.slots
    if "now" in slots:
        return Reading(now + DAY * slots.get("day", 0), grain="second", clock=True)
    if _counts_hours(slots):
        return _hours(_length(slots) or (0, "hour", "", 0), now)
    period = period_of(slots, now, policy.prefer, policy.near)
    if _is_behind_a_holiday(expression, policy):
        period = Period(_first_workday_after(period.start))
    reading = _timed(slots, period, now, policy) if slots.keys() & {"clock", "part"} else _dated(period)
    return replace(reading, limit=expression.limit or reading.limit)


def _is_behind_a_holiday(expression: Expression, policy: Policy) -> bool:
    """国庆后提醒我: when people are back at work."""
    slots = expression.slots
    return policy.refuse_past and expression.limit == "after" and "festival" in slots and not slots.keys() & {"nth", "day", "span"}


def _first_workday_after(day: date) -> date:
    day += DAY
    while not cal.is_workday(day):
        day += DAY
    return day


def _counts_hours(slots: Mapping[str, Any]) -> bool:
    duration = _length(slots)
    if duration is None:
        return False
    return duration[1] in {"hour", "minute", "second", "quarter_hour"} or (duration[:2] == (0.5, "day") and duration[2] != "within")


def _length(slots: Mapping[str, Any]) -> tuple[float, str, str, int] | None:
    """A length of time; 未来两小时 is 两小时内."""
    span = slots.get("span")
    if span is not None and span[2] in _SECONDS and span[2] != "day":
        return span[1], span[2], "past" if span[0] in {"back", "prev", "last"} else "within", 0
    found: tuple[float, str, str, int] | None = slots.get("duration")
    return found


_SECONDS = {"hour": 3600, "minute": 60, "second": 1, "quarter_hour": 900, "day": 86400}


def _hours(duration: tuple[float, str, str, int], now: datetime) -> Reading:
    count, unit, suffix, minutes = duration
    length = timedelta(seconds=count * _SECONDS[unit], minutes=minutes)
    if suffix == "past":
        return Reading(now - length, now, "minute", clock=True, period=True)
    if suffix == "within":
        return Reading(now, now + length, "minute", clock=True, period=True)
    moment = now - length if suffix == "before" else now + length
    return Reading(moment.replace(microsecond=0), grain="second", clock=True)


def _dated(period: Period) -> Reading:
    start = datetime.combine(period.start, time())
    end = None if period.end is None else datetime.combine(period.end, time())
    alts = tuple(datetime.combine(d, time()) for d in period.alts)
    return Reading(start, end, period.grain, limit=period.limit, within=period.within, alts=alts, period=period.whole)


def _timed(slots: Mapping[str, Any], period: Period, now: datetime, policy: Policy) -> Reading:
    day = period.start
    word = slots.get("part")
    if "clock" not in slots:
        return _part_only(day, str(word), period, now, policy)
    hour, minute, second, how = slots["clock"]
    moments = _moments(day, hour, minute, second, how, word)
    if word is None and how == "12":
        return _bare_hour(moments, period, now, policy)
    moment = moments[0]
    if not period.said and policy.prefer == "future" and moment <= now:
        moment += DAY
    if period.floating and policy.prefer == "future" and moment <= now:
        moment += timedelta(days=7)
    return Reading(moment, grain="second" if how == "24s" else "minute", clock=True)


def _moments(day: date, hour: int, minute: int, second: int, how: str, word: str | None) -> list[datetime]:
    """The moments a clock time may mean on `day`, the plain one first."""
    base = datetime.combine(day, time())
    part = PARTS[word][0] if word else None
    if part in {"afternoon", "evening"} and hour < 12:
        hour += 12
    elif (part == "evening" and hour == 12) or (part == "night" and hour == 12):
        hour = 24
    elif part == "night" and 6 <= hour < 12:
        hour += 12
    elif part == "night" and hour < 6:
        hour += 24  # 半夜两点 belongs to the night that begins today
    elif part == "noon" and hour < 7:
        hour += 12
    elif part == "dawn" and hour == 12:
        hour = 0
    plain = base + timedelta(hours=hour, minutes=minute, seconds=second)
    return [plain, plain + timedelta(hours=12)] if how == "12" and word is None and hour <= 12 else [plain]


def _bare_hour(moments: list[datetime], period: Period, now: datetime, policy: Policy) -> Reading:
    day = moments[0].replace(hour=0, minute=0, second=0)
    worked = [m for m in moments if m.date() == day.date() and OPENS <= m.time() <= CLOSES] or moments[:1]
    future = [m for m in worked if m > now]
    if policy.prefer == "past" or future:
        chosen = future or worked if policy.prefer == "future" else worked
    elif not period.said:
        chosen = [m + DAY for m in worked]
    elif period.floating:
        chosen = [m + timedelta(days=7) for m in worked]
    else:
        chosen = worked[-1:] if day.date() == now.date() else worked
    return Reading(chosen[0], grain="minute", clock=True, alts=tuple(m for m in chosen[1:]))


def _part_only(day: date, word: str, period: Period, now: datetime, policy: Policy) -> Reading:
    part, opens, closes = PARTS[word]
    start = datetime.combine(day, time()) + timedelta(hours=opens)
    end = datetime.combine(day, time()) + timedelta(hours=closes)
    if not period.said and policy.prefer == "future" and end <= now:
        start, end = start + DAY, end + DAY
    return Reading(start, end, "hour", part=PUBLIC_PART[part])


def _range(expression: Expression, now: datetime, policy: Policy) -> Reading:
    """从 A 到 B: B takes the year, month, day and part of day from A where it says none."""
    second = expression.until
    assert second is not None
    loose = replace(policy, refuse_past=False)
    first = _one(replace(expression, until=None), now, loose)
    if _runs_now(expression.slots, second.slots, now):
        first = _one(replace(expression, until=None, slots={**expression.slots, "year": ("rel", 0)}), now, loose)
    if first.start is None:
        return first
    slots = _inherited(expression.slots, second.slots)
    base = now if _is_relative(slots) else first.start
    last = _one(replace(second, slots=slots), base, replace(loose, prefer="future"))
    if last.start is None:
        return last
    end = last.end if last.end else last.start if last.clock else last.start + DAY
    if end <= first.start and last.clock:
        noon = end + timedelta(hours=12)
        end = noon if "part" not in second.slots and noon > first.start else end + DAY
    if end <= first.start and "week" in slots:  # 下周日至周三
        end += timedelta(days=7)
    if end <= first.start:
        raise Impossible
    clock = first.clock or last.clock
    return Reading(first.start, end, "minute" if clock else "day", clock=first.clock, period=True)


def _runs_now(first: Mapping[str, Any], second: Mapping[str, Any], now: datetime) -> bool:
    """1月到3月, said in February, is the one that runs."""
    months = [s["month"] for s in (first, second) if set(s) == {"month"}]
    return len(months) == 2 and all(kind == "abs" for kind, _n in months) and months[0][1] <= now.month <= months[1][1]


def _is_relative(slots: Mapping[str, Any]) -> bool:
    """Counted from today, so the near end of the range is no place to count from."""
    named = any(slots.get(kind, ("abs",))[0] == "rel" for kind in ("year", "month", "quarter"))
    return named or bool(slots.keys() & {"day", "duration", "span", "workday"}) or slots.get("week", (None,))[0] is not None


def _inherited(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    slots = dict(second)
    dates = {"ymd", "md", "mday", "lunar", "festival", "term", "day", "week", "month", "year", "quarter", "half", "edge",
             "nth", "duration", "workday", "now", "decade", "season"}
    if not slots.keys() & dates:  # only a clock time: the same day
        slots.update({k: v for k, v in first.items() if k in dates})
        if "clock" in slots and "part" not in slots and "part" in first:
            slots["part"] = first["part"]
    elif set(slots) & dates == {"mday"}:
        slots.update({k: v for k, v in first.items() if k in {"year", "month"}})
        if "md" in first:
            slots["month"] = ("abs", first["md"][0])
        elif "ymd" in first:
            slots.update(year=("abs", first["ymd"][0]), month=("abs", first["ymd"][1]))
    elif "year" in first and "year" not in slots and slots.keys() & {"md", "month", "quarter"} and not slots.keys() & {"day"}:
        slots["year"] = first["year"]
    if "week" in slots and slots["week"][0] is None and first.get("week", (None,))[0] is not None:
        slots["week"] = (first["week"][0], *slots["week"][1:])
    return slots


def _checked(reading: Reading, now: datetime, policy: Policy) -> Reading:
    if not policy.refuse_past or reading.start is None or reading.limit == "after":
        return reading
    if reading.period:
        over = reading.end is not None and reading.end <= now
    elif reading.clock:
        over = reading.start < now.replace(second=0, microsecond=0)
    elif reading.part is not None:
        over = reading.end is not None and reading.end <= now
    else:
        over = (reading.end or reading.start + DAY).date() <= now.date()
    return replace(reading, problem="past") if over else reading


__all__ = ["DUE", "LOOK_BACK", "REMIND", "Policy", "Reading", "cal", "resolve"]
