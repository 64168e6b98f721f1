"""Callbacks as WeCom makes them: sealed, signed, in order, again when nobody answers in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.callbacks import xml_of
from bot.sandbox.fake_wecom import FakeWeCom
from storage.model.clock import MovableClock
from tests.bot.sandbox.cast import CORP, MONDAY, Api, EchoProduct, button_card


async def test_a_typed_line_arrives_sealed_and_signed(fake: FakeWeCom, product: EchoProduct) -> None:
    delivery = await fake.say("li", "查 王芳 ]]> <b>")
    assert delivery.accepted
    assert delivery.attempts == 1
    assert product.last("Content") == "查 王芳 ]]> <b>"
    assert product.last("FromUserName") == "li"
    assert product.last("ToUserName") == CORP.corp_id
    assert product.last("AgentID") == str(CORP.agent_id)
    assert product.last("CreateTime") == str(int(MONDAY.timestamp()))
    assert product.last("MsgId") == delivery.msg_id
    assert int(delivery.msg_id) > 2**53


async def test_what_xml_cannot_carry_is_left_out_and_the_rest_arrives(fake: FakeWeCom, product: EchoProduct) -> None:
    delivery = await fake.say("li", "查\0 王\x08芳\ud800\ufffe 😀\t。")
    assert delivery.accepted
    assert product.last("Content") == "查 王芳 😀\t。"


async def test_the_url_check_wants_the_number_back(fake: FakeWeCom) -> None:
    assert await fake.callbacks.verify_url()
    fake.callback_url += "/elsewhere"
    assert not await fake.callbacks.verify_url()


async def test_any_answer_but_200_is_sent_again_with_the_same_words(
    fake: FakeWeCom, product: EchoProduct
) -> None:
    product.statuses = [500, 404]
    delivery = await fake.say("li", "你好")
    assert (delivery.accepted, delivery.attempts) == (True, 3)
    assert len({e.findtext("MsgId") for e in product.heard}) == 1
    assert len({q["nonce"] for q in product.queries}) == 3
    assert len({q["msg_signature"] for q in product.queries}) == 3


async def test_wecom_gives_up_after_three_retries(fake: FakeWeCom, product: EchoProduct) -> None:
    product.statuses = [500] * 9
    delivery = await fake.say("li", "你好")
    assert not delivery.accepted
    assert len(product.heard) == 4


async def test_a_product_that_is_away_is_tried_four_times(fake: FakeWeCom) -> None:
    fake.callback_url = "http://127.0.0.1:1/wecom/callback"
    delivery = await fake.say("li", "在吗")
    assert (delivery.accepted, delivery.attempts) == (False, 4)
    assert [e["outcome"] for e in fake.wire.entries] == ["unreachable"] * 4


async def test_a_late_answer_counts_as_none(fake: FakeWeCom, product: EchoProduct) -> None:
    fake.faults.late_callbacks = True
    delivery = await fake.say("li", "慢")
    assert not delivery.accepted
    assert len(product.heard) == 4


async def test_duplicate_delivery_posts_the_same_message_twice(fake: FakeWeCom, product: EchoProduct) -> None:
    fake.faults.duplicate_delivery = True
    await fake.say("li", "两遍")
    assert [e.findtext("Content") for e in product.heard] == ["两遍", "两遍"]
    assert product.heard[0].findtext("MsgId") == product.heard[1].findtext("MsgId")


async def test_one_sender_is_heard_in_order_even_when_the_first_line_fails(
    fake: FakeWeCom, product: EchoProduct
) -> None:
    product.statuses = [500, 500]
    await asyncio.gather(*(fake.say("li", str(n)) for n in range(5)))
    accepted = [e.findtext("Content") for e in product.heard[2:]]
    assert accepted == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(("act", "starts"), [("image", b"\xff\xd8\xff"), ("voice", b"#!AMR")])
async def test_media_can_be_fetched_for_three_days(
    fake: FakeWeCom, product: EchoProduct, clock: MovableClock, api: Api, act: str, starts: bytes
) -> None:
    await getattr(fake, f"send_{act}")("li")
    media_id = product.last("MediaId")
    url = f"{api.base}/cgi-bin/media/get?access_token={api.token}&media_id={media_id}"
    async with api.session.get(url) as response:
        assert (await response.read()).startswith(starts)
    clock.advance(timedelta(days=3))
    await api.fetch_token()
    assert (await api.get("media/get", media_id=media_id))["errcode"] == 40007


async def test_a_location_carries_coordinates_and_label(fake: FakeWeCom, product: EchoProduct) -> None:
    await fake.send_location("li", 31.2, 121.5, "陆家嘴")
    assert (product.last("Location_X"), product.last("Label")) == ("31.2", "陆家嘴")


async def test_entering_and_the_menu_are_events(fake: FakeWeCom, product: EchoProduct, api: Api) -> None:
    buttons = [{"name": "今日", "type": "click", "key": "agenda"}]
    await api.post("menu/create", {"button": buttons}, agentid=CORP.agent_id)
    await fake.enter("li")
    assert product.last("Event") == "enter_agent"
    await fake.click_menu("li", "agenda")
    assert (product.last("Event"), product.last("EventKey")) == ("click", "agenda")
    assert fake.history("li")[-1].text == "菜单「今日」"


async def test_two_presses_under_a_frozen_clock_stay_two(fake: FakeWeCom, product: EchoProduct) -> None:
    await fake.click_menu("li", "agenda")
    await fake.click_menu("li", "agenda")
    times = [int(e.findtext("CreateTime") or 0) for e in product.heard]
    assert times[1] == times[0] + 1


async def test_a_tap_names_the_card_the_button_and_what_was_ticked(
    fake: FakeWeCom, product: EchoProduct, api: Api
) -> None:
    await api.send("template_card", button_card("task-7"))
    card = fake.seen[-1]
    await fake.tap("li", card.message_id, "done", {"when": ["wed", "thu"]})
    assert product.last("Event") == "template_card_event"
    assert (product.last("EventKey"), product.last("TaskId")) == ("done", "task-7")
    assert product.last("CardType") == "button_interaction"
    assert product.last("ResponseCode") != card.response_code
    ticked = product.heard[-1].findall("SelectedItems/SelectedItem/OptionIds/OptionId")
    assert [t.text for t in ticked] == ["wed", "thu"]
    assert fake.history("li")[-1].text == "点了「完成」"


async def test_an_action_menu_has_its_own_event(fake: FakeWeCom, product: EchoProduct, api: Api) -> None:
    notice = {
        "card_type": "text_notice", "task_id": "n1", "main_title": {"title": "晨报"},
        "card_action": {"type": 1, "url": "https://example.com"},
        "action_menu": {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]},
    }
    await api.send("template_card", notice)
    await fake.tap("li", fake.seen[-1].message_id, "mute")
    assert product.last("Event") == "template_card_menu_event"


async def test_nobody_taps_a_colleagues_card_or_a_button_that_is_not_there(
    fake: FakeWeCom, product: EchoProduct, api: Api
) -> None:
    await api.send("template_card", button_card())
    card = fake.seen[-1].message_id
    with pytest.raises(LookupError):
        await fake.tap("zhou", card, "done")
    with pytest.raises(LookupError):
        await fake.tap("li", card, "other")
    assert product.heard == []


async def test_a_new_customer_brings_a_welcome_code_for_twenty_seconds(
    fake: FakeWeCom, product: EchoProduct, clock: MovableClock, api: Api
) -> None:
    code = await fake.befriend("li", "wm01", "小张", state="qr1")
    assert product.last("FromUserName") == "sys"
    assert (product.last("ChangeType"), product.last("WelcomeCode")) == ("add_external_contact", code)
    send = {"welcome_code": code, "text": {"content": "您好"}}
    assert (await api.post("externalcontact/send_welcome_msg", send))["errcode"] == 0
    assert (await api.post("externalcontact/send_welcome_msg", send))["errcode"] == 41051
    late = await fake.befriend("li", "wm02", "小王")
    clock.advance(timedelta(seconds=21))
    answer = await api.post("externalcontact/send_welcome_msg", {"welcome_code": late})
    assert answer["errcode"] == 41050


async def test_the_wire_shows_what_went_over_it(fake: FakeWeCom) -> None:
    await fake.say("li", "你好")
    entry = fake.wire.entries[-1]
    assert (entry["dir"], entry["status"], entry["attempt"]) == ("callback", 200, 1)
    assert "你好" in entry["plain"]
    assert "<Encrypt>" in entry["encrypted"]
    assert "你好" not in entry["encrypted"]


def test_repeated_elements_are_written_one_after_the_other() -> None:
    assert xml_of({"A": ["1", "2"], "B": 3}) == "<xml><A><![CDATA[1]]></A><A><![CDATA[2]]></A><B>3</B></xml>"
