"""Text as the reading sees it: NFKC, simplified, lower case, with the way back to the user's own characters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from storage.model.script import TABLE as _SIMPLIFIED

LONGEST = 2048


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` is what is read; `offsets[i]` is where its character i stands in `said` (one more for the end). Where it is
    `rearranged`, these do not only grow."""

    said: str
    text: str
    offsets: tuple[int, ...] | None = None
    rearranged: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of `said` that `text[start:end]` came from."""
        if self.offsets is None:
            return start, end
        if self.rearranged and end > start:
            places = self.offsets[start:end]
            return min(places), max(places) + 1
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]

    def original(self, start: int, end: int) -> str:
        """The user's own characters behind `text[start:end]`."""
        if self.rearranged and self.offsets is not None:
            return "".join(self.said[place] for place in dict.fromkeys(self.offsets[start:end]))
        a, b = self.span(start, end)
        return self.said[a:b]


def _one_to_one() -> dict[int, int]:
    table = dict(_SIMPLIFIED)
    for code in range(0xFF01, 0xFF5F):
        table[code] = ord(chr(code - 0xFEE0).lower())
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = code + 32
    for code in (*range(0x1F000, 0x1FB00), *range(0x2600, 0x27C0), *range(0x2190, 0x2200)):
        table[code] = ord(" ")
    pairs = {"　": " ", "\xa0": " ", "\t": " ", "\n": " ", "\r": " ", "、": "、", "【": "[", "】": "]", "—": "-", "ー": "-", "―": "-",
             "–": "-", "～": "~", "〜": "~", "•": "·", "・": "·", "‘": "「", "’": "」", "“": "「", "”": "」", "『": "「",
             "』": "」", "〇": "零", "○": "零", "闆": "板", "．": ".", "｡": "。"}
    table[ord("→")] = ord("到")  # 杨帆 → A
    return table | {ord(a): ord(b) for a, b in pairs.items()}


_TABLE = _one_to_one()
# Everything that stays one character under the table; other text takes the slow way, character by character.
_MANY_BLANKS = " " * 16
_UNUSUAL = re.compile(r"[^\x20-\x7e\u3001\u3002\u300a-\u300d\u4e00-\u9fff·…¥]")


def normalise(said: str) -> Normal:
    """Never fails; text beyond 2,048 characters is not read, and of a long run of blanks only the first few are."""
    text = said[:LONGEST].translate(_TABLE)
    if _UNUSUAL.search(text) is None and _MANY_BLANKS not in text:
        return Normal(said, text)
    return _slowly(said)


def _slowly(said: str) -> Normal:
    characters: list[str] = []
    offsets: list[int] = []
    blanks = 0
    for at, character in enumerate(said[:LONGEST]):
        for piece in _plain(character):
            blanks = blanks + 1 if piece == " " else 0
            if blanks > len(_MANY_BLANKS):
                continue
            characters.append(piece)
            offsets.append(at)
    end = min(len(said), LONGEST)
    return Normal(said, "".join(characters), (*offsets, end))


def _plain(character: str) -> str:
    mapped = character.translate(_TABLE)
    if _UNUSUAL.search(mapped) is None:
        return mapped
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Cc", "Co", "Cs", "Cn"}:
        return ""  # zero-width joiners, variation selectors, private use: nothing that can be read
    return unicodedata.normalize("NFKC", character).lower().translate(_TABLE)
