"""English words of conditions, put into those that are read: age >= 30, not contacted 30 days, holds fund."""

from __future__ import annotations

import re
from collections.abc import Callable

_N = r"(?P<n>\d+)"
_SPAN = rf"(?:for|in|within|over|during|since)?\s*(?:the\s+)?(?:last|past|next)?\s*{_N}\s*(?P<u>day|week|month|year)s?"
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_DOINGS = {
    "complaint": "投诉", "complained": "投诉", "contact": "联系", "contacted": "联系", "call": "电话", "called": "电话",
    "visit": "拜访", "visited": "拜访", "late payment": "迟缴", "referral": "介绍客户",
}
_DOING = "|".join(sorted(_DOINGS, key=len, reverse=True))
_BETWEEN = re.compile(r"\bbetween\s+([^\s,()]+)\s+and\s+([^\s,()]+)", re.IGNORECASE)
_RECORD = re.compile(r"^(?:client|contract)\.(?=\w)", re.IGNORECASE)  # fields of other records go by their whole path
_FACTS = {
    "age": "年龄", "aum": "管理资产", "assets": "管理资产", "last contact": "上次联系", "birthday": "生日",
    "city": "所在城市",
    "occupation": "职业", "income": "年收入", "premium": "保费", "amount": "金额", "stage": "阶段", "state": "状态",
    "tags": "标签", "end date": "到期日", "ends": "到期日", "maturity": "到期日", "gender": "性别",
    "children": "子女数",
}
_FACT = re.compile(rf"^(?:{'|'.join(sorted(_FACTS, key=len, reverse=True))})(?=\s|[<>=!])", re.IGNORECASE)
# Comparisons, the longest first; they stand between blanks.
_SIGNS = (
    ("is not empty", "不为空"), ("is not null", "不为空"), ("is empty", "为空"), ("is null", "为空"), ("not in",
    "不属于"),
    ("does not contain", "不包含"), ("is not", "不是"), ("is at least", ">="), ("is at most", "<="), ("is more than",
    ">"),
    ("is less than", "<"), ("at least", ">="), ("at most", "<="), ("more than", ">"), ("less than", "<"), ("is over",
    ">"),
    ("is under", "<"), ("contains", "包含"), ("equals", "是"), ("before", "早于"), ("after", "晚于"), ("over", ">"),
    ("under", "<"), ("above", ">"), ("below", "<"), ("in", "属于"), ("is", "是"),
)
_SIGN = re.compile(
    rf"^(?P<fact>\S+)\s+(?P<sign>{'|'.join(sign for sign, _ in _SIGNS)})(?:\s+(?P<value>.+))?$", re.IGNORECASE
)
_WITHIN = re.compile(rf"^(?P<fact>\S+)\s+{_SPAN.replace('|over|during|since', '')}$", re.IGNORECASE)
_AHEAD = re.compile(r"\bnext\b", re.IGNORECASE)


def without_and(text: str) -> str:
    """A sentence in which the `and` of between … and … joins no conditions."""
    return _BETWEEN.sub(r"在 \1 到 \2 之间", text)


def in_chinese(text: str) -> str | None:
    """One condition that was said in English; None where nothing in it is English that is known here."""
    said = " ".join(text.split())
    for shape, put in _WHOLE:
        if found := shape.fullmatch(said):
            return put(found)
    plain = _FACT.sub(lambda found: _FACTS[found[0].lower()], _RECORD.sub("", said))
    if found := _WITHIN.fullmatch(plain):
        way = "未来" if _AHEAD.search(plain) else ""
        return f"{found['fact']} 在{way} {_period(found)}内"
    if found := _SIGN.fullmatch(plain):
        sign = next(put for sign, put in _SIGNS if sign == found["sign"].lower())
        plain = f"{found['fact']} {sign} {found['value'] or ''}".strip()
    return plain if plain != said else None


def _period(found: re.Match[str]) -> str:
    return f"{found['n']}{_UNITS[found['u'].lower()]}"


def _often(found: re.Match[str]) -> str:
    return f"{_period(found)}内{_DOINGS[found['what'].lower()]} {found['times']} 次"


def _moved(found: re.Match[str]) -> str:
    way = "下降" if found["way"].lower() in ("fell", "down", "dropped", "decreased") else "增加"
    period = f"近 {_period(found)} " if found["n"] else ""
    return f"{period}管理资产{way} {found['by']}"


def _shape(pattern: str, put: Callable[[re.Match[str]], str]) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    return re.compile(pattern, re.IGNORECASE), put


_WHOLE = (
    _shape(rf"(?:not|un|no)\s*-?\s*contact(?:ed)?\s+{_SPAN}", lambda found: f"{_period(found)}未联系"),
    _shape(r"(?:never|not) contacted", lambda found: "从未联系"),
    _shape(rf"contacted\s+{_SPAN}", lambda found: f"{_period(found)}内联系过"),
    _shape(rf"(?P<times>\d+)\+?\s*(?:times\s+)?(?P<what>{_DOING})s?\s+{_SPAN}", _often),
    _shape(rf"(?P<what>{_DOING})s?\s+(?P<times>\d+)\s*(?:times|x)?\s+{_SPAN}", _often),
    _shape(
        rf"(?:aum|assets)\s+(?P<way>fell|down|dropped|decreased|up|rose|grew|increased)\s+(?:by\s+)?(?P<by>\S+)"
        rf"(?:\s+{_SPAN})?", _moved,
    ),
    _shape(rf"birthday\s+{_SPAN}", lambda found: f"生日 在 {_period(found)}内"),
    _shape(r"(?:is\s+)?(?:tagged|has tag|tag)\s*(?:=|is|:)?\s*(?P<v>.+)", lambda found: f"标签 是 {found['v']}"),
    _shape(r"not tagged\s+(?P<v>.+)", lambda found: f"非 标签 是 {found['v']}"),
    _shape(r"tier\s*(?:=|==|is|:)?\s*(?P<v>[^\s!<>=]+)", lambda found: found["v"]),
    _shape(r"tier\s*(?:!=|is not)\s*(?P<v>\S+)", lambda found: f"不是 {found['v']}"),
    _shape(r"(?:does not hold|does not have|doesn't hold|lacks?|without|not holding|has no|no)\s+(?P<v>.+)",
           lambda found: f"没有{found['v']}"),
    _shape(r"(?:holds?|holding|owns?|has|have|with)\s+(?P<v>.+)", lambda found: f"持有{found['v']}"),
    _shape(rf"(?:ends?|expires?|matures?)\s+{_SPAN}", lambda found: f"到期日 在 {_period(found)}内"),
)
