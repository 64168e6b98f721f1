"""The product's front door alone: web face, reception, spool and inbox; no worker behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, text

from bot.codec import Codec, cdata
from bot.metrics import Metrics
from bot.reception import Reception, Spool
from bot.sandbox.callbacks import xml_of
from bot.sandbox.corp import Corp
from bot.web import CALLBACK, Callback, make_app, make_runner
from storage.database import Database
from storage.engine import open_engine
from storage.model.clock import MovableClock
from storage.tables import inbox

CORP = Corp.sandbox()


def a_text(content: str = "查 王芳", sender: str = "lixiang", msg_id: int | None = 7_000_000_000_000_000_001, **more: Any) -> str:
    """The plain XML of a member's text message, as WeCom writes it."""
    fields = {
        "ToUserName": CORP.corp_id, "FromUserName": sender, "CreateTime": 1_749_430_800, "MsgType": "text",
        "Content": content, "AgentID": CORP.agent_id, **more,
    }
    return xml_of(fields if msg_id is None else {**fields, "MsgId": msg_id})


def an_event(name: str, sender: str = "lixiang", **more: Any) -> str:
    return xml_of({
        "ToUserName": CORP.corp_id, "FromUserName": sender, "CreateTime": 1_749_430_800, "MsgType": "event",
        "AgentID": CORP.agent_id, "Event": name, **more,
    })  # fmt: skip


@dataclass(frozen=True)
class Sealed:
    """A callback ready to be posted."""

    query: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    status: int
    body: bytes


class Door:
    """Posts callbacks to the product and looks at what it kept. Knows WeCom's keys unless told others."""

    def __init__(self, session: ClientSession, url: str, clock: MovableClock, reception: Reception) -> None:
        self.url, self.reception, self._session, self._clock = url, reception, session, clock
        self.codec = Codec(CORP.token, CORP.aes_key, CORP.corp_id)

    def seal(self, plain: str, *, codec: Codec | None = None, nonce: str = "nonce1", age: float = 0.0) -> Sealed:
        codec = codec or self.codec
        encrypted = codec.encrypt(plain)
        return self.sign(f"<xml><Encrypt>{cdata(encrypted)}</Encrypt></xml>", encrypted, nonce=nonce, age=age, codec=codec)

    def sign(
        self, body: str | bytes, signed: str, *, nonce: str = "nonce1", age: float = 0.0, codec: Codec | None = None
    ) -> Sealed:
        """Any body, with a signature over `signed`."""
        timestamp = str(int(self._clock.now().timestamp() - age))
        signature = (codec or self.codec).sign(timestamp, nonce, signed)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return Sealed(query, body.encode() if isinstance(body, str) else body)

    async def post(self, sealed: Sealed, **more: Any) -> Answer:
        data = more.pop("data", sealed.body)
        async with self._session.post(self.url + CALLBACK, params=sealed.query, data=data, **more) as answer:
            return Answer(answer.status, await answer.read())

    async def say(self, plain: str) -> Answer:
        return await self.post(self.seal(plain))

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        async with self._session.get(self.url + path, params=query) as answer:
            return Answer(answer.status, await answer.read())

    async def counted(self, name: str, **labels: str) -> float:
        """A figure of /metrics, summed over the labels not given."""
        text = (await self.get("/metrics")).body.decode()
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    async def raw(self, data: bytes, *, within: float = 10.0) -> bytes:
        """Bytes on a connection of their own; all that comes back until the product hangs up."""
        host, port = self.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        await writer.drain()
        async with asyncio.timeout(within):
            answer = await reader.read()
        writer.close()
        return answer


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """The application on a free loopback port, under the web server that the product uses; its URL."""
    runner = make_runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def open_door(database: Database, clock: MovableClock, spool: Path) -> AsyncIterator[Door]:
    metrics = Metrics()
    reception = Reception(database, clock, Spool(spool, database), metrics, lambda: None)
    codec = Codec(CORP.token, CORP.aes_key, CORP.corp_id)
    callback = Callback(codec, reception, clock, metrics, corp_id=CORP.corp_id, agent_id=CORP.agent_id)
    async with ClientSession() as session, listening(make_app(callback, metrics, _ready)) as url:
        yield Door(session, url, clock, reception)


async def _ready() -> list[str]:
    return []


def kept(database: Database) -> list[Any]:
    """The rows of the inbox, oldest first."""
    with database.engine.connect() as conn:
        return list(conn.execute(select(inbox).order_by(inbox.c.id)))


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else holds the inbox, so that nothing can be written."""
    engine = open_engine(database.engine.url.render_as_string(hide_password=False))
    with engine.begin() as conn:
        if database.is_postgres:
            conn.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()
