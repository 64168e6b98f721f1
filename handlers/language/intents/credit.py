"""A credit line that is there: its amount is raised or cut, or a part of it is drawn. Neither is a new line."""

from __future__ import annotations

import re

from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_TO = lazy(r"(?:提(?:高|升|额)?|上?调(?:整|高|增|低)?|升|增(?:加|额)?|扩(?:大|额)?|涨|降(?:低|额)?|减(?:少|额)?|压(?:降|缩)?|改|变更?)(?:到|至|为|成)了?\s*(?=M)")
_BY = lazy(r"(?:提(?:高|升|额)?|上?调(?:高|增|低)?|增(?:加|额)?|扩(?:大|额)?|降(?:低|额)?|减(?:少|额)?|压(?:降|缩)?)了?\s*(?=M)")
_DRAWN = lazy(r"(?:用信|支用|提款|提用)(?:了|金额|是|为|:|\s)*(?=M)|(?:授信|额度|X).{0,6}放款(?:了|金额|是|为|:|\s)*(?=M)|M.{0,2}(?:用信|支用)")


def _of_a_line(s: Sentence) -> bool:
    return "授信" in s.text or any(s.lexicon.kinds.get(p[2]) == "credit_line" for p in s.products)


def change(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The new amount; `clarify` "amount" when only the difference was said (授信增加3000万)."""
    if not _of_a_line(s) or mood.asks(s) or mood.supposes(s) or re.search(r"想|打算|考虑|申请|希望", s.text):
        return None
    to = _TO.search(s.shape)
    if to is None and _BY.search(s.shape) is None:
        return None
    if to is None:
        return fills.merged(fills.client(s), {"clarify": "amount"})
    place = s.place(to.end())
    amount = next((fills.whole(a.value) for a in s.amounts if a.start >= place and a.unit == "yuan"), None)
    return fills.merged(fills.client(s), fills.number_of(s), {"amount": amount})


def draw(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The sum that is drawn on the line."""
    found = _DRAWN.search(s.shape)
    if found is None or ("放款" in found.group() and not _of_a_line(s)) or mood.asks(s) or mood.supposes(s) or re.search(r"想|打算|考虑|申请|希望|贷", s.text):
        return None
    return fills.merged(fills.client(s), fills.number_of(s), {"amount": fills.money(s, any_role=True)})


_NO = "ask remind intends search draft opportunity customer_book note"
RULES: tuple[Rule, ...] = (
    rule("credit.change", 84, "money", change, need="who", no=_NO, name="a credit line is changed", quiet=True),
    rule("credit.draw", 84, "money", draw, need="who", no=_NO, name="a credit line is drawn", quiet=True),
)
