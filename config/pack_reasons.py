"""What pydantic found, said in Chinese to somebody who edits YAML."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

_PLAIN = {
    "string_type": "应是文字；数字或 true/false 请加引号",
    "bool_type": "只能是 true 或 false",
    "bool_parsing": "只能是 true 或 false",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "decimal_type": "应是数字",
    "decimal_parsing": "应是数字",
    "union_tag_not_found": "要写 kind",
    "tuple_type": "应是列表，例如 [a, b]",
    "list_type": "应是列表，例如 [a, b]",
    "dict_type": "应是「名称: 值」的形式",
    "mapping_type": "应是「名称: 值」的形式",
    "model_type": "应是「名称: 值」的形式",
    "model_attributes_type": "应是「名称: 值」的形式",
    "date_from_datetime_parsing": "应是日期，例如 2026-03-01",
    "date_type": "应是日期，例如 2026-03-01",
    "date_parsing": "应是日期，例如 2026-03-01",
}
_LIMITS = {
    "greater_than": ("gt", "必须大于 {}"),
    "greater_than_equal": ("ge", "不能小于 {}"),
    "less_than_equal": ("le", "不能大于 {}"),
    "string_too_long": ("max_length", "最多 {} 个字"),
    "string_too_short": ("min_length", "不能为空"),
    "too_long": ("max_length", "最多 {} 项"),
    "too_short": ("min_length", "至少要有 {} 项"),
}
_PATTERNS = {
    r"^([01]\d|2[0-3]):[0-5]\d$": "应是时刻，例如 \"08:30\"",
    r"^\S{1,14}旅程$": "名称要以「旅程」结尾，例如「新客旅程」，中间没有空格，最多 16 个字",
    r"^[a-z][a-z0-9_]{0,23}$": "只能用小写英文字母、数字和 _，以字母开头，最多 24 位",
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$": "只能用字母、数字、- 和 _，最多 40 位",
}


def reason_for(detail: Mapping[str, Any], model: type[BaseModel]) -> str:
    """A Chinese sentence for one entry of `ValidationError.errors()` of `model`."""
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    if kind == "missing":
        return f"缺少「{name}」"
    if kind == "extra_forbidden":
        return f"不认识「{name}」{_near(name, loc, model)}"
    if kind == "value_error":
        return str(context["error"])
    problem = _problem(kind, context, detail["input"])
    return f"「{name}」{problem}" if name else problem


def _problem(kind: str, context: Mapping[str, Any], value: Any) -> str:
    if kind == "literal_error":
        allowed = context["expected"].replace(" or ", "、").replace(", ", "、").replace("'", "")
        return f"不能是「{_cut(value)}」，只能是：{allowed}"
    if kind == "string_pattern_mismatch":
        shape = _PATTERNS.get(context["pattern"], "只能用小写英文字母、数字和 _，以字母开头，最多 40 位")
        return f"不能是「{_cut(value)}」：{shape}"
    if kind == "union_tag_invalid":
        allowed = context["expected_tags"].replace(", ", "、").replace("'", "")
        return f"的 kind 不能是「{_cut(context['tag'])}」，只能是：{allowed}"
    if kind in _LIMITS:
        key, text = _LIMITS[kind]
        return text.format(context.get(key))
    return _PLAIN.get(kind, "的值不对")


def _near(name: str, loc: tuple[str | int, ...], model: type[BaseModel]) -> str:
    known = list(model.model_fields) if len(loc) == 1 else []
    near = get_close_matches(name, known, n=1)
    return f"，是不是「{near[0]}」？" if near else "，请检查拼写"


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"
