"""The combiner: atoms that belong together become one expression; two expressions may become a range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.language.when.atoms import Atom, find_atoms


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression before it is resolved: `slots` holds the atoms' values by kind, `limit` is before, after, since
    or within, `until` the other end of 「从…到…」. Offsets are into the normalised text."""

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


    @property
    def is_now(self) -> bool:
        """现在 alone: a word that most sentences use without meaning a time."""
        return set(self.slots) == {"now"}


_DATES = frozenset({"ymd", "ym", "md", "lunar", "festival", "term", "day", "days", "week", "mday", "duration", "span", "workday"})
_TIMES = frozenset({"part", "clock"})
# Which kinds may stand in one expression behind which.
_JOINS: dict[str, frozenset[str]] = {
    "year": frozenset({"half", "quarter", "month", "md", "mday", "lunar", "festival", "term", "edge", "nth", "day", "span", "season"}),
    "half": frozenset({"edge", "nth", "span"}),
    "quarter": frozenset({"edge", "nth", "month"}),
    "month": frozenset({"mday", "edge", "nth", "lunar", "week"}),
    "edge": frozenset({"nth", "mday"}),
    "decade": frozenset({"edge"}),
    "week": frozenset({"nth", "mday", "md", "week"}),
    "day": frozenset({"week", "md", "mday", "span", "day"}),
    "md": frozenset({"week"}),
    "mday": frozenset({"week"}),
    "festival": frozenset({"nth", "day", "span"}),
    "term": frozenset({"span"}),
    "lunar": frozenset({"span"}),
    "duration": frozenset({"week", "md", "day"}),
    "ymd": frozenset({"week", "nth"}),
}
_EVERY_JOINS = frozenset({"mday", "md", "lunar", "festival", "edge", "nth", "week", "month", "year", "half", "term", "season"})
_GAP = re.compile(r"(?:\s|的|,|那天|这天|当天|就是|大概|大约|左右|那个|呃|嗯|啊|呢|吧|\(|\))*")
_DATE_GAP = re.compile(r"\s?的?\s?|,\s?|\(|呃|那个|就是")
_NTH_GAP = re.compile(r"(?:放假|假期|节)?(?:之|以|过)?([前后])的?|(?:放假|假期|假|节)?(?:结束|收假|过完)(?:之|以)?后?的?")
_LIST_GAP = re.compile(r"[、,和及]|以及|还有|跟")
_LIMIT = re.compile(
    r"(?:\s|那天|当天|号)?(?:(?P<before>之前|以前|前(?![天年后台期段几途景往]|[一二三四五六七八九十两\d]+[天周个])|截止|为止)|(?P<since>以来|开始|至今|到现在|起(?:至今)?(?![来诉码点床飞保息]))|(?P<after>之后|以后|过后|后(?![天年续台面来悔果]))"
    r"|(?P<within>以内|之内|内(?![容部地蒙])))"
)
# What stands before a time and closes it on one side; 从…到 is a range instead.
_OPENING = re.compile(r"(?:(?P<before>(?:截止|截至)到?|最迟|最晚|不晚于|不迟于|早于)|(?P<since>自从?|打从|从(?=.)))$")
_TO = re.compile(r"\s*(?:到了?|至|~|-|—{1,2}|-{1,2})\s*")
_AND = re.compile(r"\s*(?:和|与|跟|至|到)\s*")
_BETWEEN = re.compile(r"(?:之|中)?间")
_THROUGH = re.compile(r"(?:自从?|从|由|打)\s*$")


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
            if "nth" in pieces and (side := _side(gap)):
                pieces["side"] = side
            _merge(slots, pieces)
            continue
        if current:
            found.append(_close(text, current, slots))
        current, slots = [atom], dict(pieces)
    found.append(_close(text, current, slots))
    return [e for e in found if _is_time(e)]


def _side(gap: str) -> str:
    """国庆后第一天 counts from the festival, 国庆结束第一天 from the end of its holiday."""
    return "over" if re.search(r"结束|收假|过完", gap) else "before" if "前" in gap else "after" if "后" in gap else ""


