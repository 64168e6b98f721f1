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
_PROMISED = re.compile(r"(?:答应|承诺|保证|打算|准备|计划(?!书)|约好|约定|等[着到他她发]).{0,10}(?:缴|交|还|付|续)")
_FEARED = re.compile(r"(?:担心|害怕|就怕|怕|没说|没有说|是不是|会不会|防止|避免).{0,6}(?:不(?:想|再)?续|流失)")
# 已交接, 材料交了, 后续了解: the same characters, and nothing was paid or renewed.
_THINGS = "材料|资料|报告|身份证|证件|证明|复印件|申请|表格|回执|合同|手续"
_OTHER_VERBS = re.compile(
    rf"(?:{_THINGS})\S{{0,3}}(?:已|都|全)*交[了完齐]?|交[了完齐]?\s?\S{{0,4}}(?:{_THINGS})|交(?:接|代|流|给|往|易|谈|通|换)|还价|付出"
    r"|[后手继陆连持延]续|续了解|[还交缴付]了解"
)
_VERB = re.compile(r"缴|交|还|付|扣|清|续|结")


def no_order(meaning: Meaning, text: str) -> str:
    """What to say where nothing is to be changed; "" where the sentence may be done."""
    if meaning.rule == NO_ORDER or (meaning.intent in _CHANGES and _DENIED.search(text)):
        return "这句话看起来不是要改动，所以没有做任何修改。要改请直接说，例如「王芳 已续」。"
    if meaning.intent in _OF_MONEY and _HEARD.search(text):
        return "这是客户自己说的，没有登记。核对到账以后请直接说，例如「王芳 已缴」。"
    if meaning.intent in _OF_MONEY and (_PROMISED.search(text) or not _VERB.search(_OTHER_VERBS.sub("", text))):
        return "听起来还没有收到钱或办成续保，没有登记。办成以后请直接说，例如「王芳 已缴」或「王芳 已续」。"
    if meaning.intent == "renewal.lost" and _FEARED.search(text):
        return "听起来客户还没有决定不续，没有登记。确定不续请直接说，例如「王芳 不续 原因 保费太贵」。"
    return ""
