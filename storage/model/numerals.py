"""Numbers as people write them: 5,200 · 1.2万 · 伍拾万 · 一百二十万五千 · 三点八五 · 12万5 · 100w."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2, "幺": 1, "贰": 2, "弍": 2, "叄": 3, "参": 3, "陸": 6,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "w": 10**4, "亿": 10**8, "億": 10**8}
_TOKEN = re.compile(
    rf"\d+(?:\.\d+)?|[{''.join(DIGITS)}]+(?:点[{''.join(DIGITS)}]+)?|[{''.join(_SMALL)}{''.join(_LARGE)}]"
)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as plain ones; zero-width characters gone."""
    return unicodedata.normalize("NFKC", text).translate(INVISIBLE).strip()


def spelled_digits(text: str) -> str:
    """Chinese digits as figures, one by one: 幺三八 becomes 138. For numbers that are names, not amounts."""
    return "".join(str(DIGITS[char]) if char in DIGITS else char for char in text)


def read_number(text: str) -> Decimal | None:
    """The number that the whole text says, or None. Units: 十 百 千 万 亿, k and w."""
    text = _GROUPED.sub("", half_width(text)).lower().replace(" ", "").replace("个亿", "亿")
    sign = -1 if text.startswith(("-", "负")) else 1
    text = text.lstrip("-负+") if text[:1] in "-负+" else text
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    value = _sum(tokens)
    return None if value is None else sign * value


def _sum(tokens: list[str]) -> Decimal | None:
    total, section, number = Decimal(0), Decimal(0), None
    unit, after_zero, small, large = 1, False, 10_000, 0
    for token in tokens:
        if token in _SMALL:
            unit = _SMALL[token]
            # 3百5千 and 5万3万 are two numbers, not one.
            if unit >= small:
                return None
            section, number, small = section + (1 if number is None else number) * unit, None, unit
        elif token in _LARGE:
            unit = _LARGE[token]
            section += number or 0
            if unit == large or (section == 0 and total == 0):
                return None
            total = _with_unit(total, section, unit)
            section, number, small, large = Decimal(0), None, 10_000, unit
        elif number is not None:
            return None
        else:
            number, after_zero = _figure(token), token[0] in "零〇" and len(token) > 1
    return total + section + _rest(number, tokens[-1], unit, after_zero)


def _with_unit(total: Decimal, section: Decimal, unit: int) -> Decimal:
    """三万五千亿: what stands before 亿 counts as a whole; 一亿二千万 is a sum."""
    return (total + section) * unit if total < unit else total + section * unit


def _rest(number: Decimal | None, last: str, unit: int, after_zero: bool) -> Decimal:
    """What follows the last unit: 一百二 is 120, 12万5 is 125000, but 一百零二 is 102."""
    if number is None:
        return Decimal(0)
    short = unit > 1 and len(last) == 1 and not after_zero
    return number * unit / 10 if short else number


def _figure(token: str) -> Decimal:
    return Decimal(spelled_digits(token).replace("点", "."))
