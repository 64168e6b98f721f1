"""Values as people type them → one stored form, and back to text. Standard library only.

Every reader raises `Invalid` with a Chinese sentence that says how to mend the value, and never repeats a
number that identifies somebody."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from storage.model.errors import Invalid
from storage.model.masking import (
    mask_code,
    mask_email,
    mask_free_text,
    mask_id_number,
    mask_phone,
    mask_text,
)
from storage.model.numerals import INVISIBLE, half_width, read_number, spelled_digits

__all__ = [
    "date_text", "lunar_text", "mask_code", "mask_email", "mask_free_text", "mask_id_number", "mask_phone",
    "mask_text", "money_text", "percent_text", "read_boolean", "read_code", "read_date", "read_email",
    "read_integer", "read_lunar_day", "read_money", "read_percent", "read_phone", "read_text",
]

MAX_MONEY = Decimal(10) ** 13
_CENT = Decimal("0.01")
_SEPARATORS = re.compile(r"[\s\-‐–—.·()]+")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}")
_DAY = re.compile(r"(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_DATE = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?|(\d{4})(\d{2})(\d{2})", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MONEY_AROUND = re.compile(
    r"^(?:人民币|rmb|cny|[¥约])|(?:元整|元钱?|块钱?|圆整?|人民币|rmb|cny)$", re.IGNORECASE
)
_COUNTED = re.compile(r"(?:个月|[个人年岁月天日号期次份名位])$")
_YES = {"是", "有", "对", "要", "已", "y", "yes", "true", "1"}
_NO = {"否", "无", "没有", "不是", "不", "没", "未", "n", "no", "false", "0"}
_LUNAR_MONTHS = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"]
_LUNAR = re.compile(
    r"(?:农历|阴历|旧历)?(闰)?(?:(正|冬|腊|十[一二]|[一二三四五六七八九十]|\d{1,2})月|(\d{1,2})[-/])"
    r"(初?[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?|\d{1,2})[日号]?"
)


def read_phone(raw: object) -> str:
    """A mainland mobile number as 11 digits. Takes +86, spaces, full-width digits and 幺三八."""
    digits = _SEPARATORS.sub("", spelled_digits(half_width(str(raw))))
    digits = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)
    if _PHONE.fullmatch(digits):
        return digits
    if not digits.isascii() or not digits.isdigit():
        raise Invalid("手机号只能是数字，请核对后重新输入。")
    if len(digits) != 11:
        raise Invalid(f"手机号应是 11 位，现在是 {len(digits)} 位，请核对后重新输入。")
    raise Invalid("手机号应以 13 到 19 开头，请核对前两位。")


def read_email(raw: object) -> str:
    """An e-mail address in lower case."""
    text = half_width(str(raw)).lower()
    if len(text) > 254 or not _EMAIL.fullmatch(text) or ".." in text:
        raise Invalid("邮箱格式不对，应类似 name@example.com。")
    return text


def read_code(raw: object) -> str:
    """An identity number or licence code without spaces, in capitals. Its check digit is not looked at."""
    return re.sub(r"[\s\-]+", "", half_width(str(raw))).upper()


def read_money(raw: object) -> Decimal:
    """Yuan with two places, from a number or from 5,200元, 1.2万, 伍拾万 or 100w."""
    if isinstance(raw, str):
        text, before = half_width(raw).replace(" ", ""), ""
        while text != before:
            text, before = _MONEY_AROUND.sub("", text), text
        value = read_number(text)
    else:
        value = _decimal(raw)
    if value is None:
        raise Invalid("金额看不懂，请写成 5200、5,200 元或 50 万 这样。")
    if abs(value) >= MAX_MONEY:
        raise Invalid("金额太大，请核对单位。")
    return value.quantize(_CENT, ROUND_HALF_UP)


def read_percent(raw: object) -> Decimal:
    """A percentage as the figure before the sign: 3.85 for 3.85% and for 百分之三点八五."""
    if isinstance(raw, str):
        text = half_width(raw).replace(" ", "").removeprefix("百分之").removesuffix("%").removesuffix("个点")
        value = read_number(text)
    else:
        value = _decimal(raw)
    if value is None or abs(value) > 10_000:
        raise Invalid("比例看不懂，请写成 3.85% 这样。")
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP).normalize() + Decimal(0)


def read_integer(raw: object) -> int:
    """A whole number, also in Chinese words."""
    value = read_number(_COUNTED.sub("", raw.strip())) if isinstance(raw, str) else _decimal(raw)
    if value is None or value != value.to_integral_value() or abs(value) > 10**15:
        raise Invalid("这里要填整数，例如 12。")
    return int(value)


def read_boolean(raw: object) -> bool:
    """True for 是, 有 …; False for 否, 无 …"""
    word = half_width(str(raw)).lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Invalid("请回答「是」或「否」。")


def read_date(raw: object) -> date:
    """A calendar day from 1900 to 2199. Takes 2026-03-01, 2026/3/1, 2026年3月1日, 20260301."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = _DATE.fullmatch(half_width(str(raw)))
    if not found:
        raise Invalid(_why_no_date(half_width(str(raw))))
    year, month, day = (int(part) for part in found.groups() if part)
    if not 1900 <= year <= 2199:
        raise Invalid(f"{year} 年不太可能，请核对年份。")
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid(f"{year} 年没有 {month} 月 {day} 日，请核对日期。") from None


