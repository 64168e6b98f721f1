"""What lies unhandled: the supervisor's list of it, a nudge by number, and after how many hours it climbs."""

from __future__ import annotations

import re

from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.intents.pointing import indexes
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

_S = r"(?:提醒|待办)?的?(?:升级|上报|漏办)的?(?:时间|时限|期限|小时数?)"
_VERSION = r"(?:的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)"
_END = r"[。.!！?？吧呢\s]*$"
# (intent, shape); the first that fits decides.
_HOURS: tuple[tuple[str, Lazy], ...] = (
    ("escalation.hours", lazy(rf"^\W*(?:看看?|查看?|现在的?|查询)?{_S}(?:是什么|是多少|是多久|是几小时|多少|多久|怎么定的?|有哪些)?{_END}")),
    ("escalation.history", lazy(rf"^\W*(?:看看?|查看?)?{_S}\s*的?(?:历史版本|版本历史|历史|版本|历次版本|变更记录){_END}")),
    ("escalation.history", lazy(rf"^\W*(?:看看?|查看?)?(?:历史版本|历史|版本|历次版本)\s*{_S}{_END}")),
    ("escalation.roll_back", lazy(rf"^\W*(?:回滚|回退)\s*{_S}\s*(?:到|至)?\s*{_VERSION}?{_END}")),
    ("escalation.roll_back", lazy(rf"^\W*{_S}\s*(?:回滚|回退)\s*(?:到|至)?\s*{_VERSION}?{_END}")),
    ("escalation.approve", lazy(rf"^\W*(?:同意|批准|通过)\s*{_S}\s*{_VERSION}?{_END}")),
    ("escalation.reject", lazy(rf"^\W*(?:驳回|退回|拒绝|不同意|不批准)\s*{_S}\s*{_VERSION}?[\s,，:：]*(?P<reason>.*)$")),
    ("escalation.change", lazy(rf"^\W*(?:请|帮我|修改|调整|更改|把|将)*\s*(?P<text>[\u4e00-\u9fff、，,\s]{{0,20}}?{_S}\s*.*[\d零一二两三四五六七八九十半].*)$")),
    ("escalation.change", lazy(rf"^\W*(?:修改|调整|更改|改|设置)一?下?\s*(?P<text>{_S}){_END}")),
)


def ordered(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order about the hours after which reminders climb."""
    if s.role == "customer" or s.clients:
        return None
    said = s.normal.said.strip()
    found = next(((intent, match) for intent, shape in _HOURS if (match := shape.match(said)) is not None), None)
    if found is None:
        return None
    slots = {name: value.strip() for name, value in found[1].groupdict().items() if value}
    return found[0], {name: int(value) if name == "version" else value for name, value in slots.items()}


_NUDGES = r"催办|催一?下|催催|催一催|督办"


def nudge(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """「1 催办」, 「催办 1、3」: only with numbers, which mean the list shown last."""
    numbers, _ = indexes(s.text)
    if not numbers:
        numbers, _ = indexes(re.sub(rf"^\W*(?:{_NUDGES})\W*", "", s.text))
    return {"index": numbers[0], "indexes": numbers} if numbers else None


_TEAM = frozenset({"", "团队", "全队", "团队里", "大家", "谁", "有谁", "哪些人", "哪位", "今天", "现在", "我们", "各顾问"})


def missed(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Whose missed care, `member`, a manager asks after; the team's when nobody is named. Others have reminders only."""
    assert match is not None
    if s.role != "manager":
        return None
    who = s.cut(*match.span("who"))
    return {"missed": True, **({} if who in _TEAM else {"member": who})}


RULES: tuple[Rule, ...] = (
    rule("escalation.list", 85, "unhandled", missed, no="create update cancel settings", name="how much was missed",
         shape=r"^\W{0,3}(?:看看?|查看?|查一?下|T|现在|\s){0,4}(?P<who>[\u4e00-\u9fffCS]{0,6}?)(?:的|都|还|一共|总共|T|现在|到底|又|有|\s){0,5}漏办(?:了|的|过|\s){0,3}(?:几件|多少件?|哪些|什么|几个|最多|事项|待办|提醒|情况|关怀|件数?|的|吗|没有?|呢){1,5}\W{0,3}$"),
    rule("escalation.list", 85, "unhandled", missed, no="create update cancel settings", name="what somebody missed",
         shape=r"^\W{0,3}(?:看看?|查看?|查一?下|T|\s){0,4}(?P<who>谁|(?!看|查|打开)[^\W有几多TDM]{2,6}?)(?:的|都|还|T|现在|一共|(?:还)?有(?:几件|多少件?|哪些|什么)|\s){0,5}漏办(?:清单|列表|名单|了)?\W{0,3}$"),
    rule("item.nudge", 86, "nudge", nudge, no="ask money product", shape=rf"^\W*(?:第?[\d一二三四五六七八九十、,，和到\s-]+[个条项]?\W*(?:{_NUDGES})|(?:{_NUDGES})\W*第?[\d一二三四五六七八九十])"),
    rule("escalation.list", 84, "unhandled", nothing, no="client create update cancel",
         shape=r"^\W*(?>看看?|查看?|打开|团队|今天的?|现在的?|有哪些|有什么)*\W*(?:漏办|升级)(?:的)?(?:清单|列表|名单|事项|待办|提醒|有哪些)?\W*$"),
)
