"""A WeCom in the driver's process that only takes messages: it keeps the limits of the real one and remembers all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from aiohttp import web

from bench.load import HOST
from bot.sandbox.message_api import Limits


@dataclass
class Receiver:
    """What arrived: when it began and ended, each message's bytes once, and in what order the receivers got what.

    `held` of the `expected` come a minute later, because their members have more than one may get; the rate is that of
    the others."""

    expected: int
    held: int = 0
    began: float = 0.0
    ended: float = 0.0
    order: list[tuple[str, int]] = field(default_factory=list)  # (member, priority as the text says)
    doubled: int = 0
    dropped: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: set[bytes] = field(default_factory=set)
    _limits: Limits = field(default_factory=Limits)

    def take(self, body: bytes) -> None:
        self.began = self.began or time.perf_counter()
        mark = hashlib.blake2b(body, digest_size=12).digest()
        self.doubled += mark in self._seen
        self._seen.add(mark)
        message = json.loads(body)
        if self._limits.allows(message["touser"], datetime.now(UTC)):
            self.order.append((message["touser"], int(message["text"]["content"].split()[0])))
        else:
            self.dropped += 1
        if len(self._seen) == self.expected - self.held:
            self.ended = time.perf_counter()
        if len(self._seen) >= self.expected:
            self.done.set()

    @property
    def rate(self) -> float:
        return (self.expected - self.held) / (self.ended - self.began)

    def overlap(self, among: Callable[[str], bool]) -> int:
        """Over how many places, at most, messages of one urgency were mixed with less urgent ones of whomever."""
        order = [priority for member, priority in self.order if among(member)]
        levels = sorted(set(order))
        last = {level: len(order) - 1 - order[::-1].index(level) for level in levels}
        return max((last[a] - order.index(b) for a, b in pairwise(levels)), default=0)

    def late(self) -> int:
        """How many arrived after a message that was less urgent, by as much as two claims allow and not."""
        latest: Counter[str] = Counter()
        late = 0
        for member, priority in self.order:
            late += priority < latest[member]
            latest[member] = max(latest[member], priority)
        return late


@asynccontextmanager
async def receiving(expected: int, held: int = 0) -> AsyncIterator[tuple[Receiver, int]]:
    """A receiver that waits for so many messages, and its port."""
    receiver = Receiver(expected, held)

    async def token(request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": "t" * 40, "expires_in": 7200})

    async def send(request: web.Request) -> web.Response:
        receiver.take(await request.read())
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": "m"})

    app = web.Application()
    app.router.add_get("/cgi-bin/gettoken", token)
    app.router.add_post("/cgi-bin/message/send", send)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    try:
        yield receiver, runner.addresses[0][1]
    finally:
        await runner.cleanup()
