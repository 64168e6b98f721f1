"""What WeCom would post: encrypted, signed callbacks, ready as bytes for the wire, made before the clock runs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from bot.codec import Codec, cdata

PATH = "/wecom/callback"


@dataclass(frozen=True)
class Corp:
    """A made-up corp; the same for the product and everything that it is compared with."""

    corp_id: str = "wwbench000000000001"
    agent_id: int = 1000002
    secret: str = "bench-secret-not-a-real-one"
    token: str = "benchcallbacktoken"
    aes_key: str = "benchbenchbenchbenchbenchbenchbenchbenchABC"

    @property
    def codec(self) -> Codec:
        return Codec(self.token, self.aes_key, self.corp_id)


CORP = Corp()
_numbers = count(random.randrange(10**15))


class Mailbag:
    """Makes callbacks of text messages; no two have the same MsgId."""

    def __init__(self, corp: Corp = CORP) -> None:
        self._corp, self._codec = corp, corp.codec

    def posts(self, how_many: int, senders: Sequence[str], text: str) -> list[bytes]:
        """HTTP requests, the senders taking turns."""
        return [self.post(senders[n % len(senders)], text) for n in range(how_many)]

    def post(self, sender: str, text: str) -> bytes:
        """One HTTP POST, as WeCom sends it."""
        query, encrypted = self._signed(self._plain(sender, text))
        body = (
            f"<xml><ToUserName>{cdata(self._corp.corp_id)}</ToUserName><Encrypt>{cdata(encrypted)}</Encrypt>"
            f"<AgentID>{cdata(str(self._corp.agent_id))}</AgentID></xml>"
        ).encode()
        head = (
            f"POST {PATH}?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def check(self) -> tuple[str, str]:
        """The address of WeCom's URL check, and the text that must come back."""
        echo = str(random.randrange(10**18, 10**19))
        query, encrypted = self._signed(echo)
        return f"{PATH}?{urlencode({**query, 'echostr': encrypted})}", echo

    def _signed(self, plain: str) -> tuple[dict[str, str], str]:
        timestamp, nonce = str(int(time.time())), str(random.randrange(10**9, 10**10))
        encrypted = self._codec.encrypt(plain)
        signature = self._codec.sign(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}, encrypted

    def _plain(self, sender: str, text: str) -> str:
        corp = self._corp
        return (
            f"<xml><ToUserName>{cdata(corp.corp_id)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content>{cdata(text)}</Content><MsgId>{next(_numbers)}</MsgId><AgentID>{corp.agent_id}</AgentID></xml>"
        )


def senders(how_many: int) -> list[str]:
    """Userids of the bench's advisers."""
    return list(_names(how_many))


def _names(how_many: int) -> Iterator[str]:
    for n in range(how_many):
        yield f"adviser{n:03d}"
