"""The firm's texts to clients, for operations: 模板, 模板 季度回顾, 改模板 季度回顾 …, 同意 模板 季度回顾 v1.

What follows the name after 改模板 is words to clients: kept as they were typed and never read."""

from __future__ import annotations

from handlers.language.intents.ops import DECIDERS
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy

_NAME = r"(?P<name>[^\s,，:：。（(vV][^\s,，:：。（(]{0,19})"
_TIER = r"(?:\s*[（(]\s*(?P<tier>[^\s）)]{1,8})\s*[）)])?"
_VERSION = r"(?:\s*的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)"
_END = r"[。.!！?？吧呢\s]*$"
_T = r"(?:话术|文案|消息)?模[板版]"
# (intent, shape); the first that fits decides.
_SHAPES: tuple[tuple[str, Lazy], ...] = (
    ("template.change", lazy(rf"^\W*(?:请|帮我)?(?:修改|编辑|调整|改)\s*{_T}\s*[:：]?\s*{_NAME}{_TIER}[\s,，:：]*(?P<text>[\s\S]*)$")),
    ("template.history", lazy(rf"^\W*(?:看看?|查看?)?{_T}的?(?:历史版本|历史|历次版本|版本)\s*{_NAME}{_END}")),
    ("template.history", lazy(rf"^\W*(?:看看?|查看?)?{_T}\s*{_NAME}\s+的?(?:历史版本|历史|历次版本|版本){_END}")),
    ("template.roll_back", lazy(rf"^\W*(?:回滚|回退)\s*{_T}\s*{_NAME}\s*(?:到|至)?{_VERSION}?{_END}")),
    ("template.approve", lazy(rf"^\W*(?:同意|批准|通过)\s*{_T}\s*{_NAME}{_VERSION}?{_END}")),
    ("template.reject", lazy(rf"^\W*(?:驳回|退回|拒绝|不同意|不批准)\s*{_T}\s*{_NAME}{_VERSION}?[\s,，:：]*(?P<reason>.*)$")),
    ("template.list", lazy(rf"^\W*(?:看看?|查看?|有哪些|全部|所有)?{_T}(?:列表|清单|有哪些)?{_END}")),
    ("template.show", lazy(rf"^\W*(?:看看?|查看?)?{_T}\s+{_NAME}{_END}")),
)


def wording(text: str, role: str, pending: str) -> tuple[str, Slots] | None:
    """(intent, slots) of such an order, by those who may decide about texts. In a form (`pending`) 模板 生日提醒 is a
    part of what is written there."""
    if role not in DECIDERS or ("模板" not in text and "模版" not in text):
        return None
    for intent, shape in _SHAPES:
        if pending == "form" and intent in ("template.list", "template.show"):
            continue
        if (match := shape.match(text.strip())) is not None:
            slots = {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
            return intent, {**slots, "version": int(slots["version"])} if "version" in slots else dict(slots)
    return None
