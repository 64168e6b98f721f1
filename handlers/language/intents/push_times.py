"""The firm's hours of what comes by itself, for operations: 早报时间 改为 8:45, 日报时间 历史, 周报时间 改为 周一 9:30.

Others who say the same mean their own (`settings.set`), and so does whoever says 我的."""

from __future__ import annotations

import re

from handlers.language.intents.ops import OPS
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

_S = r"(?:全公司|公司|所有人|大家|统一)?的?(?P<push>早报|晨报|早间待办|(?:团队)?(?:日报|周报|月报))\s*的?(?:推送|发送)?(?:时间|钟点)"
_REPORTS = {"日报": "digest", "周报": "weekly", "月报": "monthly"}
_VERSION = r"(?:的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)"
_END = r"[。.!！?？吧呢\s]*$"
# (intent, shape, for operations alone); the first that fits decides.
_SHAPES: tuple[tuple[str, Lazy, bool], ...] = (
    ("push.show", lazy(rf"^\W*(?:看看?|查看?|现在的?|查询)?{_S}(?:是什么|是几点|几点|是多少)?{_END}"), True),
    ("push.history", lazy(rf"^\W*(?:看看?|查看?)?{_S}\s*的?(?:历史版本|版本历史|历史|版本|历次版本|变更记录){_END}"), False),
    ("push.roll_back", lazy(rf"^\W*(?:回滚|回退)\s*{_S}\s*(?:到|至)?\s*{_VERSION}?{_END}"), False),
    ("push.roll_back", lazy(rf"^\W*{_S}\s*(?:回滚|回退)\s*(?:到|至)?\s*{_VERSION}?{_END}"), False),
    ("push.approve", lazy(rf"^\W*(?:同意|批准|通过)\s*{_S}\s*{_VERSION}?{_END}"), False),
    ("push.reject", lazy(rf"^\W*(?:驳回|退回|拒绝|不同意|不批准)\s*{_S}\s*{_VERSION}?[\s,，:：]*(?P<reason>.*)$"), False),
    ("push.change", lazy(rf"^\W*(?:请|帮我|修改|调整|更改|把|将)*\s*{_S}\s*(?P<text>.*(?:[\d一二两三四五六七八九十]|周[日天]).*)$"), True),
)


def ordered(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order about the firm's hours."""
    if s.role == "customer" or s.clients or not ("报" in s.text or "待办" in s.text):
        return None
    said = s.normal.said.strip()
    if re.match(r"^\W*我", said):
        return None
    for intent, shape, for_ops in _SHAPES:
        if (match := shape.match(said)) is not None and not (for_ops and s.role not in OPS):
            return intent, _slots(match)
    return None


def _slots(match: re.Match[str]) -> Slots:
    slots: Slots = {name: value.strip() for name, value in match.groupdict().items() if value and name != "push"}
    if "version" in slots:
        slots["version"] = int(slots["version"])
    return {"push": _REPORTS.get(match["push"][-2:], "brief"), **slots}
