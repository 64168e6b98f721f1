"""The product under test, composed as `bot.app` does, less delivery and clock: what is measured ends in the outbox.

`hold=False`: an arrival is acknowledged when its inbox row is durable, as in production; nobody handles it.
`hold=True`: the worker runs, and the answer is held back until the reply to that very message is committed to
the outbox. Then rate and latency as the driver sees them are those of a full command."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiohttp import web

from bench.floors import run_aiohttp
from bench.messages import CORP
from bot.metrics import Metrics
from bot.reception import Reception, Spool
from bot.service import spare_collector
from bot.web import Callback, make_app
from config.pack import PackStore
from config.settings import Settings
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import Clock, SystemClock
from storage.model.work import InboxRow
from storage.repositories.mailboxes import Arrival
from storage.vault import Keys, Vault

Held = dict[str, asyncio.Future[None]]


def serve_product(*, url: str, keys: str, folder: str, hold: bool) -> None:
    """Serve until the bench lets go. `folder` takes the spool."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = open_database(url, Path(keys))
    clock, metrics = SystemClock(), Metrics()
    spool = Spool(Path(folder) / "spool", database)
    if hold:
        reception, start = _holding(database, clock, spool, metrics)
    else:
        reception, start = Reception(database, clock, spool, metrics, wake=lambda: None), _nothing_to_start
    callback = Callback(CORP.codec, reception, clock, metrics, corp_id=CORP.corp_id, agent_id=CORP.agent_id)
    app = make_app(callback, metrics, _ready)
    app.on_startup.append(start)
    run_aiohttp(app)


def open_database(url: str, keys: Path) -> Database:
    """A database with all built-in packs."""
    return Database(url, Vault(Keys.load(keys)), PackStore(Settings.model_fields["packs"].default))


async def _ready() -> list[str]:
    return []


async def _nothing_to_start(_app: web.Application) -> None:
    """Nobody handles what is kept."""


def _holding(
    database: Database, clock: Clock, spool: Spool, metrics: Metrics
) -> tuple[Reception, Callable[[web.Application], Awaitable[None]]]:
    from bot.worker import Worker
    from handlers.language import warm_up
    from handlers.router import lexicon_of

    held: Held = {}
    loop: list[asyncio.AbstractEventLoop] = []

    class TellingWorker(Worker):
        """Says which messages are handled, once that is committed."""

        def _handle_together(self, rows: Sequence[InboxRow]) -> None:
            super()._handle_together(rows)
            loop[0].call_soon_threadsafe(_let_go, held, [row.key for row in rows])

    class PatientReception(Reception):
        """Answers only when the message was handled."""

        async def take(self, arrival: Arrival) -> None:
            held[arrival.key] = handled = asyncio.get_running_loop().create_future()
            await super().take(arrival)
            await handled

    worker = TellingWorker(
        database, Post(CORP.agent_id), clock, Settings().zone, metrics, on_queued=lambda: None
    )

    async def start(app: web.Application) -> None:
        warm_up(lexicon_of(database.packs.current))
        spare_collector()
        loop.append(asyncio.get_running_loop())
        app["worker"] = asyncio.create_task(worker.run())

    return PatientReception(database, clock, spool, metrics, worker.wake), start


def _let_go(held: Held, keys: Sequence[str]) -> None:
    for key in keys:
        if (handled := held.pop(key, None)) is not None:
            handled.set_result(None)


def now() -> datetime:
    return datetime.now(UTC)
