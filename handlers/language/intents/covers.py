"""Who is away and who stands in: 请假 6月10日到6月15日 小周代班, 谁代班, 取消请假.

What names somebody who takes over is a hand-over until a day (`handover.create` with `until`); the rest is here."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_END = r"[。.!！~？?吧呢啊哈\s]*$"
_LEAVE = r"(?:(?:请|休|放)(?:个|了)?)?(?:年|病|事|产|婚|丧|护理|陪产|探亲|育儿)?假|调休|出差|外出培训"
_WHO = r"(?:(?:我|本人)|(?P<from>[\u4e00-\u9fff]{2,4}?))?"
_TO = r"(?P<to>[\u4e00-\u9fff]{2,4}?)"
_VERB = r"(?:代班|代管|代理|代办|代为|顶班|值班|顶|代)(?:一下|几天|我|客户|我的客户|他的客户|她的客户|工作)*"
_BY = r"(?:由|让|请|找|交给|麻烦)?"
# T stands for the days. What was said around them, and nothing else.
_SHAPES = (
    lazy(rf"^\W*{_WHO}\s*(?:要|想|准备|打算)?\s*(?:{_LEAVE})\s*(?:从|到|至|时间)?\s*T[号日]?\W*(?:{_BY}\s*{_TO}\s*(?:来|先|帮忙|帮我|替我)*{_VERB})?{_END}"),
    lazy(rf"^\W*{_WHO}\s*(?:从|在)?\s*T[号日]?\s*(?:要|想|准备|打算)?\s*(?:{_LEAVE})\W*(?:{_BY}\s*{_TO}\s*(?:来|先|帮忙|帮我|替我)*{_VERB})?{_END}"),
    lazy(rf"^\W*T[号日]?\s*{_BY}\s*{_TO}\s*代班{_END}"),
    lazy(rf"^\W*{_BY}\s*{_TO}\s*代班\s*(?:到|至)?\s*T[号日]?{_END}"),
)
_ASKED = lazy(
    rf"^\W*(?:看看?|查看?)?(?:现在|今天|本周|这周|最近)?(?:有)?(?:谁|哪些人|哪位)(?:在|来|要|给谁|替谁|帮谁)?(?:代班|代管|顶班|请假|休假|不在)了?(?:的)?{_END}"
    rf"|^\W*(?:看看?|查看?)?(?:我的|团队的?)?(?:代班|请假|休假)(?:安排|情况|名单|列表|记录|表){_END}"
)
_DONE = r"[。.!！~\s]*$"  # an act is never taken from a question
_CALLED_OFF = lazy(
    rf"^\W*(?:取消|撤销|结束|提前结束|不要)(?P<of>[\u4e00-\u9fff]{{0,4}}?)的?(?:请假|休假|代班)(?:安排)?了?{_DONE}"
    rf"|^\W*(?P<whose>[\u4e00-\u9fff]{{0,4}}?)\s*(?:的?(?:请假|休假|代班)\s*(?:取消|结束|提前结束)|(?:取消|结束|提前结束)\s*(?:请假|休假|代班)|销假|提前回来了?|休假回来了?){_DONE}"
)
_ABOUT = lazy(r"假|代班|代管|顶班|调休|出差|培训|不在")
_SELF = frozenset({"", "我", "我的", "本人"})


def away(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order or question about who is away."""
    if s.role == "customer" or _ABOUT.search(s.text) is None:
        return None
    said = s.normal.said.strip()
    if _ASKED.match(said):
        return "cover.list", {}
    if (off := _CALLED_OFF.match(said)) is not None:
        who = off["of"] or off["whose"] or ""
        return "cover.end", {} if who in _SELF else {"member": who}
    return _arranged(s)


def _arranged(s: Sentence) -> tuple[str, Slots] | None:
    days = [e for e in s.points if "now" not in e.slots]
    if len(days) != 1:
        return None
    only = days[0]
    text = f"{s.text[:only.start]}T{s.text[only.end:]}"
    match = next(filter(None, (shape.match(text) for shape in _SHAPES)), None)
    if match is None:
        return None
    found = {name: value for name, value in match.groupdict().items() if value and value not in _SELF}
    when = s.when(only, times.DUE)
    until_only = only.limit == "before" or re.search(r"[到至]\s*$", s.text[: only.start]) is not None
    slots: Slots = {**found, "until": when, **({} if until_only else {"range": when})}
    if "to" in found:
        return "handover.create", slots
    of_a_client = any(c.mention.text == found.get("from") for c in s.clients)
    return None if of_a_client or "假" not in text else ("cover.create", slots)
