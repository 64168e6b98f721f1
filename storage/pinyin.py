"""How a character is read: the commonest reading of each, without tone, in letters (女 nv).

pypinyin's table of single characters is read once into an array that a code point points into, and then emptied: 42,000
entries of a dict, each with a text of all its readings, would stay in memory with 5 MB. Its table of phrases costs
50 MB more and is not needed for names."""

from __future__ import annotations

import os
import unicodedata
from array import array

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # must be set before the import
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")  # the table is emptied below, so there must be one of it

from pypinyin.constants import PINYIN_DICT

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
_DIAERESIS = "u\u0308"


def plain(syllable: str) -> str:
    """A syllable with tone marks, in plain letters: lǚ → lv."""
    letters = unicodedata.normalize("NFD", syllable).translate(_TONES)
    return unicodedata.normalize("NFC", letters.replace(_DIAERESIS, "v"))


def _take_in() -> tuple[array[int], list[str], int]:
    """The number of its syllable for each code point from the first (0: not read), the syllables, the first."""
    first = min(PINYIN_DICT)
    syllables, numbers = [""], dict[str, int]()
    table = array("H", bytes(2 * (max(PINYIN_DICT) - first + 1)))
    for code, readings in PINYIN_DICT.items():
        toned = readings.partition(",")[0]
        number = numbers.get(toned)
        if number is None:
            number = numbers[toned] = len(syllables)
            syllables.append(plain(toned))
        table[code - first] = number
    PINYIN_DICT.clear()
    return table, syllables, first


_TABLE, _SYLLABLES, _FIRST = _take_in()


def read(text: str) -> list[str]:
    """One syllable for each character; a character that has no reading stands for itself."""
    return [_syllable(character) or character for character in text]


def _syllable(character: str) -> str:
    place = ord(character) - _FIRST
    return _SYLLABLES[_TABLE[place]] if 0 <= place < len(_TABLE) else ""
