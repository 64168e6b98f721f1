"""What holds for any text."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.language import ClientRef, Dialogue, Lexicon, Meaning, understand
from handlers.language.command import RosterBook, amount_entities, time_entities
from handlers.language.when import calendar as lunar_calendar
from handlers.language.when import find, when
from handlers.language.when.resolve import DUE

NOW = datetime(2025, 6, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BOOK = RosterBook([{"id": 1, "name": "王芳", "aliases": []}, {"id": 2, "name": "周一", "aliases": []}])
PIECES = st.sampled_from(
    "王芳 周一 李雷 提醒我 明天 下周三下午 三点 每周一 农历八月初三 闰六月 2月30日 保单 保额 50万 年交 百分之 3.85% 新增客户 13800000001 改成 电话 吗 ？ ， 。 「 」 的 了 不续 原因 1 第二个 取消 "
    "确认 到 前 后 内 30天 半个 个 万 亿 w k # 农历 每 隔 差十分 点 半 ㎏ ① 👀 \u200b Ａ 幺三八 转给 投诉 写条祝福 最近 以上 哪些客户".split(" ")
)
SENTENCES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))
DIALOGUES = st.builds(
    Dialogue, focus=st.sampled_from([None, ClientRef(1, "王芳")]), pending=st.sampled_from(["none", "choice", "confirm", "form", "list", "text"]), choices=st.integers(0, 5),
    form=st.sampled_from(["", "client.create"]), list_kind=st.sampled_from(["", "brief", "birthdays", "renewals"]),
)


NOTHING = Dialogue()


def read(text: str, dialogue: Dialogue = NOTHING, role: str = "adviser") -> Meaning:
    return understand(text, now=NOW, role=role, book=BOOK, dialogue=dialogue, lexicon=Lexicon.default())


@settings(max_examples=300, deadline=None)
@given(SENTENCES, DIALOGUES, st.sampled_from(["adviser", "manager", "customer"]))
@example("", Dialogue(), "adviser")
@example("\x00\ud800", Dialogue(), "adviser")
def test_no_text_raises_and_every_span_points_at_the_text(text: str, dialogue: Dialogue, role: str) -> None:
    meaning = read(text, dialogue, role)
    assert meaning.intent
    for span in meaning.spans:
        assert text[span.start:span.end] == span.text
        assert 0 <= span.start < span.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(SENTENCES)
def test_times_and_amounts_point_at_the_text(text: str) -> None:
    for entity in (*time_entities(text, NOW.replace(tzinfo=None)), *amount_entities(text)):
        assert text[entity["start"]:entity["start"] + entity["length"]] == entity["text"] != ""


@settings(max_examples=200, deadline=None)
@given(SENTENCES)
def test_a_customer_never_reaches_an_advisers_intent(text: str) -> None:
    meaning = read(text, role="customer")
    assert {p.intent.split(".")[0] for p in meaning.parts or (meaning,)} <= {"self", "help", "chitchat", "none", "multi"}


@pytest.mark.parametrize("text", ["一" * 2048, "1" * 5000, "周一" * 1024, "王芳" * 1024, "新增客户" * 512, "「" * 2048, "1-" * 1024, "每周一、二、" * 300, "农历八月初三" * 340, "住" + "在" * 2000, "王芳" + " " * 2040 + "续保", "提醒我" + "\n\u3000" * 1000 + "明天三点"])
def test_long_and_odd_texts_are_answered(text: str) -> None:
    assert read(text).intent


@pytest.mark.parametrize("piece", ["然后查", "王芳，查", "，", "\t", "😀", "阿·", "年·是", "王芳 ", "提醒我帮我", "周一到", "但是", "不是", "周五 不对", "第二个打了 ", "王芳能买", "哦 ", "刚", "刚刚王芳", "标签的", "标注为", "标记成", "查看", "我看看", "早就", "原来", "那就", "来了", "王芳\u3000\u3000\u3000", "1 \u3000"])
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 2048)[:2048]
    read(text)
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 0.5  # 30 ms when nothing else runs; some of these once took ten seconds


@pytest.mark.parametrize("text", ["刚" * 32, *(piece * (60 // len(piece)) + "嗯" for piece in ("标签的", "标注为", "标记成", "查看", "我看看", "再看看", "刚刚才", "改为", "新建")), "三哥" + "\u3000" * 2046, "1" + "\u3000 " * 1023, "明天" + " " * 2043 + "提醒我"])
def test_no_words_said_again_are_read_in_all_the_ways_they_can_be_parted(text: str) -> None:
    read(text)
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 0.5


def test_the_book_is_asked_once_for_a_sentence_with_a_known_name_and_at_most_twice_for_any() -> None:
    class Counting(RosterBook):
        asked = 0

        def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
            Counting.asked += 1
            return super().named(keys)

    book = Counting([{"id": 1, "name": "王芳", "aliases": []}])

    def ask(text: str) -> int:
        Counting.asked = 0
        understand(text, now=NOW, role="adviser", book=book, dialogue=Dialogue(), lexicon=Lexicon.default())
        return Counting.asked

    assert ask("王芳的保单") == 1
    assert ask("查一下赵四") <= 2


# New moons within minutes of midnight: the published tables differ by a day for these months.
IN_DISPUTE = {(2057, 9), (2089, 8), (2097, 7)}


def test_every_lunar_day_of_two_centuries_is_the_one_that_two_other_libraries_name() -> None:
    from borax.calendars.lunardate import LunarDate
    from zhdate import ZhDate

    for number in range(date(1901, 2, 19).toordinal(), date(2100, 1, 1).toordinal()):
        day = date.fromordinal(number)
        ours = lunar_calendar.lunar(day)
        one = LunarDate.from_solar(day)
        other = ZhDate.from_datetime(datetime(day.year, day.month, day.day))  # noqa: DTZ001
        named = {
            (one.year, one.month, one.day, bool(one.leap)),
            (other.lunar_year, other.lunar_month, other.lunar_day, bool(other.leap_month)),
        }
        assert ours in named
        assert len(named) == 1 or {(year, month) for year, month, _day, _leap in named} & IN_DISPUTE, day
        assert lunar_calendar.solar(*ours) == day


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2090-01-01")), st.sampled_from(["{y}年{m}月{d}日{h}点{n}分", "{y}-{m:02d}-{d:02d} {h:02d}:{n:02d}", "{y}/{m}/{d} {h:02d}:{n:02d}"]))
def test_a_written_out_time_reads_as_itself(moment: datetime, form: str) -> None:
    hour = moment.hour if moment.hour >= 13 or moment.hour == 0 or (":" in form and moment.hour < 10) else 15
    text = form.format(y=moment.year, m=moment.month, d=moment.day, h=hour, n=moment.minute)
    (expression,) = find(text)
    assert when(expression, NOW.replace(tzinfo=None), DUE).start == moment.replace(hour=hour, second=0, microsecond=0).isoformat(timespec="minutes")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.sampled_from(["天后", "天以后"]))
def test_so_many_days_from_now_is_so_many_days_from_now(days: int, suffix: str) -> None:
    (expression,) = find(f"{days}{suffix}")
    assert when(expression, NOW.replace(tzinfo=None), DUE).date == NOW.date() + timedelta(days=days)
