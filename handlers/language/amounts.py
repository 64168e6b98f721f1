"""Amounts: money in yuan, percent, and plain counted numbers, each with the word that says what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.language.numerals import number


@dataclass(frozen=True, slots=True)
class Amount:
    """unit: "yuan", "percent", or "plain". `role` is the label read beside it (sum_insured, premium, rate …), or ""."""

    start: int
    end: int
    text: str
    value: float
    unit: str
    role: str = ""


_CN = "零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟半廿"
_NUM = (
    r"(?:\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[" + _CN + r"])"
    r"(?:[\d" + _CN + r"万亿kw]|(?<=[" + _CN + r"])点(?=[零一二三四五六七八九])|个(?=亿))*"
)
_AMOUNT = re.compile(
    r"(?<![\d.a-z])(?:"
    r"百分之(?P<pc>" + _NUM + r"(?:\.\d+)?)"
    r"|(?P<n>" + _NUM + r")\s*(?P<u>%|个百分点|个点(?!\d|钟)|元整|元|块钱|块|圆整|圆|rmb|人民币|cny)?"
    r")"
)
_CURRENCY = frozenset({"元整", "元", "块钱", "块", "圆整", "圆", "rmb", "人民币", "cny"})
_SCALED = re.compile(r"[万亿kw千百佰仟]")
# A number in front of these counts something else than yuan.
_COUNTERS = re.compile(
    r"(?:天|日|号|月|个月|年|岁|周岁|周|星期|礼拜|季|点(?!\d)|时|小时|分|秒|期|次|人|位|个(?!亿)|名|份|张|单|笔|户|家|条|件|套"
    r"|楼|层|室|栋|米|公里|平|%|折|成|倍|页|第|代|孩|娃|胎|元旦|一(?=起|下|直)|医疗|分之|万医疗|号线|[a-z])"
)
_ROLES: tuple[tuple[str, str], ...] = (
    ("sum_insured", "保额|保障额度|额度|保障"),
    ("premium", "年交|年缴|月交|月缴|季交|季缴|半年交|趸交|趸缴|一次交|一次性交|保费|首年保费|续期保费|每年交|每月交|交了|缴了|已续|续费"),
    ("repay_amount", "月供|每期还|每月还|月还"),
    ("rate_percent", "利率|年化|收益率|年利率|月息|年息|利息"),
    ("monthly_income", "月入|月收入|月薪|工资|每月收入|一个月挣|一月挣|月收"),
    ("annual_income", "年收入|年入|年薪|年收|一年挣|家庭年收入|税后年收入"),
    ("registered_capital", "注册资本金|注册资本|注册资金"),
    ("loan_balance", "贷款余额|余额|欠款|还欠"),
    ("aum", "资产|身家|aum|管理规模|金融资产|存款"),
    ("amount", "放款|贷款|贷了|贷|批了|授信额度|授信|借了|借款|买了|申购|认购|存了|投了|定投|金额|赔付|赔了|定损|成交|预计|大概|买|每月|每期|月投"),
)
_ROLE_OF = {word: role for role, words in _ROLES for word in words.split("|")}
_LABEL = re.compile("(" + "|".join(sorted(_ROLE_OF, key=len, reverse=True)) + r")(?:是|为|有|到|约|大概|差不多|左右|:|\s|了|变成|改成|改为|调到|涨到)*$")
_LABEL_AFTER = re.compile(r"\s*的?(保额|保费|年收入|月收入|年薪|月薪|注册资本|授信|贷款|月供|资产)")
_GE = re.compile(r"(?P<n>\d+(?:\.\d+)?|[" + _CN + r"]+)个(?![月人亿百点小工多])")
_TRIGGER = re.compile(r"[\d" + _CN + r"]")


def find_amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Amounts in normalised text outside `taken`, left to right. 个 counts ten thousands behind 放款, 年收入 and their like."""
    found: list[Amount] = []
    if _TRIGGER.search(text) is None:
        return found
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        if any(start < b and a < end for a, b in taken):
            continue
        amount = _read(text, match)
        if amount is not None:
            found.append(amount)
    return found


def _read(text: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    if match["pc"] is not None:
        value = number(match["pc"])
        return None if value is None else Amount(start, end, text[start:end], value, "percent", _role(text, start, end))
    raw, unit = match["n"], match["u"]
    if unit is None and len(raw) > 1 and raw[-2] in "万亿千百kw" and _COUNTERS.match(text, match.end("n")):
        raw, end = raw[:-1], match.end("n") - 1  # 50万三年期 is 50万 and 三年
        return _money(text, start, end, end, raw, None, number(raw) or 0.0)
    value = number(raw)
    if value is None:
        return None
    if unit == "%" or (unit and "点" in unit):
        return Amount(start, end, text[start:end], value, "percent", _role(text, start, end))
    return _money(text, start, match.end("n"), end, raw, unit, value)


def _money(text: str, start: int, stop: int, end: int, raw: str, unit: str | None, value: float) -> Amount | None:
    role = _role(text, start, end)
    if unit in _CURRENCY:
        return Amount(start, end, text[start:end], value, "yuan", role)
    end = stop
    ten_thousands = _GE.match(text, start)
    if ten_thousands is not None and role and ten_thousands.end("n") == stop and value >= 10:
        return Amount(start, stop + 1, text[start:stop + 1], value * 10_000, "yuan", role)
    if _COUNTERS.match(text, end) or text[end:end + 1] == "." or _is_word(text, start, end):
        return None
    if role == "rate_percent" and value < 100:
        return Amount(start, end, text[start:end], value, "percent", role)
    scaled = _SCALED.search(raw) is not None and (len(raw) > 1)
    if scaled or role:
        return Amount(start, end, text[start:end], value, "yuan", role)
    return Amount(start, end, text[start:end], value, "plain", role) if raw[0].isdigit() else None


_WORDS = re.compile(r"万一|千万|一百分|百万(?=医疗)|一千零一|十分|百分|三八|五一|六一|八一|十一|双十|万科|百事|千里|一半|一起|一下|一些|一直|"
                    r"一定|一样|一般|一切|统一|第[一二三四五六七八九十]")


def _is_word(text: str, start: int, end: int) -> bool:
    if end - start == 1 and text[start] in _CN:
        return True
    word = _WORDS.match(text, start)
    return (word is not None and word.end() >= end) or text[start - 1:start] == "第"


def _role(text: str, start: int, end: int) -> str:
    before = _LABEL.search(text[max(0, start - 10):start])
    if before is not None:
        return _ROLE_OF[before.group(1)]
    after = _LABEL_AFTER.match(text, end)
    return _ROLE_OF[after.group(1)] if after is not None and after.group(1) in _ROLE_OF else ""
