"""Slips of the tongue: 删掉白雪……手滑了 是查一下白雪. Only what is said after the slip is meant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers.language.intents.pattern import WRITES
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

_SLIP = lazy(r"(?P<before>.{3,})[\s,。;!?.…~]+(?:啊|哎呀?|哦)?(?:不对不对|哦不是?|不对|不是(?=[\s,。]+我(?:是)?(?:想|要|说))|手滑了?|打错了?|说错了?|讲错了?|口误|搞错了?|不不不?)[\s,。;!?.…~]*(?:我)?(?:是(?:想|要|说)?|应该是|我(?:想|要|说)的是|改成|想说|先)?(?P<rest>.{4,})$")
_ORDERS = re.compile(r"\W*(?:先)?(?:帮我|请|麻烦|把|给)?(?:查|看|找|提醒|记|加|改|删|调|翻|约|取消|打|建)")
_NOTHING = frozenset({"none", "chitchat", "help", "undo", "clarify.answer", "confirm.yes", "confirm.no"})


def after_a_slip(s: Sentence) -> tuple[Sentence, int]:
    """What is left of a sentence that takes itself back in the middle, when that can stand alone, and where it begins in
    the user's text; else the sentence as it is."""
    if len(s.text) > 60 or s.dialogue.pending in {"confirm", "form"} or (found := _SLIP.match(s.text)) is None:
        return s, 0
    rest = found.start("rest")
    if not s.clients or _ORDERS.match(s.text, rest) is None:
        return s, 0
    begin, _end = s.normal.span(rest, len(s.text))
    said = _with_name(s, rest)
    if said is None:
        return s, 0
    meant = take_apart(said, s.now, s.role, s.book, s.dialogue, s.lexicon)
    return (meant, begin) if single(meant).intent not in _NOTHING else (s, 0)


def _with_name(s: Sentence, rest: int) -> str | None:
    """What is said from `rest` on, with the name that stood before it where only a pronoun is left; None where nobody is named."""
    said = s.said(rest, len(s.text))
    if any(c.start >= rest and c.mention.how != "pronoun" for c in s.clients):
        return said
    before = [c for c in s.clients if c.end <= rest and c.mention.how != "pronoun"]
    pronoun = _PRONOUN.search(said)
    if len(before) != 1 or pronoun is None:
        return None
    return said[:pronoun.start()] + s.said(before[0].start, before[0].end) + said[pronoun.end():]


_PRONOUN = re.compile(r"[他她](?!们)")
# 不用提醒我，我就问问大后天周几: whatever is asked for then, nothing is to be done.
_ONLY_ASKING = lazy(
    r"^.{0,16}?(?:我说的不是|不是|不用|不必|不要)[^,。\s]{1,8}[\s,。;!]+(?:我|俺)?(?:是|只是|就是|只|就)(?:想)?(?:知道|问问|问一?下|问|看看|看一?下|查查|查一?下|查)(?:的是)?\s?(?P<rest>.{3,})$"
)
_DENIED = lazy(
    r"^.{0,6}?(?:不是(?:要|想|让你|叫你)|没(?:让|叫|要)你?|[别不](?:要|用)?(?=[动删改加派取撤记设])).{1,16}?[\s,。;!]+(?:我|俺)(?:是|只是|就是|只|就)?(?:想|要|问|说|查)(?>的是|知道|看看|看一?下|问问|问|看|查)*\s?(?P<rest>.{3,})$"
)


def meant_instead(s: Sentence) -> tuple[str, str, dict[str, Any]] | None:
    """没让你删 我问的是他买过啥: after a denial only what is asked for counts, and nothing is written."""
    if len(s.text) > 60 or s.dialogue.pending in {"choice", "form"}:
        return None
    asking = _ONLY_ASKING.match(s.text)
    found = asking or _DENIED.match(s.text)
    if found is None:
        return None
    said = _with_name(s, found.start("rest")) if asking is not None else None
    rest = take_apart(said or s.said(*found.span("rest")), s.now, s.role, s.book, replace(s.dialogue, pending="none"), s.lexicon)
    meaning = single(rest)
    if meaning.intent in WRITES or meaning.intent in _NOTHING:
        return ("confirm.no", "denied", {}) if s.dialogue.pending == "confirm" else ("none", "denied", {}) if asking is not None else None
    return meaning.intent, "meant instead", {**meaning.slots, "clarify": meaning.clarify}