def _why_no_date(text: str) -> str:
    """A day without its year is asked for it; one that no year has is said not to exist."""
    if (found := _DAY.fullmatch(text)) is None:
        return "日期看不懂，请写成 2026-03-01 这样。"
    month, day = int(found[1]), int(found[2])
    try:
        date(2024, month, day)  # a leap year has every day that there is
    except ValueError:
        return f"没有 {month} 月 {day} 日这一天，请核对日期。"
    return f"{month} 月 {day} 日还缺年份，请写成 2026-03-01 这样。"


def read_lunar_day(raw: object) -> int:
    """A day of the lunar year as month * 100 + day, negative in a leap month: 农历八月初三 is 803."""
    if isinstance(raw, int):
        leap, month, day = raw < 0, abs(raw) // 100, abs(raw) % 100
    else:
        found = _LUNAR.fullmatch(half_width(str(raw)).replace(" ", ""))
        if not found:
            raise Invalid("农历日期看不懂，请写成「农历八月初三」这样。")
        leap, month, day = bool(found[1]), _lunar_month(found[2] or found[3]), _lunar_number(found[4])
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise Invalid("农历只有 1 到 12 月、初一到三十，请核对。")
    return -(month * 100 + day) if leap else month * 100 + day


def read_text(raw: object, max_length: int = 200) -> str:
    """Text without control and zero-width characters, blanks in one, at most `max_length` characters."""
    text = " ".join(_CONTROL.sub(" ", str(raw).translate(INVISIBLE)).split())
    if len(text) > max_length:
        raise Invalid(f"内容太长，最多 {max_length} 个字，现在 {len(text)} 个字。")
    return text


def money_text(value: Decimal | int) -> str:
    """5,200 元 · 7,089.20 元 · 1.5 万元 · 120 万元 · 3.2 亿元; in 万 or 亿 only where nothing is lost beyond two
    places, cents as two digits or not at all."""
    value = Decimal(value)
    for size, unit in ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元")):
        scaled = value / size
        if abs(scaled) >= 1 and scaled == scaled.quantize(_CENT):
            return f"{_trim(scaled)} {unit}"
    return f"{value:,.0f} 元" if value == value.to_integral_value() else f"{value:,.2f} 元"


def short_money(value: Decimal | int) -> str:
    """As short as fits beside a bar: 3.44亿 · 65.5万 · 123万 · 5,200."""
    value = Decimal(value)
    for size, unit in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if abs(value) >= size:
            scaled = value / size
            places = Decimal(1) if abs(scaled) >= 100 else Decimal("0.1") if unit == "万" else _CENT
            return f"{_trim(scaled.quantize(places))}{unit}"
    return f"{value:,.0f}"


def percent_text(value: Decimal) -> str:
    """3.85%"""
    return f"{_trim(value)}%"


def date_text(value: date) -> str:
    """2026-03-01"""
    return value.isoformat()


def lunar_text(value: int) -> str:
    """农历八月初三; 农历闰六月初一 for a negative value."""
    month, day = divmod(abs(value), 100)
    tens, ones = divmod(day, 10)
    if ones == 0:
        name = ("", "初十", "二十", "三十")[tens]
    else:
        name = ("初", "十", "廿")[tens] + "一二三四五六七八九"[ones - 1]
    return f"农历{'闰' if value < 0 else ''}{_LUNAR_MONTHS[month - 1]}月{name}"


def _trim(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    value = Decimal(str(raw))
    return value if value.is_finite() else None


def _lunar_month(word: str) -> int:
    if word in _LUNAR_MONTHS:
        return _LUNAR_MONTHS.index(word) + 1
    return _lunar_number(word)


def _lunar_number(word: str) -> int:
    word = word.removeprefix("初").replace("廿", "二十")
    value = read_number(word)
    return int(value) if value is not None else 0
