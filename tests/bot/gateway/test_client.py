import asyncio
import json
from datetime import timedelta

import pytest
import structlog
from aiohttp import web

from bot.sandbox.faults import CodeForCalls
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable, redact, rule_for
from bot.wecom.media import BadMedia, Upload
from tests.bot.gateway.scripted import CORP, a_client, error, ok

HELLO = json.dumps({"touser": "LiGuWen", "agentid": CORP.agent_id, "msgtype": "text",
                    "text": {"content": "你好"}}).encode()  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n picture"

# ---------------------------------------------------------------- against the sandbox's WeCom


async def test_a_message_reaches_the_phone(client, fake):
    answer = await client.send_message(HELLO)
    assert answer["msgid"]
    assert [seen.text for seen in fake.seen_by("LiGuWen")] == ["你好"]


async def test_one_token_serves_many_calls(client, fake):
    await asyncio.gather(*(client.get_user("wang") for _ in range(20)))
    assert fake.api.token_requests == 1


async def test_a_token_that_dies_early_is_replaced_and_the_message_goes(client, fake):
    await client.get_user("wang")
    fake.faults.expire_tokens = 1
    await client.send_message(HELLO)
    assert len(fake.seen_by("LiGuWen")) == 1
    assert fake.api.token_requests == 2


async def test_twenty_calls_with_a_dead_token_cause_one_new_fetch(client, fake, clock):
    await client.get_user("wang")
    clock.advance(timedelta(seconds=7200 - 310))
    for token in list(fake.api.tokens._until):
        fake.api.tokens.expire(token, clock.now())
    users = await asyncio.gather(*(client.get_user("wang") for _ in range(20)))
    assert len(users) == 20
    assert fake.api.token_requests == 2


async def test_a_wrong_secret_asks_wecom_once_and_not_again(session, fake, fake_url, clock):
    client = a_client(session, fake_url, clock, secret="wrong")
    for _ in range(10):
        with pytest.raises(Misconfigured) as raised:
            await client.send_message(HELLO)
    assert raised.value.errcode == 40001
    assert fake.api.token_requests == 1


async def test_members_and_departments_come_as_values(client):
    member = await client.get_user("liguwen")
    assert (member.userid, member.name, member.departments) == ("LiGuWen", "李顾问", (2,))
    assert (member.position, member.direct_leaders, member.status) == ("理财顾问", ("wang",), 1)
    assert [m.userid for m in await client.list_users(2)] == ["LiGuWen"]
    assert {(d.id, d.name, d.parent_id) for d in await client.list_departments()} >= {(2, "上海分部", 1)}


async def test_an_unknown_member_is_named_by_code(client):
    with pytest.raises(CallFailed) as raised:
        await client.get_user("nobody")
    assert raised.value.errcode == 60111
    assert raised.value.rule.do is Do.DROP_RECEIVER


async def test_a_menu_is_made_and_read_back(client, fake):
    with pytest.raises(CallFailed, match="46003"):
        await client.get_menu()
    await client.create_menu({"button": [{"type": "click", "name": "今日待办", "key": "agenda"}]})
    assert (await client.get_menu())["button"][0]["key"] == "agenda"


async def test_a_picture_is_uploaded_under_its_chinese_name(client, fake):
    media_id = await client.upload_media("image", '续保"漏斗"/十一月.png', PNG)
    upload = fake.media._kept[media_id].upload
    assert upload.filename == "续保_漏斗__十一月.png"
    assert upload.content == PNG


async def test_an_upload_with_a_dead_token_sends_the_whole_file_again(client, fake):
    await client.get_user("wang")
    fake.faults.expire_tokens = 1
    media_id = await client.upload_media("file", "名单.xlsx", b"0123456789")
    assert fake.media._kept[media_id].upload.content == b"0123456789"


async def test_a_message_can_be_taken_back_for_a_day(client, fake, clock):
    msgid = (await client.send_message(HELLO))["msgid"]
    await client.recall(msgid)
    assert fake.seen_by("LiGuWen")[0].recalled
    clock.advance(timedelta(hours=25))
    with pytest.raises(CallFailed, match="42052"):
        await client.recall(msgid)


async def test_customer_contact_calls_go_through_the_general_door(client, fake, clock):
    fake.contacts.befriend("LiGuWen", "wm0001", "王芳", clock.now(), "")
    answer = await client.read("externalcontact/list", {"userid": "LiGuWen"})
    assert answer["external_userid"] == ["wm0001"]
    detail = await client.call("POST", "externalcontact/batch/get_by_user", json={"userid_list": ["LiGuWen"]})
    assert detail["external_contact_list"][0]["external_contact"]["external_userid"] == "wm0001"


async def test_the_app_and_callback_addresses_can_be_read(client):
    assert (await client.get_agent())["agentid"] == CORP.agent_id
    assert await client.get_callback_ips() == ["127.0.0.1"]


