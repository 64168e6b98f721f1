"""The field dictionary at work: what a word means, how a value is checked, shown, masked and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from config.pack import FieldSpec, Packs
from storage.model.errors import Invalid
from storage.model.numerals import half_width
from storage.model.values import (
    date_text,
    lunar_text,
    mask_code,
    mask_email,
    mask_free_text,
    mask_id_number,
    mask_phone,
    mask_text,
    money_text,
    percent_text,
    read_boolean,
    read_code,
    read_date,
    read_email,
    read_integer,
    read_lunar_day,
    read_money,
    read_percent,
    read_phone,
    read_text,
)

Right = Literal["see", "edit", "export"]
_NAMES_AND_CODES = frozenset({"name", "code", "product_code", "source_proof", "recording_reference", "owner_id"})
HIDDEN = "无权查看"
ON_FILE = "已登记"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field; `old` and `new` are masked text, empty where there was or is nothing."""

    name: str
    label: str
    old: str
    new: str


class Dictionary:
    """The fields of the packs in force. Made anew whenever the packs change; holds no data of clients."""

    def __init__(self, packs: Packs, zone: ZoneInfo | None = None) -> None:
        self.packs = packs
        self._zone = zone or ZoneInfo("Asia/Shanghai")
        self._by_word: dict[str, list[tuple[str, FieldSpec]]] = {}
        for spec in packs.fields:
            words = self._by_word.setdefault(spec.record, [])
            words.extend((word.lower(), spec) for word in spec.words)
        for words in self._by_word.values():
            words.sort(key=lambda pair: -len(pair[0]))

    # ------------------------------------------------------------ finding

    def field(self, record: str, name: str) -> FieldSpec:
        """Raises KeyError for a field no loaded pack declares."""
        return self.packs.field(record, name)

    def find(self, record: str, words: str, *, applies_to: str | None = None) -> FieldSpec | None:
        """The field whose label, synonym or name is these words, else the longest that occurs in them."""
        words = words.strip().lower()
        pairs = [p for p in self._by_word.get(record, ()) if _applies(p[1], applies_to)]
        exact = next((spec for word, spec in pairs if word == words), None)
        return exact or next((spec for word, spec in pairs if len(word) > 1 and word in words), None)

    def fields(
        self,
        record: str,
        *,
        applies_to: str | None = None,
        line: str | None = None,
        section: str | None = None,
    ) -> list[FieldSpec]:
        """The fields of a record in pack order. A line's fields come with those common to all lines."""
        return [
            spec for spec in self.packs.fields
            if spec.record == record and _applies(spec, applies_to)
            and (line is None or spec.line in (line, "common"))
            and (section is None or spec.section == section)
        ]

    def sections(self, record: str, *, applies_to: str | None = None) -> list[str]:
        """The card sections of a record, in pack order."""
        return list(dict.fromkeys(spec.section for spec in self.fields(record, applies_to=applies_to)))

    def may(self, role: str, right: Right, spec: FieldSpec) -> bool:
        """Whether a role has a right on a field (R184). The system itself reads and writes, never exports."""
        if role == "system":
            return right != "export"
        return role in getattr(spec, right)

    # ------------------------------------------------------------ reading

    def normalise(self, spec: FieldSpec, raw: object, today: date | None = None) -> Any:
        """The stored form of a typed value.

        money and percent → Decimal, date → date, integer → int, boolean → bool, lunar_day → int (month * 100
        + day, negative in a leap month), choice → its value, client → id or name, all others → str.
        Raises Invalid with the field's name. `today` lets dates be checked against the present."""
        try:
            if raw is None or (isinstance(raw, str) and not raw.strip()):
                raise Invalid(f"「{spec.label}」不能为空，请补上内容。")
            value = _READERS.get(spec.type, _read_words)(spec, raw)
            _check_limits(spec, value, today)
            if spec.type == "id_number":
                _check_birth(value, today)
        except Invalid as error:
            raise Invalid(str(error), spec.name) from None
        return value

    def from_id_number(self, number: str) -> dict[str, Any]:
        """Birthday and gender ("M" or "F") that a checked identity number tells."""
        return {"birthday": ric.get_birth_date(number), "gender": "M" if int(number[16]) % 2 else "F"}

    # ------------------------------------------------------------ showing

    def show(self, spec: FieldSpec, value: Any, role: str, *, full: bool = False) -> str:
        """The value as this role may read it: "" when empty, `HIDDEN` without the right.

        Level 3 and 4 are masked unless `full`, which is for one record, with a reason, once (R180)."""
        if value is None or value == "":
            return ""
        if not self.may(role, "see", spec):
            return HIDDEN
        return self._text(spec, value) if full and role != "system" else self._masked(spec, value)

    def mask_for_audit(self, spec: FieldSpec, value: Any) -> str:
        """The value as the audit trail keeps it: never in full above level 2, free text scanned."""
        if value is None or value == "":
            return ""
        text = self._masked(spec, value)
        return mask_free_text(text) if spec.type == "text" else text

    def differences(
        self, record: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> list[FieldChange]:
        """What `after` changes, by field, masked. Fields that `after` does not mention are unchanged.

        Raises KeyError for a field no loaded pack declares."""
        changes = []
        for name, new in after.items():
            spec, old = self.field(record, name), before.get(name)
            if self._same(spec, old, new):
                continue
            changes.append(
                FieldChange(name, spec.label, self.mask_for_audit(spec, old), self.mask_for_audit(spec, new))
            )
        return changes

    def _same(self, spec: FieldSpec, old: Any, new: Any) -> bool:
        empty = (None, "")
        return (old in empty and new in empty) or (
            old not in empty and new not in empty and _typed(spec, old) == _typed(spec, new)
        )

    def _masked(self, spec: FieldSpec, value: Any) -> str:
        if spec.level <= 2:
            return self._text(spec, value)
        if spec.level == 4 and spec.type not in ("id_number", "phone"):
            return ON_FILE
        text = self._text(spec, value)
        # A contract number or account says itself by its tail, an address or name by its head.
        return _MASKS.get(spec.type, mask_code if text.isascii() else mask_text)(text)

    def _text(self, spec: FieldSpec, value: Any) -> str:
        value = _typed(spec, value)
        if isinstance(value, datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return f"{aware.astimezone(self._zone):%Y-%m-%d %H:%M}"
        if isinstance(value, bool):
            return "是" if value else "否"
        text = _TEXTS.get(spec.type, str)(value) if not isinstance(value, str) else _label(spec, value)
        return f"{text} {spec.unit}" if spec.unit and spec.type in ("integer", "text") else text


def _applies(spec: FieldSpec, applies_to: str | None) -> bool:
    return applies_to is None or spec.applies_to in (applies_to, "both")


def _label(spec: FieldSpec, value: str) -> str:
    return next((choice.label for choice in spec.choices if choice.value == value), value)


def _typed(spec: FieldSpec, value: Any) -> Any:
    """A value as its type has it; JSON columns keep decimals and dates as text."""
    if not isinstance(value, str):
        return value
    try:
        if spec.type in ("money", "percent"):
            return Decimal(value)
        if spec.type == "date":
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except (ArithmeticError, ValueError):
        return value
    return value


# ---------------------------------------------------------------- readers by type


def _read_words(spec: FieldSpec, raw: object) -> str:
    text = read_text(half_width(str(raw)) if spec.checks.pattern else raw, spec.checks.max_length or 200)
    if not text:
        raise Invalid(f"「{spec.label}」不能为空，请补上内容。")
    pattern = spec.checks.pattern
    if pattern is None:
        return mask_free_text(text) if _is_shown_as_typed(spec) else text
    if re.fullmatch(pattern, text):
        return text
    if re.fullmatch(pattern, text.upper()):
        return text.upper()
    raise Invalid(f"「{spec.label}」的格式不对，请核对。")


def _is_shown_as_typed(spec: FieldSpec) -> bool:
    """Whether people write what they like into a field that nothing masks when it is shown: numbers of phones,
    cards and documents must not stay in it. Names and codes are what they are; level 3 is masked."""
    return spec.type == "text" and spec.level <= 2 and spec.name not in _NAMES_AND_CODES


def _read_choice(spec: FieldSpec, raw: object) -> str:
    word = _key(read_text(raw))
    for choice in spec.choices:
        if word in map(_key, (choice.value, choice.label, *choice.synonyms)):
            return choice.value
    labels = "、".join(choice.label for choice in spec.choices)
    raise Invalid(f"「{spec.label}」没有这个选项，可选：{labels}。")


def _key(word: str) -> str:
    return half_width(word).lower().replace(" ", "")


def _read_id_number(spec: FieldSpec, raw: object) -> str:
    number = read_code(raw)
    if len(number) != 18:
        raise Invalid(f"身份证号应是 18 位，现在是 {len(number)} 位，请核对后重新输入。")
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise Invalid("身份证号前 17 位应是数字，最后一位是数字或 X，请核对。")
    try:
        born_on = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        raise Invalid("身份证号里的出生日期不存在，请核对第 7 到 14 位。") from None
    if born_on.year < 1880:
        raise Invalid("身份证号里的出生年份不对，请核对第 7 到 10 位。")
    if ric.calc_check_digit(number) != number[17]:
        raise Invalid("身份证号校验位不对，请核对最后一位。")
    return number


def _read_licence_code(spec: FieldSpec, raw: object) -> str:
    code = read_code(raw)
    if len(code) != 18:
        raise Invalid(f"统一社会信用代码应是 18 位，现在是 {len(code)} 位，请核对后重新输入。")
    if not uscc.is_valid(code):
        raise Invalid("统一社会信用代码校验不通过，请核对每一位（不含字母 I、O、S、V、Z）。")
    return code


def _read_client(spec: FieldSpec, raw: object) -> int | str:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else _read_words(spec, raw)


def _plain(read: Callable[[object], Any], spec: FieldSpec, raw: object) -> Any:
    return read(raw)


_READERS: Mapping[str, Callable[[FieldSpec, object], Any]] = {
    "text": _read_words,
    "choice": _read_choice,
    "id_number": _read_id_number,
    "licence_code": _read_licence_code,
    "client": _read_client,
    "phone": partial(_plain, read_phone),
    "email": partial(_plain, read_email),
    "date": partial(_plain, read_date),
    "money": partial(_plain, read_money),
    "percent": partial(_plain, read_percent),
    "integer": partial(_plain, read_integer),
    "boolean": partial(_plain, read_boolean),
    "lunar_day": partial(_plain, read_lunar_day),
}
_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "money": money_text,
    "percent": percent_text,
    "date": date_text,
    "lunar_day": lunar_text,
}
_MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "id_number": mask_id_number,
    "licence_code": mask_code,
    "email": mask_email,
}


