"""A loop that takes turns until it is stopped: woken when there is work, looking by itself now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from storage.model.errors import Unavailable

log = structlog.get_logger(__name__)

GAP = 0.2


class Loop:
    """`turn` does what is to be done and says how much that was; after a turn without work the loop rests for
    `pause` seconds, or until it is woken. Under load it is woken with every batch of messages, and looks no more often
    than every `GAP` seconds. Survives a database that is away."""

    def __init__(self, name: str, turn: Callable[[], Awaitable[int]], *, pause: float = 5.0) -> None:
        self.name, self.turn, self._pause = name, turn, pause
        self._awake = asyncio.Event()
        self._stopping = False

    def notify(self) -> None:
        """Something is to be done: look at once."""
        self._awake.set()

    def stop(self) -> None:
        """Finish the turn under way and return from `run`."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                done = await self.turn()
            except Unavailable as error:
                log.warning("loop.database_away", loop=self.name, error=str(error))
                done = 0
            if not done and not self._stopping:
                await asyncio.sleep(GAP)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), self._pause)
