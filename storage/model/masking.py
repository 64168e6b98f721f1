"""Hiding numbers that identify people: whole values by their kind, and whatever turns up in free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from storage.model.numerals import DIGITS, spelled_digits

_GAP = " {0,3}"
# 18 digits in one piece, or parted where people part them; the birth date inside is checked as well.
_ID_NUMBER = re.compile(
    rf"\d{{6}}{_GAP}\d{{4}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}[\dX]|(?<!\d)(?:\d{{4}} ){{4}}\d[\dX]"
)
_OLD_ID_NUMBER = re.compile(r"(?<!\d)[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}(?: {1,3}\d{4}){2,3}(?: {1,3}\d{1,3})?(?!\d)|(?<!\d)\d{13,19}(?!\d)")
_PHONE = re.compile(r"1[3-9]\d{9}")
# In groups a phone is told from a row of dates by its first group of three digits or more.
_GROUPED_PHONE = re.compile(
    rf"(?<!\d)1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)|(?<!\d)1 {{1,3}}[3-9](?: {{1,3}}\d){{9}}(?!\d)"
)
# One Chinese numeral is a word (第一, 两位); three in a row are a number spelled out.
_SPELLED = re.compile(f"[{''.join(DIGITS)}]{{3,}}")


def mask_phone(phone: str) -> str:
    """138****0001; empty stays empty."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else _all_but(phone, 0, 2)


def mask_id_number(number: str) -> str:
    """First three and last four (R012)."""
    return _all_but(number, 3, 4)


def mask_code(code: str) -> str:
    """First and last four of a licence code or contract number."""
    return _all_but(code, 4, 4) if len(code) > 10 else _all_but(code, 0, 4)


def mask_email(address: str) -> str:
    """z***@example.com"""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}"


def mask_text(text: str) -> str:
    """The first part of an address or other text: at most six characters and never more than a third."""
    return f"{text[:min(6, len(text) // 3)]}****" if text else ""


def mask_free_text(text: str) -> str:
    """Hide phone, identity and bank card numbers that were typed in passing; all else stays as it is.

    Digits may be full-width or Chinese, and be parted by blanks, dashes or dots."""
    spelled = _SPELLED.sub(lambda run: spelled_digits(run[0]), text)
    shadow, out = [_shadow(char) for char in spelled], list(text)
    _hide(_ID_NUMBER, shadow, out, 3, _holds_a_birthday)
    _hide(_OLD_ID_NUMBER, shadow, out, 3)
    _hide(_CARD, shadow, out, 0, _luhn)
    _hide(_PHONE, shadow, out, 3)
    _hide(_GROUPED_PHONE, shadow, out, 3)
    return "".join(out)


def _shadow(char: str) -> str:
    """One character for one: a digit as 0-9, X, a blank for what may part digits, else itself."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char in "xＸｘ":
        return "X"
    if char in ".·_" or char.isspace() or unicodedata.category(char) in ("Cf", "Pd"):
        return " "
    return char


def _hide(
    pattern: re.Pattern[str],
    shadow: list[str],
    out: list[str],
    head: int,
    accept: Callable[[str], bool] = bool,
) -> None:
    """Star all but the first `head` and the last four digits of every accepted find."""
    start = 0
    # Searched again from the same place: hiding one number may bare another that overlaps it.
    while found := pattern.search("".join(shadow), start):
        places = [i for i in range(found.start(), found.end()) if shadow[i] != " "]
        if not accept("".join(shadow[i] for i in places)):
            start = found.start() + 1
            continue
        for i in places[head:-4]:
            shadow[i] = out[i] = "*"
        start = found.start()


def _holds_a_birthday(number: str) -> bool:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    return 1880 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31


def _luhn(digits: str) -> bool:
    if not 13 <= len(digits) <= 19:
        return False
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _all_but(text: str, head: int, tail: int) -> str:
    """Stars for the middle; a text too short to hide anything becomes all stars."""
    hidden = len(text) - head - tail
    if hidden < 1:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]
