"""微信客服 over the API: what WeCom gives is read whatever it looks like, and each answer has its meaning."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Misconfigured, Unreachable
from bot.wecom.kf import WeComKf
from reminders.kf_line import Answered, Page


class Line:
    """A client that answers, or fails, in one way."""

    def __init__(self, outcome: dict[str, Any] | Exception) -> None:
        self.outcome = outcome
        self.asked: dict[str, Any] = {}

    async def call(self, method: str, path: str, *, json: dict[str, Any]) -> dict[str, Any]:
        self.asked = json
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def kf(outcome: dict[str, Any] | Exception) -> WeComKf:
    return on(Line(outcome))


def on(line: Line) -> WeComKf:
    return WeComKf(cast(WeComClient, line))  # only `call` is used


TEXT = {
    "msgid": "m1", "open_kfid": "wk1", "external_userid": "wm1", "send_time": 1749430800, "origin": 3,
    "msgtype": "text", "text": {"content": "您好", "menu_id": ""},
}
FAIL = {
    "msgid": "m2", "open_kfid": "wk1", "send_time": 1749430800, "origin": 4, "msgtype": "event",
    "event": {"event_type": "msg_send_fail", "open_kfid": "wk1", "external_userid": "wm1", "fail_msgid": "a1", "fail_type": 4},
}


async def test_messages_and_events_are_read() -> None:
    page = await kf({"msg_list": [TEXT, FAIL], "next_cursor": "c2", "has_more": 1}).read("wk1", "c1", "")
    assert (page.state, page.cursor, page.more) == ("read", "c2", True)
    text, event = page.said
    assert (text.msgid, text.external_userid, text.origin, text.kind, text.text) == ("m1", "wm1", "customer", "text", "您好")
    assert (event.external_userid, event.origin, event.kind) == ("wm1", "system", "event:msg_send_fail")
    assert dict(event.data) == {"fail_msgid": "a1", "fail_type": "4"}


@pytest.mark.parametrize("row", [
    None, 7, {}, {"msgid": ""}, {"msgid": "m" * 65}, {"msgid": "m", "external_userid": "w" * 65},
])
async def test_a_row_that_cannot_be_kept_holds_up_no_other(row: object) -> None:
    page = await kf({"msg_list": [row, TEXT], "next_cursor": "c2"}).read("wk1", "", "")
    assert [said.msgid for said in page.said] == ["m1"]
    assert (page.cursor, page.more) == ("c2", False)


@pytest.mark.parametrize("row", [
    {"msgtype": "text"}, {"msgtype": "text", "text": "您好"}, {"msgtype": "image", "image": {"media_id": "x"}},
    {"msgtype": "event", "event": None}, {"msgtype": None}, {"send_time": "soon"}, {"send_time": 10**20},
    {"origin": "3"}, {"msgtype": "x" * 99},
])
async def test_odd_rows_are_kept_without_words(row: dict[str, Any]) -> None:
    page = await kf({"msg_list": [{"msgid": "m1", "external_userid": "wm1", **row}]}).read("wk1", "c1", "")
    (said,) = page.said
    assert said.text == ""
    assert len(said.kind) <= 32
    assert page.cursor == "c1"


async def test_the_token_goes_along_only_when_there_is_one() -> None:
    line = Line({"next_cursor": "c1"})
    await on(line).read("wk1", "", "ENC")
    assert line.asked["token"] == "ENC"
    await on(line).read("wk1", "", "")
    assert "token" not in line.asked


@pytest.mark.parametrize(("error", "page"), [
    (CallFailed("kf/sync_msg", 95007), Page("token_late")),
    (CallFailed("kf/sync_msg", 95004), Page("withdrawn")),
    (CallFailed("kf/sync_msg", -1), Page("later")),
    (ApiBlocked("kf/sync_msg", 45009, 60.0), Page("later", retry_after=60.0)),
    (Unreachable("kf/sync_msg", "timeout"), Page("later")),
])
async def test_what_goes_wrong_in_reading(error: Exception, page: Page) -> None:
    assert await kf(error).read("wk1", "", "ENC") == page


async def test_a_cursor_that_does_not_fit_is_not_kept() -> None:
    assert (await kf({"next_cursor": "c" * 65}).read("wk1", "", "")).state == "later"


@pytest.mark.parametrize(("error", "answered"), [
    (CallFailed("kf/send_msg", 95001), Answered("closed", "kf_count")),
    (CallFailed("kf/send_msg", 95002), Answered("closed", "kf_late")),
    (CallFailed("kf/send_msg", 95018), Answered("closed", "kf_state")),
    (CallFailed("kf/send_msg", 95033), Answered("sent")),
    (CallFailed("kf/send_msg", 40201), Answered("refused", "content")),
    (CallFailed("kf/send_msg", 40096), Answered("refused", "nobody")),
    (CallFailed("kf/send_msg", 40058), Answered("refused", "request")),
    (CallFailed("kf/send_msg", -1), Answered("unclear")),
    (CallFailed("kf/send_msg", 45033), Answered("not_asked")),
    (ApiBlocked("kf/send_msg", 45009, 60.0), Answered("not_asked", retry_after=60.0)),
    (Misconfigured("kf/send_msg", 60020), Answered("not_asked", retry_after=60.0)),
    (Unreachable("kf/send_msg", "timeout"), Answered("unclear")),
    (Unreachable("gettoken", "timeout"), Answered("not_asked")),
])
async def test_each_answer_has_its_meaning(error: Exception, answered: Answered) -> None:
    assert await kf(error).answer("wk1", "wm1", "a1", "您好") == answered
