"""What was said freely (哪些客户半年没跟进了) in the words of the condition language. Nothing said is left out: what it
cannot say refuses the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from handlers.language import Meaning
from storage.conditions import Unreadable

Said = Mapping[str, Any]
NOT_YET = (
    "这个条件现在还不能筛选。可以按字段、标签、等级、阶段、产品和多久未联系来筛选，例如「筛选 贵宾 且 30天未联系」。"
)
HOW_TO = "请用「且」「或」「非」写清楚，例如「筛选 非 贵宾 且 30天未联系」。"
_PERIOD = re.compile(r"P(\d+)([DWMY])")
_UNITS = {"D": "天", "W": "周", "M": "个月", "Y": "年"}
_MONEY = {"premium": "保费", "aum": "管理资产", "annual_income": "年收入", "monthly_income": "月收入"}


def bare(said: str) -> str:
    """A free sentence without the words around its conditions: 帮我看看哪些客户半年没联系了 as 半年没联系了."""
    return _BEHIND.sub("", _AROUND.sub("", said.strip())).strip()


def check_all_read(meaning: Meaning, said: str, members: Iterable[str]) -> None:
    """Raises Unreadable where more was said than was read: who asks for 不是贵宾的女客户 must not be shown the 贵宾."""
    if member := next((name for name in members if name and name in said), None):
        raise Unreadable(f"现在还不能按顾问（{member}）筛选。团队的情况可以看「日报」，或发送「展开 沉默 {member}」。")
    if (left := _left(meaning, said)) is not None:
        raise Unreadable(f"「{left}」没有看懂，没有筛选。{HOW_TO}")


def in_words(meaning: Meaning, said: str) -> str:
    """All conditions of a meaning that was read from `said`, in the words of the condition language. Raises Unreadable
    for one that clients cannot be chosen by yet."""
    conditions = meaning.get("conditions") or ()
    strict = _STRICT.search(said) if sum(condition["op"] in (">=", "<=") for condition in conditions) == 1 else None
    return " 且 ".join(_one(_strictly(condition) if strict else condition, meaning) for condition in conditions)


# 不到30岁, 超过1万: the reading of free speech does not tell < from <=.
_STRICT = re.compile(r"不到|未满|不满|不足|没满|没到|(?<!不)(?:小于|低于|少于|大于|高于|多于|超过)(?!等于)")


def _strictly(condition: Said) -> Said:
    return {**condition, "op": {">=": ">", "<=": "<"}.get(condition["op"], condition["op"])}


_AROUND = re.compile(
    r"^\W*(?:请|麻烦|帮我|帮忙|给我|我想|我要|我|看一?下|看看|查一?下|查查|找一?下|找找|找出|列一?下|列出来?|调出|"
    r"统计一?下|有哪些|都有哪些|哪些|哪几个|所有|全部|的?客户)*"
)
_BEHIND = re.compile(
    r"的?(?:客户|顾客|人|名单)?"
    r"(?:\s|都?有(?:哪些|谁|哪几个|多少|几)(?:个|位|名)?(?:人|客户)?|列(?:一?下|出来)?|名单|给我|看看|了|吗|呢|吧|呀|啊)*\W*$"
)


# What each condition takes up of a sentence. What is left and turns or narrows the sense is named to the reader.
_TAKEN: Mapping[str, str] = {
    "last_contact": r"(?:没有?|未|冇)(?:再|怎么|去|跟)?(?:他|她|人)?[\u4e00-\u9fff]{1,4}?(?:过|了|的|$|\W)",
    "lacks_product": r"(?:没有?|未|还没|不|缺)(?:有?配|买过?|配置?|持有|投保|办|做|上|有)?(?:过|任何)?",
    "policy_count": r"没有?(?:任何|买过?)?",
    "marital_status": r"没(?:结婚|成家)|未婚|离了婚|离过婚",
    "": r"不(?:到|足|低于|少于|小于|超过|高于|大于|过|满|止)|未满|没满|没到|没过|不?至少",
}
_TURNS = re.compile(
    r"沉默|不|没|未|非|无|别|除|但|或|、|和|跟|以及|还是|到期|过期|生日|名下|孩子|缴|逾期|多岁|最近都|[谁哪]个顾问"
)
_NAMED = 4  # characters told behind it


def _left(meaning: Meaning, said: str) -> str | None:
    """The words around what was not read and may turn the sense; None when there is nothing of the kind."""
    fields = {str(condition["field"]) for condition in meaning.get("conditions") or ()}
    rest = said
    for field, taken in _TAKEN.items():
        if not field or field in fields:
            rest = re.sub(taken, "　", rest)
    if (found := _TURNS.search(rest)) is None:
        return None
    return rest[max(0, found.start() - 2):found.end() + _NAMED].strip("　 ")


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
