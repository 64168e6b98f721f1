"""What the sandbox page talks to: the state, a stream of events, and what a visitor may do.

Only loopback hosts are served, every change is a JSON POST from the page's own origin, and the page may load
nothing from elsewhere, so that no other web site can read or steer the sandbox of someone who runs it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from bot.sandbox.almanac import describe_day
from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.feed import SandboxFeed
from storage.model.clock import MovableClock

PAGE = Path(__file__).parent / "page"
SHANGHAI = ZoneInfo("Asia/Shanghai")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
CONTENT_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HEARTBEAT = 15.0
LONGEST_TEXT = 4000
HISTORY = 200

OnClockMoved = Callable[[datetime], Awaitable[None]]
NextDue = Callable[[], Awaitable[datetime | None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Persona:
    """One phone on the page. `role`: adviser, manager, ops or compliance; `line`: the business or ""."""

    id: str
    name: str
    role: str
    line: str
    title: str


@dataclass(frozen=True)
class CustomerPhone:
    """A customer's phone on the page, and the adviser who has the customer."""

    id: str
    name: str
    adviser: str
    chips: Sequence[str] = ()


@dataclass(frozen=True)
class KfCounter:
    """The firm's 微信客服, to which every customer on the page can write."""

    id: str
    name: str


def add_routes(
    app: web.Application, fake: FakeWeCom, clock: MovableClock, *, personas: Sequence[Persona],
    chips: Mapping[str, Sequence[str]], on_clock_moved: OnClockMoved, next_due: NextDue,
    customers: Sequence[CustomerPhone] = (), kf: KfCounter | None = None, zone: ZoneInfo = SHANGHAI,
) -> SandboxFeed:
    """Serve the page at `/` and its API below `/sandbox/`.

    `chips`: sentences to try, by persona id. `on_clock_moved` makes the product catch up with the new time;
    `next_due` tells when the next reminder falls due, None for never."""
    feed = SandboxFeed(fake, clock)
    api = SandboxApi(fake, clock, feed, personas, chips, on_clock_moved, next_due, zone, customers, kf)
    app.add_routes(api.routes())
    app.on_startup.append(feed.on_startup)
    app.on_shutdown.append(feed.on_shutdown)
    app.on_cleanup.append(api.on_cleanup)
    return feed


