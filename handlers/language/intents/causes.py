"""What tickets come from: 本月投诉原因, 工单原因 前5, 客户最常投诉什么."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence

_FIRST = r"(?:的?(?:前|top)\s?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[个项条位名]?)?"
_HEAD = r"^\W*(?>看(?:一?下)?|查|统计一?下?|列出?|我们?的?|团队的?|全公司的?|公司的?|客户的?|的|\s)*"
_CAUSES = lazy(
    _HEAD + r"(?P<what>[\u4e00-\u9fff]{2,4}?)(?:单|工单)?(?:的|最多的|最常见的|主要|常见|首要)*(?:原因|起因)\s*(?:排名|排行榜?|分析|分布|统计|汇总|情况|榜)?\s*"
    + _FIRST + r"(?:是什么|有哪些|有什么|呢|都有哪些|是哪些)?[\s。.?？!！]*$"
)
_WHAT_ABOUT = lazy(r"^\W*(?:客户|大家|他们|的|\s)*(?:最常|最爱|最多|主要|一般|都|常)+在?(?P<what>投诉|客诉)的?(?:都)?(?:是)?(?:什么|哪些|啥)(?:事|问题)?[\s。.?？]*$")
_WORTH_A_LOOK = re.compile("原因|起因|投诉|客诉")


def of_tickets(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such a question."""
    if s.role == "customer" or s.clients or not _WORTH_A_LOOK.search(s.text) or s.dialogue.pending in ("form", "text"):
        return None
    text = s.text
    for time in s.times[:1]:
        text = f"{text[:time.start]} {text[time.end:]}"
    found = _CAUSES.match(text) or _WHAT_ABOUT.match(text)
    if found is None or found["what"] not in {"工单", "投诉", "客诉", *s.lexicon.flows, "需求", "诉求"}:
        return None
    count = found.groupdict().get("count")
    said = fills.merged({
        "type": None if found["what"] == "工单" else found["what"],
        "count": (int(count) if count.isdigit() else small(count)) if count else None,
    })
    return "ticket.causes", said | ({"range": fills.period(s.when(s.times[0], times.LOOK_BACK))} if s.times else {})
