"""Questions and quotations are not orders; names are not guessed; everyday words are not people."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES


@pytest.mark.parametrize("text", [
    "王芳的电话改了吗", "李雷是不是退保了", "要不要提醒我给王芳打电话？", "他问能不能取消提醒", "王芳续保了吗", "王芳保费缴了没有？", "李雷有没有打标签",
    "王芳说「把我的电话改成13900000009」", "客户问「能不能删除我的资料」", "王芳升级到A类了吗", "是不是该给王芳记一下", "李雷的提醒取消了吗", "王芳不续保了吗？",
    "李雷的商机丢单了吗", "工单2048结案了吗", "王芳和李雷是夫妻吗", "为什么要把王芳转给李娜", "怎么给客户打标签", "王芳是不是要加一张重疾险保单",
])
def test_a_question_or_a_quotation_is_no_order(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, meaning.rule


@pytest.mark.parametrize(("text", "intent"), [
    ("能帮我把王芳的电话改成13900000009吗", "client.update"), ("麻烦提醒我明天9点开会好吗", "reminder.create"), ("可以帮我给王芳打个高净值标签吗", "tag.add"),
])
def test_a_polite_request_is_an_order(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


def test_a_question_about_a_change_shows_what_is_known(read: Any) -> None:
    meaning = read("王芳的电话改了吗")
    assert (meaning.intent, meaning.get("field")) == ("client.lookup", "phone")


@pytest.mark.parametrize("text", ["今天真高兴", "马上提醒我开会", "万一客户不同意怎么办", "平安保险怎么样", "周一提醒我开会", "给黄金客户发通知", "谢谢", "白雪皑皑真美"])
def test_an_everyday_word_is_not_a_client(read: Any, text: str) -> None:
    assert not isinstance(read(text).get("client_id"), int)


@pytest.mark.parametrize(("text", "client_id"), [
    ("高兴的保单", 9), ("明天上午给高兴送合同，别忘", 9), ("查一下平安的客户档案", 15), ("把马上的电话发我", 14), ("白雪报的案到哪了", 17), ("查 周一", 11),
])
def test_an_everyday_word_is_a_client_where_the_sentence_says_so(read: Any, text: str, client_id: int) -> None:
    assert read(text).get("client_id") == client_id


def test_a_longer_unknown_name_is_not_taken_for_the_shorter_known_one(read: Any) -> None:
    meaning = read("查王芳菲")
    assert (meaning.get("client"), meaning.get("client_id"), meaning.clarify) == ("王芳菲", None, "not_found")


def test_a_write_about_one_of_two_clients_of_a_name_asks_which(read: Any) -> None:
    meaning = read("把张伟的电话改成13900000009")
    assert (meaning.clarify, meaning.get("client_id")) == ("client", [5, 6])


def test_a_write_about_an_unknown_client_says_so(read: Any) -> None:
    assert read("给赵四打个高净值标签").clarify == "not_found"


def test_a_client_known_only_by_sound_is_marked(read: Any) -> None:
    meaning = read("王晓明电话改成13900000009")
    assert (meaning.get("client_id"), meaning.get("fuzzy")) == (13, True)


def test_a_name_leaves_the_time_whole(read: Any) -> None:
    meaning = read("李明明天下午三点见面")
    assert (meaning.get("client"), meaning.get("when").start) == ("李明", "2025-06-10T15:00")


def test_what_is_not_understood_offers_near_things(read: Any) -> None:
    meaning = read("标签工单那些花里胡哨的")
    assert meaning.intent == "none" or meaning.confidence < 0.9


@pytest.mark.parametrize("text", ["王芳说她要搬家了不知真假", "听说李雷要跳槽到腾讯", "王芳打算换到平安上班", "要是李雷结婚了", "李雷可能要搬到珠海"])
def test_what_is_only_said_or_planned_changes_no_field(read: Any, text: str) -> None:
    meaning = read(text)
    assert "client.update" not in {meaning.intent, *(p.intent for p in meaning.parts)}


@pytest.mark.parametrize("text", [
    "下周三上午10点提醒我跟宏达的财务碰头，提前一天也提醒", "下周三下午2点和后天上午9点都提醒我给刘洋打电话", "12月9号提醒我，提前两天也提醒一次：刘洋房贷面签",
])
def test_of_two_times_in_one_reminder_none_is_taken(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.clarify, dict(meaning.slots)) == ("reminder.create", "one_time", {})


@pytest.mark.parametrize("text", ["后天两点半签合同，提醒我提前半小时", "周五签约，提前一天提醒我", "明天提醒我给刘洋打电话，他说也要提醒他太太"])
def test_a_length_that_counts_from_the_only_time_is_no_second_one(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.clarify, meaning.get("when") is None) == ("reminder.create", None, False)
