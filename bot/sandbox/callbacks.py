"""WeCom's side of a callback: seal, sign, post, wait five seconds, send again up to three times.

Rules: developer.work.weixin.qq.com/document/path/90930, 90238 (which retries on any status but 200)."""

from __future__ import annotations

import asyncio
import random
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import aiohttp

from bot.codec import Codec, cdata
from bot.sandbox.corp import Corp
from bot.sandbox.faults import Faults
from bot.sandbox.wire import Wire
from storage.model.clock import Clock

# Nobody can type these on a phone, and XML has no way to write them.
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

XmlValue = str | int | float | dict[str, "XmlValue"] | list["XmlValue"]
XmlFields = dict[str, XmlValue]


@dataclass(frozen=True)
class Timing:
    """Real seconds: how long an answer may take, the pause before sending again, tries in all."""

    deadline: float = 5.0
    pause: float = 1.0
    tries: int = 4
    verify: float = 1.0


@dataclass(frozen=True)
class Delivery:
    """How one callback went: accepted with a 200 in time, or given up after `attempts` tries."""

    userid: str
    plain: str
    accepted: bool
    attempts: int
    msg_id: str = ""


@dataclass(frozen=True)
class _Answer:
    status: int
    body: str
    outcome: str
    ms: float


def xml_of(fields: XmlFields) -> str:
    """The plain XML of a message or event. A list repeats its element; numbers go without CDATA."""
    return f"<xml>{''.join(_elements(fields))}</xml>"


def _elements(fields: XmlFields) -> Iterator[str]:
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            yield f"<{name}>{_inner(one)}</{name}>"


def _inner(value: XmlValue) -> str:
    if isinstance(value, dict):
        return "".join(_elements(value))
    if isinstance(value, int | float):
        return escape(str(value))
    return cdata(_NOT_IN_XML.sub("", str(value)))


class Callbacks:
    """Posts callbacks to the product, one after the other for each sender."""

    def __init__(
        self, corp: Corp, clock: Clock, url: str, wire: Wire, faults: Faults, timing: Timing
    ) -> None:
        self.url = url
        self.deliveries: list[Delivery] = []
        self._corp = corp
        self._clock = clock
        self._wire = wire
        self._faults = faults
        self._timing = timing
        self._codec = Codec(corp.token, corp.aes_key, corp.corp_id)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def deliver(self, userid: str, plain: str, msg_id: str = "") -> Delivery:
        """Bring one message or event to the product; later ones of the same sender wait for it."""
        async with self._turns[userid.casefold()]:
            delivery = await self._deliver_once(userid, plain, msg_id)
            if self._faults.duplicate_delivery:
                await self._deliver_once(userid, plain, msg_id)
        self.deliveries.append(delivery)
        return delivery

    async def verify_url(self) -> bool:
        """WeCom's check when the callback URL is saved: a GET must give back the number in one second."""
        number = str(secrets.randbelow(10**19)).zfill(19)
        query, encrypted = self._sign(number)
        query["echostr"] = encrypted
        try:
            limit = _seconds(self._timing.verify)
            async with self._http().get(self._address(query), timeout=limit) as response:
                return response.status == 200 and await response.text() == number
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _deliver_once(self, userid: str, plain: str, msg_id: str) -> Delivery:
        for attempt in range(1, self._timing.tries + 1):
            if attempt > 1:
                await asyncio.sleep(self._timing.pause)
            if await self._attempt(userid, plain, attempt):
                return Delivery(userid, plain, True, attempt, msg_id)
        return Delivery(userid, plain, False, self._timing.tries, msg_id)

    async def _attempt(self, userid: str, plain: str, attempt: int) -> bool:
        query, encrypted = self._sign(plain)
        body = self._envelope(encrypted)
        answer = await self._post(self._address(query), body)
        late = answer.outcome == "accepted" and self._faults.late_callbacks
        self._wire.callback(
            self._clock.now(), userid=userid, url=self._address(query), encrypted=body, plain=plain,
            status=answer.status, ms=answer.ms, attempt=attempt, outcome="late" if late else answer.outcome,
            answer=answer.body,
        )
        return answer.outcome == "accepted" and not late

    async def _post(self, address: str, body: str) -> _Answer:
        start = time.perf_counter()
        status, text = 0, ""
        try:
            async with self._http().post(
                address, data=body.encode(), headers={"Content-Type": "text/xml"},
                timeout=_seconds(self._timing.deadline), allow_redirects=False,
            ) as response:
                status, text = response.status, (await response.text())[:4096]
            outcome = "accepted" if status == 200 else "refused"
        except TimeoutError:
            outcome = "late"
        except aiohttp.ClientError:
            outcome = "unreachable"
        return _Answer(status, text, outcome, (time.perf_counter() - start) * 1000)

    def _sign(self, plain: str) -> tuple[dict[str, str], str]:
        nonce = str(random.randrange(10**9, 10**10))
        timestamp = str(int(self._clock.now().timestamp()))
        encrypted = self._codec.encrypt(plain)
        signature = self._codec.sign(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}, encrypted

    def _envelope(self, encrypted: str) -> str:
        return xml_of({
            "ToUserName": self._corp.corp_id, "Encrypt": encrypted, "AgentID": str(self._corp.agent_id),
        })

    def _address(self, query: dict[str, str]) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(query)}"

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session


def _seconds(total: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total)
