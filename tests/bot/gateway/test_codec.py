import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.codec import MAX_BODY_BYTES, Codec, Refused, cdata
from storage.model.clock import MovableClock

KEY, TOKEN, CORP = "a" * 42 + "A", "callbacktoken", "wwcorp0000000001"
NOW = datetime(2026, 11, 23, 0, 10, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def a_callback(codec: Codec, plain: str, timestamp: str = STAMP, nonce: str = "n1") -> tuple[bytes, str]:
    encrypted = codec.encrypt(plain)
    body = f"<xml><ToUserName>{cdata(CORP)}</ToUserName><Encrypt>{cdata(encrypted)}</Encrypt></xml>"
    return body.encode(), codec.sign(timestamp, nonce, encrypted)


def reason_of(codec: Codec, body: bytes, signature: str, timestamp: str = STAMP, nonce: str = "n1") -> str:
    with pytest.raises(Refused) as refused:
        codec.open(body, signature, timestamp, nonce, NOW)
    return refused.value.reason


def seal_raw(codec: Codec, content: bytes, padding: bytes | None = None) -> tuple[bytes, str]:
    """An envelope with a right signature around whatever content, as one who holds the keys could build."""
    pad = 32 - len(content) % 32
    padded = content + (bytes([pad]) * pad if padding is None else padding)
    encrypted = base64.b64encode(codec._cipher.cipher.encrypt(padded)).decode()
    return f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), codec.sign(STAMP, "n1", encrypted)


# ---------------------------------------------------------------- published vectors


def test_a_published_vector_behaves_as_its_source_says(vector):
    random16 = vector.get("random16", "0" * 16).encode()
    codec = Codec(
        vector["token"], vector["encoding_aes_key"], vector["receive_id"], random16=lambda: random16
    )
    if "random16" in vector:
        assert codec.encrypt(vector["expected_plaintext"]) == vector["encrypt"]
    if "msg_signature" not in vector:
        return
    query = (vector["msg_signature"], vector["timestamp"], vector["nonce"])
    now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    if "must_be" in vector:
        with pytest.raises(Refused, match="signature"):
            codec.open_encrypted(vector["encrypt"], *query, now)
        return
    if vector["kind"] == "url_verify":
        echostr = unquote(vector.get("echostr_urlencoded", vector["encrypt"]))
        plain = codec.verify_url(*query, echostr, now)
    elif vector.get("body", "").startswith("<xml"):
        plain = codec.open(vector["body"].encode(), *query, now)
    else:
        plain = codec.open_encrypted(vector["encrypt"], *query, now)
    assert plain == vector["expected_plaintext"]


def test_the_same_vector_with_another_corp_is_refused(vector):
    if "msg_signature" not in vector or "must_be" in vector:
        return
    codec = Codec(vector["token"], vector["encoding_aes_key"], "wwsomebodyelse")
    with pytest.raises(Refused, match="receive-id"):
        codec.open_encrypted(
            vector["encrypt"], vector["msg_signature"], vector["timestamp"], vector["nonce"], None
        )


# ---------------------------------------------------------------- round trips


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
@example("你好，王芳 \U0001f600")
@example("")
def test_what_is_sealed_can_be_opened(plain):
    codec = Codec(TOKEN, KEY, CORP)
    body, signature = a_callback(codec, plain)
    assert codec.open(body, signature, STAMP, "n1", NOW) == plain


def test_a_reply_envelope_carries_a_signature_that_fits(codec):
    envelope = codec.seal("<xml>回复</xml>", STAMP, "own]]>nonce")
    encrypted = re.search(r"<Encrypt><!\[CDATA\[(.+?)\]\]>", envelope)[1]
    signature = re.search(r"<MsgSignature><!\[CDATA\[(.+?)\]\]>", envelope)[1]
    assert signature == codec.sign(STAMP, "own]]>nonce", encrypted)
    assert codec.open(envelope.encode(), signature, STAMP, "own]]>nonce", NOW) == "<xml>回复</xml>"


def test_a_reply_with_a_timestamp_that_is_no_number_is_a_bug_of_ours(codec):
    with pytest.raises(ValueError, match="digits"):
        codec.seal("x", "<b>", "n")


def test_a_bot_of_ones_own_corp_has_an_empty_receive_id():
    codec = Codec(TOKEN, KEY, "")
    body, signature = a_callback(codec, "{}")
    assert codec.open(body, signature, STAMP, "n1", NOW) == "{}"


def test_content_cannot_break_out_of_a_cdata_section():
    assert cdata("a]]><Evil/>") == "<![CDATA[a]]]]><![CDATA[><Evil/>]]>"


