"""The envelope of WeCom's callbacks: signature, encryption, and their refusal in one way.

With `bot.crypto` the only user of wechatpy: its `WeChatCrypto` handles the key and its `PrpCrypto` the cipher. Around
them go the checks it leaves out (sizes, DOCTYPE, strict base64, padding, constant time, one kind of error), and the
envelope is parsed once and without xmltodict. Facts: developer.work.weixin.qq.com/document/path/90968."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal
from xml.etree import ElementTree

from bot.crypto import PrpCrypto, WeChatCrypto
from bot.flat_xml import flat_fields

MAX_BODY_BYTES = 64 * 1024
MAX_AGE = timedelta(minutes=10)

Reason = Literal[
    "too-large", "doctype", "not-xml", "encrypt-count", "signature", "timestamp", "stale",
    "base64", "cipher", "padding", "length", "receive-id", "not-utf8",
]  # fmt: skip

_KEY = re.compile(r"[A-Za-z0-9]{43}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_HEAD = 20  # 16 random bytes and the length of the message


class Refused(Exception):
    """A callback that is not what it claims to be. All reasons get the same HTTP answer, 403.

    `reason` is a short code for metrics; it tells nothing about keys or content."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """wechatpy's cipher with random bytes from a source fit for cryptography (its own uses `random`)."""

    def __init__(self, key: bytes, random16: Callable[[], bytes]) -> None:
        super().__init__(key)
        self._random16 = random16

    def get_random_string(self) -> bytes:
        return self._random16()


class Codec:
    """Opens and seals the messages of one corp and one callback URL.

    token, aes_key: as set in the admin console. corp_id: what must stand inside the ciphertext (empty for
    an AI bot of one's own corp). max_age: how far a timestamp may lie from now, None for no such check; it
    is an extra, the inbox key is the real guard against replay, since shifted digits keep a signature valid.
    Raises ValueError when the key has not 43 letters or digits."""

    def __init__(
        self,
        token: str,
        aes_key: str,
        corp_id: str,
        *,
        max_age: timedelta | None = MAX_AGE,
        random16: Callable[[], bytes] | None = None,
    ) -> None:
        if not _KEY.fullmatch(aes_key):
            raise ValueError("EncodingAESKey must be 43 letters or digits")
        self._token = _bytes(token)
        self._receive_id = _bytes(corp_id)
        self._corp_id = corp_id
        self._max_age = None if max_age is None else max_age.total_seconds()
        self._cipher = _Cipher(WeChatCrypto(token, aes_key, corp_id).key, random16 or _random16)

    def verify_url(
        self, msg_signature: str, timestamp: str, nonce: str, echostr: str, now: datetime | None = None
    ) -> str:
        """The plain text to answer WeCom's URL check with, as it is. Raises Refused.

        Some tools send raw base64, whose "+" a query parser turns into a space: that is mended. The age of
        the timestamp is checked when `now` is given."""
        if len(echostr) > MAX_BODY_BYTES:
            raise Refused("too-large")
        return self.open_encrypted(echostr.replace(" ", "+"), msg_signature, timestamp, nonce, now)

    def open(self, body: bytes, msg_signature: str, timestamp: str, nonce: str, now: datetime | None) -> str:
        """The plaintext XML inside a callback's body. Raises Refused, and nothing else, whatever comes in."""
        return self.open_encrypted(_encrypted(body), msg_signature, timestamp, nonce, now)

    def open_encrypted(
        self, encrypted: str, msg_signature: str, timestamp: str, nonce: str, now: datetime | None
    ) -> str:
        """As `open`, for a ciphertext that is already out of its envelope (URL check, JSON callbacks)."""
        expected = self.sign(timestamp, nonce, encrypted).encode()
        # On bytes: compare_digest raises for a str that is not ASCII.
        if not hmac.compare_digest(expected, _bytes(msg_signature)):
            raise Refused("signature")
        self._check_age(timestamp, now)
        return self._decrypt(encrypted)

    def seal(self, plaintext: str, timestamp: str, nonce: str) -> str:
        """The envelope of a passive reply, with a nonce of our own. ValueError if `timestamp` is not digits.

        Who plays WeCom builds a callback from `encrypt` and `sign`: its signature goes into the query."""
        if not _TIMESTAMP.fullmatch(timestamp):
            raise ValueError("a timestamp is written in digits")
        encrypted = self.encrypt(plaintext)
        signature = self.sign(timestamp, nonce, encrypted)
        return (
            f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )

    def encrypt(self, plaintext: str) -> str:
        """The ciphertext alone, base64."""
        sealed: bytes = self._cipher.encrypt(_bytes(plaintext), self._receive_id)
        return sealed.decode("ascii")

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Lower-case hex SHA-1 of token, timestamp, nonce and ciphertext, sorted and joined."""
        parts = sorted((self._token, _bytes(timestamp), _bytes(nonce), _bytes(encrypted)))
        return hashlib.sha1(b"".join(parts)).hexdigest()

    def _check_age(self, timestamp: str, now: datetime | None) -> None:
        if not _TIMESTAMP.fullmatch(timestamp):
            raise Refused("timestamp")
        if now is None or self._max_age is None:
            return
        if abs(now.timestamp() - int(timestamp)) > self._max_age:
            raise Refused("stale")

    def _decrypt(self, encrypted: str) -> str:
        try:
            sealed = binascii.a2b_base64(_bytes(encrypted), strict_mode=True)
        except binascii.Error:
            raise Refused("base64") from None
        if not sealed or len(sealed) % 16:
            raise Refused("cipher")
        return self._unpack(self._cipher.cipher.decrypt(sealed))

    def _unpack(self, plain: bytes) -> str:
        """random(16) + length(4, big-endian) + message + receive id + PKCS#7 padding to 32."""
        pad = plain[-1]
        if not 1 <= pad <= 32 or not plain.endswith(bytes((pad,)) * pad):
            raise Refused("padding")
        content = plain[:-pad]
        end = _HEAD + int.from_bytes(content[16:_HEAD], "big")
        if len(content) < _HEAD or end > len(content):
            raise Refused("length")
        if not hmac.compare_digest(content[end:], self._receive_id):
            raise Refused("receive-id")
        try:
            return content[_HEAD:end].decode()
        except UnicodeDecodeError:
            raise Refused("not-utf8") from None


def cdata(text: str) -> str:
    """A CDATA section that its own content cannot break out of."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _encrypted(body: bytes) -> str:
    """The text of the one Encrypt element, a direct child of <xml>."""
    if len(body) > MAX_BODY_BYTES:
        raise Refused("too-large")
    try:
        text = body.decode()
        if (flat := flat_fields(text)) is not None and "Encrypt" in flat:
            return flat["Encrypt"].strip()
        # Read as str, so that no other encoding can hide a declaration; expat also takes NULs for UTF-16.
        if "\0" in text:
            raise Refused("not-xml")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Refused("doctype")
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise Refused("not-xml") from None
    found = list(root.iter("Encrypt"))
    if root.tag != "xml" or len(found) != 1 or found[0] not in root[:] or len(found[0]):
        raise Refused("encrypt-count")
    return (found[0].text or "").strip()


def _random16() -> bytes:
    return secrets.token_bytes(16)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
