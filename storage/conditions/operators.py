"""How two things are compared: the words for it in front of a value and behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.conditions.facts import NUMBERS, Op


def _by_length(words: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(((word, op) for op, all_ in words.items() for word in all_.split()), key=lambda pair: -len(pair[0]))


_BEFORE = _by_length({
    ">=": "大于等于 不低于 不少于 不小于 不早于 至少 >= ≥",
    "<=": "小于等于 不超过 不高于 不大于 不多于 不晚于 至多 最多 <= ≤",
    "!=": "不等于 不为 不是 非 != <>", ">": "大于 超过 高于 多于 晚于 >", "<": "小于 低于 少于 早于 不到 不足 <",
    "=": "等于 是 为 = == :", "in": "属于", "contains": "包含 包括 含有 含",
    "not contains": "不包含 不包括 不含有 不含", "not in": "不属于",
})
_BEHIND = _by_length({">=": "及以上 以上 起", "<=": "及以下 以下 以内", "<": "之前 以前", ">": "之后 以后"})
_NEED_A_BLANK = frozenset({"为", "含", "非"})  # 工作单位 为民医院
_EMPTY = frozenset({"为空", "是空", "没填", "未填", "没有填", "空", "没登记", "未登记", "没有登记"})
_FILLED = frozenset({"不为空", "有值", "已填", "填了", "有登记", "已登记"})
_DENIES = re.compile(r"[不非没未无]")

SIGNS: dict[Op, str] = {
    "=": "是", "!=": "不是", ">": "大于", ">=": "不低于", "<": "小于", "<=": "不超过", "in": "属于", "contains": "包含",
    "between": "在", "empty": "为空", "filled": "不为空",
}
DATE_SIGNS: dict[Op, str] = {**SIGNS, ">": "晚于", ">=": "不早于", "<": "早于", "<=": "不晚于"}
# What each type of field can be asked.
_ORDERED: tuple[Op, ...] = ("=", "!=", ">", ">=", "<", "<=", "between", "in", "empty", "filled")
_WORDED: tuple[Op, ...] = ("=", "!=", "in", "contains", "empty", "filled")
_CHOSEN: tuple[Op, ...] = ("=", "!=", "in", "empty", "filled")
OPS: dict[str, tuple[Op, ...]] = {
    "text": _WORDED, "choice": _CHOSEN, "boolean": ("=", "empty", "filled"), "tag": _CHOSEN, "date": _ORDERED,
    **dict.fromkeys(NUMBERS, _ORDERED),
}
COUNTED: tuple[Op, ...] = ("=", "!=", ">", ">=", "<", "<=")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`op` as written (None: none was), whether it was denied (不包含, 不属于), and the words of the value."""

    op: Op | None
    denied: bool
    words: str


def comparison(rest: str, kind: str) -> Comparison:
    """What stands behind the word of a fact whose type is `kind`."""
    rest = rest.strip()
    if rest in _EMPTY or rest in _FILLED:
        return Comparison("empty" if rest in _EMPTY else "filled", False, "")
    ordered = "between" in OPS.get(kind, _ORDERED)
    if ordered and (pair := _pair(rest, kind)):
        return Comparison("between", False, pair)
    found = next((pair for pair in _BEFORE if _begins(rest, pair[0])), None)
    words = rest[len(found[0]):].strip() if found else rest
    op = found[1] if found else None
    if ordered and op in (None, "="):  # 是 50万以上
        behind = next((pair for pair in _BEHIND if words.endswith(pair[0]) and len(words) > len(pair[0])), None)
        if behind:
            op, words = behind[1], words[: -len(behind[0])].strip()
    denied = op in ("not contains", "not in")
    return Comparison(_plain(op), denied, words)


def begins_with_denial(words: str) -> bool:
    """Whether a value without an operator in front of it may be a denial that is not known here."""
    return _DENIES.match(words) is not None


def _begins(rest: str, word: str) -> bool:
    if not rest.startswith(word):
        return False
    behind = rest[len(word):]
    return word not in _NEED_A_BLANK or behind[:1].isspace() or behind[:1] in "「“\"'"


def _plain(op: str | None) -> Op | None:
    without: dict[str, Op] = {"not contains": "contains", "not in": "in", **{each: each for each in SIGNS}}
    return without[op] if op else None


def _pair(rest: str, kind: str) -> str | None:
    """在 A 到 B 之间, as `A 到 B`; the lower end of 50到100万 takes the unit of the upper one."""
    dash = "" if kind == "date" else r"|(?<=[\d万亿千百wk岁])\s*-\s*(?=\d)"
    found = re.fullmatch(rf"(?:是|为|在|介于)?\s*(.+?)\s*(?:到|至|~|—{dash})\s*(.+?)\s*(?:之间)?", rest)
    if found is None or found[1] in ("不", "没", "没有"):  # 不到 10%
        return None
    low, high = found[1].strip(), found[2].strip()
    unit = re.search(r"[万亿千百wk]+(?:元|块)?$", high, re.IGNORECASE)
    if kind in NUMBERS and unit and re.fullmatch(r"[\d.,]+|[一二两三四五六七八九]", low):
        low += unit[0]
    return f"{low} 到 {high}"
