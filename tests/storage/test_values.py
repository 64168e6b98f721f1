"""Typed values become one stored form; what identifies people is hidden, whole or inside a note."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.model.errors import Invalid
from storage.model.masking import mask_code, mask_email, mask_free_text, mask_id_number, mask_phone, mask_text
from storage.model.numerals import half_width, read_number, spelled_digits
from storage.model.values import (
    lunar_text,
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

# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("typed", [
    "13800000001", " 138 0000 0001 ", "138-0000-0001", "+86 13800000001", "8613800000001", "0086-13800000001",
    "１３８０００００００１", "幺三八零零零零零零零一", "一三八〇〇〇〇〇〇〇幺", "138.0000.0001", "138\u200b00000001",
])
def test_one_phone_in_many_writings(typed: str) -> None:
    assert read_phone(typed) == "13800000001"


@pytest.mark.parametrize(("typed", "hint"), [
    ("1380000000", "应是 11 位，现在是 10 位"), ("138000000011", "现在是 12 位"), ("12800000001", "13 到 19 开头"),
    ("我的手机", "只能是数字"), ("1380000000٣", "只能是数字"), ("", "只能是数字"),
])
def test_a_wrong_phone_says_what_is_wrong_and_does_not_repeat_it(typed: str, hint: str) -> None:
    with pytest.raises(Invalid, match=hint) as caught:
        read_phone(typed)
    assert len(typed) < 10 or typed not in str(caught.value)


@pytest.mark.parametrize(("typed", "yuan"), [
    ("5200", "5200"), ("5,200元", "5200"), ("￥5,200.50", "5200.50"), ("1.2万", "12000"), ("50 万元", "500000"),
    ("伍拾万", "500000"), ("伍拾万元整", "500000"), ("五十万", "500000"), ("一百二十万五千", "1205000"), ("12万5", "125000"),
    ("一万零五十", "10050"), ("一百零二", "102"), ("一百二", "120"), ("三千五", "3500"), ("两万块", "20000"),
    ("100w", "1000000"), ("3k5", "3500"), ("1.5个亿", "150000000"), ("三万五千亿", "3500000000000"),
    ("一亿二千万", "120000000"), ("十五", "15"), ("三点五万", "35000"), ("负三百", "-300"), ("人民币8000", "8000"),
    (5200, "5200"), (0.1, "0.10"), (Decimal("1.005"), "1.01"),
])
def test_money_as_people_write_it(typed: object, yuan: str) -> None:
    assert read_money(typed) == Decimal(yuan)


@pytest.mark.parametrize("typed", ["很多", "5万3万", "1.2.3", "万", "", "3百5千", True, "1e5", float("nan"), "99999999亿"])
def test_what_is_no_amount_is_refused(typed: object) -> None:
    with pytest.raises(Invalid, match="金额"):
        read_money(typed)


@given(st.decimals(0, 9_999_999_999, places=2))
def test_money_that_is_shown_reads_as_itself(value: Decimal) -> None:
    assert read_money(money_text(value)) == value


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_read_as_the_number_they_spell(number: int) -> None:
    assert read_number(_in_chinese(number)) == number


def _in_chinese(number: int) -> str:
    """The textbook spelling, independent of the reader."""
    if number >= 10_000:
        head, tail = divmod(number, 10_000)
        gap = "零" if tail and tail < 1000 else ""
        return _in_chinese(head) + "万" + gap + (_in_chinese(tail) if tail else "")
    text, pending = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if pending and text else "") + "零一二三四五六七八九"[digit] + unit
        pending = not digit
    return text


@pytest.mark.parametrize(("value", "text"), [
    ("5200", "5,200 元"), ("12345.67", "12,345.67 元"), ("15000", "1.5 万元"), ("1200000", "120 万元"),
    ("320000000", "3.2 亿元"), ("0.5", "0.50 元"), ("7089.2", "7,089.20 元"), ("-20000", "-2 万元"), ("10001", "10,001 元"), ("0", "0 元"),
])
def test_money_is_shown_short_but_exact(value: str, text: str) -> None:
    assert money_text(Decimal(value)) == text


@pytest.mark.parametrize(("typed", "percent"), [
    ("3.85%", "3.85"), ("３．８５％", "3.85"), ("百分之三点八五", "3.85"), ("3.85", "3.85"), ("100%", "100"), (4, "4"),
])
def test_a_percentage_is_the_figure_before_the_sign(typed: object, percent: str) -> None:
    assert str(read_percent(typed)) == percent
    assert percent_text(read_percent(typed)) == f"{percent}%"


@pytest.mark.parametrize("typed", [
    "2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "2026 年 3 月 1 号", "20260301", "２０２６－０３－０１",
    date(2026, 3, 1), datetime(2026, 3, 1, 12, 0),  # noqa: DTZ001  (a date is a date)
])
def test_one_day_in_many_writings(typed: object) -> None:
    assert read_date(typed) == date(2026, 3, 1)


@pytest.mark.parametrize(("typed", "hint"), [
    ("2026-02-30", "2026 年没有 2 月 30 日"), ("2025-02-29", "没有 2 月 29 日"), ("0026-03-01", "核对年份"),
    ("3月1日", "2026-03-01 这样"), ("明天", "看不懂"), ("2026-13-01", "没有 13 月"),
])
def test_a_day_that_is_none_says_why(typed: str, hint: str) -> None:
    with pytest.raises(Invalid, match=hint):
        read_date(typed)


@pytest.mark.parametrize(("typed", "stored"), [
    ("农历八月初三", 803), ("八月初三", 803), ("阴历8月3日", 803), ("08-03", 803), ("闰六月初一", -601), ("腊月三十", 1230),
    ("冬月廿三", 1123), ("正月十五", 115), ("十二月二十", 1220), ("十月初十", 1010), (803, 803), (-601, -601),
])
def test_a_lunar_day_is_month_and_day(typed: object, stored: int) -> None:
    assert read_lunar_day(typed) == stored


@pytest.mark.parametrize("typed", ["十三月初一", "八月三十一", "昨天", "初三", 1331, 0])
def test_a_lunar_day_that_is_none_is_refused(typed: object) -> None:
    with pytest.raises(Invalid, match="农历"):
        read_lunar_day(typed)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_lunar_day_that_is_shown_reads_as_itself(month: int) -> None:
    for value in (sign * (month * 100 + day) for day in range(1, 31) for sign in (1, -1)):
        assert read_lunar_day(lunar_text(value)) == value


def test_small_values() -> None:
    assert read_email(" Wang.Fang@Example.COM ") == "wang.fang@example.com"
    assert read_code(" 110105 19900307123x ") == "11010519900307123X"
    assert [read_integer(t) for t in ("12", "十二", "3 个月", "36期", 7)] == [12, 12, 3, 36, 7]
    assert [read_boolean(t) for t in ("是", "没有", "Ｙ", "否")] == [True, False, True, False]
    assert read_text("  喜欢\t喝茶，\u200b不  喝酒\x07 ") == "喜欢 喝茶，不 喝酒"


@pytest.mark.parametrize(("read", "typed"), [
    (read_email, "wang@@example.com"), (read_email, "wang@example"), (read_email, "a..b@example.com"),
    (read_integer, "1.5"), (read_integer, "很多"), (read_boolean, "也许"), (read_percent, "高"),
    (read_text, "长" * 201),
])
def test_small_values_that_are_wrong_are_refused(read: Callable[[object], object], typed: str) -> None:
    with pytest.raises(Invalid):
        read(typed)


def no_reader_breaks_on(typed: str) -> None:
    for read in (read_phone, read_email, read_money, read_percent, read_integer, read_boolean, read_date,
                 read_lunar_day, read_text):
        assert _refusal(read, typed)[-1:] in ("", "。")


@given(st.text(max_size=60))
def test_no_reader_breaks_on_any_text(typed: str) -> None:
    no_reader_breaks_on(typed)


def _refusal(read: Callable[[object], object], typed: str) -> str:
    try:
        read(typed)
    except Invalid as error:
        return str(error)
    return ""


@given(st.text(alphabet="0123456789.,%万千百十亿一二三零两点负-+wk年月日初廿闰农历/ ", max_size=24))
def test_no_reader_breaks_on_what_looks_like_a_number(typed: str) -> None:
    no_reader_breaks_on(typed)


# ---------------------------------------------------------------- masking


def test_whole_values_are_masked_by_kind() -> None:
    assert mask_phone("13800000001") == "138****0001"
    assert mask_phone("") == ""
    assert mask_id_number("110105199003071239") == "110***********1239"
    assert mask_code("91110105MA01ABCD2X") == "9111**********CD2X"
    assert mask_code("P2026001") == "****6001"[:4] + "6001"
    assert mask_email("wangfang@example.com") == "w***@example.com"
    assert mask_text("北京市朝阳区建国路 88 号") == "北京市朝****"
    assert mask_text("王芳") == "****"


@pytest.mark.parametrize(("note", "masked"), [
    ("让她打13800000001找我", "让她打138****0001找我"),
    ("身份证110105199003071239，别忘", "身份证110***********1239，别忘"),
    ("证号11010519900307123x", "证号110***********123x"),
    ("老证110105900307123", "老证110********7123"),
    ("卡号6222020000000000000", "卡号***************0000"),
    ("卡 6222 0212 3456 7890 128", "卡 **** **** **** ***0 128"),
    ("138 0000 0001", "138 **** 0001"),
    ("１３８－００００－０００１", "１３８－****－０００１"),
    ("幺三八零零零零零零零一", "幺三八****零零零一"),
    ("1 3 8 0 0 0 0 0 0 0 1", "1 3 8 * * * * 0 0 0 1"),
    ("110105 19900307 1239", "110*** ******** 1239"),
])
def test_numbers_in_a_note_are_masked(note: str, masked: str) -> None:
    assert mask_free_text(note) == masked


@pytest.mark.parametrize("note", [
    "2026-01-15 2026-02-15 2026-03-15 各缴 5200 元", "保额 150 200 300 500 万都看过", "下周三 15:00 见，预算 1350000 元",
    "保单号 6222020000000000001", "第一次聊了 3 款产品，一三五有空", "3.14159", "单号 202603011530", "客户说两三年后再买", "",
])
def test_a_note_without_such_numbers_stays_as_it_is(note: str) -> None:
    assert mask_free_text(note) == note


def _plain_digits(text: str) -> str:
    return spelled_digits(half_width(text))


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
AROUND = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


@given(AROUND, st.lists(st.tuples(PHONES, AROUND), min_size=1, max_size=4))
def test_no_phone_in_one_piece_survives_whatever_stands_around_it(
    before: str, parts: list[tuple[str, str]]
) -> None:
    masked = mask_free_text(before + "".join(phone + after for phone, after in parts))
    assert not re.search(r"1[3-9][0-9]{9}", masked)
    assert all(phone not in masked for phone, _ in parts)


@given(st.text(alphabet=string.digits + "xX -", max_size=60))
def test_no_phone_survives_among_digits_and_blanks(text: str) -> None:
    assert not re.search(r"1[3-9][0-9]{9}", mask_free_text(text))


WORDS = st.text(alphabet="张李客户电话是，。：（）请联系abc", max_size=12)


@given(WORDS, PHONES, WORDS, st.sampled_from([" ", "-", "－", "—", ".", "·", "\u3000", "\u200b", " - "]))
def test_no_phone_in_groups_survives(before: str, phone: str, after: str, gap: str) -> None:
    for groups in ((3, 7), (3, 4, 7), (3, 7, 11), (4, 7), (7,)):
        pieces = [phone[a:b] for a, b in zip((0, *groups), (*groups, 11), strict=True) if a != b]
        masked = mask_free_text(before + gap.join(pieces) + after)
        assert phone not in re.sub(r"[^0-9]", "", _plain_digits(masked))


@given(WORDS, PHONES, WORDS)
def test_no_phone_in_other_figures_survives(before: str, phone: str, after: str) -> None:
    for figures in ("０１２３４５６７８９", "零一二三四五六七八九", "〇幺二三四五六七八九"):
        typed = phone.translate(str.maketrans("0123456789", figures))
        masked = mask_free_text(before + typed + after)
        assert phone not in _plain_digits(masked)
        assert masked.startswith(before)


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
       st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True), WORDS)
def test_no_identity_number_survives(born: date, place: str, tail: str, around: str) -> None:
    number = f"{place}{born:%Y%m%d}{tail}"
    masked = mask_free_text(f"{around}{number}{around}")
    assert number not in masked
    assert f"{born:%Y%m%d}" not in masked


@given(st.text(max_size=80))
def test_masking_keeps_the_length_and_masking_again_changes_nothing(text: str) -> None:
    masked = mask_free_text(text)
    assert len(masked) == len(text)
    assert mask_free_text(masked) == masked
