"""When a repeating reminder begins: 每周五提醒我写周报，下周开始; 从7月1日起，每月10号提醒我对账."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time

from handlers.language import when as times
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import Recurrence
from handlers.language.sentence import Sentence

_HOUR = frozenset({"clock", "part"})  # 8点半提醒我开会，9点开始 says when the meeting begins
_FROM = lazy(r"(?:从|自从?|打从)$")
_OPENS = lazy(r"(?:^|[,。;\s])(?:但是?|不过|就|那|这个|先|都|是|请|麻烦|帮我|给我)*+(?:从|自从?|打从)?$")
_BEGINS = lazy(r"(?:再|才|就)?(?:开始|起)")
_BEHIND = lazy(r"(?:再|才|就)?(?:开始|起)?(?:算|计|执行|生效|提醒)?(?:吧|哈|啊|呀|哦)?")
_CLOSES = lazy(r"[\s,。;!]|$")
# 从项目上线后开始, 等他回来再开始: a start that is no time.
_UNREAD = lazy(r"(?:^|[,。;\s])(?P<said>(?:从|自从?|打从|等到?)(?P<what>(?!第)[^,。;]{2,14}?)(?:再|才|就)?(?:开始|(?<!早)起)(?:算|执行|提醒)?)(?:吧|哈|啊)?(?=\W*$)")
_AT_ONCE = lazy(r"现在|即日|马上|立刻|此刻|这次|本次")


@dataclass(frozen=True, slots=True)
class Begin:
    """The words of the start with their place, and the moment; None where it cannot be a start."""

    start: int
    end: int
    said: str
    at: datetime | None


def series(s: Sentence, repeating: times.Expression) -> tuple[Recurrence | None, list[tuple[int, int]], Slots]:
    """(the rule in time with its first occurrence, what is cut out of the content, what to ask about its start)."""
    begin = _begin(s, repeating)
    rule = s.repeating(repeating)
    if begin is None or rule is None:
        return rule, [], {}
    cut = [(begin.start, begin.end)]
    if begin.at is None:
        return rule, cut, {"start_said": begin.said, "clarify": "start"}
    if begin.at > s.now:
        rule = times.repeating(repeating, begin.at, s.said(repeating.start, repeating.end))
    return (rule and replace(rule, text=f"{begin.said}，{rule.text}")), cut, {}


def _begin(s: Sentence, repeating: times.Expression) -> Begin | None:
    read = (found for e in s.points if (found := _of_time(s, e, repeating)) is not None)
    return next(read, None) or _of_words(s, repeating)


def _of_time(s: Sentence, e: times.Expression, repeating: times.Expression) -> Begin | None:
    """下周开始 in a clause of its own, or behind 从; 下周开始的活动 is what to remind of."""
    behind = _BEHIND.match(s.text, e.end)
    end = behind.end() if behind is not None else e.end
    begins = e.limit == "since" or _BEGINS.match(s.text, e.end) is not None
    if not begins or e.slots.keys() <= _HOUR:
        return None
    led, opened = _FROM.search(s.text[:e.start]), _OPENS.search(s.text[:e.start])
    alone = opened is not None and _CLOSES.match(s.text, end) is not None
    if not alone and end != repeating.start and (led is None or s.text[end:end + 1] == "的"):
        return None
    start = led.start() if led is not None else e.start
    said = s.said(start, end).strip(" ,，。").rstrip("吧哈啊呀哦")
    found = s.when(e, times.REMIND)
    return Begin(opened.start() if opened is not None else start, end, said, None if found.problem else _moment(s, found.start))


def _moment(s: Sentence, start: str) -> datetime:
    return max(s.now, datetime.combine(datetime.fromisoformat(start).date(), time()))


def _of_words(s: Sentence, repeating: times.Expression) -> Begin | None:
    found = _UNREAD.search(s.text)
    if found is None or any(e.start < found.end() and found.start() < e.end and (e is repeating or e.slots.keys() <= _HOUR) for e in s.times):
        return None
    return Begin(*found.span(), s.said(*found.span("said")), s.now if _AT_ONCE.search(found["what"]) else None)
