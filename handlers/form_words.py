"""Words about a form rather than for it: a field that is to be left out, a number of which only a part was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DROP = (
    r"(?:去掉|去了|删掉|删了|删除|清空|清掉|不要了?|不填了?|先不填|先不要|先不录|先不记|暂时不填|暂不填|先空着|空着|留空|"
    r"不录了?|不用填)"
)
_EMPTIED = re.compile(
    rf"\W*(?:把)?(?P<after>[\u4e00-\u9fff]{{2,8}}?)(?:那一?项|一栏|这一?项)?{_DROP}(?:吧|了|啦|哈)*\W*"
    rf"|\W*(?:请|帮我)?{_DROP}(?P<before>[\u4e00-\u9fff]{{2,8}}?)(?:吧|了|啦|哈)*\W*"
)
_NUMBERS = {"phone": "手机号", "id_number": "身份证号", "licence_code": "统一社会信用代码"}
_PART = 6  # digits; whoever says so few means a part of the number


def emptied(text: str) -> str:
    """What the text wants left out of the form (身份证号去掉 → 身份证号), "" when it is about something else."""
    found = _EMPTIED.fullmatch(text)
    return (found["after"] or found["before"]) if found else ""


def part_of_number(given: Mapping[str, Any]) -> str:
    """What to say when only a part of a number was said (手机号最后一位是2): it must not stand in its place."""
    for name, label in _NUMBERS.items():
        value = given.get(name)
        if value is not None and len(re.findall(r"\d", str(value))) <= _PART:
            return f"请把整个{label}再说一遍，例如「{label}改成 …」；不填就发送「{label}去掉」。这一项没有改动。"
    return ""
