"""Courtesies around a sentence change nothing of what it wants."""

from __future__ import annotations

from typing import Any

import pytest

_ORDERS = (("王芳的电话", "client.lookup"), ("给王芳打标签 老客户", "tag.add"), ("王芳从B提到A", "tier.set"), ("回主页", "home"), ("王芳的单子几号到期", "policy.lookup"))


@pytest.mark.parametrize("before", ["你好，", "亲，", "@助手 ", "小助手 ", "诶，", "老铁 ", "劳驾，", "hi ", "嗯 "])
@pytest.mark.parametrize(("text", "intent"), _ORDERS)
def test_an_address_before_an_order(read: Any, before: str, text: str, intent: str) -> None:
    assert read(before + text).intent == intent


@pytest.mark.parametrize("after", ["，谢谢", "，多谢", "，thx", "，辛苦啦", " 急", "，在线等", "~", "！！", "😊", "呗"])
@pytest.mark.parametrize(("text", "intent"), _ORDERS)
def test_thanks_and_haste_behind_an_order(read: Any, after: str, text: str, intent: str) -> None:
    assert read(text + after).intent == intent


def test_thanks_are_no_part_of_a_value(read: Any) -> None:
    assert read("给王芳打标签 老客户，辛苦啦").get("tag") == "老客户"


def test_a_client_named_like_thanks_is_still_looked_up(read: Any, lexicon: Any) -> None:
    assert read("你好").intent == read("谢谢").intent == "chitchat"


def test_the_spans_lie_in_the_whole_text(read: Any) -> None:
    text = "你好，王芳的电话，谢谢"
    assert [text[s.start:s.end] for s in read(text).spans if s.kind == "client"] == ["王芳"]


def test_a_yes_keeps_its_words(read: Any) -> None:
    assert read("嗯，谢谢", pending="confirm", focus=True).intent == "confirm.yes"


def test_thanks_make_an_order_of_a_question(read: Any) -> None:
    assert read("能把王芳升到A类不 谢谢").intent == "tier.set"


def test_of_a_ticket_haste_is_its_priority(read: Any) -> None:
    assert read("王芳投诉扣款错了，建个工单，急").get("priority") == "urgent"


