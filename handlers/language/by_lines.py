"""Several lines of the list shown, each with what is to become of it: 2号做完了 1号没人接 推到下周一, 1 已续 2 不续."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.language.lazy import Lazy, lazy
from handlers.language.meaning import Meaning
from handlers.language.numerals import small
from handlers.language.sentence import Sentence, take_apart
from handlers.language.several import multi
from handlers.language.single import NO_ORDER, meaning_of, single

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


_NOT = r"(?:不用|不要|不必|不能|不准|无需|甭|别|不|莫|勿|[唔不]好|唔使)"
_DROPS = r"(?:取消|删除?|撤[销掉]?|去掉|关掉?|停掉?|作废|清[掉空]?|划掉|勾掉|推迟|推[后到]|延[后期到]|挪|移|顺延|提前|改到|往后)"
_DOES = r"(?:做|办|弄|搞|处理|整|忙|干|解决|收拾)(?:完|好|妥|定|掉|利索)?|完成|搞定|完事|结束"
# 没做完, 不用取消: what is told to be left as it is.
_STAYS = rf"(?:都|全部?|也|先|还|暂时|千万|可|你|的|就|,|\s)*+(?:(?:没有?|未|不曾)(?:都|全部?|有|能|来得及)*+(?:{_DOES})|{_NOT}(?:再|都|全|给我|帮我|急着|忙着|着急|先|把它们?)*+{_DROPS})(?:了|掉|呢|啊|呀|吧|哈|的|谢谢|T|到|[\s,。!])*+$"
_LEFT = lazy(rf"^{_STAYS}")
_ALL_LEFT = lazy(
    rf"^\W*+(?:除了?|第|[\d一二两三四五六七八九十]|个|条|项|件|号|和|跟|及|到|至|、|,|\s|以外|之外|外|这|那|几|些|其[余他]|剩下的?|把|的)*+{_STAYS}"
)
# 两个都发了, 5 4 3都跑了: how many, and with no list shown no line; 1、3、4都做完了 names lines.
_COUNTED = lazy(r"^\W*+(?:(?:\d{1,3}+|[一二两俩三四五六七八九十]{1,3}+)(?:个|条|件|项|位|份|封|通|次)?+\s*+)++(?:提醒|待办|任务)?(?:都|全)")


def by_lines(s: Sentence) -> Meaning | None:
    """One act a line; nothing where lines are to stay as they are, or are counted with no list shown; None else."""
    return _line_by_line(s) or _nothing(s)


def _nothing(s: Sentence) -> Meaning | None:
    """二三都不要删, 除了2都没做完; and 两个都发了 where nothing was shown."""
    counted = not s.dialogue.list_kind and s.dialogue.choices == 0 and _COUNTED.match(s.text) is not None
    if len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"} or not (counted or _ALL_LEFT.match(s.shape)):
        return None
    return meaning_of(s, "none", {}, NO_ORDER, 0.9) if single(s).intent in _OF_LINES else None


def _line_by_line(s: Sentence) -> Meaning | None:
    """One act a line, where every line that is numbered is told what becomes of it; None else."""
    if len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"} or not s.dialogue.list_kind or s.dialogue.choices < 2:
        return None
    lines = next((found for style in _STYLES if len(found := _lines(s, style)) > 1), [])
    numbers = [number for line in lines for number in line.numbers]
    if not 1 < len(lines) <= _MOST or len(set(numbers)) < len(numbers) or not all(0 < n <= s.dialogue.choices for n in numbers):
        return None
    told = [line for line in lines if _LEFT.match(_rest(s, line)) is None]
    whole = [part for part in (_act(s, line) for line in told) if part is not None]
    if len(whole) < len(told):
        return None
    if not whole:
        return meaning_of(s, "none", {}, NO_ORDER, 0.9)
    return multi(s, whole) if len(whole) > 1 else whole[0]


def _lines(s: Sentence, style: Lazy) -> list[_Line]:
    begun = list(style.finditer(s.text))
    if not begun or s.text[:begun[0].start()].strip(" ,。"):
        return []
    ends = [match.start() for match in begun[1:]] + [len(s.text)]
    return [_Line(tuple(small(n) or 0 for n in _EACH.pattern.findall(match["n"])), match.end(), end) for match, end in zip(begun, ends, strict=True)]


_EACH = lazy(r"\d{1,2}|[一二两三四五六七八九十]{1,2}")


def _rest(s: Sentence, line: _Line) -> str:
    return s.said(line.start, line.end).strip(" ,，。;；、")


def _act(s: Sentence, line: _Line) -> Meaning | None:
    rest = _rest(s, line)
    if not rest:
        return None
    which = "、".join(map(str, line.numbers))
    found = single(take_apart(f"第{which}条{rest}", s.now, s.role, s.book, s.dialogue, s.lexicon))
    alone = list(found.get("indexes") or [found.get("index")]) == list(line.numbers)
    return found if found.intent in _OF_LINES and alone and found.clarify in {None, "when"} else None
