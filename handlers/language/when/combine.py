"""The combiner: atoms that belong together become one expression; two expressions may become a range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.language.when.atoms import Atom, find_atoms


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression before it is resolved: `slots` holds the atoms' values by kind, `limit` is before, after or
    within, `until` the other end of 「从…到…」. Offsets are into the normalised text."""

    start: int
    end: int
    slots: Mapping[str, Any] = field(default_factory=dict)
    limit: str = ""
    until: Expression | None = None

    @property
    def recurs(self) -> bool:
        return "every" in self.slots

    @property
    def is_duration(self) -> bool:
        """A bare length of time, such as 三年 or 两个小时."""
        value = self.slots.get("duration")
        return value is not None and not value[2] and len(self.slots) == 1 and not self.limit

    @property
    def has_clock(self) -> bool:
        return "clock" in self.slots


_DATES = frozenset({"ymd", "md", "lunar", "festival", "term", "day", "week", "mday", "duration", "span", "workday"})
_TIMES = frozenset({"part", "clock"})
# Which kinds may stand in one expression behind which.
_JOINS: dict[str, frozenset[str]] = {
    "year": frozenset({"half", "quarter", "month", "md", "mday", "lunar", "festival", "term", "edge", "nth", "day"}),
    "half": frozenset({"edge", "nth"}),
    "quarter": frozenset({"edge", "nth", "month"}),
    "month": frozenset({"mday", "edge", "nth", "lunar", "week"}),
    "edge": frozenset({"nth", "mday"}),
    "week": frozenset({"nth", "mday", "md"}),
    "day": frozenset({"week", "md", "mday"}),
    "md": frozenset({"week"}),
    "mday": frozenset({"week"}),
    "festival": frozenset({"nth", "day", "span"}),
    "term": frozenset({"span"}),
    "lunar": frozenset({"span"}),
    "duration": frozenset({"week"}),
    "ymd": frozenset({"week", "nth"}),
}
_EVERY_JOINS = frozenset({"mday", "md", "lunar", "festival", "edge", "nth", "week", "month", "year", "half", "term"})
_GAP = re.compile(r"(?:\s|的|,|那天|这天|当天|就是|大概|大约|左右|那个|呃|嗯|啊|呢|\(|\))*")
_DATE_GAP = re.compile(r"\s?的?\s?|\(|呃|那个|就是")
_NTH_GAP = re.compile(r"(?:放假|假期|节)?(?:之|以)?([前后])的?")
_LIST_GAP = re.compile(r"[、,和及]|以及|还有")
_LIMIT = re.compile(
    r"(?:\s|那天|当天|号)?(?P<before>之前|以前|前(?![天年后台期段几]|[一二三四五六七八九十两\d]+[天周个])|截止|为止)|(?P<after>之后|以后|过后|后(?![天年续台面来悔果])|以来|开始|起(?![来诉码保息]))"
    r"|(?P<within>以内|之内|内(?![容部地蒙]))"
)
_TO = re.compile(r"\s*(?:到|至|~|-|—)\s*")
_THROUGH = re.compile(r"(?:从|自)\s*$")


def find_expressions(text: str) -> list[Expression]:
    """Time expressions of normalised text, left to right, without overlaps."""
    atoms = find_atoms(text)
    return _ranges(text, _groups(text, atoms)) if atoms else []


def _groups(text: str, atoms: Sequence[Atom]) -> list[Expression]:
    found: list[Expression] = []
    current: list[Atom] = []
    slots: dict[str, Any] = {}
    for atom in atoms:
        pieces = _pieces(atom)
        gap = text[current[-1].end:atom.start] if current else ""
        if current and _belongs(gap, slots, pieces):
            current.append(atom)
            if "nth" in pieces and gap:
                pieces["side"] = "before" if "前" in gap else "after"
            _merge(slots, pieces)
            continue
        if current:
            found.append(_close(text, current, slots))
        current, slots = [atom], dict(pieces)
    found.append(_close(text, current, slots))
    return [e for e in found if _is_time(e)]


def _pieces(atom: Atom) -> dict[str, Any]:
    """An atom as slots; 今晚 is two of them."""
    if atom.kind == "daypart":
        return {"day": atom.value[0]} | ({"part": atom.value[1]} if atom.value[1] else {})
    if atom.kind == "part" and str(atom.value).startswith("下班"):
        return {"clock": (18, 0, 0, "24"), "off_work": "before" if "前" in atom.value else "after"}
    return {atom.kind: atom.value}


def _belongs(gap: str, slots: Mapping[str, Any], pieces: Mapping[str, Any]) -> bool:
    if len(gap) > 4:
        return False
    kinds = set(pieces)
    if "every" in slots and "mday" in slots and kinds == {"mday"}:
        return _LIST_GAP.fullmatch(gap) is not None
    if kinds & set(slots):
        return False
    if kinds <= _TIMES | {"off_work"}:
        return _GAP.fullmatch(gap) is not None and not ("clock" in slots and "part" in kinds)
    if "clock" in slots or "part" in slots:
        return gap == "" and not (set(slots) - _TIMES) and "duration" not in kinds  # 上午十点明天
    if kinds == {"nth"} and slots.keys() & (_DATES | {"edge"}):
        return _NTH_GAP.fullmatch(gap) is not None
    if _DATE_GAP.fullmatch(gap) is None:
        return False
    if "every" in slots:
        return bool(kinds & _EVERY_JOINS)
    return any(kinds & _JOINS.get(kind, frozenset()) for kind in slots)


def _merge(slots: dict[str, Any], pieces: Mapping[str, Any]) -> None:
    if "mday" in pieces and "mday" in slots:
        slots["mdays"] = (*slots.get("mdays", (slots["mday"],)), pieces["mday"])
        return
    slots.update(pieces)


def _close(text: str, atoms: Sequence[Atom], slots: Mapping[str, Any]) -> Expression:
    start, end = atoms[0].start, atoms[-1].end
    off_work = slots.get("off_work")
    limit = str(off_work) if off_work else ""
    plain = {k: v for k, v in slots.items() if k != "off_work"}
    match = _LIMIT.match(text, end) if not limit else None
    if match is not None and _may_be_limited(plain):
        limit, end = match.lastgroup or "", match.end()
    return Expression(start, end, plain, limit)


def _may_be_limited(slots: Mapping[str, Any]) -> bool:
    duration = slots.get("duration")
    return "every" not in slots and "span" not in slots and not (duration is not None and duration[2])


def _is_time(expression: Expression) -> bool:
    """早 or 晚 alone is no time, nor is a lunar marker without a day."""
    slots = expression.slots
    if set(slots) == {"part"} and len(str(slots["part"])) == 1:
        return False
    if set(slots) == {"nth"}:
        return str(slots["nth"][1]) != "day"
    return bool(slots)


def _ranges(text: str, expressions: list[Expression]) -> list[Expression]:
    found: list[Expression] = []
    for expression in expressions:
        if found and _TO.fullmatch(text[found[-1].end:expression.start]) and _could_range(found[-1], expression):
            first = found.pop()
            start = _THROUGH.search(text[max(0, first.start - 2):first.start])
            found.append(Expression(first.start - (len(start.group()) if start else 0), expression.end, first.slots,
                                    first.limit, expression))
        else:
            found.append(expression)
    return found


def _could_range(first: Expression, second: Expression) -> bool:
    return first.until is None and not first.is_duration and not second.is_duration and not second.recurs and not first.limit
