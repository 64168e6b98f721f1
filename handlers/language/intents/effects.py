"""What reminders came to: 提醒效果, 提醒效果 续保 近30天, R3 效果, 提醒办结率; and who uses the assistant: 使用率."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_ASKED = lazy(r"^\W*(?:看看?|查看?|看一下)?(?:团队|全公司|公司)?的?(?:提醒|规则|建议)(?:规则)?的?(?:办结|采纳)?效果(?P<rest>.*)$")
_OF_RULE = lazy(r"^\W*(?:看看?|查看?)?(?:提醒)?(?:规则)?\s*[Rr]\s*(?P<number>\d{1,6})\s*号?(?:规则)?的?(?:提醒)?效果(?P<rest>.*)$")
_RATE = lazy(r"^\W*(?:看看?|查看?)?(?:(?:我|团队|本组|全组|我们组)的?)?\s*(?P<what>提醒办结率|提醒采纳率|建议采纳率?|推荐采纳率)(?:是)?(?:多少|怎么样|几个点)?\W*$")
_USAGE = lazy(
    r"^\W*(?:看看?|查看?|看一下)?\s*(?:我们)?(?:团队|全公司|公司|本组|全组)?[\s的]*(?:助手|小助手|系统|机器人)?[\s的]*"
    r"(?:使用率|使用情况|(?:顾问|成员|同事)的?(?:周)?活跃(?:率|度|情况)|(?:周)?活跃顾问数?)(?:是|有)?(?:多少|怎么样|如何|统计)?[\s,，。.?？!！了吗呢]*$"
)
_NUMBER = re.compile(r"[Rr]\s*(\d{1,6})")
_WORTH_A_LOOK = re.compile("效果|率|采纳|使用|活跃")
_AROUND = re.compile(r"怎么样|如何|好不好|情况|统计|的|[\s,，。.?？!！:：了吗呢]+")


def effective(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such a question."""
    if s.role == "customer" or not _WORTH_A_LOOK.search(s.text):
        return None
    text = s.normal.said
    spans = [s.normal.span(e.start, e.end) for e in s.times[:1]]
    for start, end in spans:
        text = f"{text[:start]} {text[end:]}"
    slots: Slots = {"range": s.when(s.times[0], times.LOOK_BACK)} if s.times else {}
    if _USAGE.match(text) and not s.clients:
        return "usage.show", slots
    if rate := _RATE.match(text):
        return "stats.me", {**slots, "metric": "reminder_uptake" if rate["what"].startswith("提醒") else "suggestion_uptake"}
    found = _OF_RULE.match(text) or _ASKED.match(text)
    if found is None or s.clients:
        return None
    number = found.groupdict().get("number") or next(iter(_NUMBER.findall(found["rest"])), None)
    if number:
        return "effects.show", {**slots, "number": int(number)}
    about = _AROUND.sub("", found["rest"])
    return "effects.show", {**slots, "about": about} if about else slots
