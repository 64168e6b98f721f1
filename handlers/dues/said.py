"""What a sentence says of a payment besides whose it is: how much was paid, and for which instalment.

「第3期已还17000」 carries both. They are looked for in the words as typed, because a number that is read past
would be written down as a full payment of the oldest instalment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from handlers.language.command import amount_entities
from storage.model.errors import Invalid
from storage.model.normal import normalise
from storage.model.numerals import read_number

_NUMBER = re.compile(r"第\s*([0-9一二两三四五六七八九十百]{1,4})\s*期")
# A plain number is money when it stands beside the word that says it was paid.
_PAID = r"(?:已|补|代)?(?:缴|交|还|付|扣|划扣)(?:款|费|了|清|上|成功|完|过)*"
_BEFORE, _AFTER = re.compile(rf"{_PAID}[\s:：,，]*(?:保费|月供|租金|本息|款)?\s*[¥￥]?$"), re.compile(rf"\s*{_PAID}")
_WORDS = re.compile(r"[\u4e00-\u9fffa-zA-Z]")
_LARGE = 100  # what is this large and counts nothing is money wherever it stands
_COUNTED = re.compile(r"\s*(?:期|份|项|条|个月|年|号|日)")


def amount_said(text: str, known: object = None) -> str | None:
    """The sum in yuan that a sentence says was paid; `known` is what the language layer found. Raises Invalid
    when there are two: one of them would have to be guessed."""
    found = [entity for entity in amount_entities(text) if _is_money(text, entity)]
    sums = {str(entity["value"]) for entity in found}
    if len(sums) > 1 and (known is None or _side_by_side(text, found)):
        raise Invalid("这句话里有几个金额，没有登记。请一次说一笔，例如「王芳 已缴 5200」。")
    return str(known) if known is not None else next(iter(sums), None)


def _side_by_side(text: str, found: Sequence[Mapping[str, Any]]) -> bool:
    """「3000 5200」: two sums with nothing between them that would tell what each is for."""
    return any(not _WORDS.search(text[a["start"] + a["length"] : b["start"]]) for a, b in pairwise(found))


def _is_money(text: str, entity: Mapping[str, Any]) -> bool:
    if entity["unit"] != "plain":
        return bool(entity["unit"] == "yuan")
    before, after = text[: entity["start"]], text[entity["start"] + entity["length"] :]
    if _COUNTED.match(after):
        return False
    beside = _BEFORE.search(before) or _AFTER.match(after)
    return bool(before.strip()) and bool(beside or Decimal(str(entity["value"])) >= _LARGE)


def number_said(text: str) -> int | None:
    """3 for 第3期 or 第三期. Raises Invalid when there are several."""
    found = {read_number(number) for number in _NUMBER.findall(normalise(text).text)}
    if len(found) > 1:
        raise Invalid("请一次登记一期，例如「王芳 第3期已缴」。")
    number: Decimal | None = next(iter(found), None)
    return None if number is None else int(number)
