"""What was said freely (哪些客户半年没跟进了) in the words of the condition language. Nothing said is left out: what it
cannot say refuses the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from handlers.language import Meaning
from storage.conditions import Unreadable

Said = Mapping[str, Any]
NOT_YET = (
    "这个条件现在还不能筛选。可以按字段、标签、等级、阶段、产品和多久未联系来筛选，例如「筛选 贵宾 且 30天未联系」。"
)
_PERIOD = re.compile(r"P(\d+)([DWMY])")
_UNITS = {"D": "天", "W": "周", "M": "个月", "Y": "年"}
_MONEY = {"premium": "保费", "aum": "管理资产", "annual_income": "年收入", "monthly_income": "月收入"}


def in_words(meaning: Meaning) -> str:
    """All conditions of a meaning. Raises Unreadable for one that clients cannot be chosen by yet."""
    return " 且 ".join(_one(said, meaning) for said in meaning.get("conditions") or ())


def _one(said: Said, meaning: Meaning) -> str:
    field = str(said["field"])
    how = _WAYS.get(field)
    words = how(said, meaning) if how else _compared(_MONEY[field], said) if field in _MONEY else None
    if words is None:
        raise Unreadable(NOT_YET)
    return words


def _compared(label: str, said: Said) -> str:
    value = said["value"]
    if said["op"] == "between":
        return f"{label} 在 {value[0]} 到 {value[1]} 之间"
    return f"{label} {said['op']} {value}"


def _last_contact(said: Said, meaning: Meaning) -> str | None:
    if said["op"] == "in":
        return _within("上次联系", meaning)
    value = str(said["value"])
    if found := _PERIOD.fullmatch(value):
        return f"{found[1]}{_UNITS[found[2]]}未联系"
    return f"(上次联系 早于 {value[:10]} 或 上次联系 为空)" if value[:4].isdigit() else None


def _created(said: Said, meaning: Meaning) -> str | None:
    return _within("建档日", meaning)


def _within(label: str, meaning: Meaning) -> str | None:
    """Slots carry the first day and the day after the last."""
    start, end = meaning.get("start"), meaning.get("end")
    if not start:
        return None
    last = date.fromisoformat(str(end)[:10]) - timedelta(days=1) if end else str(start)[:10]
    return f"{label} 在 {str(start)[:10]} 到 {last} 之间"


def _age(said: Said, meaning: Meaning) -> str:
    return _compared("年龄", said)


def _count(said: Said, meaning: Meaning) -> str:
    return f"保单 数量 {said['op']} {said['value']}"


def _phrase(shape: str) -> Callable[[Said, Meaning], str | None]:
    """For conditions that only say that something is so."""
    def words(said: Said, meaning: Meaning) -> str | None:
        return shape.format(said["value"]) if said["op"] in {"=", "~"} else None
    return words


_WAYS: Mapping[str, Callable[[Said, Meaning], str | None]] = {
    "last_contact": _last_contact, "created": _created, "age": _age, "policy_count": _count,
    "surname": _phrase("姓{}"), "gender": _phrase("性别 是 {}"), "tier": _phrase("{}"), "tag": _phrase("标签 是 {}"),
    "city": _phrase("所在城市 包含 {}"), "occupation": _phrase("职业 包含 {}"),
    "marital_status": _phrase("婚姻状况 是 {}"),
    "has_product": _phrase("持有{}"), "lacks_product": _phrase("没有{}"), "risk_level": _phrase("风险承受等级 是 {}"),
    "insurer": _phrase("承保公司 包含 {}"),
}
