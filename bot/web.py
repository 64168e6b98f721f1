"""The HTTP face: WeCom's callback, health and metrics.

GET  /wecom/callback   the URL check: the decrypted echo, bare, within a second
POST /wecom/callback   a message or event: 200 with an empty body once it is durable
GET  /healthz          the process is alive;  /readyz  it can do its work;  /metrics  Prometheus"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from aiohttp import web

from bot import events
from bot.codec import MAX_BODY_BYTES, Codec, Refused
from bot.metrics import Metrics
from bot.reception import CannotKeep, Reception
from storage.model.clock import Clock
from storage.model.incoming import CardClick, Event, Incoming, MenuClick, Unknown
from storage.repositories.mailboxes import Arrival

log = structlog.get_logger(__name__)

CALLBACK = "/wecom/callback"
READ_WITHIN = 3.0  # aiohttp has no read time-out of its own; half-sent bodies are dropped
IDLE_SECONDS = 15.0  # for connections that send nothing, or half a head
LINGER_SECONDS = 3.0  # for the rest of a body nobody wants
FINISH_WITHIN = 5.0  # for answers under way when the process is asked to stop
MAX_USERID = 64


class Callback:
    """WeCom's callback URL for one app."""

    def __init__(
        self, codec: Codec, reception: Reception, clock: Clock, metrics: Metrics, *, corp_id: str, agent_id: int
    ) -> None:
        self._kept = metrics.callbacks.labels("kept")
        self._unknown = metrics.callbacks.labels("unknown")  # kept as well, but nothing will answer it
        self._codec, self._reception, self._clock, self._metrics = codec, reception, clock, metrics
        self._corp_id, self._agent_id = corp_id, agent_id

    async def check_url(self, request: web.Request) -> web.Response:
        """Answer WeCom's URL check with the bare plaintext."""
        query = request.query
        try:
            echo = self._codec.verify_url(
                query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""),
                query.get("echostr", ""), self._clock.now(),
            )
        except Refused as refused:
            return self._refuse(refused.reason)
        return web.Response(text=echo, content_type="text/plain")

    async def receive(self, request: web.Request) -> web.Response:
        """Keep a message or event and acknowledge it."""
        started = time.perf_counter()
        try:
            body = await _read_body(request)
        except TimeoutError:
            return self._refuse("slow-body", 408)
        except (web.RequestPayloadError, ConnectionError):
            return self._refuse("broken-body", 400)
        query, now = request.query, self._clock.now()
        try:
            xml = self._codec.open(
                body, query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""), now
            )
        except Refused as refused:
            return self._refuse(refused.reason, 413 if refused.reason == "too-large" else 403)
        incoming = events.parse(xml)
        if not events.is_addressed_to(incoming, self._corp_id, self._agent_id):
            return self._refuse("addressee")
        try:
            await self._reception.take(self._arrival(incoming, xml, now))
        except CannotKeep:
            self._metrics.callbacks.labels("not-kept").inc()
            return web.Response(status=503)
        if isinstance(incoming, Unknown):
            log.info("callback.unknown", kind=_kind(incoming))
            self._unknown.inc()
        else:
            self._kept.inc()
        self._metrics.acknowledged.observe(time.perf_counter() - started)
        return web.Response()

    def _arrival(self, incoming: Incoming, xml: str, now: datetime) -> Arrival:
        key = events.dedupe_key(incoming, xml, self._agent_id)
        # No member has a longer id. It would not fit the inbox either, and take its whole batch down with it.
        queue = events.queue_of(incoming)
        sender = queue if len(queue) <= MAX_USERID else ""
        return Arrival(key, sender, _kind(incoming), xml, now)

    def _refuse(self, reason: str, status: int = 403) -> web.Response:
        self._metrics.callbacks.labels("refused").inc()
        self._metrics.refused.labels(reason).inc()
        log.info("callback.refused", reason=reason)
        return web.Response(status=status)


async def _read_body(request: web.Request) -> bytes:
    """The body, or its beginning when it is too large. TimeoutError when it takes its time in all."""
    if request.content.is_eof():  # it came in one piece with the head, as callbacks do: no timer is needed
        return request.content.read_nowait(MAX_BODY_BYTES + 1)
    body = bytearray()
    async with asyncio.timeout(READ_WITHIN):
        while len(body) <= MAX_BODY_BYTES and not request.content.at_eof():
            body += await request.content.read(MAX_BODY_BYTES + 1 - len(body))
    return bytes(body)


def _kind(incoming: Incoming) -> str:
    match incoming:
        case Event(event=name, change_type=change):
            return f"{name}/{change}"[:64] if change else name[:64]
        case CardClick():
            return "template_card_event"
        case MenuClick():
            return "click"
        case Unknown(kind=kind):
            return f"unknown:{kind}"[:64]
    return type(incoming).__name__[:64]


@web.middleware
async def no_bare_fault(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A fault of ours becomes an empty 500 and one log line; aiohttp's own would show the request."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        log.error("web.fault", path=request.path, error=type(error).__name__, exc_info=error)
        return web.Response(status=500)


Ready = Callable[[], Awaitable[list[str]]]


def make_app(callback: Callback | None, metrics: Metrics, ready: Ready) -> web.Application:
    """The web application. `ready` lists what is wrong; empty means ready."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[no_bare_fault])

    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readiness(_request: web.Request) -> web.Response:
        faults = await ready()
        return web.json_response({"ready": not faults, "faults": faults}, status=503 if faults else 200)

    async def numbers(_request: web.Request) -> web.Response:
        await ready()  # refreshes the gauges
        return web.Response(body=metrics.text(), content_type="text/plain", charset="utf-8")

    if callback is not None:
        app.router.add_get(CALLBACK, callback.check_url)
        app.router.add_post(CALLBACK, callback.receive)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", readiness)
    app.router.add_get("/metrics", numbers)
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """The web server around an application, with the limits that keep it open for WeCom.

    Bodies are taken as they come: unpacking gzip would let a small body grow, and WeCom sends none."""
    return web.AppRunner(
        app, access_log=None, keepalive_timeout=IDLE_SECONDS, lingering_time=LINGER_SECONDS,
        shutdown_timeout=FINISH_WITHIN, auto_decompress=False,
    )