def _check_birth(number: str, today: date | None) -> None:
    if today is not None and ric.get_birth_date(number) > today:
        raise Invalid("身份证号里的出生日期还没到，请核对第 7 到 14 位。")


def _check_limits(spec: FieldSpec, value: Any, today: date | None) -> None:
    if isinstance(value, Decimal | int) and not isinstance(value, bool) and spec.type != "client":
        _check_size(spec, value)
    elif isinstance(value, date):
        _check_day(spec, value, today)


def _check_size(spec: FieldSpec, value: Decimal | int) -> None:
    low, high = spec.checks.min, spec.checks.max
    if spec.type == "lunar_day":
        return
    if low is None and spec.type in ("money", "percent", "integer"):
        low = 0
    if low is not None and value < Decimal(str(low)):
        raise Invalid(f"「{spec.label}」不能小于 {_number(low)}，请核对。")
    if high is not None and value > Decimal(str(high)):
        raise Invalid(f"「{spec.label}」不能大于 {_number(high)}，请核对。")


def _check_day(spec: FieldSpec, value: date, today: date | None) -> None:
    if today is None:
        return
    low, high = spec.checks.min, spec.checks.max
    if low is not None and value < today + timedelta(days=low):
        raise Invalid(f"「{spec.label}」不能早于 {today + timedelta(days=low)}，请核对。")
    if high is not None and value > today + timedelta(days=high):
        raise Invalid(f"「{spec.label}」不能晚于 {today + timedelta(days=high)}，请核对。")


def _number(limit: float) -> str:
    return f"{limit:g}" if limit < 1e6 else f"{limit:,.0f}"
