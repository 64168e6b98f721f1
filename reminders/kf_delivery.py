"""Sending answers in 微信客服: intent → WeCom → what became of it. No transaction is open while WeCom is talked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, Protocol

from reminders.kf_line import Answered, KfLine, Leaving, Row
from storage.database import Database
from storage.leases import lease_owner
from storage.model.clock import Clock

BATCH = 5  # one call each, and all before `RETRY` is over


class Texts(Protocol[Row]):
    """Rows of texts to customers and their steps in the database: members' answers, or the bot's."""

    def take(self, owner: str, limit: int, now: datetime) -> tuple[Sequence[Leaving[Row]], int]:
        """(texts whose intent is written, how many rows were looked at)."""

    def record(self, row: Row, answered: Answered, now: datetime) -> None:
        """Write down what WeCom said."""


class KfDelivery(Generic[Row]):
    """Moves texts on through `KfLine`. Any number of processes may do so side by side."""

    def __init__(
        self, database: Database, line: KfLine, texts: Texts[Row], clock: Clock, *,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._line, self._texts, self._clock = database, line, texts, clock
        self._on_queued = on_queued
        self._owner = lease_owner()

    async def step(self) -> int:
        """One turn, one text after the other; how many were looked at."""
        leaving, count = await self._database.run(
            partial(self._texts.take, self._owner, BATCH, self._clock.now())
        )
        for out in leaving:
            answered = await self._send(out)
            await self._database.run(partial(self._texts.record, out.row, answered, self._clock.now()))
        if count:
            self._on_queued()
        return count

    async def _send(self, out: Leaving[Row]) -> Answered:
        if out.welcome_code:
            return await self._line.welcome(out.welcome_code, out.msgid, out.text)
        return await self._line.answer(out.open_kfid, out.external_userid, out.msgid, out.text)
