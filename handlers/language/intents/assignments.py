"""Who gets clients without an adviser: 客户分配 规则 查看, 客户分配 上海 分给 李想, 分配 王芳, 接受 王芳, 不接受 王芳 原因."""

from __future__ import annotations

import re

from handlers.language.intents import fills
from handlers.language.intents.ops import OPS
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

_S = r"(?:新)?(?:客户|线索)(?:的)?(?:自动)?分配的?\s*(?:规则)?|分配规则"
_LOOK = r"看看?一?下?|查看|查一?下|显示|打开"
_VERSION = r"(?:的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)"
_END = r"[。.!！?？吧呢\s]*$"
# (intent, shape, for operations alone); the first that fits decides.
_SHAPES: tuple[tuple[str, Lazy, bool], ...] = (
    ("assign.show", lazy(rf"^\W*(?:{_LOOK}|现在的?|查询)?\s*(?:{_S})\s*(?:{_LOOK}|是什么|是怎样的?|有哪些|怎么定的?)?{_END}"), False),
    ("assign.show", lazy(rf"^\W*(?:新客户|新来的客户|没有顾问的客户|线索)(?:都)?(?:是)?(?:怎么|按什么|按啥|如何)(?:规则)?(?:来)?(?:分配?|派)的?{_END}"), False),
    ("assign.history", lazy(rf"^\W*(?:{_LOOK})?\s*(?:{_S})\s*的?(?:历史版本|版本历史|历史|版本|历次版本|变更记录){_END}"), False),
    ("assign.roll_back", lazy(rf"^\W*(?:回滚|回退)\s*(?:{_S})\s*(?:到|至)?\s*{_VERSION}?{_END}"), False),
    ("assign.roll_back", lazy(rf"^\W*(?:{_S})\s*(?:回滚|回退)\s*(?:到|至)?\s*{_VERSION}?{_END}"), False),
    ("assign.approve", lazy(rf"^\W*(?:同意|批准|通过)\s*(?:{_S})\s*{_VERSION}?{_END}"), False),
    ("assign.reject", lazy(rf"^\W*(?:驳回|退回|拒绝|不同意|不批准)\s*(?:{_S})\s*{_VERSION}?[\s,，:：]*(?P<reason>.*)$"), False),
    ("assign.change", lazy(rf"^\W*(?:请|帮我|修改|调整|更改|改|把|将|\s)*(?:{_S})[\s:：,，]*(?P<text>\S.*)$"), True),
)
_WAITING = lazy(rf"^\W*(?:{_LOOK}|有)?\s*(?:有哪些|哪些)?(?:等我|待我|待|要我|还没)(?:来)?(?:接受|答复|接单)的?(?:新)?(?:客户|线索|分配)(?:有哪些|吗)?{_END}")
_GIVE = lazy(r"^\W*(?:请|帮我)?(?:把|将)?\s*(?:客户)?(?:(?:按规则|自动|重新)*(?:分配|分派)(?:一下)?(?:客户)?\s*C|C\s*(?:按规则|自动|重新)*(?:分配|分派)(?:一下|出去|给顾问)?)\W*$")
_ACCEPT = lazy(r"^\W*我?(?:接受|接下|愿意接)(?:分配|客户|新客户)?\s*[:：]?\s*C\W*$|^\W*C\s*[,，]?\s*(?:我接受|接受分配)\W*$")
_DECLINE = lazy(r"^\W*我?(?:不接受|拒绝接受|接不了)(?:分配|客户|新客户)?\s*[:：]?\s*C[\s,，:：]*(?P<reason>.*)$|^\W*C\s*[,，]?\s*(?:我不接受|不接受分配|我接不了)[\s,，:：]*(?P<why>.*)$")


def ordered(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such an order."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    if "分配" in said or "线索" in said or "新" in said:
        for intent, shape, for_ops in _SHAPES:
            if (match := shape.match(said)) is not None and not (for_ops and s.role not in OPS):
                return intent, _slots(match)
    if "接" in said and _WAITING.match(said):
        return "assign.waiting", {}
    return _of_a_client(s)


def _of_a_client(s: Sentence) -> tuple[str, Slots] | None:
    """An order about the one client that is named."""
    if len(s.clients) != 1:
        return None
    named = s.clients[0]
    text = f"{s.text[:named.start]}C{s.text[named.end:]}"
    if s.role == "manager" and _GIVE.match(text):
        return "assign.client", fills.client(s)
    if s.role == "adviser" and _ACCEPT.match(text):
        return "assign.accept", fills.client(s)
    if s.role == "adviser" and (match := _DECLINE.match(text)):
        reason = (match["reason"] or match["why"] or "").strip()
        return "assign.decline", {**fills.client(s), **({"reason": reason} if reason else {})}
    return None


def _slots(match: re.Match[str]) -> Slots:
    slots: Slots = {name: value.strip() for name, value in match.groupdict().items() if value}
    return {name: int(value) if name == "version" else value for name, value in slots.items()}
