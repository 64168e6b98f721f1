"""Slips of the tongue: 删掉白雪……手滑了 是查一下白雪. Only what is said after the slip is meant."""

from __future__ import annotations

import re

from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

_SLIP = lazy(r"(?P<before>.{3,})[\s,。;!?.…~]+(?:啊|哎呀?|哦)?(?:不对不对|哦不是?|不对|手滑了?|打错了?|说错了?|讲错了?|口误|搞错了?|不不不?)[\s,。;!?.…~]*(?:我)?(?:是(?:想|要|说)?|应该是|我(?:想|要|说)的是|改成|想说|先)?(?P<rest>.{4,})$")
_ORDERS = re.compile(r"\W*(?:先)?(?:帮我|请|麻烦|把|给)?(?:查|看|找|提醒|记|加|改|删|调|翻|约|取消|打|建)")
_NOTHING = frozenset({"none", "chitchat", "help", "undo", "clarify.answer", "confirm.yes", "confirm.no"})


def after_a_slip(s: Sentence) -> tuple[Sentence, int]:
    """What is left of a sentence that takes itself back in the middle, when that can stand alone, and where it begins in
    the user's text; else the sentence as it is."""
    if len(s.text) > 60 or s.dialogue.pending in {"confirm", "form"} or (found := _SLIP.match(s.text)) is None:
        return s, 0
    rest = found.start("rest")
    if not any(c.start >= rest and c.mention.how != "pronoun" for c in s.clients) or _ORDERS.match(s.text, rest) is None:
        return s, 0
    begin, end = s.normal.span(rest, len(s.text))
    meant = take_apart(s.normal.said[begin:end], s.now, s.role, s.book, s.dialogue, s.lexicon)
    return (meant, begin) if single(meant).intent not in _NOTHING else (s, 0)
