"""The product's pacer, telling the page when it lets a member wait: else a phone that falls silent looks broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.wecom.pacing import Pacer


class ToldPacer:
    """A `Pacer` that tells of every wait: member, seconds."""

    def __init__(self, pacer: Pacer, tell: Callable[[str, float], None]) -> None:
        self._pacer, self._tell = pacer, tell

    async def reserve(self, user: str, now: datetime) -> float:
        wait = await self._pacer.reserve(user, now)
        if wait:
            self._tell(user, wait)
        return wait

    def record(self, user: str, at: datetime) -> None:
        self._pacer.record(user, at)