async def test_a_rate_limit_closes_that_api_for_a_minute_then_for_an_hour(client, fake, clock):
    fake.faults.code = CodeForCalls(45009, path="message/send")
    for expected in (60, 3600):
        with pytest.raises(ApiBlocked) as raised:
            await client.send_message(HELLO)
        assert raised.value.retry_after == expected
        with pytest.raises(ApiBlocked):
            await client.send_message(HELLO)
        assert (await client.get_user("wang")).name == "王主管"
        clock.advance(timedelta(seconds=expected + 1))
    fake.faults.clear()
    assert (await client.send_message(HELLO))["msgid"]


async def test_a_lost_answer_is_told_as_unknown(client, fake):
    fake.faults.lost_answers = 1
    with pytest.raises(Unreachable):
        await client.send_message(HELLO)


async def test_a_reading_call_survives_a_bad_moment(client, fake):
    fake.faults.http_500 = 2
    assert (await client.get_user("wang")).name == "王主管"
    fake.faults.code = CodeForCalls(-1, calls=2)
    assert (await client.get_user("wang")).name == "王主管"


# ---------------------------------------------------------------- sequences the sandbox does not produce


async def test_a_closed_api_is_not_asked_again(scripted_client, scripted):
    scripted.script["message/send"] = [error(45009)]
    for _ in range(5):
        with pytest.raises(ApiBlocked):
            await scripted_client.send_message(HELLO)
    assert scripted.count("message/send") == 1


@pytest.mark.parametrize("errcode", [40014, 42001])
async def test_a_token_that_is_never_good_is_tried_twice_and_not_for_ever(scripted_client, scripted, errcode):
    scripted.script["message/send"] = [error(errcode)]
    with pytest.raises(CallFailed) as raised:
        await scripted_client.send_message(HELLO)
    assert raised.value.errcode == errcode
    assert scripted.count("message/send") == 2
    assert scripted.count("gettoken") == 2


async def test_a_secret_refused_by_a_call_stops_all_calls_for_a_while(scripted_client, scripted, clock):
    scripted.script["message/send"] = [error(40001)]
    with pytest.raises(Misconfigured):
        await scripted_client.send_message(HELLO)
    with pytest.raises(Misconfigured):
        await scripted_client.get_user("wang")
    assert scripted.count("user/get") == 0
    clock.advance(timedelta(seconds=61))
    await scripted_client.get_user("wang")
    assert scripted.count("user/get") == 1


async def test_the_ban_that_follows_wrong_secrets_is_waited_out(scripted_client, scripted, clock):
    scripted.script["gettoken"] = [error(45009, "api freq out of limit")]
    with pytest.raises(Misconfigured) as raised:
        await scripted_client.get_user("wang")
    assert raised.value.retry_after == 3600
    clock.advance(timedelta(minutes=59))
    with pytest.raises(Misconfigured):
        await scripted_client.get_user("wang")
    assert scripted.count("gettoken") == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (web.Response(status=502, text="<html>bad gateway</html>"), "http_502"),
        (web.Response(status=200, text="<html>log in to the hotel</html>"), "not_json"),
        (web.Response(status=200, text="[]"), "not_json"),
        (web.Response(status=200, text='{"ok": true}'), "no_errcode"),
        (web.Response(status=200, text='{"errcode": null}'), "no_errcode"),
        (web.Response(status=200, text='{"errcode": 0, "errm'), "not_json"),
        (web.Response(status=200, text="[" * 100_000), "not_json"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}), "http_302"),
        (web.Response(status=200, body=b"\xff\xfe"), "not_json"),
    ],
)
async def test_an_answer_that_is_not_wecoms_is_no_answer(scripted_client, scripted, answer, reason):
    scripted.script["message/send"] = [answer]
    with pytest.raises(Unreachable) as raised:
        await scripted_client.send_message(HELLO)
    assert raised.value.reason == reason


async def test_a_slow_answer_ends_at_the_limit_of_the_call(scripted_client, scripted):
    scripted.script["message/send"] = [5.0]
    with pytest.raises(Unreachable, match="timeout"):
        await scripted_client.call("POST", "message/send", body=HELLO, timeout=0.05)


async def test_nobody_listening_is_unreachable(session, clock, unused_tcp_port):
    client = a_client(session, f"http://127.0.0.1:{unused_tcp_port}", clock)
    with pytest.raises(Unreachable, match="ClientConnectorError"):
        await client.send_message(HELLO)


async def test_an_errcode_written_as_text_is_read(scripted_client, scripted):
    scripted.script["message/send"] = [{"errcode": "0", "errmsg": "ok", "msgid": "m"}]
    assert (await scripted_client.send_message(HELLO))["msgid"] == "m"


@pytest.mark.parametrize("token", [{}, {"access_token": ""}, {"access_token": 5, "expires_in": 7200},
                                   {"access_token": "t", "expires_in": "soon"},
                                   {"access_token": "t", "expires_in": 0}])  # fmt: skip
async def test_a_token_answer_without_a_token_is_no_answer(scripted_client, scripted, token):
    scripted.script["gettoken"] = [ok(**token)]
    with pytest.raises(Unreachable, match="no_token"):
        await scripted_client.send_message(HELLO)


async def test_too_many_calls_at_once_halves_how_many_go_together(scripted_client, scripted):
    scripted.script["message/send"] = [error(45033), ok(msgid="m")]
    with pytest.raises(CallFailed):
        await scripted_client.send_message(HELLO)
    assert scripted_client._gate.allowed == 16


