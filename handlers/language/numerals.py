"""Numbers as people write them: 12,000 · 1.2万 · 一万二 · 两百五 · 3k5 · 伍拾万 · 半个亿 · 二零二五."""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")
} | {"两": 2, "俩": 2, "仨": 3, "幺": 1, "弌": 1}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000,
         "万": 10_000, "w": 10_000, "亿": 100_000_000}
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[零一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨幺]+|廿|卅|半|[十拾百佰千仟kw万亿]|\.\d+|个")


def small(text: str) -> int | None:
    """A whole number up to 9,999 as dates and counts use it: 3, 十五, 廿三, 二十, 三十一, 二零二五."""
    if text.isdigit():
        return int(text)
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def number(text: str) -> float | None:
    """The value, or None when `text` is no number. A bare digit after a unit counts tenths: 一万二 = 12000."""
    if "点" in text:
        return _decimal(text)
    total = _Sum()
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() != position or not total.add(match.group()):
            return None
        position = match.end()
    return total.value() if text and position == len(text) else None


class _Sum:
    """A number being read from left to right: finished 万 and 亿, the section below them, and the last digit."""

    def __init__(self) -> None:
        self.total = self.section = 0.0
        self.digit: float | None = None
        self.last_unit = 0  # 0 when the next digit is not right behind a unit

    def add(self, token: str) -> bool:
        unit = UNITS.get(token, 0)
        if unit:
            self._close(unit)
        elif token in ("廿", "卅"):
            self.section += 20 if token == "廿" else 30
        elif token[0] == "半":
            self.digit = (self.digit or 0) + 0.5
        elif token != "个":
            return self._read(token)
        return True

    def _read(self, token: str) -> bool:
        if self.digit is not None:
            return False
        if token[0] == "零":
            self.last_unit, token = 0, token.lstrip("零")
        if token:
            self.digit = _plain(token)
        return True

    def _close(self, unit: int) -> None:
        if unit >= 10_000:
            self.section += self.digit if self.digit is not None else (0 if self.section else 1)
            whole = self.total + self.section
            self.total = whole * unit if unit > 10_000 else self.total + self.section * unit
            self.section = 0.0
        else:
            self.section += (1.0 if self.digit is None else self.digit) * unit
        self.digit, self.last_unit = None, unit

    def value(self) -> float:
        digit = self.digit or 0.0
        tenths = self.last_unit >= 100 and digit < 10 and digit == int(digit)
        return self.total + self.section + (digit * self.last_unit / 10 if tenths else digit)


def _plain(token: str) -> float:
    if token[0].isdigit() or token[0] == ".":
        return float(token.replace(",", ""))
    return float("".join(str(DIGITS[c]) for c in token))


_SPOKEN = re.compile(r"([零一二两三四五六七八九十百\d]+)点([零一二三四五六七八九\d]+)([万亿千百]?)$")


def _decimal(text: str) -> float | None:
    """三点八五, 一点二万."""
    match = _SPOKEN.match(text)
    if match is None:
        return None
    whole = number(match.group(1))
    if whole is None:
        return None
    tail = "".join(c if c.isdigit() else str(DIGITS[c]) for c in match.group(2))
    return round((whole + float("0." + tail)) * UNITS.get(match.group(3), 1), 6)
