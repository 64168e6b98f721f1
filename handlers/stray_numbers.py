"""Long numbers in a sentence that nothing took: a mistyped phone must not vanish without a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

LONG = 7
_RUN = re.compile(r"\d+(?:[ -]\d+)*")
_PHONE_LIKE = re.compile(r"(?:86)?1[3-9]\d*|0\d+")
_ID_LIKE = re.compile(r"[1-9]\d{5}(?:18|19|20)\d+")


def stray_numbers(text: str, taken: Iterable[Any]) -> list[str]:
    """The numbers of seven digits and more that are in none of the values `taken`; 138 0000 000 counts as one."""
    known = [re.sub(r"\D", "", unicodedata.normalize("NFKC", str(value))) for value in taken]
    found = [number for run in _RUN.findall(unicodedata.normalize("NFKC", text)) for number in _numbers(run)]
    plain = [re.sub(r"^(?:00)?86(?=1\d{10}$)", "", number) for number in found]
    return [number for number in dict.fromkeys(plain) if not any(number in digits for digits in known)]


def _numbers(run: str) -> list[str]:
    """The long numbers of a run; short groups with blanks or strokes between are one when they are like a phone."""
    groups = re.split(r"[ -]", run)
    if long := [group for group in groups if len(group) >= LONG]:
        return long
    joined = "".join(groups)
    return [joined] if len(joined) > LONG and _PHONE_LIKE.fullmatch(joined) else []


def looks_like_phone(number: str) -> bool:
    return len(number) <= 13 and _PHONE_LIKE.fullmatch(number) is not None


def looks_like_id(number: str) -> bool:
    return 14 <= len(number) <= 19 and _ID_LIKE.fullmatch(number) is not None


def gist(number: str) -> str:
    """Enough of a number to know it again: 「135…00」（7 位）."""
    return f"「{number[:3]}…{number[-2:]}」（{len(number)} 位）"
