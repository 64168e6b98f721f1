"""What the understanding pane shows of a sentence: what was understood, in the words of the people who use the product.

Ids and the names of our own code are left out; who wants them finds intent, rule and confidence in the tooltip."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.understanding_words import ACTS, ASKED, SLOTS, VALUES
from config.pack import Packs
from handlers.language import Meaning, Recurrence, When
from handlers.router import COMMANDS, Understood

_PARTS = {"morning": "上午", "noon": "中午", "afternoon": "下午", "evening": "晚上", "daytime": "白天"}
_UNITS = {"D": "天", "W": "周", "M": "个月", "Y": "年", "TH": "小时", "TM": "分钟"}
_LENGTH = re.compile(r"(?P<back>-?)P(?P<clock>T?)(?P<count>[0-9]+)(?P<unit>[DWMYH])")
NOT_YET = "听懂了，但这个功能还没有开通"


def shown(user: str, understood: Understood, packs: Packs) -> dict[str, Any]:
    """{user, text, what, intent, rule, confidence, facts: [[name, value]], asks, parts: [{what, facts}], readings,
    times, spans: [{start, end, kind, text}]}; all but the middle three of the head are for people."""
    meaning = understood.meaning
    return {
        "user": user, "text": understood.text, "what": act_words(meaning.intent), "intent": meaning.intent,
        "rule": meaning.rule, "confidence": meaning.confidence, "facts": _facts(meaning, packs),
        "asks": ASKED.get(meaning.clarify or "", ""),
        "parts": [{"what": act_words(part.intent), "facts": _facts(part, packs)} for part in meaning.parts],
        "readings": [act_words(intent) for intent in meaning.alternatives if intent != meaning.intent],
        "times": _times(meaning),
        "spans": [{"start": s.start, "end": s.end, "kind": s.kind, "text": s.text} for s in meaning.spans],
    }


def act_words(intent: str) -> str:
    """What an intent does, as 帮助 says it."""
    known = COMMANDS.get(intent)
    return ACTS.get(intent) or (known.help if known and known.help else NOT_YET)


def _facts(meaning: Meaning, packs: Packs) -> list[list[str]]:
    labels = {spec.name: spec.label for spec in reversed(packs.fields) if not spec.name.endswith("_id")}
    facts = []
    for name, value in meaning.slots.items():
        label = SLOTS.get(name, labels.get(name, ""))
        if label and (said := _said(value, packs)) and [label, said] not in facts:
            facts.append([label, said])
    return facts


def _said(value: Any, packs: Packs) -> str:
    """A slot's value as one would say it; "" for nothing."""
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case When():
            return when_words(value)
        case Recurrence():
            return value.text or value.rrule
        case str():
            return _word(value, packs)
        case Mapping():
            return " ".join(filter(None, (_said(part, packs) for part in value.values())))
        case list() | tuple():
            return "、".join(filter(None, (_said(part, packs) for part in value)))
    return str(value)


def _word(value: str, packs: Packs) -> str:
    """A name of ours as its word in the packs or in the table; what people said stays as it is."""
    if not re.fullmatch(r"[a-z_]+|-?P[T0-9A-Z]+|[MF]", value):
        return value
    if length := _LENGTH.fullmatch(value):
        unit = _UNITS[("T" if length["clock"] else "") + length["unit"]]
        return f"{'提前 ' if length['back'] else ''}{length['count']} {unit}"
    labels = {metric.id: metric.label for metric in packs.metrics}
    labels |= {stage.name: stage.label for stage in packs.stages} | {kind.name: kind.label for kind in packs.kinds}
    labels |= {relation.name: relation.label for relation in packs.relations}
    labels |= {occasion.name: occasion.label for occasion in packs.occasions}
    labels |= {purpose.name: purpose.label for purpose in packs.purposes}
    labels |= {spec.name: spec.label for spec in reversed(packs.fields)}
    return VALUES.get(value) or labels.get(value, value)


def when_words(when: When) -> str:
    """2025-06-18 14:00, 2025-06-18 下午, 2025-06-09 至 2025-07-09 (the last day counts)."""
    if when.problem == "impossible":
        return f"{when.text}（没有这个日期）"
    if when.end is not None and not when.has_clock and when.last_date > when.date:
        return f"{when.date} 至 {when.last_date}"
    part = f" {_PARTS[when.part]}" if when.part else ""
    return when.start.replace("T", " ") + part


def _times(meaning: Meaning) -> list[dict[str, Any]]:
    """{text, said, why, others: [{start, why}]} of each time said: as the act took it, else as an order would."""
    acts: Sequence[Meaning] = meaning.parts or (meaning,)
    taken = [value for act in acts for value in act.slots.values() if isinstance(value, When)]
    said = {value.text for value in taken}
    taken += [s.value for s in meaning.spans if isinstance(s.value, When) and s.value.text not in said]
    return [
        {"text": t.text, "said": when_words(t), "why": t.why,
         "others": [{"start": other.start.replace("T", " "), "why": other.why} for other in t.alts]}
        for t in taken
    ]
