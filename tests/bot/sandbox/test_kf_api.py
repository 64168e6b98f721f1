"""微信客服 of the fake: reading by cursor, the window, and its error codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.kf_api import KfApi
from bot.sandbox.qyapi import Call
from tests.bot.sandbox.cast import MONDAY


class Counter:
    def __init__(self) -> None:
        self.now: datetime = MONDAY
        self.faults = Faults()
        self.arrived: list[str] = []
        self.api = KfApi(self.faults, lambda account, external, text: self.arrived.append(text))
        self.api.open_account("wk1", "客服")

    def reads(self, cursor: str = "", **more: Any) -> dict[str, Any]:
        call = Call("kf/sync_msg", {}, self.now, body={"open_kfid": "wk1", "cursor": cursor, **more})
        answer = self.api.sync_msg(call)
        assert isinstance(answer, dict)
        return answer

    def answers(self, msgid: str = "a1", text: str = "您好", touser: str = "wm1", **more: Any) -> int:
        """The errcode."""
        body = {
            "open_kfid": "wk1", "touser": touser, "msgid": msgid, "msgtype": "text", "text": {"content": text}, **more,
        }
        try:
            self.api.send_msg(Call("kf/send_msg", {}, self.now, body=body))
        except ApiError as error:
            return error.errcode
        return 0


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_pages_follow_each_other_by_cursor(counter: Counter) -> None:
    for text in "一二三":
        counter.api.customer_says("wk1", "wm1", counter.now, text=text)
    first = counter.reads(limit=2)
    second = counter.reads(first["next_cursor"])
    assert [row["text"]["content"] for row in first["msg_list"]] == ["一", "二"]
    assert (first["has_more"], second["has_more"]) == (1, 0)
    assert [row["text"]["content"] for row in second["msg_list"]] == ["三"]
    assert counter.reads(second["next_cursor"])["msg_list"] == []


def test_what_is_older_than_three_days_is_gone(counter: Counter) -> None:
    counter.api.customer_says("wk1", "wm1", counter.now, text="一")
    counter.now += timedelta(days=3, seconds=1)
    page = counter.reads()
    assert page["msg_list"] == []
    assert counter.reads(page["next_cursor"])["has_more"] == 0


def test_a_token_is_good_for_ten_minutes(counter: Counter) -> None:
    token = counter.api.customer_says("wk1", "wm1", counter.now, text="一")
    assert len(counter.reads(token=token)["msg_list"]) == 1
    counter.now += timedelta(minutes=10)
    with pytest.raises(ApiError, match="95007"):
        counter.reads(token=token)
    with pytest.raises(ApiError, match="95004"):
        counter.reads(open_kfid="wk9")


def test_five_answers_in_48_hours(counter: Counter) -> None:
    assert counter.answers() == 95002  # he never wrote
    counter.api.customer_says("wk1", "wm1", counter.now, text="在吗")
    assert [counter.answers(f"a{n}") for n in range(6)] == [0, 0, 0, 0, 0, 95001]
    counter.api.customer_says("wk1", "wm1", counter.now, text="在吗")
    assert counter.answers("b1") == 0
    counter.now += timedelta(hours=48)
    assert counter.answers("b2") == 95002
    assert len(counter.arrived) == 6


def test_an_id_is_taken_once(counter: Counter) -> None:
    counter.api.customer_says("wk1", "wm1", counter.now, text="在吗")
    assert [counter.answers("a1"), counter.answers("a1"), counter.answers("a b")] == [0, 95033, 40058]
    assert counter.arrived == ["您好"]


def test_a_talk_that_a_person_has_is_not_the_api_s(counter: Counter) -> None:
    counter.api.customer_says("wk1", "wm1", counter.now, text="在吗")
    counter.api.take_over("wk1", "wm1")
    assert counter.answers() == 95018


def test_what_is_too_long_is_cut_and_nothing_is_refused(counter: Counter) -> None:
    counter.api.customer_says("wk1", "wm1", counter.now, text="在吗")
    assert counter.answers(text="好" * 700) == 0
    assert len(counter.arrived[0]) == 682
    assert counter.answers("a2", text="") == 40063
