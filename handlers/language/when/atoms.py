"""The finder: the smallest pieces of time expressions in normalised text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handlers.language.lazy import lazy
from handlers.language.when.patterns import ALTERNATIVES, STARTS, VETOES
from handlers.language.when.read import READERS


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of time. `kind` says what `value` is (see the readers in `read`): ymd ym md mday lunar festival term decade
    year half quarter month season edge nth week day days part clock now duration span workday every."""

    kind: str
    start: int
    end: int
    value: Any


_ATOMS = lazy("|".join(f"(?P<{name}>{pattern})" for name, pattern in ALTERNATIVES))
_DAY = lazy(dict(ALTERNATIVES)["mday"])
_STARTS = re.compile(STARTS)
_NOT = {word: (lazy(before), lazy(behind)) for word, (before, behind) in VETOES.items()}


_MOST = 200  # pieces of time; no message that anybody writes has so many


def find_atoms(text: str) -> list[Atom]:
    """Atoms of normalised text, left to right, without overlaps. A piece that cannot be read is left out."""
    atoms: list[Atom] = []
    position = 0
    while len(atoms) < _MOST and (start := _STARTS.search(text, position)) is not None:
        match = _ATOMS.match(text, start.start())
        if match is None or match.end() == match.start():
            position = start.end()
            continue
        position = match.end()
        kind, value = _tail(text, match, atoms[-1]) if match.lastgroup == "tail" and atoms else _read(text, match)
        if value is None and kind == "tail" and (day := _DAY.match(text, match.start())) is not None:
            kind, value, position = "mday", READERS["mday"](day.group()), day.end()  # 挪到20号 is the end of nothing
        if value is not None:
            atoms.append(Atom(kind, match.start(), position, value))
    return atoms


def _read(text: str, match: re.Match[str]) -> tuple[str, Any]:
    kind, said = match.lastgroup or "", match.group()
    if kind == "tail":
        return kind, None
    if kind == "head":  # the 15 of 15-18号
        return _head(said, match["of"])
    if kind == "clock" and "点" in said and _RATE.search(text[max(0, match.start() - 8):match.start()]):
        return kind, None
    if kind == "clock" and said[-1] == "点" and _only_looks(text, said, match.start(), match.end()):
        return kind, None
    return kind, READERS[kind](said)


_RATE = re.compile(r"(?:利率|年化|利息|票息|费率|息率|lpr|收益率?|百分之)(?:是|为|到|降|涨|大概|差不多|才|约|上?浮|有|:|\s)*$")  # 利率三点零五


def _only_looks(text: str, said: str, start: int, end: int) -> bool:
    """三点建议 and 便宜一点 are no hours."""
    for word in (said, "点"):
        if word in _NOT:
            before, behind = _NOT[word]
            if before.search(text[max(0, start - 3):start]) or behind.match(text, end):
                return True
    return False


_HEADS = {"号": "mday", "日": "mday", "点": "clock", "月": "month", "年": "year"}


def _head(said: str, of: str) -> tuple[str, Any]:
    kind = _HEADS[of]
    value = READERS[kind](said + of)
    if kind == "year" and (value is None or not 1900 <= value[1] <= 2100):
        return kind, None  # 3到5年 is a length of time
    return kind, value


_BETWEEN = re.compile(r"\s?(?:到|至|~|-{1,2})\s?")


def _tail(text: str, match: re.Match[str], before: Atom) -> tuple[str, Any]:
    """The 十五 of 二月十三到十五 and the 2009 of 2008.03-2009: of the kind that stands before."""
    said = match.group()
    if _BETWEEN.fullmatch(text[before.end:match.start()]) is None:
        return "tail", None
    if len(said) == 4 and said.isdigit():
        return "year", READERS["year"](said + "年") if before.kind in {"year", "ym"} else None
    return "mday", READERS["mday"](said) if before.kind in {"md", "mday", "ymd"} else None
