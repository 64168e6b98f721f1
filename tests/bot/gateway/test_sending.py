import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.sending import DUPLICATE_WINDOW_SECONDS, build_body, check_recipient
from storage.model.ids import new_id
from storage.model.messages import Button, Card, CardUpdate, Text, requests_for

TEXT = {"msgtype": "text", "text": {"content": "没有待办。"}}


def test_a_retry_is_byte_for_byte_the_same():
    assert build_body("send", TEXT, "li", 1000002, 41) == build_body("send", TEXT, "li", 1000002, 41)


def test_the_order_in_which_a_request_was_put_together_does_not_matter():
    other = {"text": {"content": "没有待办。"}, "msgtype": "text"}
    assert build_body("send", TEXT, "li", 1, 41) == build_body("send", other, "li", 1, 41)


def test_two_equal_answers_differ_so_that_the_second_is_not_swallowed():
    assert build_body("send", TEXT, "li", 1, 41) != build_body("send", TEXT, "li", 1, 42)


def test_ids_of_our_own_make_different_bodies_and_a_window_that_wecom_takes():
    bodies = [json.loads(build_body("send", TEXT, "li", 1, new_id())) for _ in range(300)]
    windows = [body["duplicate_check_interval"] for body in bodies]
    assert len(set(windows)) == 300
    assert all(10_800 <= window <= DUPLICATE_WINDOW_SECONDS for window in windows)


def test_ids_a_millisecond_apart_spread_over_more_than_a_few_windows():
    windows = {json.loads(build_body("send", TEXT, "li", 1, ms << 22))["duplicate_check_interval"]
               for ms in range(3000)}  # fmt: skip
    assert len(windows) == 3000


def test_the_body_of_a_text():
    body = json.loads(build_body("send", requests_for(Text("你好"))[0][1], "LiGuWen", 1000002, 0))
    assert body == {
        "msgtype": "text", "text": {"content": "你好"}, "touser": "LiGuWen", "agentid": 1000002,
        "enable_duplicate_check": 1, "duplicate_check_interval": 14400,
    }  # fmt: skip


def test_a_card_update_names_one_member_and_has_no_duplicate_check():
    card = Card("button_interaction", "续保", task_id="t1", buttons=[Button("完成", "k")])
    call, request = requests_for(CardUpdate("rc", card))[0]
    body = json.loads(build_body(call, request, "LiGuWen", 1000002, 5))
    assert body["userids"] == ["LiGuWen"]
    assert body["agentid"] == 1000002
    assert body["response_code"] == "rc"
    assert "touser" not in body
    assert "enable_duplicate_check" not in body


def test_chinese_travels_as_utf8_and_a_broken_character_as_a_question_mark():
    body = build_body("send", {"msgtype": "text", "text": {"content": "好\ud800"}}, "li", 1, 1)
    assert "好?".encode() in body


@pytest.mark.parametrize(
    "recipient", ["", "@all", "@ALL", "a|b", "a b", "李", "a" * 65, "a\n", "a,b", "*"]
)  # fmt: skip
def test_a_recipient_that_is_not_exactly_one_member_is_refused(recipient):
    with pytest.raises(ValueError, match="exactly one"):
        build_body("send", TEXT, recipient, 1, 1)
    with pytest.raises(ValueError, match="exactly one"):
        build_body("update_card", {"response_code": "x"}, recipient, 1, 1)


@pytest.mark.parametrize("recipient", ["LiGuWen", "li.gu-wen_1@corp", "1", "a" * 64])
def test_an_ordinary_userid_passes(recipient):
    assert check_recipient(recipient) == recipient


@given(st.text(max_size=70))
def test_no_text_becomes_several_receivers(recipient):
    try:
        body = json.loads(build_body("send", TEXT, recipient, 1, 1))
    except ValueError:
        return
    assert "|" not in body["touser"]
    assert body["touser"].casefold() != "@all"
