"""What the open pages are told of, beside what the fake WeCom tells them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.fake_wecom import FakeWeCom
from storage.model.clock import MovableClock

EPOCH = datetime.fromtimestamp(0, UTC)
SAME_PAUSE = timedelta(seconds=1)  # each message that waits tells of the same one


class SandboxFeed:
    """Takes what the product understood, and for whom it waits, and brings it to the open pages; from any thread."""

    def __init__(self, fake: FakeWeCom, clock: MovableClock) -> None:
        self.run = secrets.token_hex(8)  # a page that sees another one knows that the sandbox was started anew
        self.understood: deque[dict[str, Any]] = deque(maxlen=100)
        self._fake = fake
        self._clock = clock
        self._paced: dict[str, datetime] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def record_understanding(self, understanding: Mapping[str, Any]) -> None:
        """What `understanding.shown` says of a sentence; all optional but `user` and `text`. Values must be fit for
        JSON (others are shown as their str)."""
        shown = json.loads(json.dumps(dict(understanding), ensure_ascii=False, default=str))
        shown.setdefault("at", self._clock.now().isoformat())
        self.understood.append(shown)
        self.publish({"type": "understood", "understood": shown})

    def record_pause(self, user: str, seconds: float) -> None:
        """What is meant for a member waits so long, because he has had as many messages as WeCom lets through."""
        until = self._clock.now() + timedelta(seconds=seconds)
        if abs(until - self._paced.get(user, EPOCH)) > SAME_PAUSE:
            self._paced[user] = until
            self.publish({"type": "paced", "userid": user, "until": until.isoformat()})

    def paced(self) -> dict[str, str]:
        """Until when each member's messages wait, by userid; those whose time is over are left out."""
        return {user: until.isoformat() for user, until in self._paced.items() if until > self._clock.now()}

    def publish(self, event: dict[str, Any]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._fake.feed.publish, event)

    async def on_startup(self, _app: web.Application) -> None:
        self._loop = asyncio.get_running_loop()

    async def on_shutdown(self, _app: web.Application) -> None:
        """Ends the open streams, so that the server does not wait for the pages."""
        self._fake.feed.publish({"type": "bye"})