def test_two_ciphertexts_of_one_text_differ(codec):
    assert codec.encrypt("同一句话") != codec.encrypt("同一句话")


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "é"])
def test_a_key_of_the_wrong_shape_is_named_at_once(key):
    with pytest.raises(ValueError, match="43"):
        Codec(TOKEN, key, CORP)


# ---------------------------------------------------------------- the URL check


def test_a_raw_plus_that_the_query_turned_into_a_space_is_mended(codec):
    echostr = next(e for e in (codec.encrypt(f"123{i}") for i in range(1000)) if "+" in e)
    signature = codec.sign(STAMP, "n1", echostr)
    assert codec.verify_url(signature, STAMP, "n1", echostr.replace("+", " "), NOW).startswith("123")


def test_an_oversize_echostr_is_refused(codec):
    with pytest.raises(Refused, match="too-large"):
        codec.verify_url("x", STAMP, "n1", "A" * (MAX_BODY_BYTES + 1))


# ---------------------------------------------------------------- refusals


def test_a_forged_signature_is_refused_before_anything_is_decrypted(codec):
    body = b"<xml><Encrypt>not even base64</Encrypt></xml>"
    assert reason_of(codec, body, "0" * 40) == "signature"


@pytest.mark.parametrize("signature", ["", "签名", "a" * 1_000_000, "\udcff", "A" * 40])
def test_a_strange_signature_is_refused_and_does_not_raise_anything_else(codec, signature):
    body, _ = a_callback(codec, "<xml/>")
    assert reason_of(codec, body, signature) == "signature"


def test_upper_case_hex_is_not_our_signature(codec):
    body, signature = a_callback(codec, "<xml/>")
    assert reason_of(codec, body, signature.upper()) == "signature"


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 24 * 365])
def test_a_timestamp_far_from_now_is_stale(codec, minutes):
    stamp = str(int((NOW + timedelta(minutes=minutes)).timestamp()))
    body, signature = a_callback(codec, "<xml/>", stamp)
    assert reason_of(codec, body, signature, stamp) == "stale"


def test_the_age_check_can_be_switched_off():
    codec = Codec(TOKEN, KEY, CORP, max_age=None)
    body, signature = a_callback(codec, "<xml/>", "1")
    assert codec.open(body, signature, "1", "n1", NOW) == "<xml/>"


def test_shifted_digits_keep_the_signature_so_only_the_age_check_sees_them(codec):
    body, signature = a_callback(codec, "<xml/>", STAMP, "12")
    while not codec_encrypted(body)[0].isalpha():  # the parts are sorted: it must not come between the digits
        body, signature = a_callback(codec, "<xml/>", STAMP, "12")
    nonce, shifted = "12" + STAMP[:2], STAMP[2:]  # the two are glued together when they are signed
    assert codec.sign(shifted, nonce, codec_encrypted(body)) == signature
    assert reason_of(codec, body, signature, shifted, nonce) == "stale"


def codec_encrypted(body: bytes) -> str:
    return re.search(rb"<Encrypt><!\[CDATA\[(.+?)\]\]>", body)[1].decode()


@pytest.mark.parametrize("stamp", ["", "abc", "-5", "1e9", "9" * 13, "１２３４５"])
def test_a_timestamp_that_is_no_plain_number_is_refused(codec, stamp):
    body, signature = a_callback(codec, "<xml/>", stamp)
    assert reason_of(codec, body, signature, stamp) == "timestamp"


def test_a_body_over_64_kilobytes_is_refused(codec):
    assert reason_of(codec, b"<xml>" + b" " * MAX_BODY_BYTES + b"</xml>", "x") == "too-large"


BOMB = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]><xml><Encrypt>&m;</Encrypt></xml>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB, "doctype"),
        (b"<!DOCTYPE xml><xml><Encrypt>YQ==</Encrypt></xml>", "doctype"),
        (BOMB.decode().encode("utf-16"), "not-xml"),
        (BOMB.decode().encode("utf-16-le"), "not-xml"),
        (BOMB.decode().encode("utf-16-be"), "not-xml"),
        (BOMB.decode().encode("utf-32"), "not-xml"),
        (b"<xml><Encrypt>&undefined;</Encrypt></xml>", "not-xml"),
        (b"", "not-xml"),
        (b"\xff\xfe\x00", "not-xml"),
        (b'{"encrypt": "YQ=="}', "not-xml"),
        (b"<xml><Encrypt>YQ==</Encrypt>", "not-xml"),
        (b"<xml></xml>", "encrypt-count"),
        (b"<html><Encrypt>YQ==</Encrypt></html>", "encrypt-count"),
        (b"<xml><Encrypt>YQ==</Encrypt><Encrypt>YQ==</Encrypt></xml>", "encrypt-count"),
        (b"<xml><Other><Encrypt>YQ==</Encrypt></Other></xml>", "encrypt-count"),
        (b"<xml><Encrypt>YQ==</Encrypt><O><Encrypt>Yg==</Encrypt></O></xml>", "encrypt-count"),
        (b"<xml><Encrypt>YQ<b/>==</Encrypt></xml>", "encrypt-count"),
        (b'<xml xmlns="urn:x"><Encrypt>YQ==</Encrypt></xml>', "encrypt-count"),
        (b"<Encrypt>YQ==</Encrypt>", "encrypt-count"),
        (b"<a>" * 10000 + b"</a>" * 10000, "too-large"),
        (b"<a>" * 8000 + b"</a>" * 8000, "encrypt-count"),
    ],
)
def test_an_envelope_that_is_not_exactly_one_is_refused(codec, body, reason):
    assert reason_of(codec, body, "x") == reason


