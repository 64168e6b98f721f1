"""Which lines of the list shown a sentence points at: 1、3, 第二个, 前两条, 除了2, 刚才那个, or the client named."""

from __future__ import annotations

import re

from handlers.language.intents import diary, fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence

_LIST = lazy(
    r"^\W*(?:第|把第?|把)?((?:\d{1,2}|[一二两三四五六七八九十]{1,2})(?:个|条|项|号)?(?:(?:\s*+(?:(?:、|,|和|跟|及)\s*+|(?<=\s))|(?:到|至|-|~))(?:第)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:个|条|项|号)?)*)(?![\d点月号年万千百天日周分小刻会下样直定起些礼星个哥姐叔爷婶姨弟妹])"
)


def indexes(text: str) -> tuple[list[int], int]:
    """The numbers that open a sentence (1、3、4 … or 1-3 …) and where they end."""
    match = _LIST.match(text)
    if match is None:
        return [], 0
    found: list[int] = []
    pieces = re.split(r"\s*(到|至|-|~|、|,|和|跟|及|\s)\s*", match.group(1))
    for i, piece in enumerate(pieces):
        value = small(re.sub(r"[第个条项号]", "", piece)) if i % 2 == 0 else None
        if value is None:
            continue
        if i and pieces[i - 1] in {"到", "至", "-", "~"} and found and found[-1] < value <= found[-1] + 50:
            found.extend(range(found[-1] + 1, value + 1))
        else:
            found.append(value)
    return found, match.end()


_BUT = lazy(r"除(?:了|开|去)?(?P<numbers>第?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})[个条项号]?(?:(?:、|,|和|跟|\s)+第?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})[个条项号]?)*)(?:以外|之外|外)?")


def _all_but(s: Sentence) -> list[int]:
    """除了2都做完了: every line of the list but those."""
    but = _BUT.search(s.text) if s.dialogue.choices else None
    left = [small(n) for n in re.findall(r"\d{1,2}|[一二两三四五六七八九十]{1,2}", but["numbers"])] if but is not None else []
    return [n for n in range(1, s.dialogue.choices + 1) if n not in left] if left else []


def _numbers(s: Sentence) -> list[int]:
    """1、3, 第一第四, 前两条; 二五 of a list of nine are two lines."""
    opening, placed = indexes(s.text)[0], diary.positions(s)
    too_far = bool(s.dialogue.choices) and max(opening, default=0) > s.dialogue.choices
    return placed if placed and (not opening or too_far or (len(placed) > len(opening) and placed[0] == opening[0])) else opening


def which(s: Sentence) -> Slots:
    """Which reminders: by numbers, by 第二个, by 刚才那个, by client, by words."""
    if many := _all_but(s):
        return {"index": many[0], "indexes": many, "scope": "all"}
    numbers = _numbers(s)
    if not numbers and s.dialogue.choices and re.search(r"全部|全都|都|统统|所有", s.text) and not s.clients:
        numbers = list(range(1, s.dialogue.choices + 1))
        return {"index": 1, "indexes": numbers, "scope": "all"}
    if numbers:
        return {**fills.listed(s), "index": numbers[0], "indexes": numbers}
    if s.clients:
        return fills.client(s, needed=False)
    if re.search(r"刚才|刚刚|刚设|刚提醒|刚响|上一个|上个|上条|这个提醒|那个提醒|(?:^|[把将\W])(?:那|这)条|最近那|(?:这|那)个(?:事|任务)?$", s.text):
        return {"ref": "last", **({"rung": True} if re.search(r"响|刚(?:才|刚)?提醒|弹出|闹", s.text) else {})}
    return {}
