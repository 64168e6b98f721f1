"""Two clients or two wishes in one sentence: each gets its own act, or the bot asks. Never half, never the wrong one."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES

WANG, LI, ZHANG, CHEN = 1, 2, 3, 4


@pytest.mark.parametrize(("text", "acts"), [
    ("记陈静今天聊了旅游，顺便把张敏的电话改成13900000009", [("note.add", CHEN), ("client.update", ZHANG)]),
    ("记一下陈静今天聊了旅游，张敏电话改成13900000009", [("note.add", CHEN), ("client.update", ZHANG)]),
    ("记王芳今天聊了旅游，顺便电话改成13900000009", [("note.add", WANG), ("client.update", WANG)]),
    ("陈静 加标签 重疾意向，顺便周三下午3点提醒我给她打电话", [("tag.add", CHEN), ("reminder.create", CHEN)]),
    ("张敏 已缴，陈静 已缴", [("premium.paid", ZHANG), ("premium.paid", CHEN)]),
    ("王芳 已续保，李雷 不续保", [("renewal.done", WANG), ("renewal.lost", LI)]),
    ("把陈静的保单和张敏的保单都改成已退保", [("policy.update", CHEN), ("policy.update", ZHANG)]),
    ("查王芳，顺便看看李雷的保单", [("client.lookup", WANG), ("policy.lookup", LI)]),
    ("1 已联系，2 稍后 1小时", [("item.done", None), ("item.snooze", None)]),
    ("王芳和李雷已缴", [("premium.paid", WANG), ("premium.paid", LI)]),
])
def test_each_act_goes_to_its_own_client(read: Any, text: str, acts: list[tuple[str, int]]) -> None:
    meaning = read(text)
    assert [(p.intent, p.get("client_id")) for p in meaning.parts] == acts
    assert [p.clarify for p in meaning.parts] == [None] * len(acts)


def test_the_reminder_of_a_second_wish_keeps_its_time(read: Any) -> None:
    meaning = read("陈静 加标签 重疾意向，顺便周三下午3点提醒我给她打电话")
    assert meaning.parts[0].get("tag") == "重疾意向"
    assert meaning.parts[1].get("when").start == "2025-06-11T15:00"


def test_each_client_keeps_the_amount_said_for_them(read: Any) -> None:
    meaning = read("王芳 已缴 1200元，李雷 已缴 3000元")
    assert [p.get("amount") for p in meaning.parts] == [1200, 3000]


def test_a_value_said_for_a_stranger_does_not_reach_the_client_named_after(read: Any) -> None:
    meaning = read("把赵四的电话改成13900000008，张敏的电话改成13900000009")
    assert [(p.get("client_id"), p.get("value")) for p in meaning.parts] == [(None, "13900000008"), (ZHANG, "13900000009")]
    assert meaning.parts[0].clarify == "not_found"


@pytest.mark.parametrize("text", [
    "把王芳的电话改成13900000009，李雷的改成13900000008", "把陈静的重疾险和张敏的车险都改成已退保",
])
def test_a_change_that_could_be_for_either_of_two_asks_which(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.clarify, len(meaning.get("client_id")), meaning.get("client")) == ("client", 2, None)


@pytest.mark.parametrize("text", [
    "王芳升级为A类，顺便弄弄那个东西", "王芳保单改成已退保，还有李雷", "给王芳加标签 高净值，另外那个啥弄一下",
])
def test_a_second_wish_that_is_not_understood_stops_the_whole(read: Any, text: str) -> None:
    meaning = read(text)
    assert meaning.intent == "none"
    assert not {p.intent for p in meaning.parts}
    assert set(meaning.alternatives) & WRITES


@pytest.mark.parametrize(("text", "intent"), [
    ("王芳和李雷是夫妻", "client.relate"), ("王芳介绍了李雷", "client.relate"), ("把王芳和李雷移交给张敏", "handover.create"),
    ("给王芳和李雷打标签 高净值", "tag.add"), ("记王芳说李雷想买重疾险", "note.add"), ("提醒我明天9点给王芳和李雷打电话", "reminder.create"),
    ("提醒我明天9点带合同，另外带上身份证", "reminder.create"), ("给王芳加标签 高净值，另外谢谢", "tag.add"), ("王芳搬家了，地址改成深圳南山区", "client.update"),
    ("张敏，电话改成13900000009", "client.update"), ("跟进王芳：聊了旅游，另外她儿子明年上学", "note.add"), ("王芳住址改成李雷小区3号", "client.update"),
])
def test_what_really_is_one_act_stays_one(read: Any, text: str, intent: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.clarify) == (intent, None)


def test_something_of_one_and_something_of_another_are_two_look_ups(read: Any) -> None:
    meaning = read("王芳的保单和李雷的房贷")
    assert [(p.intent, p.get("client_id")) for p in meaning.parts] == [("policy.lookup", 1), ("loan.lookup", 2)]


@pytest.mark.parametrize(("text", "ids"), [("王芳和李雷的保单", [1, 2]), ("高兴和王芳的电话", [9, 1]), ("周一和王芳的电话", [11, 1]), ("明天提醒我给王芳和李雷打电话", [1, 2])])
def test_two_that_are_named_together_are_both_meant(read: Any, text: str, ids: list[int]) -> None:
    assert read(text).get("client_ids") == ids


@pytest.mark.parametrize("text", ["周一和王芳见面，提醒我", "马上和王芳说一声", "万一和王芳吵起来"])
def test_a_day_or_an_adverb_beside_a_client_is_no_second_one(read: Any, text: str) -> None:
    assert read(text).get("client_ids") is None
