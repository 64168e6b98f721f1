"""What the understanding pane is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import handlers.commands  # noqa: F401  (registers every command)
from bot.sandbox.understanding import shown
from config.pack import Packs, load_packs
from handlers.language import ClientRef, Dialogue, EmptyBook, understand
from handlers.language.meaning import Book
from handlers.router import COMMANDS, Understood, lexicon_of

NOW = datetime(2025, 6, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(["common", "insurance", "bank", "securities", "lending"])


class OneClient:
    """A book with 王芳 alone."""

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        return {key: (ClientRef(914757715764895700, "王芳"),) for key in keys if key == "王芳"}


def seen(
    packs: Packs, text: str, dialogue: Dialogue = Dialogue(), book: Book = EmptyBook()  # noqa: B008 - both are frozen
) -> dict[str, Any]:
    meaning = understand(text, now=NOW, role="adviser", book=book, dialogue=dialogue, lexicon=lexicon_of(packs))
    return shown("zhang", Understood(text, meaning), packs)


def test_every_time_is_shown_with_its_reason_and_the_readings_that_stay_possible(packs: Packs) -> None:
    assert seen(packs, "明天8点提醒我给刘姐打电话")["times"] == [{
        "text": "明天8点", "said": "2025-06-10 08:00", "why": "没说上下午，取 7:00–22:00 里最近的一个",
        "others": [{"start": "2025-06-10 20:00", "why": "也可指晚上"}],
    }]


def test_an_act_and_its_slots_are_said_as_people_say_them(packs: Packs) -> None:
    told = seen(packs, "王芳 续保意向 高 下周三下午再谈")
    assert told["what"] == "记续保意向"
    assert told["facts"] == [["客户", "王芳"], ["意向", "高"], ["时间", "2025-06-18 下午"], ["内容", "再谈"]]
    assert told["asks"] == "名下没有这位客户"
    assert told["intent"] == "renewal.intent"


def test_a_journey_is_named(packs: Packs) -> None:
    told = seen(packs, "王芳 退出 新客旅程 原因 出国", book=OneClient())
    assert told["what"] == "让客户退出旅程"
    assert told["facts"] == [["客户", "王芳"], ["旅程", "新客旅程"], ["原因", "出国"]]


def test_no_id_is_shown(packs: Packs) -> None:
    for said in ("王芳 保单", "王芳 手机改成 13900000009", "张敏介绍了王芳"):
        assert "9147" not in str(seen(packs, said, book=OneClient())["facts"])


def test_a_number_is_a_place_in_what_is_offered(packs: Packs) -> None:
    told = seen(packs, "1", Dialogue(pending="choice", choices=2))
    assert (told["what"], told["facts"]) == ("回答刚才的问题", [["第几项", "1"]])


def test_fields_spans_of_time_and_lengths_have_their_words(packs: Packs) -> None:
    assert ["职业", "中学老师"] in seen(packs, "新增客户 李强 13800000001 中学老师 月入2万")["facts"]
    assert ["期间", "2025-06-09 至 2025-07-09"] in seen(packs, "续保清单 30天")["facts"]
    assert ["推迟", "1 小时"] in seen(packs, "2 稍后 1小时", Dialogue(list_kind="brief", pending="list", choices=3))["facts"]


def test_what_is_not_there_yet_is_said(packs: Packs) -> None:
    told = seen(packs, "导出我的客户")
    assert told["intent"] == "data.export"
    assert told["what"] == "听懂了，但这个功能还没有开通"


def test_no_example_of_the_help_is_shown_with_names_of_our_code(packs: Packs) -> None:
    """All that a reader sees is Chinese, numbers, or his own words."""
    for known in COMMANDS.values():
        if known.example:
            told = seen(packs, known.example)
            for part in [told, *told["parts"]]:
                words = [part["what"], *(word for fact in part["facts"] for word in fact), *told["readings"]]
                for word in words:
                    latin = set(re.findall("[A-Za-z_]{2,}", word))
                    assert not latin - set(re.findall("[A-Za-z_]{2,}", known.example)), (known.example, word)
