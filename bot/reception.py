"""From an opened callback to a durable inbox row, within WeCom's five seconds.

Arrivals that wait at the same moment share one commit. If the database does not answer in time, an arrival
is sealed into a spool file (fsynced) instead and acknowledged all the same; the spool is emptied into the
inbox as soon as the database is back. The inbox key makes it harmless if both happened."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.metrics import Metrics
from storage.database import Database
from storage.model.clock import Clock
from storage.model.errors import Corrupt, Unavailable
from storage.model.ids import new_id
from storage.repositories.mailboxes import Arrival

log = structlog.get_logger(__name__)

PATIENCE = 2.0  # seconds for the database; WeCom cuts at 5
MAX_BATCH = 200


class CannotKeep(Exception):
    """Neither the database nor the spool could take it. WeCom is to try again."""


class Reception:
    """Takes arrivals from the web, batches them into the inbox, and wakes the worker."""

    def __init__(
        self, database: Database, clock: Clock, spool: Spool, metrics: Metrics, wake: Callable[[], None]
    ) -> None:
        self._database, self._clock, self._spool = database, clock, spool
        self._metrics, self._wake = metrics, wake
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def take(self, arrival: Arrival) -> None:
        """Return once the arrival is durable. Raises CannotKeep."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        try:
            await asyncio.wait_for(asyncio.shield(kept), PATIENCE)
        except (TimeoutError, Unavailable):
            await self._keep_in_spool(arrival)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            arrivals = [arrival for arrival, _ in batch]
            try:
                await self._database.run(lambda arrivals=arrivals: self._store(arrivals))  # type: ignore[misc]
            except Exception as error:
                log.warning("inbox.write_failed", error=type(error).__name__, rows=len(batch))
                _settle(batch, error if isinstance(error, Unavailable) else Unavailable("inbox not writable"))
            else:
                _settle(batch, None)
                self._wake()

    def _store(self, arrivals: list[Arrival]) -> None:
        with self._database.system(self._clock.now()) as uow:
            uow.inbox.add(arrivals)

    async def _keep_in_spool(self, arrival: Arrival) -> None:
        try:
            await asyncio.to_thread(self._spool.put, arrival)
        except OSError as error:
            log.error("spool.write_failed", error=type(error).__name__)
            raise CannotKeep from error
        self._metrics.spooled.inc()

    async def empty_spool(self) -> int:
        """Move what was spooled into the inbox; says how many. Keeps them there while the database is away."""
        spooled = await asyncio.to_thread(self._spool.read)
        if not spooled:
            return 0
        try:
            await self._database.run(lambda: self._store([arrival for _, arrival in spooled]))
        except Unavailable:
            return 0
        await asyncio.to_thread(self._spool.remove, [path for path, _ in spooled])
        log.info("spool.emptied", rows=len(spooled))
        self._wake()
        return len(spooled)


def _settle(batch: list[tuple[Arrival, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, kept in batch:
        if kept.done():
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
            kept.exception()  # a waiter that has left already must not make asyncio complain


class Spool:
    """A folder of sealed arrivals, one file each, complete or not there."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder, self._vault = folder, database.vault
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, arrival: Arrival) -> None:
        """Write and fsync one arrival. Raises OSError."""
        name = str(new_id())
        text = json.dumps([
            arrival.key, arrival.sender, arrival.kind, arrival.body, arrival.received_at.isoformat(),
        ])
        draft = self._folder / f"{name}.new"
        with draft.open("wb") as file:
            file.write(self._vault.seal("spool", name, text.encode()))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._folder / f"{name}.arrival")

    def read(self, limit: int = 500) -> list[tuple[Path, Arrival]]:
        """The oldest arrivals kept. A file that does not open is set aside, not deleted."""
        found = []
        for path in sorted(self._folder.glob("*.arrival"))[:limit]:
            try:
                key, sender, kind, body, at = json.loads(
                    self._vault.open("spool", path.stem, path.read_bytes())
                )
            except (Corrupt, ValueError):
                log.error("spool.unreadable", file=path.stem)
                path.rename(path.with_suffix(".bad"))
                continue
            found.append((path, Arrival(key, sender, kind, body, datetime.fromisoformat(at))))
        return found

    @staticmethod
    def remove(paths: list[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)
