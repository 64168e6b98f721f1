"""Which of the times in a sentence a reminder is for, and how far ahead of an event.

The time that stands at the order is its own (下周三签约，周二提醒我带合同); an hour alone there is on the day of the event
(明天三点签约，两点半叫我), and 提前, 前一天 and 当天 count from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.language import when as times
from handlers.language.intents import mood
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.numerals import number
from handlers.language.sentence import Sentence

_HOUR = frozenset({"clock", "part"})
_BEFORE_NOON = frozenset({"早", "上午", "早上", "清晨", "一早"})  # 后天两点见王芳，上午提醒我: of that day
_DATED = frozenset({"day", "week", "md", "mday", "ymd", "month", "lunar", "festival", "term", "workday", "days"})
# What may stand between a time and the order that goes with it.
_BESIDE = lazy(r"(?>[\s,的再就请你先]|左右|前后|整|那天|记得|麻烦|帮我?|给我|千万|一定|可以|能不能|能|务必|时候?|时间?|都|要|务|得)*")


def of_reminder(s: Sentence) -> tuple[When | None, list[times.Expression]]:
    """The moment, and the expressions that say it (the rest belongs to the content)."""
    points = [e for e in s.points if "span" not in e.slots or e.slots["span"][0] in {"ahead", "next"} or e.slots.keys() & (_DATED | _HOUR)]
    if not points:
        return None, []
    points = _said_once([_at_the_meal(s.text, e) for e in points])
    at = _own(s, points)
    own = points[at] = _in_the_week(points[:at], points[at])
    if at and own.slots.keys() == {"part"} and points[at - 1].slots.keys() <= _DATED:
        at, own = at - 1, points[at - 1]  # 大后天去送材料 上午 提醒: the half of that day
    event = next((e for e in reversed(points[:at]) if e.slots.keys() & _DATED), None)
    if event is not None and (early := _day_of(own, s.text)) is not None:
        return _around(s, event, own, early), [own]
    if event is not None and own.slots.keys() == {"part"} and own.slots["part"] in _BEFORE_NOON:
        return s.when(_whole(replace(event, slots={k: v for k, v in event.slots.items() if k not in _HOUR}), own), times.REMIND), [own]
    if event is not None and own.slots.keys() <= _HOUR and "clock" in own.slots:
        return _on_the_day(s, event, own), [event, own] if "clock" not in event.slots else [own]
    chosen = _with_its_half(points, at)
    found = s.when(chosen[0], times.REMIND) if len(chosen) == 1 else s.when(_whole(*chosen), times.REMIND)
    return _ahead(found, _without(s.text, chosen)), chosen


def _said_once(points: list[times.Expression]) -> list[times.Expression]:
    """下周三啊 下周三上午十点我约了马超: a day that is said again with its hour was only the run-up."""
    return [e for e, later in zip(points, [*points[1:], None], strict=True)
            if later is None or "clock" not in later.slots or not e.slots.keys() <= _DATED or any(later.slots.get(k) != v for k, v in e.slots.items())]


def _without(text: str, said: list[times.Expression]) -> str:
    """The words beside the time: 芒种前一天 has counted its day already."""
    for e in said:
        text = text[:e.start] + " " * (e.end - e.start) + text[e.end:]
    return text


def _own(s: Sentence, points: list[times.Expression]) -> int:
    """The place of the time that stands at the order, else the first that is no period."""
    order = mood.reminding(s)
    if order is not None:
        for i, e in enumerate(points):
            if _BESIDE.fullmatch(s.text, e.end, order.start()) if e.end <= order.start() else False:
                return i
        behind = next((i for i, e in enumerate(points) if 0 <= e.start - order.end() <= 1), None)
        if behind is not None:
            return behind  # 20号是扣款日 提醒我19号打电话
    plain = next((i for i, e in enumerate(points) if e.until is None), 0)
    return plain if points[0].until is not None and points[plain].has_clock else 0


_MEALS = (("早", lazy(r"早会|晨会|早餐|早饭|早班|早茶|起床|早操")), ("晚", lazy(r"晚饭|晚餐|晚宴|晚会|夜宵|晚课|晚班")), ("中午", lazy(r"午饭|午餐|中饭|午宴|午休")))


def _at_the_meal(text: str, e: times.Expression) -> times.Expression:
    """8点开早会 is in the morning, 6点吃晚饭 in the evening."""
    if "clock" not in e.slots or "part" in e.slots or e.slots["clock"][3] != "12":
        return e
    part = next((part for part, words in _MEALS if words.search(text, e.end, e.end + 12)), None)
    return replace(e, slots={**e.slots, "part": part}) if part else e


def _in_the_week(before: list[times.Expression], own: times.Expression) -> times.Expression:
    """下周二到周四出差，周五叫我: the day after a period is of its week."""
    week = own.slots.get("week")
    period = next((e for e in before if e.until is not None and "week" in e.slots and e.slots["week"][0] is not None), None)
    if period is None or week is None or week[0] is not None or week[1] is None or week[1] <= period.slots["week"][1]:
        return own
    return replace(own, slots={**own.slots, "week": (period.slots["week"][0], *week[1:])})


def _with_its_half(points: list[times.Expression], at: int) -> list[times.Expression]:
    """A clock time said later belongs to the day (下周一…十点), or a day to the clock time."""
    own = points[at]
    following = points[at + 1] if at + 1 < len(points) else None
    if following is None:
        return [own]
    if following.slots.keys() <= _HOUR and own.slots.keys() & _DATED and not own.slots.keys() & _HOUR:
        return [own, following]
    if own.slots.keys() <= _HOUR and following.slots.keys() & _DATED and "clock" not in following.slots:
        return [following, own]
    return [own, following] if _finer(own, following) else [own]


def _finer(own: times.Expression, following: times.Expression) -> bool:
    """等他下周回来再联系 周三吧: a day of the week or month that was said before."""
    week, day = own.slots.get("week"), following.slots.get("week")
    if week is not None and day is not None:
        return week[0] is not None and week[1] is None and day[0] is None and day[1] is not None
    return own.slots.keys() == {"month"} and following.slots.keys() <= {"mday", "clock", "part"} and "mday" in following.slots


def _whole(day: times.Expression, hour: times.Expression) -> times.Expression:
    slots = {**day.slots, **hour.slots}
    if "week" in day.slots and "week" in hour.slots:
        slots["week"] = (day.slots["week"][0], *hour.slots["week"][1:])
    return replace(day, slots=slots, limit=hour.limit or day.limit)


def _on_the_day(s: Sentence, event: times.Expression, own: times.Expression) -> When:
    """An hour on the day of the event, at the same part of day when that is before it."""
    day = {k: v for k, v in event.slots.items() if k not in _HOUR}
    part = event.slots.get("part")
    if "clock" in event.slots and "part" not in own.slots and part is not None and own.slots["clock"][:2] < event.slots["clock"][:2]:
        day["part"] = part
    return s.when(replace(own, slots={**day, **own.slots}), times.REMIND)


# ---------------------------------------------------------------- counted from the event

_DAY_BEFORE = lazy(r"(?:提前|提早|前|头)(?:一|1)?[天晚日]")
_SAME_DAY = lazy(r"(?:当|那)[天日晚]")


def _day_of(own: times.Expression, text: str) -> int | None:
    """Days from the event: 前一天晚上八点 is -1, 提前两天上午九点 -2, 当天 0."""
    length = own.slots.get("duration") if text[max(0, own.start - 2):own.start] in {"提前", "提早"} else own.slots.get("span")
    if length is not None and own.slots.keys() & _HOUR:
        count, unit = length[:2] if "duration" in own.slots else length[1:]
        days = {"day": 1, "week": 7}.get(unit)
        return None if days is None or count != int(count) else -int(count) * days
    said = text[max(0, own.start - 3):own.end]
    if _DAY_BEFORE.search(said) is not None:
        return -1
    return 0 if _SAME_DAY.search(said) is not None else None


def _around(s: Sentence, event: times.Expression, own: times.Expression, days: int) -> When:
    day = s.when(replace(event, slots={k: v for k, v in event.slots.items() if k not in _HOUR}), times.REMIND)
    if not day.start:
        return day
    date = day.date + timedelta(days=days)
    hour = {k: v for k, v in own.slots.items() if k in _HOUR}
    return s.when(replace(own, slots={"ymd": (date.year, date.month, date.day), **hour}, limit=""), times.REMIND)


_N = r"(?P<n>半|[一二两三四五六七八九十]+|\d+)"
_UNIT = r"个?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟|天|周|星期|礼拜|月)"
_AHEAD = lazy(rf"(?:提前|提早){_N}{_UNIT}")
# …到期，前一周提醒我; 前两天聊过 looks back instead.
_BEFORE_IT = lazy(rf"(?:前|头|早)(?P<eve>一?(?:天|晚|日))(?!半|的|后)|(?:前|头|早){_N}{_UNIT}(?=提醒|叫|喊|通知|催|告诉|记得|就|要|给我|[早晚上下中]|[,\s])")
_LENGTHS = {"小时": timedelta(hours=1), "钟头": timedelta(hours=1), "分钟": timedelta(minutes=1), "刻钟": timedelta(minutes=15), "天": timedelta(days=1),
            "周": timedelta(days=7), "星期": timedelta(days=7), "礼拜": timedelta(days=7), "月": timedelta(days=30)}


def _ahead(found: When, text: str) -> When:
    """后天两点半签合同，提醒我提前半小时: that much before the time."""
    match = _AHEAD.search(text) or _BEFORE_IT.search(text)
    if match is None or not found.start or found.problem:
        return found
    said = match.groupdict()
    count = 1.0 if said.get("eve") else 0.5 if said["n"] == "半" else number(said["n"])
    if count is None:
        return found
    length = _LENGTHS[said["unit"] or "天"] * (count + (0.5 if said["half"] else 0))
    if length >= timedelta(days=1):
        moved = (found.date - length).isoformat()
        return replace(found, start=moved + found.start[10:] if found.has_clock and not said.get("eve") else moved, end=None, part=None, deadline=False)
    if not found.has_clock:
        return found
    return replace(found, start=(datetime.fromisoformat(found.start) - length).isoformat(timespec="minutes"), end=None, deadline=False)
