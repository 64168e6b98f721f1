"""The way from a sentence to its meaning: take apart → answer to the bot's question? → rules → several acts?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from handlers.language.intents import fills, rules_for
from handlers.language.intents.pattern import WRITES, Rule, Slots
from handlers.language.lazy import lazy
from handlers.language.lexicon import Lexicon
from handlers.language.meaning import Book, ClientRef, Dialogue, Meaning
from handlers.language.sentence import Sentence, take_apart
from handlers.language.turns import turn

# A question is no order, unless it is a polite one.
_QUESTION = lazy(r"(?:吗|么|呢|不|了没|没有)\W*$|\?\W*$|是不是|是否|有没有|要不要|会不会|该不该|为什么|为啥|怎么(?!说)|如何|什么意思")
_POLITE = lazy(r"(?:能不能|可不可以|可否|能否|能帮|可以帮|麻烦|帮我|帮忙|请你?).*(?:吗|么|不|\?)?\W*$|(?:好吗|好不好|行吗|行不行|可以吗|好么|可以不)\W*$")
_ORDERED = lazy(r"提醒(?:我|一下)|记一?下|帮我记|备注|记录|叫我|别忘")
_ASKED_AT_THE_END = lazy(r"(?:吗|么|了没)\W*$|\?\W*$")
_HEARSAY = lazy(r"(?:他|她|客户|领导|老板|经理|同事)(?:说|问|让我问)(?:「|:|要不要|能不能|是不是)")
_NOISE = lazy(r"^[\W\d_a-z]{0,3}$|^\W*$|^(.)\1{3,}$")


def understand(
    text: str, *, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon
) -> Meaning:
    """What `text` means to somebody of `role` ("customer" or any member's role) at `now` (aware, local zone).

    Never raises, never guesses on a write: an unsure client, time or content sets `clarify`. Asks the book at most twice."""
    wall = now.replace(tzinfo=None)
    s = take_apart(text, wall, role, book, dialogue, lexicon)
    answer = turn(s)
    if answer is not None:
        intent, rule, slots = answer
        return _meaning(s, intent, slots, f"turn:{rule}", 0.95, ())
    several = _several(s, text, now, role, book, dialogue, lexicon)
    return several if several is not None else _single(s)


def warm_up(lexicon: Lexicon) -> None:
    """Compile what is compiled at first use, so that the first member does not wait for it (about 0.3 s)."""
    from handlers.language.meaning import EmptyBook

    for role in ("adviser", "customer"):
        for rules in rules_for(role).values():
            for rule in rules:
                if rule.shape is not None:
                    _ = rule.shape.pattern
    now = datetime(2025, 1, 1)  # noqa: DTZ001 - any moment will do
    for text in ("提醒我农历八月初三下午三点给王芳打电话", "新增客户 李强 13800000001 老师 月入2万", "30天内到期的有谁？"):
        understand(text, now=now, role="adviser", book=EmptyBook(), dialogue=Dialogue(), lexicon=lexicon)


def _single(s: Sentence) -> Meaning:
    ranked = _ranked(s)
    refused: str | None = None
    for position, (rule, match) in enumerate(ranked):
        slots = rule.fill(s, match)
        if slots is None:
            continue
        if rule.intent in WRITES and _is_no_order(s):
            refused = refused or rule.intent
            continue
        others = tuple(dict.fromkeys(r.intent for r, _m in ranked[position + 1:] if r.intent != rule.intent))[:2]
        return _meaning(s, rule.intent, slots, rule.name, min(0.99, rule.score / 90), others)
    return _asked(s, refused) or _leftover(s)


# What a question about a change asks for: 王芳的电话改了吗 wants to see the phone.
_READS = {
    "client.update": "client.lookup", "tag.add": "client.lookup", "tag.remove": "client.lookup", "tier.set": "client.lookup",
    "policy.add": "policy.lookup", "policy.update": "policy.lookup", "renewal.done": "policy.lookup", "renewal.lost": "policy.lookup",
    "renewal.intent": "policy.lookup", "premium.paid": "premium.lookup", "repayment.paid": "repayment.lookup", "holding.add": "holding.lookup",
    "loan.add": "loan.lookup", "note.add": "client.timeline", "claim.create": "claim.lookup", "claim.update": "claim.lookup",
    "reminder.create": "reminder.list", "reminder.complete": "reminder.list", "reminder.cancel": "reminder.list", "reminder.postpone": "reminder.list",
    "ticket.create": "ticket.list", "ticket.close": "ticket.list", "consent.record": "consent.list",
}


def _asked(s: Sentence, refused: str | None) -> Meaning | None:
    """The look-up behind a question that sounded like a change."""
    intent = _READS.get(refused or "")
    if intent is None or not s.clients:
        return None
    slots = fills.merged(fills.client(s), fills.product(s), {"field": s.fields[0][2] if s.fields and intent == "client.lookup" else None})
    return _meaning(s, intent, slots, f"asked:{refused}", 0.6, ())


def _ranked(s: Sentence) -> list[tuple[Rule, re.Match[str] | None]]:
    table = rules_for(s.role)
    seen: set[str] = set()
    found: list[tuple[Rule, re.Match[str] | None]] = []
    for concept in s.words:
        for rule in table.get(concept, ()):
            key = rule.name + rule.intent
            if key in seen:
                continue
            fires, match = rule.matches(s)
            if fires:
                seen.add(key)
                found.append((rule, match))
    found.sort(key=lambda pair: -pair[0].score)
    return found


def _is_no_order(s: Sentence) -> bool:
    text = s.text
    if _HEARSAY.search(text):
        return True
    question = _QUESTION.search(text)
    if question is None or _POLITE.search(text) is not None:
        return False
    ordered = _ORDERED.search(text)  # 提醒我问问他怎么样: the question is what to remind of
    return ordered is None or ordered.end() > question.start() or _ASKED_AT_THE_END.search(text) is not None


def _leftover(s: Sentence) -> Meaning:
    """Nothing fitted: small talk, a pending free text, or nothing that can be used."""
    if s.dialogue.pending == "text" and s.text.strip():
        return _meaning(s, "clarify.answer", _free_answer(s), "free text", 0.5, ())
    if s.dialogue.pending == "form" and s.text.strip():
        return _meaning(s, "form.answer", {"text": s.normal.said.strip(), "fields": {}}, "free text", 0.4, ())
    if _NOISE.match(s.text.strip()) or not re.search(r"[\u4e00-\u9fffa-z]", s.text):
        return _meaning(s, "none", {}, "noise", 0.9, ())
    return _meaning(s, "none", {}, "nothing fits", 0.2, _nearest(s))


def _free_answer(s: Sentence) -> Slots:
    return {"text": s.normal.said.strip(), **(fills.client(s, needed=False) if s.has("who") else {})}


def _nearest(s: Sentence) -> tuple[str, ...]:
    """Two intents that share words with the sentence, for 「您是不是想…」."""
    table = rules_for(s.role)
    names = [rule.intent for concept, places in s.words.items() if places for rule in table.get(concept, ())]
    return tuple(dict.fromkeys(names))[:2]


def _meaning(s: Sentence, intent: str, slots: Slots, rule: str, confidence: float, others: tuple[str, ...]) -> Meaning:
    if slots.get("clarify") == "not_found" and intent in _NEED_NOBODY:
        slots = {k: v for k, v in slots.items() if k != "clarify"}
    clarify = slots.get("clarify")
    plain = {k: v for k, v in slots.items() if k != "clarify" and (v is not None or k.endswith("_id"))}
    return Meaning(intent, MappingProxyType(plain), s.spans(), rule, round(confidence, 2), clarify, others)


# A name nobody bears is no obstacle here: a reminder may be about anyone, a new client is new.
_NEED_NOBODY = frozenset({"client.create", "reminder.create", "stats.team", "stats.me", "draft.message", "ticket.assign", "client.relate"})

# ---------------------------------------------------------------- several acts in one sentence

_SPLIT = lazy(r"[,。;!?\s]*(?:然后再?|顺便|另外|还有(?!多少|几|什么|哪|没有|效)|并且|同时|接着|完了再|再帮我|以及|(?<=[,\s])再(?=提醒|给|记|查|帮|看|把|设|加|写|约))[,\s]*|[。;!?]+\s*|[,]\s*|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ACTS = frozenset({"remind", "note", "lookup", "create", "update", "tag", "draft", "ask", "list", "finish", "cancel", "postpone", "stats", "agenda", "birthday", "renewal", "tier",
                   "handover", "delete", "export", "add", "consent"})
_STRONG = lazy(r"然后|顺便|另外|还有|并且|同时|接着|完了再|再帮我|[,\s]再(?=提醒|给|记|查|帮|看|把|设|加|写|约)")
# Acts that may be told apart by a comma alone; others need a word such as 顺便.
_SAFE_PAIRS = frozenset({"reminder.list", "birthday.list", "renewal.list", "maturity.list", "repayment.list", "stats.me", "stats.team", "client.search", "ticket.list",
                         "agenda.today", "agenda.day", "due.list", "premium.list"})
_MOSTLY = 0.55


def _several(
    s: Sentence, text: str, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon
) -> Meaning | None:
    """`multi` when the clauses each are an act of their own. Clauses share the client that was named first."""
    strong = _STRONG.search(s.text) is not None
    acts = len(_ACTS & s.words.keys())
    if len(s.text) < 8 or (acts < 2 and not strong) or (role == "customer" and "ask" not in s.words):
        return None
    pieces = _clauses(s)
    if len(pieces) < 2 or len(pieces) > 4:
        return None
    parts: list[Meaning] = []
    focus = dialogue.focus
    for start, end in pieces:
        part = _clause(s.said(start, end), now, role, book, replace(dialogue, focus=focus, pending="none"), lexicon)
        if part is None:
            return None
        focus = _focus_of(part) or focus
        parts.append(_same_period(parts, part))
    if not _really_several(parts, strong, re.search(r"[,。;!?]", s.text) is None):
        return None
    return Meaning("multi", MappingProxyType({"parts": tuple(parts)}), s.spans(), "several acts", min(p.confidence for p in parts),
                   next((p.clarify for p in parts if p.clarify), None), (), tuple(parts))


def _same_period(before: list[Meaning], part: Meaning) -> Meaning:
    """今天有什么安排 还有谁过生日: the second list is for the same day."""
    if part.intent not in _SAFE_PAIRS or "range" in part.slots:
        return part
    period = next((p.slots["range"] for p in before if "range" in p.slots), None)
    return part if period is None else replace(part, slots=MappingProxyType({**part.slots, "range": period}))


def _clauses(s: Sentence) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    for match in _SPLIT.finditer(s.text):
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < len(s.text):
        found.append((at, len(s.text)))
    return [(a, b) for a, b in found if re.search(r"[\u4e00-\u9fffa-z]", s.text[a:b])]


def _clause(text: str, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon) -> Meaning | None:
    s = take_apart(text, now.replace(tzinfo=None), role, book, dialogue, lexicon)
    if not _ACTS & s.words.keys():
        return None
    part = _single(s)
    return part if part.confidence >= _MOSTLY and part.intent not in {"none", "chitchat", "help"} else None


def _focus_of(part: Meaning) -> ClientRef | None:
    found: Any = part.slots.get("client_id")
    if found is None or isinstance(found, list):
        return None
    return ClientRef(found, str(part.slots.get("client", "")))


def _really_several(parts: list[Meaning], strong: bool, spaced: bool) -> bool:
    intents = {p.intent for p in parts}
    if intents <= _SAFE_PAIRS:
        return len(intents) > 1 or not _same_slots(parts)
    if strong and len(intents) == 1:
        return not _same_slots(parts)
    if not strong and (len(intents) < 2 or intents & _SAFE_PAIRS or spaced):
        return False
    return all(p.confidence >= (0.62 if strong else 0.7) for p in parts) and not _is_lead_in(parts)


def _same_slots(parts: list[Meaning]) -> bool:
    first: Mapping[str, Any] = parts[0].slots
    return all(dict(p.slots) == dict(first) for p in parts[1:])


# Pairs that are one act told in two breaths: what happened and the wish that follows from it.
_LEAD_INS = frozenset({
    ("note.add", "draft.message"), ("note.add", "reminder.postpone"), ("claim.create", "draft.message"), ("note.add", "claim.create"), ("claim.create", "claim.create"), ("note.add", "note.add"),
    ("client.lookup", "client.lookup"), ("client.create", "client.update"), ("policy.lookup", "policy.update"), ("reminder.postpone", "reminder.create"), ("note.add", "client.update"),
    ("reminder.create", "reminder.create"), ("client.update", "client.update"), ("client.update", "note.add"), ("note.add", "policy.update"), ("reminder.complete", "note.add"),
    ("reminder.postpone", "reminder.postpone"), ("client.create", "client.create"), ("client.create", "note.add"), ("ticket.close", "note.add"), ("ticket.create", "ticket.create"),
})


def _is_lead_in(parts: list[Meaning]) -> bool:
    return len(parts) == 2 and (parts[0].intent, parts[1].intent) in _LEAD_INS
