"""Tokens, faults, people, menu, media and customers of the fake API."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.faults import CodeForCalls
from storage.model.clock import MovableClock
from tests.bot.sandbox.cast import CORP, Api


async def test_the_token_stays_the_same_for_two_hours(
    fake: FakeWeCom, api: Api, clock: MovableClock
) -> None:
    first = api.token
    clock.advance(timedelta(seconds=7199))
    assert await api.fetch_token() == first
    clock.advance(timedelta(seconds=1))
    assert (await api.get("user/get", userid="li"))["errcode"] == 42001
    assert await api.fetch_token() != first
    assert fake.api.token_requests == 3


@pytest.mark.parametrize(
    ("corp_id", "secret", "errcode"),
    [("wwother", CORP.secret, 40013), (CORP.corp_id, "wrong", 40001)],
)
async def test_wrong_corp_and_wrong_secret_are_told_apart(
    api: Api, corp_id: str, secret: str, errcode: int
) -> None:
    assert (await api.get("gettoken", corpid=corp_id, corpsecret=secret))["errcode"] == errcode


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("made-up", 40014)])
async def test_calls_without_a_good_token_are_refused(api: Api, token: str, errcode: int) -> None:
    api.token = token
    assert (await api.get("user/get", userid="li"))["errcode"] == errcode


async def test_an_expired_token_works_again_after_fetching_once(fake: FakeWeCom, api: Api) -> None:
    fake.faults.expire_tokens = 1
    assert (await api.send_text("你好"))["errcode"] == 42001
    await api.fetch_token()
    assert (await api.send_text("你好"))["errcode"] == 0


async def test_a_forced_code_lasts_for_its_calls_and_its_path(fake: FakeWeCom, api: Api) -> None:
    fake.faults.code = CodeForCalls(45009, calls=2, path="message/send")
    assert (await api.get("user/get", userid="li"))["errcode"] == 0
    codes = [(await api.send_text(str(n)))["errcode"] for n in range(3)]
    assert codes == [45009, 45009, 0]
    assert [b.text for b in fake.seen] == ["2"]


async def test_http_500_comes_before_the_work(fake: FakeWeCom, api: Api) -> None:
    fake.faults.http_500 = 1
    assert (await api.send_text("一"))["_status"] == 500
    assert fake.seen == []


async def test_when_wecom_is_down_connections_break(fake: FakeWeCom, api: Api) -> None:
    fake.faults.down = True
    with pytest.raises(aiohttp.ClientError):
        await api.send_text("一")
    fake.faults.clear()
    assert (await api.send_text("二"))["errcode"] == 0


async def test_a_slow_answer_comes_after_the_work(fake: FakeWeCom, api: Api) -> None:
    fake.faults.slow_seconds = 0.1
    start = time.perf_counter()
    await api.send_text("慢")
    assert time.perf_counter() - start >= 0.1
    assert len(fake.seen) == 1


def test_faults_are_set_by_name_and_type(fake: FakeWeCom) -> None:
    fake.faults.set({"down": True, "slow_seconds": 6, "code": {"errcode": 60020}})
    assert fake.faults.as_dict()["code"] == {"errcode": 60020, "calls": -1, "path": ""}
    for wrong in ({"nothing": 1}, {"down": 1}, {"http_500": True}, {"slow_seconds": "6"}):
        with pytest.raises(ValueError, match="fault"):
            fake.faults.set(wrong)


async def test_the_wire_record_holds_no_token_and_no_secret(fake: FakeWeCom, api: Api) -> None:
    await api.send_text("你好")
    record = repr(list(fake.wire.entries))
    assert api.token not in record
    assert CORP.secret not in record
    assert fake.wire.entries[-1]["query"] == {"access_token": "…"}
    assert fake.wire.entries[-1]["request"]["text"] == {"content": "你好"}


async def test_members_and_departments_can_be_read(api: Api) -> None:
    person = await api.get("user/get", userid="LI")
    assert (person["name"], person["direct_leader"], person["department"]) == ("李想", ["wang"], [2])
    assert "mobile" not in person
    assert (await api.get("user/get", userid="none"))["errcode"] == 60111
    simple = await api.get("user/simplelist", department_id=1)
    assert [m["userid"] for m in simple["userlist"]] == ["Wang"]
    full = await api.get("user/list", department_id=2)
    assert [m["name"] for m in full["userlist"]] == ["李想", "周敏"]
    departments = await api.get("department/list")
    assert [(d["id"], d["parentid"]) for d in departments["department"]] == [(1, 0), (2, 1)]
    assert (await api.get("department/simplelist", id=9))["errcode"] == 60003
    assert (await api.get("getcallbackip"))["ip_list"] == ["127.0.0.1"]
    assert (await api.get("agent/get", agentid=CORP.agent_id))["agentid"] == CORP.agent_id


async def test_the_menu_is_kept_and_given_back(fake: FakeWeCom, api: Api) -> None:
    assert (await api.get("menu/get", agentid=CORP.agent_id))["errcode"] == 46003
    below = [{"type": "click", "name": "今日待办", "key": "agenda"}]
    buttons = [{"name": "工作", "sub_button": below}]
    assert (await api.post("menu/create", {"button": buttons}, agentid=CORP.agent_id))["errcode"] == 0
    assert (await api.get("menu/get", agentid=CORP.agent_id))["button"] == buttons
    assert (await api.post("menu/create", {"button": buttons}, agentid=7))["errcode"] == 301002


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([{"name": "菜", "type": "click", "key": "k"}] * 4, 40016),
        ([{"name": "一二三四五六", "type": "click", "key": "k"}], 40018),
        ([{"name": "菜", "type": "dance", "key": "k"}], 40017),
        ([{"name": "菜", "type": "click", "key": "k" * 129}], 40019),
        ([{"name": "菜", "type": "view"}], 40020),
        ([{"name": "菜", "sub_button": [{"name": "子", "type": "click", "key": "k"}] * 6}], 40023),
    ],
)
async def test_menus_beyond_the_limits_are_refused(
    api: Api, buttons: list[dict[str, Any]], errcode: int
) -> None:
    answer = await api.post("menu/create", {"button": buttons}, agentid=CORP.agent_id)
    assert answer["errcode"] == errcode


async def test_media_goes_up_and_comes_back(fake: FakeWeCom, api: Api) -> None:
    form = aiohttp.FormData()
    form.add_field("media", b"picture of a chart", filename="chart.png", content_type="image/png")
    url = f"{api.base}/cgi-bin/media/upload?access_token={api.token}&type=image"
    async with api.session.post(url, data=form) as response:
        kept = await response.json()
    assert isinstance(kept["created_at"], str)
    sent = await api.send("image", {"media_id": kept["media_id"]})
    assert (sent["errcode"], fake.seen[-1].kind) == (0, "image")
    query = f"access_token={api.token}&media_id={kept['media_id']}"
    async with api.session.get(f"{api.base}/cgi-bin/media/get?{query}") as response:
        assert await response.read() == b"picture of a chart"


async def test_customers_can_be_listed_read_and_renamed(fake: FakeWeCom, api: Api) -> None:
    assert (await api.get("externalcontact/list", userid="li"))["errcode"] == 84061
    for n in range(3):
        await fake.befriend("li", f"wm{n}", f"客户{n}")
    listed = await api.get("externalcontact/list", userid="li")
    assert listed["external_userid"] == ["wm0", "wm1", "wm2"]
    note = {"userid": "li", "external_userid": "wm1", "remark": "王总", "remark_mobiles": ["13800000001"]}
    assert (await api.post("externalcontact/remark", note))["errcode"] == 0
    read = await api.get("externalcontact/get", external_userid="wm1")
    assert (read["follow_user"][0]["remark"], read["follow_user"][0]["userid"]) == ("王总", "li")
    first = await api.post("externalcontact/batch/get_by_user", {"userid_list": ["li"], "limit": 2})
    assert len(first["external_contact_list"]) == 2
    rest = {"userid_list": ["li"], "limit": 2, "cursor": first["next_cursor"]}
    last = await api.post("externalcontact/batch/get_by_user", rest)
    assert (len(last["external_contact_list"]), last["next_cursor"]) == (1, "")
    assert (await api.get("externalcontact/get", external_userid="wm9"))["errcode"] == 40096
    assert (await api.get("externalcontact/get_follow_user_list"))["follow_user"] == ["li", "zhou", "Wang"]


async def test_a_group_send_task_waits_for_the_adviser(
    fake: FakeWeCom, api: Api, clock: MovableClock
) -> None:
    await fake.befriend("li", "wm1", "小张")
    task = {"chat_type": "single", "sender": "li", "external_userid": ["wm1", "wm9"],
            "text": {"content": "生日快乐"}}
    made = await api.post("externalcontact/add_msg_template", task)
    assert (made["errcode"], made["fail_list"]) == (0, ["wm9"])
    asked = {"msgid": made["msgid"], "userid": "li"}
    assert (await api.post("externalcontact/get_groupmsg_task", asked))["errcode"] == 41063
    clock.advance(timedelta(minutes=1))
    waiting = await api.post("externalcontact/get_groupmsg_task", asked)
    assert waiting["task_list"][0]["status"] == 0
    fake.confirm_group_message(made["msgid"])
    results = await api.post("externalcontact/get_groupmsg_send_result", asked)
    assert [r["status"] for r in results["send_list"]] == [1]
    second = await api.post("externalcontact/add_msg_template", task)
    fake.confirm_group_message(second["msgid"])
    again = await api.post("externalcontact/get_groupmsg_send_result", asked | {"msgid": second["msgid"]})
    assert [r["status"] for r in again["send_list"]] == [3]


@pytest.mark.parametrize(
    ("task", "errcode"),
    [
        ({"text": {"content": "好"}}, 40058),
        ({"sender": "li", "external_userid": ["wm9"], "text": {"content": "好"}}, 41048),
        ({"sender": "li", "external_userid": ["wm9"]}, 40063),
        ({"sender": "none", "text": {"content": "好"}}, 60111),
    ],
)
async def test_group_send_tasks_without_words_or_people_are_refused(
    api: Api, task: dict[str, Any], errcode: int
) -> None:
    assert (await api.post("externalcontact/add_msg_template", task))["errcode"] == errcode
