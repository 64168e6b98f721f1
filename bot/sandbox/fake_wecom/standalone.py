"""The fake WeCom in a process of its own, for tests that kill the product: it remembers what people saw.

Steering over HTTP, beside `/cgi-bin/…`: GET `/fake/seen`; POST JSON to `/fake/say`, `/fake/tap`,
`/fake/menu`, `/fake/event`, `/fake/faults`, `/fake/clock`, `/fake/members`, `/fake/callback`."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.callbacks import Delivery, Timing
from bot.sandbox.corp import Corp
from bot.sandbox.fake_wecom import FakeWeCom
from storage.model.clock import MovableClock

Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Steering:
    """What a test may do to the fake from outside. Every body is a JSON object."""

    def __init__(self, fake: FakeWeCom, clock: MovableClock) -> None:
        self._fake = fake
        self._clock = clock
        self._running: set[asyncio.Task[Delivery]] = set()

    def routes(self) -> list[web.RouteDef]:
        actions: dict[str, Action] = {
            "say": self._say, "tap": self._tap, "menu": self._menu, "event": self._event,
            "faults": self._faults, "clock": self._move, "members": self._members, "callback": self._callback,
        }
        posts = [web.post(f"/fake/{name}", _json(action)) for name, action in actions.items()]
        return [web.get("/fake/seen", self._seen), *posts]

    async def _seen(self, _request: web.Request) -> web.Response:
        """All that happened: what the app showed, what vanished, how each callback went."""
        fake = self._fake
        return web.json_response({
            "seen": [bubble.as_dict() for bubble in fake.seen],
            "dropped": [
                {"userid": d.userid, "kind": d.kind, "body": d.body, "why": d.why} for d in fake.dropped
            ],
            "duplicates_swallowed": fake.duplicates_swallowed,
            "deliveries": [_as_json(d) for d in fake.callbacks.deliveries],
            "underway": len(self._running),
            "token_requests": fake.api.token_requests,
            "now": fake.clock.now().isoformat(),
        })

    async def _say(self, body: dict[str, Any]) -> dict[str, Any]:
        """{userid, text, wait: false} returns at once; with wait (the default) when it was delivered."""
        return await self._do(self._fake.say(body["userid"], body["text"]), body)

    async def _tap(self, body: dict[str, Any]) -> dict[str, Any]:
        press = self._fake.tap(body["userid"], int(body["id"]), body["key"], body.get("selections"))
        return await self._do(press, body)

    async def _menu(self, body: dict[str, Any]) -> dict[str, Any]:
        return await self._do(self._fake.click_menu(body["userid"], body["key"]), body)

    async def _event(self, body: dict[str, Any]) -> dict[str, Any]:
        return await self._do(self._fake.event(body["userid"], body["fields"]), body)

    async def _do(self, work: Awaitable[Delivery], body: dict[str, Any]) -> dict[str, Any]:
        task = asyncio.ensure_future(work)
        if body.get("wait", True):
            return _as_json(await task)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return {"ok": True}

    async def _faults(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.pop("clear", False):
            self._fake.faults.clear()
        self._fake.faults.set(body)
        return self._fake.faults.as_dict()

    async def _move(self, body: dict[str, Any]) -> dict[str, Any]:
        self._clock.move_to(datetime.fromisoformat(body["to"]))
        return {"now": self._clock.now().isoformat()}

    async def _members(self, body: dict[str, Any]) -> dict[str, Any]:
        self._fake.add_member(**body)
        return {"ok": True}

    async def _callback(self, body: dict[str, Any]) -> dict[str, Any]:
        self._fake.callback_url = body["url"]
        return {"ok": True}


def _json(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            return web.json_response(await action(await request.json()))
        except (ValueError, KeyError, TypeError, LookupError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return serve


def _as_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "userid": delivery.userid, "msg_id": delivery.msg_id, "accepted": delivery.accepted,
        "attempts": delivery.attempts, "plain": delivery.plain,
    }


def make_app(fake: FakeWeCom, clock: MovableClock) -> web.Application:
    app = web.Application()
    fake.mount(app)
    app.add_routes(Steering(fake, clock).routes())
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run until stopped. Members come as `--member id:name[:leader]`."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.fake_wecom", description=__doc__)
    parser.add_argument("--listen", default="127.0.0.1:9800")
    parser.add_argument("--callback", default="", help="the product's callback URL")
    parser.add_argument("--member", action="append", default=[], metavar="ID:NAME[:LEADER]")
    parser.add_argument("--now", default="", help="ISO time to start the clock at")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds before WeCom sends again")
    parser.add_argument("--deadline", type=float, default=5.0, help="seconds the product has to answer")
    parser.add_argument("--tries", type=int, default=4)
    for name, value in vars(Corp.sandbox()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, type=type(value))
    options = parser.parse_args(arguments)
    name, _, port = options.listen.rpartition(":")
    host = name.strip("[]")
    if host not in {"127.0.0.1", "localhost", "::1"}:
        parser.error("the fake WeCom listens on loopback only")
    web.run_app(_app(options), host=host, port=int(port), print=None)


def _app(options: argparse.Namespace) -> web.Application:
    clock = MovableClock(datetime.fromisoformat(options.now) if options.now else None)
    corp = Corp(options.corp_id, options.agent_id, options.secret, options.token, options.aes_key)
    timing = Timing(deadline=options.deadline, pause=options.pause, tries=options.tries)
    fake = FakeWeCom(corp, clock, options.callback, timing=timing)
    for member in options.member:
        userid, name, leader = (*member.split(":"), "", "")[:3]
        fake.add_member(userid, name or userid, leader=leader)
    return make_app(fake, clock)
