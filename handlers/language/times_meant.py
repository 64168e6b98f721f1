"""A time that is taken back in the same breath: 周五下午3点签字 不对周五上午10点; 约了周六 哦不周日.

The time that is meant takes the place of the one that is not, and keeps of it what it does not say itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from handlers.language.lazy import lazy
from handlers.language.when.combine import Expression
from storage.model.normal import Normal

# 周五，不是周六 denies the second; 不是，是周六 denies the first.
_SLIP = lazy(
    r"(?:[\s,。;!?.…~]+(?:啊|哎呀?|哦|噢|呃|嗯|诶)*(?:不对|(?:说|打|讲|记|写|搞)?错了|口误|不是[\s,。]*是)|[\s,。;!?.…~]*(?:哦|噢|啊|呃|诶)\s?不(?:对|是)?)"
    r"(?:啊|呀|了|哈)?[\s,。;!.…~]*(?:我(?:说|指)的?是|应该是|改成|是)?\s*$"
)
LONGEST = 40  # characters between the two, 签字 and the slip
_DENIED = lazy(r"[\s,。;…]+(?:可|而)?不是\s*$")
_CLOCK = frozenset({"clock", "part"})
_CLOCK_BEGINS = lazy(r"(?:凌晨|清早|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?\s*(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:点|时|:)")


def meant(normal: Normal, expressions: Sequence[Expression]) -> Normal | None:
    """The text as it was meant, with the way back to the user's own characters; None where no time is taken back."""
    for first, second in pairwise(expressions):
        between, end = normal.text[first.end:second.start], len(normal.text)
        if first.recurs or second.recurs or len(between) > LONGEST:
            continue
        if (slip := _SLIP.search(between)) is not None:
            return _rearranged(normal, _stretches(normal.text, first, second, first.end + slip.start()))
        if (denied := _DENIED.search(between)) is not None:
            return _rearranged(normal, [(0, first.end + denied.start()), (second.end, end)])
    return None


def _stretches(text: str, first: Expression, second: Expression, slip: int) -> list[tuple[int, int]]:
    """What is read of the text, in this order."""
    clock = _CLOCK_BEGINS.search(text[first.start:first.end])
    at = first.start + clock.start() if clock is not None else first.end
    day = (first.start, at) if second.slots.keys() <= _CLOCK else (first.start, first.start)
    hour = (at, first.end) if second.slots.keys().isdisjoint(_CLOCK) else (at, at)
    return [(0, first.start), day, (second.start, second.end), hour, (first.end, slip), (second.end, len(text))]


def _rearranged(normal: Normal, stretches: Sequence[tuple[int, int]]) -> Normal:
    offsets = normal.offsets if normal.offsets is not None else tuple(range(len(normal.text) + 1))
    places = [place for start, end in stretches for place in range(start, end)]
    return replace(
        normal, text="".join(normal.text[place] for place in places),
        offsets=(*(offsets[place] for place in places), offsets[-1]), rearranged=True,
    )  # fmt: skip