@pytest.mark.parametrize(
    ("encrypted", "reason"),
    [("", "cipher"), ("YQ", "base64"), ("YQ==!", "base64"), ("Y Q==", "base64"), ("YQ==", "cipher"),
     ("汉字", "base64"), (base64.b64encode(b"x" * 33).decode(), "cipher")],
)  # fmt: skip
def test_a_signed_but_broken_ciphertext_is_refused(codec, encrypted, reason):
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    assert reason_of(codec, body, codec.sign(STAMP, "n1", encrypted)) == reason


@pytest.mark.parametrize(
    ("content", "padding", "reason"),
    [
        (b"r" * 31, b"\x00", "padding"),
        (b"r" * 31, b"\x21", "padding"),
        (b"r" * 28, b"\x01\x04\x04\x04", "padding"),
        (b"r" * 12, None, "length"),
        (b"r" * 16 + b"\xff\xff\xff\xff" + b"text" + CORP.encode(), None, "length"),
        (b"r" * 16 + b"\x00\x00\x00\x05" + b"text" + CORP.encode(), None, "receive-id"),
        (b"r" * 16 + b"\x00\x00\x00\x04" + b"text", None, "receive-id"),
        (b"r" * 16 + b"\x00\x00\x00\x04" + b"text" + CORP.encode() + b"x", None, "receive-id"),
        (b"r" * 16 + b"\x00\x00\x00\x04" + b"\xff\xfe\xfd\xfc" + CORP.encode(), None, "not-utf8"),
    ],
)
def test_plaintext_with_wrong_bounds_is_refused(codec, content, padding, reason):
    body, signature = seal_raw(codec, content, padding)
    assert reason_of(codec, body, signature) == reason


def test_flipping_any_byte_of_the_ciphertext_is_noticed(codec):
    encrypted = codec.encrypt("<xml>查 王芳</xml>")
    raw = base64.b64decode(encrypted)
    signature = codec.sign(STAMP, "n1", encrypted)
    for i in range(len(raw)):
        other = base64.b64encode(raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1 :]).decode()
        with pytest.raises(Refused):
            codec.open_encrypted(other, signature, STAMP, "n1", NOW)


def test_a_refusal_tells_only_its_reason(codec):
    body, signature = seal_raw(codec, b"r" * 16 + b"\x00\x00\x00\x06" + b"secret" + b"wwother")
    with pytest.raises(Refused) as refused:
        codec.open(body, signature, STAMP, "n1", NOW)
    assert refused.value.args == ("receive-id",)


# ---------------------------------------------------------------- whatever comes in


@given(st.binary(max_size=600), st.text(), st.text(), st.text())
@example(b"<xml><Encrypt/></xml>", "", "", "")
@example(b"<xml><Encrypt>\xed\xa0\x80</Encrypt></xml>", "\ud800", "\ud800", "\ud800")
def test_no_bytes_make_the_codec_raise_anything_but_refused(body, signature, timestamp, nonce):
    codec = Codec(TOKEN, KEY, CORP)
    with pytest.raises(Refused):
        codec.open(body, signature, timestamp, nonce, NOW)


@given(st.binary(max_size=300))
def test_no_signed_content_makes_the_codec_raise_anything_but_refused(content):
    codec = Codec(TOKEN, KEY, CORP)
    body, signature = seal_raw(codec, content)
    with pytest.raises(Refused):
        codec.open(body, signature, STAMP, "n1", NOW)


@given(st.text(), st.text(), st.text(), st.text(max_size=500))
def test_no_query_makes_the_url_check_raise_anything_but_refused(signature, timestamp, nonce, echostr):
    codec = Codec(TOKEN, KEY, CORP)
    with pytest.raises(Refused):
        codec.verify_url(signature, timestamp, nonce, echostr, MovableClock(NOW, frozen=True).now())