class SandboxApi:
    def __init__(
        self, fake: FakeWeCom, clock: MovableClock, feed: SandboxFeed, personas: Sequence[Persona],
        chips: Mapping[str, Sequence[str]], on_clock_moved: OnClockMoved, next_due: NextDue, zone: ZoneInfo,
        customers: Sequence[CustomerPhone] = (), kf: KfCounter | None = None,
    ) -> None:
        self._kf = kf
        self._customers = {c.id: c for c in customers}
        self._fake = fake
        self._clock = clock
        self._feed = feed
        self._personas = personas
        self._ids = {p.id for p in personas}
        self._chips = chips
        self._on_clock_moved = on_clock_moved
        self._next_due = next_due
        self._zone = zone
        self._moving = asyncio.Lock()
        self._underway: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        actions: dict[str, Action] = {
            "say": self._say, "tap": self._tap, "menu": self._menu, "event": self._event,
            "clock": self._move_clock, "faults": self._set_faults, "group_send": self._confirm_group_send,
            "customer": self._customer_acts, "kf": self._customer_writes,
        }
        posts = [web.post(f"/sandbox/api/{name}", local(json_post(act))) for name, act in actions.items()]
        return [
            web.get("/", local(serve_index)),
            web.get("/sandbox/static/{name}", local(serve_static)),
            web.get("/sandbox/api/state", local(self._state)),
            web.get("/sandbox/api/stream", local(self._stream)),
            web.get("/sandbox/api/media/{media_id}", local(self._media)),
            *posts,
        ]

    async def on_cleanup(self, _app: web.Application) -> None:
        for task in tuple(self._underway):
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)

    # ------------------------------------------------------------ reading

    async def _state(self, _request: web.Request) -> web.Response:
        history = {p.id: [b.as_dict() for b in self._fake.history(p.id)[-HISTORY:]] for p in self._personas}
        return web.json_response({
            "run": self._feed.run,
            "clock": self._clock_now(),
            "personas": [asdict(p) for p in self._personas],
            "faults": self._fake.faults.as_dict(),
            "chips": {p.id: list(self._chips.get(p.id, ())) for p in self._personas},
            "menu": self._fake.app.menu,
            "kf": asdict(self._kf) if self._kf else None,
            "customers": [
                {**asdict(c), "friend": self._fake.contacts.is_friend(c.adviser, c.id),
                 "history": [b.as_dict() for b in self._fake.customer_saw(c.id)]}
                for c in self._customers.values()
            ],
            "history": history,
            "wire": list(self._fake.wire.entries)[-HISTORY:],
            "understood": list(self._feed.understood),
            "paced": self._feed.paced(),
        }, headers=HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: what happens on phones (message, card_updated, customer_message, friendship, paced) and
        around them (wire, understood, clock, fault, menu)."""
        queue = self._fake.subscribe()
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            while (event := await _next(queue)).get("type") != "bye":
                await response.write(_sse(event))
        except ConnectionError:
            log.debug("sandbox.stream_closed")
        finally:
            self._fake.unsubscribe(queue)
        return response

    async def _media(self, request: web.Request) -> web.Response:
        """A picture that the app sent."""
        upload = self._fake.media.find(request.match_info["media_id"])
        kind = next((kind for start, kind in PICTURES.items() if upload and upload.content.startswith(start)), None)
        if upload is None or kind is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.content, content_type=kind, headers=HEADERS)

    def _clock_now(self) -> dict[str, Any]:
        now = self._clock.now()
        day = describe_day(now.astimezone(self._zone).date())
        return {"now": now.isoformat(), "zone": self._zone.key, "day": day}

    # ------------------------------------------------------------ acting

    async def _say(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._start(self._fake.say(self._user(body), _message(body)))

    async def _tap(self, body: dict[str, Any]) -> dict[str, Any]:
        selections = body.get("selections") or {}
        if not isinstance(selections, dict):
            raise ValueError("selections 应是对象。")
        picked = {str(q): [str(i) for i in ids] for q, ids in selections.items()}
        self._fake.check_button(self._user(body), _number(body, "id"), _text(body, "key"))
        return self._start(self._fake.tap(self._user(body), _number(body, "id"), _text(body, "key"), picked))

    async def _menu(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._start(self._fake.click_menu(self._user(body), _text(body, "key")))

    async def _event(self, body: dict[str, Any]) -> dict[str, Any]:
        user, fake = self._user(body), self._fake
        kinds: dict[str, Callable[[str], Coroutine[Any, Any, Any]]] = {
            "enter_agent": fake.enter, "image": fake.send_image, "voice": fake.send_voice,
            "location": fake.send_location,
        }
        kind = _text(body, "kind")
        if kind not in kinds:
            raise ValueError(f"没有这种事件：{kind}")
        return self._start(kinds[kind](user))

    async def _confirm_group_send(self, body: dict[str, Any]) -> dict[str, Any]:
        """The member presses 发送 on an item of 群发助手."""
        bubble = self._fake.chats.get(self._user(body), _number(body, "id"))
        if bubble.kind != "group_task":
            raise LookupError("这不是群发助手的消息。")
        self._fake.confirm_group_message(bubble.msgid)
        return {"ok": True}

    async def _customer_acts(self, body: dict[str, Any]) -> dict[str, Any]:
        """A customer deletes his adviser, or adds him (again)."""
        customer = self._customer(body)
        friend = self._fake.contacts.is_friend(customer.adviser, customer.id)
        if _text(body, "act") == "unfriend":
            if not friend:
                raise LookupError("他们已经不是好友了。")
            return self._start(self._fake.unfriend(customer.adviser, customer.id))
        if friend:
            raise LookupError("他们已经是好友了。")
        return self._start(self._fake.befriend(customer.adviser, customer.id, customer.name))

    async def _customer_writes(self, body: dict[str, Any]) -> dict[str, Any]:
        """A customer writes to the firm's 微信客服, sends a photo, or opens the talk with it."""
        customer = self._customer(body)
        if self._kf is None:
            raise LookupError("沙盒里没有开通微信客服。")
        if body.get("enter"):
            return self._start(self._fake.kf_enters(self._kf.id, customer.id))
        said = {"kind": "image"} if body.get("photo") else {"text": _message(body)}
        return self._start(self._fake.kf_says(self._kf.id, customer.id, **said))

    def _customer(self, body: dict[str, Any]) -> CustomerPhone:
        customer = self._customers.get(_text(body, "customer"))
        if customer is None:
            raise LookupError("沙盒里没有这位客户。")
        return customer

    async def _set_faults(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.pop("clear", False):
            self._fake.faults.clear()
        self._fake.faults.set(body)
        shown = self._fake.faults.as_dict()
        self._feed.publish({"type": "fault", "faults": shown})
        return {"ok": True, "faults": shown}

    async def _move_clock(self, body: dict[str, Any]) -> dict[str, Any]:
        """Set the product's clock and let it do what fell due; answers when that is done."""
        async with self._moving:
            self._clock.move_to(await self._target(body))
            self._feed.publish({"type": "clock", "clock": self._clock_now()})
            await self._on_clock_moved(self._clock.now())
        return {"ok": True, "clock": self._clock_now()}

    async def _target(self, body: dict[str, Any]) -> datetime:
        if "to" in body:
            at = datetime.fromisoformat(_text(body, "to"))
            return at if at.tzinfo else at.replace(tzinfo=self._zone)
        preset, now = _text(body, "preset"), self._clock.now()
        if preset == "now":
            return datetime.now(UTC)
        if preset == "plus_1h":
            return now + timedelta(hours=1)
        if preset == "tomorrow_0830":
            tomorrow = now.astimezone(self._zone) + timedelta(days=1)
            return tomorrow.replace(hour=8, minute=30, second=0, microsecond=0)
        if preset == "next_due":
            due = await self._next_due()
            if due is None:
                raise LookupError("后面没有待发的提醒，可以先记一个，例如「明天上午 10 点提醒我回电」。")
            return max(due, now)
        raise ValueError(f"没有这种时间：{preset}")

    def _user(self, body: dict[str, Any]) -> str:
        user = _text(body, "user")
        if user not in self._ids:
            raise LookupError(f"沙盒里没有成员「{user}」。")
        return user

    def _start(self, work: Coroutine[Any, Any, Any]) -> dict[str, Any]:
        """Deliver in the background: with faults on, WeCom may try for half a minute."""
        task = asyncio.create_task(work)
        self._underway.add(task)
        task.add_done_callback(self._ended)
        return {"ok": True}

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._underway.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("sandbox.delivery_failed", error=type(error).__name__)


# ---------------------------------------------------------------- guards


def local(handler: Handler) -> Handler:
    """Serve only requests that name a loopback host: a foreign name that resolves here is an attack."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
            raise web.HTTPForbidden(text="沙盒只在本机提供服务。")
        return await handler(request)

    return serve


def json_post(action: Action) -> Handler:
    """A JSON POST from the page's own origin; errors become a Chinese sentence under `error`."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
            raise web.HTTPForbidden(text="只接受沙盒页面自己发出的请求。")
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="请用 application/json。")
        try:
            body = await request.json()
            if not isinstance(body, dict):
                raise ValueError("请求应是一个 JSON 对象。")
            return web.json_response(await action(body), headers=HEADERS)
        except LookupError as error:
            return _refusal(404, error)
        except (ValueError, TypeError) as error:
            return _refusal(400, error)

    return serve


def _refusal(status: int, error: Exception) -> web.Response:
    words = str(error.args[0]) if error.args else "请求有误。"
    return web.json_response({"error": words}, status=status, headers=HEADERS)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise ValueError(f"缺少 {name}。")
    return value


def _message(body: dict[str, Any]) -> str:
    text = _text(body, "text").strip()
    if not text or len(text) > LONGEST_TEXT:
        raise ValueError(f"一条消息要有 1 到 {LONGEST_TEXT} 个字。")
    return text


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int):
        raise ValueError(f"缺少 {name}。")
    return value


# ---------------------------------------------------------------- page and stream


async def serve_index(_request: web.Request) -> web.StreamResponse:
    return _file("index.html")


async def serve_static(request: web.Request) -> web.StreamResponse:
    return _file(request.match_info["name"])


def _file(name: str) -> web.Response:
    if name not in {p.name for p in PAGE.iterdir()}:
        raise web.HTTPNotFound
    path = PAGE / name
    return web.Response(
        body=path.read_bytes(), content_type=CONTENT_TYPES[path.suffix], charset="utf-8", headers=HEADERS
    )


async def _next(queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any]:
    """The next event; a heartbeat when nothing comes, which also finds out that a page has gone."""
    try:
        return await asyncio.wait_for(queue.get(), HEARTBEAT)
    except TimeoutError:
        return {"type": "heartbeat"}


def _sse(event: dict[str, Any]) -> bytes:
    data = json.dumps(event, ensure_ascii=False, default=str)
    return f"event: {event['type']}\ndata: {data}\n\n".encode()
