"""Messages that stopped: their list, and letting them go again."""

from __future__ import annotations

import re

from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.intents.pointing import indexes
from handlers.language.sentence import Sentence


def again(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """「重推 1、3」, 「重推 全部」."""
    rest = re.sub(r"^\W*(?:请|帮我)?(?:重推|重发)\W*(?:失败|没发成)?的?(?:消息)?\W*", "", s.text)
    if re.match(r"全部|所有|全都|都", rest):
        return {"scope": "all"}
    numbers, _ = indexes(rest)
    return {"index": numbers[0], "indexes": numbers} if numbers else {}


RULES: tuple[Rule, ...] = (
    rule("messages.again", 86, "again_message", again, no="client draft ask remind", shape=r"^\W*(?:请|帮我)?(?:重推|重发)\W*(?:失败|没发成|消息|全部|所有|第?[\d一二三四五六七八九十]|$)"),
    rule("messages.dead", 87, "dead_message", nothing, no="client remind", shape=r"^\W*(?>看看?|查看?|有(?:没有|哪些|什么))*\W*(?:失败|没发成|发失败|死信)的?(?:消息|信|队列)?(?:列表|清单|有哪些)?\W*$"),
)