def _pieces(atom: Atom) -> dict[str, Any]:
    """An atom as slots; 今晚 is two of them."""
    if atom.kind == "ym":
        return {"year": ("abs", atom.value[0]), "month": ("abs", atom.value[1])}
    if atom.kind == "lunar" and atom.value[4] is not None:
        return {"lunar": atom.value, "year": atom.value[4]}
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
    if kinds == {"week"} and "week" in slots and slots["week"][1] is None and pieces["week"][0] is None:
        return gap in {"", "的"}  # 下周周六
    if kinds == {"day"} and pieces["day"] == 0 and slots.get("month", ("",))[0] == "rel" and len(slots) == 1:
        return gap in {"", "的"}  # 下个月今天
    if kinds == {"day"} and pieces["day"] == 0 and set(slots) == {"week"} and slots["week"][0] is not None and slots["week"][1] is None:
        return gap in {"", "的"}  # 下周的今天
    if kinds == {"week"} and slots.keys() & {"festival", "term"} and slots.get("span", ("", 0, ""))[2] == "week":
        return pieces["week"][0] is None and gap in {"", "的"}  # 中秋前一周的周一
    if kinds & set(slots) and not (kinds == {"day"} and gap == "的"):
        return False
    if kinds <= _TIMES | {"off_work"}:
        return _GAP.fullmatch(gap) is not None and not ("clock" in slots and "part" in kinds)
    if kinds == {"now"}:
        return gap == "" and set(slots) == {"day"}
    if "clock" in slots or "part" in slots:
        return gap == "" and not (set(slots) - _TIMES) and "duration" not in kinds  # 上午十点明天
    if kinds == {"nth"} and slots.keys() & (_DATES | {"edge"}):
        return _NTH_GAP.fullmatch(gap) is not None
    if _DATE_GAP.fullmatch(gap) is None or ("," in gap and not kinds <= {"md", "mday", "month"}):
        return False
    if kinds == {"span"} and not _may_follow(slots, pieces["span"]):
        return False
    if "duration" in slots and not slots["duration"][2]:
        return kinds == {"week"}
    if "every" in slots:
        return bool(kinds & _EVERY_JOINS)
    return any(kinds & _JOINS.get(kind, frozenset()) for kind in slots)


def _may_follow(slots: Mapping[str, Any], span: tuple[str, float, str]) -> bool:
    """春节前三天, 今年前两个季度, 明天之后三天."""
    return span[0] in {"prev", "next"} and (span[2] in {"month", "quarter"} or not {"year", "half"} & slots.keys() or bool(_DATES & slots.keys()))


def _merge(slots: dict[str, Any], pieces: Mapping[str, Any]) -> None:
    if "mday" in pieces and "mday" in slots:
        slots["mdays"] = (*slots.get("mdays", (slots["mday"],)), pieces["mday"])
        return
    if "week" in pieces and "week" in slots:
        slots["week"] = (slots["week"][0], *pieces["week"][1:])
        return
    if "day" in pieces and "day" in slots:  # 明天的后天
        slots["day"] += pieces["day"]
        return
    slots.update(pieces)


def _close(text: str, atoms: Sequence[Atom], slots: Mapping[str, Any]) -> Expression:
    start, end = atoms[0].start, atoms[-1].end
    off_work = slots.get("off_work")
    limit = str(off_work) if off_work else ""
    plain = {k: v for k, v in slots.items() if k != "off_work"}
    if "duration" in plain and plain["duration"][2] == "since":
        return Expression(start, end, {**plain, "duration": (*plain["duration"][:2], "before", plain["duration"][3])}, "since")
    if limit or not _may_be_limited(plain):
        return Expression(start, end, plain, limit)
    match = _LIMIT.match(text, end)
    if match is not None:
        limit, end = match.lastgroup or "", match.end()
    opening = _OPENING.search(text[max(0, start - 4):start])
    if opening is not None and (opening.group() != "从" or limit == "since"):
        limit, start = opening.lastgroup or "", start - len(opening.group())
    return Expression(start, end, plain, limit)


def _may_be_limited(slots: Mapping[str, Any]) -> bool:
    duration = slots.get("duration")
    return "every" not in slots and "span" not in slots and not (duration is not None and duration[2] and not slots.keys() & _TIMES)


def _is_time(expression: Expression) -> bool:
    """早 or 晚 alone is no time, nor is a lunar marker without a day."""
    slots = expression.slots
    if set(slots) == {"part"} and len(str(slots["part"])) == 1:
        return False
    if set(slots) == {"nth"}:
        return str(slots["nth"][1]) not in {"day", "days", "week", "month"} or expression.limit == "since"
    return bool(slots)


def _ranges(text: str, expressions: list[Expression]) -> list[Expression]:
    found: list[Expression] = []
    for expression in expressions:
        end = _end_of_range(text, found[-1], expression) if found else None
        if end is not None:
            first = found.pop()
            start = _THROUGH.search(text[max(0, first.start - 3):first.start])
            found.append(Expression(first.start - (len(start.group()) if start else 0), end, first.slots, "", expression))
        else:
            found.append(_in_same_month(text, found[-1], expression) if found else expression)
    return found


def _in_same_month(text: str, first: Expression, second: Expression) -> Expression:
    """9月10号、12号: the second day is one of that month too."""
    if set(second.slots) - _TIMES != {"mday"} or _LIST_GAP.fullmatch(text[first.end:second.start].strip()) is None:
        return second
    month = ("abs", first.slots["md"][0]) if "md" in first.slots else first.slots.get("month")
    if month is None:
        return second
    return replace(second, slots={**{k: v for k, v in first.slots.items() if k == "year"}, "month": month, **second.slots})


def _end_of_range(text: str, first: Expression, second: Expression) -> int | None:
    """Where the range ends that the two make together, None when they are two times."""
    if not _could_range(first, second):
        return None
    between = text[first.end:second.start]
    if _TO.fullmatch(between):
        return second.end
    close = _BETWEEN.match(text, second.end)
    return close.end() if close is not None and _AND.fullmatch(between) else None


def _could_range(first: Expression, second: Expression) -> bool:
    return first.until is None and not first.is_duration and not second.is_duration and not second.recurs and first.limit in {"", "since"}
