"""Sending answers in 微信客服: intent → WeCom → what became of it. No transaction is open while WeCom is talked to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reminders.kf_answers import KfAnswers
from reminders.kf_line import KfLine
from storage.database import Database
from storage.leases import lease_owner
from storage.model.clock import Clock

BATCH = 5  # one call each, and all before `RETRY` is over


class KfDelivery:
    """Moves answers on through `KfLine`. Any number of processes may do so side by side."""

    def __init__(
        self, database: Database, line: KfLine, answers: KfAnswers, clock: Clock, *,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._line, self._answers, self._clock = database, line, answers, clock
        self._on_queued = on_queued
        self._owner = lease_owner()

    async def step(self) -> int:
        """One turn, one answer after the other; how many were looked at."""
        leaving, count = await self._database.run(
            partial(self._answers.take, self._owner, BATCH, self._clock.now())
        )
        for out in leaving:
            message = out.message
            answered = await self._line.answer(
                out.open_kfid, message.external_userid or "", message.msgid or "", message.text
            )
            await self._database.run(partial(self._answers.record, message, answered, self._clock.now()))
        if count:
            self._on_queued()
        return count
