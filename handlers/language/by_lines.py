"""Several lines of the list shown, each with what is to become of it: 2号做完了 1号没人接 推到下周一, 1 已续 2 不续."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.language.lazy import Lazy, lazy
from handlers.language.meaning import Meaning
from handlers.language.numerals import small
from handlers.language.sentence import Sentence, take_apart
from handlers.language.several import multi
from handlers.language.single import single

_LONGEST, _MOST = 160, 8
_N = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})"
_NO_UNIT = r"(?!\s*(?:[\d.:%点月号年万千百亿元块天日周分小刻人份户折岁倍成期张台套次单笔页版位名个条项件]|星期|礼拜|工作日|钟头))"
# How the lines are numbered: in one way throughout, so that a date (1 没接 3号再打) opens no line.
_STYLES: tuple[Lazy, ...] = (
    lazy(rf"(?:^|(?<=[\s,。;、!]))第{_N}(?:[个条项件位单笔]|(?=[\s,:])){_NO_UNIT}[\s,:]*"),
    lazy(rf"(?:^|(?<=[\s,。;、!])){_N}号(?:那[个条])?[\s,:]*"),
    lazy(rf"(?:^|(?<=[\s,。;、!]))(?P<n>\d{{1,2}}(?:[\s、,和跟]+\d{{1,2}})*+){_NO_UNIT}(?=[\s,:]*[\u4e00-\u9fffa-z])[\s,:]*"),
)
_OF_LINES = frozenset({"reminder.complete", "reminder.postpone", "reminder.cancel", "item.done", "item.snooze", "item.dismiss", "item.hand_over"})


@dataclass(frozen=True, slots=True)
class _Line:
    """The numbers (1 2 4 完成) and where the words behind them begin and end."""

    numbers: tuple[int, ...]
    start: int
    end: int


def by_lines(s: Sentence) -> Meaning | None:
    """One act a line, where every line that is numbered is told what becomes of it; None else."""
    if len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"} or not s.dialogue.list_kind or s.dialogue.choices < 2:
        return None
    lines = next((found for style in _STYLES if len(found := _lines(s, style)) > 1), [])
    numbers = [number for line in lines for number in line.numbers]
    if not 1 < len(lines) <= _MOST or len(set(numbers)) < len(numbers) or not all(0 < n <= s.dialogue.choices for n in numbers):
        return None
    parts = [_act(s, line) for line in lines]
    whole = [part for part in parts if part is not None]
    return multi(s, whole) if len(whole) == len(lines) else None


def _lines(s: Sentence, style: Lazy) -> list[_Line]:
    begun = list(style.finditer(s.text))
    if not begun or s.text[:begun[0].start()].strip(" ,。"):
        return []
    ends = [match.start() for match in begun[1:]] + [len(s.text)]
    return [_Line(tuple(small(n) or 0 for n in _EACH.pattern.findall(match["n"])), match.end(), end) for match, end in zip(begun, ends, strict=True)]


_EACH = lazy(r"\d{1,2}|[一二两三四五六七八九十]{1,2}")


_NOT_DONE = lazy(r"(?:都|也|还)?(?:没|未|不用|不要|别)(?!人接|接|打通|联系上)")  # 2 没做完 becomes of nothing


def _act(s: Sentence, line: _Line) -> Meaning | None:
    rest = s.said(line.start, line.end).strip(" ,，。;；、")
    if not rest or _NOT_DONE.match(rest) is not None:
        return None
    which = "、".join(map(str, line.numbers))
    found = single(take_apart(f"第{which}条{rest}", s.now, s.role, s.book, s.dialogue, s.lexicon))
    alone = list(found.get("indexes") or [found.get("index")]) == list(line.numbers)
    return found if found.intent in _OF_LINES and alone and found.clarify in {None, "when"} else None
