"""From an opened callback to a durable inbox row, within WeCom's five seconds.

Arrivals that wait at the same moment share one commit. If the database does not answer in time, an arrival
is sealed into a spool file (fsynced) instead and acknowledged all the same; the spool is emptied into the
inbox as soon as the database is back. The inbox key makes it harmless if both happened."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Sequence
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
MAX_READ = 500  # files of the spool at once
APART = 0.005  # seconds between the beginnings of two writes: under load more arrivals share one


Waiting = tuple[Arrival, asyncio.Future[None]]


class CannotKeep(Exception):
    """Neither the database nor the spool could take it. WeCom is to try again."""


class Reception:
    """Takes arrivals from the web, batches them into the inbox, and wakes the worker."""

    def __init__(
        self, database: Database, clock: Clock, spool: Spool, metrics: Metrics, wake: Callable[[], None]
    ) -> None:
        self._database, self._clock, self._spool = database, clock, spool
        self._metrics, self._wake = metrics, wake
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._next_write = 0.0
        self._spooled = True  # an earlier process may have left some

    async def take(self, arrival: Arrival) -> None:
        """Return once the arrival is durable. Raises CannotKeep."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        # A bare timer: wait_for and shield would cost every callback 15 µs, a tenth of it all.
        patience = kept.get_loop().call_later(PATIENCE, _lose_patience, kept)
        try:
            await kept
        except Exception:
            self._waiting = [waiting for waiting in self._waiting if waiting[1] is not kept]
            await self._keep_in_spool(arrival)
        finally:
            patience.cancel()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(self._next_write - loop.time())
            self._next_write = loop.time() + APART
            if self._spooled:
                await self._try_spool()
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            await self._write_batch(batch)

    async def _try_spool(self) -> None:
        """What waits in the spool came earlier, so it goes first: people's messages keep their order."""
        try:
            while self._spooled and await self.empty_spool():
                pass
        except Exception as error:
            log.error("spool.not_emptied", error=type(error).__name__)

    async def _write_batch(self, batch: Sequence[Waiting]) -> None:
        arrivals = [arrival for arrival, _ in batch]
        try:
            await self._database.run(lambda: self._store(arrivals))
        except Unavailable as error:
            log.warning("inbox.write_failed", error=type(error).__name__, rows=len(batch))
            _settle(batch, error)
        except Exception as error:
            log.error("inbox.write_failed", error=type(error).__name__, rows=len(batch))
            await self._write_singly(batch, error)
        else:
            _settle(batch, None)
            self._wake()

    async def _write_singly(self, batch: Sequence[Waiting], error: Exception) -> None:
        """An arrival that the database does not take must not keep the others out."""
        if len(batch) == 1:
            _settle(batch, error)
            return
        for one in batch:
            await self._write_batch([one])

    def _store(self, arrivals: Sequence[Arrival]) -> None:
        with self._database.system(self._clock.now(), one_go=True) as uow:
            uow.inbox.add(arrivals)

    async def _keep_in_spool(self, arrival: Arrival) -> None:
        try:
            await asyncio.to_thread(self._spool.put, arrival)
        except OSError as error:
            log.error("spool.write_failed", error=type(error).__name__, errno=error.errno)
            raise CannotKeep from error
        self._spooled = True
        self._metrics.spooled.inc()

    async def empty_spool(self) -> int:
        """Move what was spooled into the inbox; says how many. Keeps them there while the database is away."""
        self._spooled = False
        spooled = await asyncio.to_thread(self._spool.read)
        try:
            moved = await self._move(spooled) if spooled else 0
        except Unavailable:
            self._spooled = True
            return 0
        self._spooled = self._spooled or bool(spooled)  # there may be more than one look takes
        if moved:
            log.info("spool.emptied", rows=moved)
            self._wake()
        return moved

    async def _move(self, spooled: Sequence[tuple[Path, Arrival]]) -> int:
        """Into the inbox in one commit. One that the database never takes is set aside and blocks nobody."""
        paths = [path for path, _ in spooled]
        try:
            await self._database.run(lambda: self._store([arrival for _, arrival in spooled]))
        except Unavailable:
            raise
        except Exception as error:
            if len(spooled) > 1:
                return sum([await self._move([one]) for one in spooled])
            log.error("spool.refused", file=paths[0].stem, error=type(error).__name__)
            await asyncio.to_thread(self._spool.set_aside, paths)
            return 0
        await asyncio.to_thread(self._spool.remove, paths)
        return len(paths)


def _lose_patience(kept: asyncio.Future[None]) -> None:
    if not kept.done():
        kept.set_exception(TimeoutError("the database takes too long"))


def _settle(batch: Sequence[Waiting], error: Exception | None) -> None:
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
        try:
            with draft.open("wb") as file:
                file.write(self._vault.seal("spool", name, text.encode()))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._folder / f"{name}.arrival")
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._sync_folder()

    def read(self) -> list[tuple[Path, Arrival]]:
        """The oldest arrivals kept. A file that does not open is set aside, not deleted."""
        found = []
        for path in sorted(self._folder.glob("*.arrival"))[:MAX_READ]:
            try:
                key, sender, kind, body, at = json.loads(
                    self._vault.open("spool", path.stem, path.read_bytes())
                )
            except FileNotFoundError:
                continue  # another process moved it
            except (Corrupt, ValueError):
                log.error("spool.unreadable", file=path.stem)
                self.set_aside([path])
                continue
            found.append((path, Arrival(key, sender, kind, body, datetime.fromisoformat(at))))
        return found

    @staticmethod
    def remove(paths: Sequence[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    @staticmethod
    def set_aside(paths: Sequence[Path]) -> None:
        """Keep files for a person to look at, out of the way of the others."""
        for path in paths:
            path.rename(path.with_suffix(".bad"))

    def _sync_folder(self) -> None:
        """A new name survives a power cut only when its folder is synced too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
