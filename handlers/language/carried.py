"""What an act takes over from the acts before it: the client, the day, the period, the content."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from handlers.language.intents.fills import period
from handlers.language.meaning import ClientRef, Meaning, When
from handlers.language.sentence import Sentence
from handlers.language.when import DUE, LOOK_BACK, REMIND, Expression, find, when
from storage.model.normal import normalise

# Acts that may be told apart by a comma alone; others need a word such as 顺便.
LISTS = frozenset({"reminder.list", "birthday.list", "renewal.list", "maturity.list", "repayment.list", "stats.me", "stats.team", "client.search", "ticket.list",
                   "agenda.today", "agenda.day", "due.list", "premium.list"})
ABOUT_THEM = re.compile(r"跟进|联系|回访|电话|回电|拜访|见面|催|送|理赔|续保|合同|签|道歉|进度|材料|生日|祝|谢|约|发|聊|谈|带|方案|上门|过去")


def same_period(before: list[Meaning], part: Meaning) -> Meaning:
    """今天有什么安排 还有谁过生日: the second list is for the same day."""
    if part.intent not in LISTS or "range" in part.slots:
        return part
    before_it = next((p.slots["range"] for p in before if "range" in p.slots), None)
    return part if before_it is None else replace(part, slots=MappingProxyType({**part.slots, "range": before_it}))


def hour_alone(said: When | None) -> Expression | None:
    """The expression behind a time, when only a time of day was said."""
    found = find(normalise(said.text).text) if said is not None else []
    return found[0] if len(found) == 1 and found[0].slots.keys() <= {"clock", "part"} else None


def on_its_day(s: Sentence, part: Meaning, before: list[Meaning]) -> Meaning:
    """后天上午提醒我拜访李雷，下午提醒我拜访李蕾: a time of day is of the day said before."""
    said, day = part.slots.get("when"), before[-1].slots.get("when") if before else None
    if part.intent != "reminder.create" or said is None or day is None or not day.start:
        return part
    alone = hour_alone(said)
    if alone is None or day.date <= s.now.date():
        return part
    dated = replace(alone, slots={**alone.slots, "ymd": (day.date.year, day.date.month, day.date.day)})
    return replace(part, slots=MappingProxyType({**part.slots, "when": replace(when(dated, s.now, REMIND), text=said.text)}))


def of_another_time(s: Sentence, said: str, before: Meaning) -> Meaning | None:
    """我今年签了几单？去年呢？"""
    text = normalise(said).text
    times = find(text) if "range" in before.slots or before.intent.startswith("stats.") or before.intent == "agenda.today" else []
    if len(times) != 1 or times[0].recurs or re.fullmatch(r"(?>那么?|换成|再?看看?|也|同期|怎么样|咋样|有吗|[那呢的咧嘞么内\W])*", text[:times[0].start] + text[times[0].end:]) is None:
        return None
    found = period(when(times[0], s.now, LOOK_BACK if before.intent.startswith("stats.") else DUE, said))
    return replace(before, slots=MappingProxyType({**before.slots, "range": found}))


def with_what_was_noted(part: Meaning | None, before: list[Meaning]) -> Meaning | None:
    """胡总说下周三面谈，记一下，下周三十点提醒我: of what has just been written down."""
    if part is None or part.intent != "reminder.create" or part.clarify != "content" or not before or before[-1].intent != "note.add":
        return part
    whose = {k: v for k, v in before[-1].slots.items() if k in {"client", "client_id", "content"}}
    return replace(part, slots=MappingProxyType({**whose, **part.slots, "pronoun": True}), clarify=None) if whose.get("content") else part


def for_the_same(part: Meaning, said: str, focus: ClientRef | None) -> Meaning:
    """…，提醒我后天跟进理赔进度: of the client of the act before, though no word names them."""
    if focus is None or part.slots.get("client") or part.slots.get("client_id") or part.intent not in {"reminder.create", "draft.message"}:
        return part
    if "recurrence" in part.slots or (part.intent == "reminder.create" and ABOUT_THEM.search(said) is None):
        return part
    clarify = None if part.clarify == "client_missing" else part.clarify
    return replace(part, slots=MappingProxyType({**part.slots, "client": focus.name, "client_id": focus.id, "pronoun": True}), clarify=clarify)


def of_the_new(part: Meaning, before: list[Meaning]) -> Meaning:
    """新客户 段誉 …，然后给他标成意向客户: whoever has just been created has no number yet."""
    created = next((p.slots.get("client") for p in reversed(before) if p.intent == "client.create"), None)
    if created is None or part.clarify != "client_missing":
        return part
    return replace(part, slots=MappingProxyType({**part.slots, "client": created, "pronoun": True}))
