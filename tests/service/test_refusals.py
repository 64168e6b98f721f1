"""What is not WeCom's, or not whole, is refused in one way: a bare 4xx, a count, and nothing kept."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.codec import MAX_BODY_BYTES, Codec, cdata
from bot.sandbox.callbacks import xml_of
from storage.database import Database
from storage.model.clock import MovableClock
from tests.service.door import CORP, Answer, Door, Sealed, a_text, an_event, kept

OTHER_KEY = "another" * 6 + "A"


async def test_the_url_check_answers_with_the_bare_number(door: Door):
    encrypted = door.codec.encrypt("1234567890123456789")
    answer = await door.get("/wecom/callback", {**door.sign("", encrypted).query, "echostr": encrypted})
    assert answer == Answer(200, b"1234567890123456789")


async def test_a_genuine_message_is_kept_and_acknowledged_with_an_empty_200(door: Door, sqlite_database: Database):
    assert await door.say(a_text("查 王芳")) == Answer(200, b"")
    [row] = kept(sqlite_database)
    assert (row.sender, row.kind, row.state, row.tries) == ("lixiang", "TextMessage", "new", 0)
    assert "王芳".encode() not in row.body


def _cases(door: Door) -> dict[str, tuple[Sealed, int, str]]:
    plain, good = a_text(), door.seal(a_text())
    encrypted = door.codec.encrypt(plain)
    two = f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><Encrypt>{cdata(encrypted)}</Encrypt></xml>"
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
    broken_aes = door.codec.encrypt(plain)[:-24] + "A" * 22 + "=="
    return {
        "a forged signature": (Sealed({**good.query, "msg_signature": "0" * 40}, good.body), 403, "signature"),
        "no signature at all": (Sealed({}, good.body), 403, "signature"),
        "a signature of Chinese": (Sealed({**good.query, "msg_signature": "签名" * 20}, good.body), 403, "signature"),
        "the wrong token": (door.seal(plain, codec=Codec("othertoken", CORP.aes_key, CORP.corp_id)), 403, "signature"),
        "the wrong key": (door.seal(plain, codec=Codec(CORP.token, OTHER_KEY, CORP.corp_id)), 403, ""),
        "another corp's id in the ciphertext": (
            door.seal(plain, codec=Codec(CORP.token, CORP.aes_key, "wwsomebodyelse")), 403, "receive-id"),
        "an old time stamp": (door.seal(plain, age=601), 403, "stale"),
        "a time stamp of tomorrow": (door.seal(plain, age=-86_400), 403, "stale"),
        "a body that is too large": (door.sign("<xml>" + "x" * MAX_BODY_BYTES + "</xml>", ""), 413, "too-large"),
        "a declaration of entities": (door.sign(bomb, "aaaaaaaaaa"), 403, "doctype"),
        "two Encrypt elements": (door.sign(two, encrypted), 403, "encrypt-count"),
        "no Encrypt element": (door.sign("<xml><ToUserName>ww</ToUserName></xml>", ""), 403, "encrypt-count"),
        "base64 with junk in it": (door.sign("<xml><Encrypt>ab!!cd==</Encrypt></xml>", "ab!!cd=="), 403, "base64"),
        "a ciphertext of half a block": (door.sign("<xml><Encrypt>YWJj</Encrypt></xml>", "YWJj"), 403, "cipher"),
        "a ciphertext with a broken end": (
            door.sign(f"<xml><Encrypt>{broken_aes}</Encrypt></xml>", broken_aes), 403, ""),
        "half of an XML": (door.sign("<xml><Encrypt>abc", "abc"), 403, "not-xml"),
        "no XML but JSON": (door.sign('{"encrypt": "abc"}', "abc"), 403, "not-xml"),
        "nothing": (door.sign("", ""), 403, "not-xml"),
        "bytes that are no text": (door.sign(b"\xff\xfe\x00<\x00x", ""), 403, "not-xml"),
        "a message to another app": (door.seal(a_text(AgentID=1)), 403, "addressee"),
        "a message to another corp": (door.seal(a_text(ToUserName="wwother")), 403, "addressee"),
    }  # fmt: skip


@pytest.mark.parametrize("name", [
    "a forged signature", "no signature at all", "a signature of Chinese", "the wrong token", "the wrong key",
    "another corp's id in the ciphertext", "an old time stamp", "a time stamp of tomorrow",
    "a body that is too large", "a declaration of entities", "two Encrypt elements", "no Encrypt element",
    "base64 with junk in it", "a ciphertext of half a block", "a ciphertext with a broken end", "half of an XML",
    "no XML but JSON", "nothing", "bytes that are no text", "a message to another app", "a message to another corp",
])  # fmt: skip
async def test_it_is_refused_and_counted_and_leaves_no_trace(door: Door, sqlite_database: Database, name: str):
    sealed, status, reason = _cases(door)[name]
    assert await door.post(sealed) == Answer(status, b"")
    assert await door.counted("bot_callbacks_total", outcome="refused") == 1
    assert await door.counted("bot_callbacks_refused_total", **({"reason": reason} if reason else {})) == 1
    assert kept(sqlite_database) == []


async def test_what_nobody_knows_yet_is_kept_and_counted_apart(door: Door, sqlite_database: Database):
    assert await door.say(a_text(MsgType="hologram")) == Answer(200, b"")
    assert [row.kind for row in kept(sqlite_database)] == ["unknown:hologram"]
    assert await door.counted("bot_callbacks_total", outcome="unknown") == 1
    assert await door.counted("bot_callbacks_total", outcome="kept") == 0


async def test_a_flood_in_chunks_is_cut_off_at_the_same_size(door: Door, sqlite_database: Database):
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 4096

    assert await door.post(door.seal(a_text()), data=flood()) == Answer(413, b"")
    assert (await door.say(a_text())).status == 200
    assert len(kept(sqlite_database)) == 1


async def test_a_small_body_that_unpacks_into_a_large_one_is_not_unpacked(door: Door):
    bomb = gzip.compress(b"<xml>" + b" " * 20_000_000 + b"</xml>")
    assert len(bomb) < MAX_BODY_BYTES
    answer = await door.post(door.seal(a_text()), data=bomb, headers={"Content-Encoding": "gzip"})
    assert answer == Answer(403, b"")


async def test_a_chunked_body_that_breaks_its_own_rules_is_no_server_error(door: Door, sqlite_database: Database):
    answer = await door.raw(
        b"POST /wecom/callback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nno number\r\n\r\n"
    )
    assert answer.partition(b" ")[2].startswith(b"400")
    assert b"Traceback" not in answer
    assert kept(sqlite_database) == []


@pytest.mark.parametrize("line", [
    b"POST /wecom/callback?msg_signature=%ff%fe&timestamp=%00&nonce=%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
    b"GET /wecom/callback?echostr=%ff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /wecom/callback HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PUT /wecom/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"POST /wecom/callback HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
])  # fmt: skip
async def test_raw_nonsense_gets_a_4xx_without_a_stack_trace(door: Door, line: bytes):
    answer = await door.raw(line.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n"))
    assert answer.partition(b" ")[2].startswith(b"4")
    assert b"Traceback" not in answer
    assert b"site-packages" not in answer


# ---------------------------------------------------------------- genuine, and odd


@pytest.mark.parametrize("plain", [
    an_event("something_new_of_2031", Surprise="yes"),
    xml_of({"ToUserName": CORP.corp_id, "FromUserName": "lixiang", "MsgType": "hologram", "AgentID": CORP.agent_id}),
    xml_of({"ToUserName": CORP.corp_id, "InfoType": "suite_ticket"}),
    "this is no XML",
    "<xml>" + "<a>" * 3000 + "</a>" * 3000 + "</xml>",
    '<!DOCTYPE x [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName></xml>',
    a_text("x" * 20_000),
    a_text("签到 " + chr(0x202E) + chr(0xFEFF) + "\U0001f600" * 200),
    a_text(sender="x" * 300),
    a_text(sender=""),
    a_text(CreateTime="99999999999999999999"),
    a_text(msg_id=None),
])  # fmt: skip
async def test_what_wecom_signed_is_acknowledged_and_kept_however_odd(plain: str, any_door: Door, database: Database):
    assert await any_door.say(plain) == Answer(200, b"")
    assert len(kept(database)) == 1
    assert await any_door.counted("bot_spooled_total") == 0


async def test_a_message_id_of_64_bits_is_kept_whole(door: Door, sqlite_database: Database):
    for msg_id in (2**63 - 1, 2**64 - 1, 2**64 - 2):
        await door.say(a_text(msg_id=msg_id))
    assert [row.key.rpartition(":")[2] for row in kept(sqlite_database)] == [
        str(2**63 - 1), str(2**64 - 1), str(2**64 - 2),
    ]  # fmt: skip


# ---------------------------------------------------------------- replays


async def test_the_same_request_again_has_no_effect(door: Door, sqlite_database: Database):
    sealed = door.seal(a_text())
    assert [(await door.post(sealed)).status for _ in range(3)] == [200, 200, 200]
    assert len(kept(sqlite_database)) == 1


async def test_a_replay_with_shifted_digits_passes_the_signature_and_still_has_no_effect(
    door: Door, clock: MovableClock, sqlite_database: Database
):
    """The signature covers the values glued together: digits may wander between time stamp and nonce."""
    clock.move_to(clock.now().replace(year=2025))
    sealed = door.seal(a_text(), nonce="0")
    await door.post(sealed)
    stamp, signed = sealed.query["timestamp"], sealed.query["msg_signature"]
    encrypted = sealed.body.decode().removeprefix("<xml><Encrypt><![CDATA[").removesuffix("]]></Encrypt></xml>")
    shifted = ["0" + stamp, stamp], ["", "0"]
    valid = [
        {"msg_signature": signed, "timestamp": t, "nonce": n}
        for t in shifted[0] for n in shifted[1] if door.codec.sign(t, n, encrypted) == signed
    ]  # fmt: skip
    assert {q["timestamp"] for q in valid} == {"0" + stamp, stamp}
    assert [(await door.post(Sealed(query, sealed.body))).status for query in valid] == [200, 200]
    assert len(kept(sqlite_database)) == 1


async def test_a_message_sealed_anew_by_wecoms_own_retry_is_still_one(door: Door, clock: MovableClock, sqlite_database: Database):
    for nonce in ("first", "second", "third"):
        await door.post(door.seal(a_text(), nonce=nonce))
        clock.advance(timedelta(seconds=5))
    assert len(kept(sqlite_database)) == 1


async def test_one_message_id_from_two_people_is_two_messages(door: Door, sqlite_database: Database):
    await door.say(a_text(sender="lixiang", msg_id=1))
    await door.say(a_text(sender="wangke", msg_id=1))
    assert [row.sender for row in kept(sqlite_database)] == ["lixiang", "wangke"]


async def test_two_events_of_one_second_are_two(door: Door, sqlite_database: Database):
    await door.say(an_event("click", EventKey="agenda.today"))
    await door.say(an_event("click", EventKey="help"))
    await door.say(an_event("click", EventKey="help"))
    assert [row.kind for row in kept(sqlite_database)] == ["click", "click"]
