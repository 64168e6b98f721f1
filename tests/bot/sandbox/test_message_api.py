"""message/send and its relatives answer and limit as the real ones do."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.answered import Answered
from bot.sandbox.card_rules import check_card
from bot.sandbox.errors import ApiError
from bot.sandbox.fake_wecom import FakeWeCom
from storage.model.clock import MovableClock
from tests.bot.sandbox.cast import CORP, Api, EchoProduct, button_card


async def test_a_text_shows_on_the_phone_of_its_receiver_only(fake: FakeWeCom, api: Api) -> None:
    answer = await api.send_text("早上好")
    assert answer["errcode"] == 0
    assert [(b.userid, b.text, b.msgid) for b in fake.seen] == [("li", "早上好", answer["msgid"])]
    assert fake.seen_by("zhou") == []


async def test_receivers_are_found_without_case_and_unknown_ones_come_back_lower_cased(
    fake: FakeWeCom, api: Api
) -> None:
    answer = await api.send_text("会议", to="LI|wang|Nobody")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [b.userid for b in fake.seen] == ["li", "Wang"]


async def test_departments_and_all_are_expanded(fake: FakeWeCom, api: Api) -> None:
    await api.send_text("分部", to="", toparty="2")
    assert [b.userid for b in fake.seen] == ["li", "zhou"]
    await api.send_text("全体", to="@all")
    assert [b.userid for b in fake.seen[2:]] == ["li", "zhou", "Wang"]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": "nobody|none"}, 81013),
        ({"touser": ""}, 82001),
        ({"agentid": 1}, 301002),
        ({"agentid": None}, 41011),
        ({"msgtype": "poem"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "image", "image": {"media_id": "nothing"}}, 40007),
        ({"msgtype": "markdown", "markdown": {"content": "长" * 700}}, 45002),
    ],
)
async def test_bad_requests_are_named(
    fake: FakeWeCom, api: Api, change: dict[str, Any], errcode: int
) -> None:
    good = {"touser": "li", "agentid": CORP.agent_id, "msgtype": "text", "text": {"content": "好"}}
    assert (await api.post("message/send", good | change))["errcode"] == errcode
    assert fake.seen == []


async def test_long_text_is_cut_silently_between_characters(fake: FakeWeCom, api: Api) -> None:
    assert (await api.send_text("字" * 800))["errcode"] == 0
    assert fake.seen[-1].text == "字" * 682


async def test_the_thirty_first_message_of_a_minute_vanishes_without_an_error(
    fake: FakeWeCom, api: Api, clock: MovableClock
) -> None:
    answers = [await api.send_text(f"第 {n} 条") for n in range(31)]
    assert {a["errcode"] for a in answers} == {0}
    assert len(fake.seen) == 30
    assert [(d.userid, d.why) for d in fake.dropped] == [("li", "limit")]
    await api.send_text("别人照收", to="zhou")
    clock.advance(timedelta(seconds=61))
    await api.send_text("又可以了")
    assert [b.text for b in fake.seen[-2:]] == ["别人照收", "又可以了"]


async def test_a_thousand_an_hour_is_the_end(fake: FakeWeCom, api: Api, clock: MovableClock) -> None:
    for n in range(1001):
        fake.messages._deliver(["li"], "text", {"content": str(n)}, clock.now())
        clock.advance(timedelta(seconds=3))
    assert len(fake.seen) == 1000
    assert len(fake.dropped) == 1


def test_what_was_answered_is_known_after_a_restart_for_as_long_as_wecom_checks(
    tmp_path: Path, clock: MovableClock
) -> None:
    path, now, answer = tmp_path / "answered.jsonl", clock.now(), {"errcode": 0, "msgid": "m1"}
    Answered(path, now).keep("a", now, answer)
    with path.open("a") as file:
        file.write('["cut off", "2025')
    again = Answered(path, now + timedelta(minutes=1))
    assert again.get("a") == (now, answer)
    assert again.get("cut off") is None
    turned_back = now - timedelta(days=1)
    assert Answered(path, turned_back).get("a") == (turned_back, answer)
    assert Answered(path, now + timedelta(hours=5)).get("a") is None
    assert path.read_text() == ""


async def test_the_same_json_is_shown_once_within_the_interval(
    fake: FakeWeCom, api: Api, clock: MovableClock
) -> None:
    asked = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    first = await api.send_text("一次", **asked)
    clock.advance(timedelta(seconds=599))
    again = await api.send_text("一次", **asked)
    assert (again["errcode"], again["msgid"]) == (0, first["msgid"])
    assert len(fake.seen) == 1
    assert len(fake.duplicates_swallowed) == 1
    clock.advance(timedelta(seconds=2))
    await api.send_text("一次", **asked)
    await api.send_text("不查重")
    await api.send_text("不查重")
    assert len(fake.seen) == 4


async def test_one_different_byte_is_another_message(fake: FakeWeCom, api: Api) -> None:
    body = {
        "touser": "li", "agentid": CORP.agent_id, "msgtype": "text", "text": {"content": "好"},
        "enable_duplicate_check": 1,
    }
    await api.post("message/send", json.dumps(body).encode())
    await api.post("message/send", json.dumps(body, indent=1).encode())
    assert len(fake.seen) == 2


async def test_a_lost_answer_was_work_done_and_the_retry_is_swallowed(fake: FakeWeCom, api: Api) -> None:
    fake.faults.lost_answers = 1
    card = button_card("once")
    with pytest.raises(aiohttp.ClientError):
        await api.send("template_card", card, enable_duplicate_check=1)
    assert len(fake.seen) == 1
    answer = await api.send("template_card", card, enable_duplicate_check=1)
    assert (answer["errcode"], len(fake.seen)) == (0, 1)
    assert answer["response_code"] == fake.seen[0].response_code


async def test_a_task_id_serves_once(fake: FakeWeCom, api: Api) -> None:
    assert (await api.send("template_card", button_card("t1")))["errcode"] == 0
    assert (await api.send("template_card", button_card("t1")))["errcode"] == 42014
    assert (await api.send("template_card", button_card("有汉字")))["errcode"] == 42014


async def test_cards_that_call_back_need_a_callback_url(fake: FakeWeCom, api: Api) -> None:
    fake.callback_url = ""
    assert (await api.send("template_card", button_card()))["errcode"] == 43012


async def test_a_card_changes_in_place_once_per_code(fake: FakeWeCom, api: Api) -> None:
    sent = await api.send("template_card", button_card(), to="li|zhou")
    change = {
        "userids": ["LI"], "agentid": CORP.agent_id, "response_code": sent["response_code"],
        "button": {"replace_name": "已完成"},
    }
    assert (await api.post("message/update_template_card", change))["errcode"] == 0
    mine, hers = fake.seen
    assert (mine.greyed, hers.greyed) == ("已完成", "")
    assert (await api.post("message/update_template_card", change))["errcode"] == 60140
    with pytest.raises(LookupError):
        await fake.tap("li", mine.message_id, "done")


async def test_the_code_of_a_tap_redraws_the_whole_card_for_all(
    fake: FakeWeCom, api: Api, product: EchoProduct
) -> None:
    await api.send("template_card", button_card(), to="li|zhou")
    await fake.tap("li", fake.seen[0].message_id, "done")
    card = button_card(main_title={"title": "已经办好"}, replace_text="已完成")
    change = {
        "atall": 1, "agentid": CORP.agent_id, "response_code": product.last("ResponseCode"),
        "template_card": card,
    }
    assert (await api.post("message/update_template_card", change))["errcode"] == 0
    assert [b.body["main_title"]["title"] for b in fake.seen] == ["已经办好"] * 2
    assert fake.seen[0].history[0]["main_title"]["title"] == "保单到期"
    assert fake.seen[0].greyed == "已完成"


async def test_a_response_code_dies_after_72_hours(fake: FakeWeCom, api: Api, clock: MovableClock) -> None:
    sent = await api.send("template_card", button_card())
    clock.advance(timedelta(hours=72))
    await api.fetch_token()
    change = {
        "userids": ["li"], "agentid": CORP.agent_id, "response_code": sent["response_code"],
        "button": {"replace_name": "迟了"},
    }
    assert (await api.post("message/update_template_card", change))["errcode"] == 60140


async def test_an_update_without_people_or_for_strangers_is_refused_and_keeps_the_code(
    fake: FakeWeCom, api: Api
) -> None:
    sent = await api.send("template_card", button_card())
    change: dict[str, Any] = {
        "agentid": CORP.agent_id, "response_code": sent["response_code"], "button": {"replace_name": "好"}
    }
    assert (await api.post("message/update_template_card", change))["errcode"] == 82101
    others = change | {"userids": ["zhou"]}
    assert (await api.post("message/update_template_card", others))["errcode"] == 82102
    mine = change | {"userids": ["li"]}
    assert (await api.post("message/update_template_card", mine))["errcode"] == 0


async def test_a_message_can_be_recalled_within_a_day(
    fake: FakeWeCom, api: Api, clock: MovableClock
) -> None:
    sent = await api.send_text("发错了")
    assert (await api.post("message/recall", {"msgid": "other"}))["errcode"] == 40058
    assert (await api.post("message/recall", {"msgid": sent["msgid"]}))["errcode"] == 0
    assert fake.seen[-1].recalled
    late = await api.send_text("太久了")
    clock.advance(timedelta(hours=25))
    await api.fetch_token()
    assert (await api.post("message/recall", {"msgid": late["msgid"]}))["errcode"] == 42052


async def test_dropped_by_fault_is_seen_by_nobody(fake: FakeWeCom, api: Api) -> None:
    fake.faults.drop = True
    assert (await api.send_text("没人看见"))["errcode"] == 0
    assert fake.seen == []
    assert fake.dropped[0].why == "fault"


NOTICE = {
    "card_type": "text_notice", "main_title": {"title": "晨报"},
    "card_action": {"type": 1, "url": "https://example.com"},
}
VOTE = {
    "card_type": "vote_interaction", "task_id": "v", "main_title": {"title": "选一个"},
    "checkbox": {"question_key": "q", "option_list": [{"id": "a", "text": "甲"}]},
    "submit_button": {"text": "提交", "key": "ok"},
}
MULTIPLE = {
    "card_type": "multiple_interaction", "task_id": "m", "main_title": {"title": "几项"},
    "select_list": [{"question_key": "q", "option_list": [{"id": "a", "text": "甲"}]}],
    "submit_button": {"text": "提交", "key": "ok"},
}
NEWS = {
    "card_type": "news_notice", "main_title": {"title": "图文"}, "card_image": {"url": "https://example.com/a"},
    "card_action": {"type": 1, "url": "https://example.com"},
}


@pytest.mark.parametrize("card", [NOTICE, VOTE, MULTIPLE, NEWS, button_card()])
def test_a_complete_card_of_each_type_passes(card: dict[str, Any]) -> None:
    check_card(card)


@pytest.mark.parametrize(
    ("card", "change", "errcode"),
    [
        (NOTICE, {"card_type": "poster"}, 42031),
        (NOTICE, {"main_title": {}}, 42033),
        (NOTICE, {"card_action": None}, 42045),
        (NOTICE, {"card_action": {"type": 1}}, 42028),
        (NOTICE, {"card_action": {"type": 2}}, 42030),
        (NOTICE, {"horizontal_content_list": [{"value": "无名"}]}, 42027),
        (NOTICE, {"horizontal_content_list": [{"keyname": "链接", "type": 1}]}, 42028),
        (NOTICE, {"horizontal_content_list": [{"keyname": "文件", "type": 2}]}, 42029),
        (NOTICE, {"horizontal_content_list": [{"keyname": "成员", "type": 3}]}, 42050),
        (NOTICE, {"horizontal_content_list": [{"keyname": "行"}] * 7}, 42035),
        (NOTICE, {"jump_list": [{"type": 0, "title": "去"}] * 4}, 42042),
        (NOTICE, {"jump_list": [{"type": 0}]}, 42033),
        (NOTICE, {"action_menu": {"action_list": [{"text": "a", "key": "k"}]}}, 42014),
        (NEWS, {"card_image": None}, 42044),
        (NEWS, {"vertical_content_list": [{"title": "行"}] * 5}, 42036),
        (button_card(), {"task_id": ""}, 42014),
        (button_card(), {"button_list": []}, 42038),
        (button_card(), {"button_list": [{"key": "k"}]}, 42038),
        (button_card(), {"button_list": [{"text": "无键"}]}, 42039),
        (button_card(), {"button_list": [{"text": "甲", "key": "k"}, {"text": "乙", "key": "k"}]}, 42051),
        (VOTE, {"checkbox": None}, 42043),
        (VOTE, {"checkbox": {"question_key": "q", "option_list": []}}, 42037),
        (VOTE, {"checkbox": {"question_key": "q", "option_list": [{"text": "甲"}]}}, 42040),
        (VOTE, {"checkbox": {"question_key": "q", "option_list": [{"id": "a"}]}}, 42041),
        (VOTE, {"submit_button": {"text": "提交"}}, 42046),
        (VOTE, {"submit_button": {"key": "k"}}, 42049),
        (MULTIPLE, {"select_list": []}, 42047),
        (MULTIPLE, {"select_list": [{"option_list": [{"id": "a", "text": "甲"}]}]}, 42043),
    ],
)
def test_each_gap_in_a_card_has_its_own_code(
    card: dict[str, Any], change: dict[str, Any], errcode: int
) -> None:
    with pytest.raises(ApiError) as refused:
        check_card(card | change)
    assert refused.value.errcode == errcode
