"""Settings: language, quiet hours, when the bot speaks by itself."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.when.combine import Expression

_OF_SETTINGS = lazy(r"语言|界面|切|换成|改|设|调|免打扰|勿扰|推|发|提前|推迟|挪|静音|默认|打扰|以后|用(?:英|中|繁)|说(?:英|中)|英文版|繁体|简体|吵|别|时间")


def settings(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    clock = next((s.when(e, times.DUE) for e in s.points if "clock" in e.slots), None)
    at = _literal_clock(s) or (clock.start[11:16] if clock is not None and clock.has_clock else None)
    if _OF_SETTINGS.search(s.text) is None:
        return None
    if re.search(r"英文|英语|english|中文|繁体|语言", s.text):
        return {"key": "language", "value": "en" if re.search(r"英|english", s.text) else "zh-Hant" if "繁" in s.text else "zh"}
    if re.search(r"免打扰|勿扰|打扰|(?:别|不要?|勿).{0,6}(?:打扰|推|发|吵|提醒我|烦|弹|响|@)|安静|静音|不要.{0,6}(?:推|发|打扰|吵)", s.text):
        if len(s.points) == 1 and re.search(r"前$|^(?:之|以)?前", s.text[s.points[0].end - 1:s.points[0].end + 2]):
            return {"key": "quiet_hours", "clarify": "value"}  # 9点前别给我弹: until then, from when is not said
        return fills.merged({"key": "quiet_hours", "value": _hours(s)})
    if re.search(r"日报|晚报|团队日报|汇总|晚间", s.text):
        return fills.merged({"key": "daily_digest_time", "value": at}, {} if at else {"clarify": "value"})
    if re.search(r"早报|晨报|简报|早上推送|早间|每日推送|晨会|晨间|早安报", s.text):
        return fills.merged({"key": "morning_brief_time", "value": at}, {} if at else {"clarify": "value"})
    if re.search(r"默认.{0,6}提醒|提醒(?:的)?时间|提醒.{0,6}默认|默认时间|不说时间|没说几点|没写时间", s.text):
        return fills.merged({"key": "default_reminder_time", "value": at}, {} if at else {"clarify": "value"})
    return None


def _literal_clock(s: Sentence) -> str | None:
    """8:30 in a setting is 08:30, not this evening; a part of day still counts."""
    return next(filter(None, map(_written_clock, s.times)), None)


def _written_clock(expression: Expression) -> str | None:
    """20:30 as it stands; None for a clock time with a part of day, which needs reading, or for none."""
    if "clock" not in expression.slots or "part" in expression.slots:
        return None
    hour, minute, _second, _how = expression.slots["clock"]
    return f"{hour % 24:02d}:{minute:02d}"


def _hours(s: Sentence) -> str | None:
    for expression in s.times:
        if expression.until is not None:
            if (written := [_written_clock(e) for e in (expression, expression.until)]) and all(written):
                return "-".join(filter(None, written))
            read = s.when(expression, times.DUE)
            if read.end:
                return f"{read.start[11:16]}-{read.end[11:16]}"
        if "clock" in expression.slots:
            return s.when(expression, times.DUE).start[11:16]
    return None


RULES: tuple[Rule, ...] = (
    rule("settings.show", 84, "any", nothing, no="who",
         shape=r"^\W*(?>看看?|查看?|我的?|现在的?)*(?:推送|通知|免打扰)?(?:设置|时间设置)\W*$|^\W*(?:日报|周报|月报|早报|晨报|推送)\s*的?(?:收件人|接收人|时间|推送时间)(?:有谁|是谁|是几点|几点|是什么)?\W*$|^\W*收件人\W*$"),
    rule("settings.set", 81, "settings digest", settings, no="ask who", shape=r"时间.{0,4}(?:改|设|调)|设(?:置|成|为|到)|切换|改(?:到|成|为)?\s?T|调(?:到|成|整)|免打扰|勿扰|换成(?:英文|中文)|T(?:到|至)?.{0,4}(?:别打扰|勿扰|免打扰)"),
    rule("settings.set", 82, "any", settings, no="ask who", name="the language",
         shape=r"(?:语言|界面|系统|机器人|以后|卡片|回复).{0,8}(?:英文|英语|english|中文|简体|繁体|繁體|粤语)|(?:切|换|改|调|设)(?:换|成|到|为|回|去)*.{0,4}(?:英文|英语|english|中文|简体|繁体)(?!名|写|版?(?:文案|祝福))|(?:英文|中文|繁体|english)(?:界面|版|模式)"),
    rule("settings.set", 83, "any", settings, no="ask who", name="quiet hours", shape=r"(?<!到)T.{0,10}(?:别|不要|勿|少)(?:再)?(?:给我|跟我|来)?(?:推|发|打扰|吵|烦|响|弹)|(?:免打扰|勿扰|静音|打扰).{0,8}T|T.{0,8}(?:免打扰|勿扰|静音|安静)|(?:开|关|打开|关闭|取消|设).{0,4}(?:免打扰|勿扰)|^\W*(?:周末|双休日?|休息日|节假日|假期|放假)\W?(?:的?时候|期间|都|就|也|请)*(?:别|不要?|勿)(?:再)?(?:给我|跟我|来)?(?:推送?|发|打扰|吵|烦)"),
    rule("settings.set", 82, "any", settings, no="who", name="the hour of reminders without one", shape=r"(?:没说几点|没写时间|不说时间|没说时间)[^,。]{0,14}T"),
    rule("settings.set", 82, "any", settings, no="ask who", name="when the bot speaks", shape=r"(?:没说几点|(?<!客户)(?<![他她])没写时间|早报|晨报|简报|日报|晚报|每日推送|默认提醒|提醒默认|默认时间|提醒时间|默认.{0,4}提醒).{0,14}T|T.{0,6}(?:推|发|给我)?(?:我)?(?:早报|晨报|简报|日报|晚报)(?!.{0,6}(?:写|交|没))"),
)
