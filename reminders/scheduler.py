"""APScheduler as a clock: it says "look now" every few seconds and knows nothing else.

Its own timers are not trusted with anything: by default it drops a job that is a second late (its issue 292),
and two of them on one store send twice (its issue 231). What is due is asked of the data, in `reminders.jobs`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from reminders.jobs import Jobs
from storage.model.clock import Clock
from storage.model.errors import Unavailable

__all__ = ["Jobs", "Scheduler"]

log = structlog.get_logger(__name__)

EVERY_SECONDS = 15.0


class Scheduler:
    """Calls `Jobs.tick` at once and then regularly, one tick at a time; `on_queued` when a tick had mail."""

    def __init__(
        self, jobs: Jobs, clock: Clock, *, on_queued: Callable[[], None], every: float = EVERY_SECONDS
    ) -> None:
        self._jobs, self._clock, self._on_queued, self._every = jobs, clock, on_queued, every
        self._one_at_a_time = asyncio.Lock()
        self._timer: Any = None

    def start(self) -> None:
        """Begin ticking. Call it inside the running event loop."""
        self._timer = AsyncIOScheduler(timezone=UTC)
        self._timer.add_job(
            self._tick_safely, "interval", seconds=self._every, coalesce=True, max_instances=1,
            misfire_grace_time=None,
        )
        self._timer.start()
        self._timer.add_job(self._tick_safely, misfire_grace_time=None)

    def stop(self) -> None:
        """Stop ticking; a tick under way finishes by itself."""
        if self._timer is not None:
            self._timer.shutdown(wait=False)
            self._timer = None

    async def tick(self) -> int:
        """Look now, as after the sandbox moved its clock, until nothing is left; how many messages were queued."""
        queued, is_behind = 0, True
        async with self._one_at_a_time:
            while is_behind:
                new = await self._jobs.tick(self._clock.now())
                queued, is_behind = queued + new, self._jobs.is_behind
                if new:
                    self._on_queued()
        return queued

    async def _tick_safely(self) -> None:
        try:
            await self.tick()
        except asyncio.CancelledError:
            log.debug("scheduler.stopped")  # by `stop`; what was begun is finished in its database thread
        except Unavailable as error:
            log.warning("scheduler.database_away", error=str(error))
        except Exception as error:
            log.error("scheduler.failed", error=type(error).__name__, exc_info=error)
