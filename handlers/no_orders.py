"""What was understood as a change, and is none: denied, or only heard from the client."""

from __future__ import annotations

import re

from handlers.language import Meaning
from handlers.language.single import NO_ORDER

_DENIED = re.compile(r"(?:不要|别|先别|不用|暂不|先不)(?:再)?改|(?:还没|没有|还未|尚未|没)续")
_CHANGES = frozenset({"client.update", "renewal.done", "renewal.lost", "premium.paid"})
# 张敏说她已经缴了: what a client says of money is not seen yet.
_HEARD = re.compile(r"(?:说|讲|告诉我?)(?!.*(?:登记|记一?下|(?<![没未])(?:查到|到账))).{0,10}(?:缴|交|还|付|续)")
_OF_MONEY = frozenset({"premium.paid", "repayment.paid", "renewal.done"})


def no_order(meaning: Meaning, text: str) -> str:
    """What to say where nothing is to be changed; "" where the sentence may be done."""
    if meaning.rule == NO_ORDER or (meaning.intent in _CHANGES and _DENIED.search(text)):
        return "这句话看起来不是要改动，所以没有做任何修改。要改请直接说，例如「王芳 已续」。"
    if meaning.intent in _OF_MONEY and _HEARD.search(text):
        return "这是客户自己说的，没有登记。核对到账以后请直接说，例如「王芳 已缴」。"
    return ""