async def test_no_more_calls_go_together_than_allowed(session, scripted, clock):
    client = a_client(session, scripted.url, clock, at_a_time=3)
    scripted.script["user/get"] = [0.01]
    await asyncio.gather(*(client.get_user("wang") for _ in range(12)))
    assert scripted.count("user/get") == 12
    assert scripted.most_at_once == 3


async def test_every_exchange_is_observed(session, scripted, clock):
    seen = []
    client = a_client(session, scripted.url, clock, observe=lambda *what: seen.append(what[:2]))
    scripted.script["message/send"] = [ok(), error(40058), web.Response(status=500)]
    await client.send_message(HELLO)
    with pytest.raises(CallFailed):
        await client.send_message(HELLO)
    with pytest.raises(Unreachable):
        await client.send_message(HELLO)
    assert seen == [("message/send", 0), ("message/send", 40058), ("message/send", None)]


# ---------------------------------------------------------------- secrets stay inside


async def test_no_log_line_and_no_exception_holds_a_token_or_the_secret(session, scripted, clock):
    token, secret = "TOKEN" * 20, "SECRET-of-this-app"
    scripted.script["gettoken"] = [ok(access_token=token, expires_in=7200)]
    leak = f"invalid, access_token={token}, url ?corpsecret={secret}&x, raw {token}"
    scripted.script["message/send"] = [
        error(40058, leak), error(45009, leak), web.Response(status=500, text=leak),
        web.Response(status=302, headers={"Location": f"/x?access_token={token}"}),
    ]  # fmt: skip
    client = a_client(session, scripted.url, clock, secret=secret)
    told: list[str] = []
    with structlog.testing.capture_logs() as logs:
        for _ in range(4):
            with pytest.raises((CallFailed, Unreachable)) as raised:
                await client.send_message(HELLO)
            told += [str(raised.value), repr(raised.value), repr(raised.value.__context__)]
            clock.advance(timedelta(hours=2))
    everything = " ".join([*told, str(logs), repr(client.app)])
    assert "TOKENTOKEN" not in everything
    assert secret not in everything


def test_redaction_keeps_what_helps():
    told = redact("not allow to access, hint: [1787373915609110759172198], from ip: 198.51.100.7")
    assert "from ip: 198.51.100.7" in told
    assert len(redact("x " * 1000)) == 300


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image", b"GIF89a picture"), ("image", b"12345"), ("voice", b"RIFFxxxxWAVE"), ("voice", b"#!AMR"),
     ("video", b"not a video at all"), ("file", b"12345"), ("file", b""), ("sticker", b"0123456789"),
     ("voice", b"#!AMR\n" + bytes(2 * 1024 * 1024)), ("image", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024)),
     ("file", bytes(20 * 1024 * 1024 + 1))],
)  # fmt: skip
async def test_a_file_that_wecom_would_refuse_is_not_sent(scripted_client, scripted, kind, content):
    with pytest.raises(BadMedia):
        await scripted_client.upload_media(kind, "x", content)
    assert scripted.bodies == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image", PNG), ("image", b"\xff\xd8\xff picture"), ("voice", b"#!AMR\n sound"),
     ("video", b"\0\0\0\x18ftypmp42"), ("file", b"123456")],
)  # fmt: skip
def test_formats_that_wecom_takes_pass(kind, content):
    assert Upload(kind, "名字", content).content == content


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("errcode", "do"),
    [(-1, Do.RETRY), (40001, Do.CONFIG), (40014, Do.TOKEN), (42001, Do.TOKEN), (45009, Do.RATE),
     (45033, Do.SLOW), (60020, Do.CONFIG), (81013, Do.DROP_RECEIVER), (84061, Do.RELATION_LOST),
     (85002, Do.CONTENT), (42014, Do.REFUSED), (42027, Do.BUG), (42051, Do.BUG), (42052, Do.STOP),
     (60140, Do.STOP), (41303, Do.LIMIT), (41305, Do.CONFIG), (95033, Do.DONE), (40099, Do.REFUSED),
     (123456, Do.BUG)],
)  # fmt: skip
def test_what_an_errcode_asks_of_us(errcode, do):
    assert rule_for(errcode).do is do


async def test_a_file_that_was_sent_comes_back_as_it_was(client):
    media_id = await client.upload_media("image", "scan.png", PNG)
    assert await client.download_media(media_id, 1000) == PNG


async def test_of_a_file_that_is_too_large_no_more_is_read(client):
    media_id = await client.upload_media("image", "scan.png", PNG + b"x" * 5000)
    assert await client.download_media(media_id, 1000) is None


async def test_a_file_that_is_gone_says_so(client):
    with pytest.raises(CallFailed) as raised:
        await client.download_media("3gone", 1000)
    assert raised.value.rule.do is Do.MEDIA


async def test_a_dead_token_is_replaced_for_a_file_too(client, fake):
    media_id = await client.upload_media("image", "scan.png", PNG)
    fake.faults.expire_tokens = 1
    assert await client.download_media(media_id, 1000) == PNG
