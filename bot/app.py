"""The composition root: makes every part, ties them together, starts and stops them in order.

Nothing else in the product makes its own database, client or clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import aiohttp
import structlog
from aiohttp import web

from bot.codec import Codec
from bot.contacts import ContactBook
from bot.leases import release_dead
from bot.loops import Loop
from bot.metrics import Metrics
from bot.outside import HttpSource
from bot.papers import StoredPapers
from bot.reception import Reception, Spool
from bot.uploads import StoredUploads
from bot.web import Callback, make_app, make_runner
from bot.wecom.client import CorpApp, WeComClient, token_keeper
from bot.wecom.group_sends import WeComGroupSends
from bot.wecom.kf import WeComKf
from bot.wecom.media_source import WeComMedia
from bot.wecom.sender import WeComSender
from bot.wecom.shared import Shared, open_shared
from bot.worker import OnUnderstood, Worker
from config.pack import PackError, PackStore
from config.settings import Settings
from handlers.agenda import remember_list
from handlers.keywords import keywords_of
from handlers.language import warm_up
from handlers.lending.watch import look_at_debts
from handlers.menu import APP_MENU
from handlers.router import lexicon_of
from handlers.self_service import SelfService
from reminders.care_delivery import CareDelivery, CareSteps
from reminders.codes import CodeDelivery, CodeSender
from reminders.delivery import Delivery
from reminders.kf_answers import KfAnswers
from reminders.kf_delivery import KfDelivery
from reminders.kf_reading import KfReading
from reminders.kf_receiving import KfReceiving
from reminders.kf_replies import KfReplies
from reminders.kf_sessions import KfSessions
from reminders.outgoing import Post
from reminders.outside import NoSource, OutsideDelivery, OutsideSource
from reminders.paper_files import PaperFiles
from reminders.scheduler import Jobs, Scheduler
from storage.conditions.checking import check_conditions
from storage.database import Database
from storage.model.clock import Clock
from storage.model.errors import Error, Unavailable
from storage.products import sync_products
from storage.vault import Keys, Vault

log = structlog.get_logger(__name__)

STOP_WITHIN = 10.0
PACKS_PAUSE = 3.0
ANSWER_WITHIN = 3.0
SPOOL_PAUSE = 1.0
AT_ONCE = 5.0  # of a plan or of offers, before reminders for a clock time have their turn again
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a loop that failed starts again
STEADY = 0.2  # seconds that telling of what customers said takes at least
PACED_BY = timedelta(hours=1)


def _outside_source(settings: Settings, session: aiohttp.ClientSession) -> OutsideSource:
    """What the settings name; none leaves the check to people."""
    if not settings.outside_url:
        return NoSource()
    return HttpSource(session, settings.outside_url, settings.outside_token.get_secret_value())


class Application:
    """The running product: web face, worker, delivery, clock."""

    def __init__(
        self, settings: Settings, clock: Clock, database: Database, session: aiohttp.ClientSession,
        shared: Shared, *, jitter: float, on_understood: OnUnderstood | None = None,
        code_sender: CodeSender | None = None, outside: OutsideSource | None = None,
    ) -> None:
        self.settings, self.clock, self.database = settings, clock, database
        self.metrics = Metrics()
        corp = CorpApp.of(settings)
        keeper = token_keeper(session, corp, shared.tokens, clock)
        self.client = WeComClient(session, corp, keeper, clock, observe=self.metrics.observe_call)
        self.post = Post(settings.agent_id)
        self.delivery = Delivery(
            database, self._sender(shared), clock, settings.zone,
            on_outcome=lambda outcome: self.metrics.delivered.labels(outcome).inc(),
        )
        self.worker = Worker(
            database, self.post, clock, settings.zone, self.metrics,
            on_queued=self._queued, on_understood=on_understood, company=settings.company_name,
        )
        self.loops = self._make_loops(code_sender, outside or _outside_source(settings, session))
        spool = Spool(settings.data_dir / "spool", database)
        self.reception = Reception(database, clock, spool, self.metrics, self.worker.wake)
        self.jobs = Jobs(
            database, self.post, settings.zone, jitter=jitter, on_list=remember_list,
            company=settings.company_name, at_once=AT_ONCE, looks=[look_at_debts],
        )
        self.scheduler = Scheduler(self.jobs, clock, on_queued=self._queued)
        self.web = make_app(self._callback(), self.metrics, self.faults)
        self._pacer = shared.pacer
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._compiled = asyncio.Event()

    def _sender(self, shared: Shared) -> WeComSender:
        uploads, papers = StoredUploads(self.database, self.clock), StoredPapers(self.database, self.clock)
        return WeComSender(self.client, self.clock, shared.pacer, uploads, papers)

    def _make_loops(self, code_sender: CodeSender | None, outside: OutsideSource) -> tuple[Loop, ...]:
        """What goes on beside the chats: care, who was added, 微信客服, codes where there is a way to send them."""
        database, clock, post, zone = self.database, self.clock, self.post, self.settings.zone
        queued, kf = self.delivery.notify, WeComKf(self.client)
        care = CareDelivery(
            database, WeComGroupSends(self.client), CareSteps(database, post, zone), clock, on_queued=queued
        )
        contacts = ContactBook(database, self.client, post, clock, zone, on_queued=queued)
        company = self.settings.company_name
        attendant = SelfService(zone, company, sends_codes=code_sender is not None)
        receiving = KfReceiving(database, post, zone, attendant)
        reading = KfReading(database, kf, receiving, clock, on_queued=self._queued, steady=STEADY)
        answering = KfDelivery(database, kf, KfAnswers(database, post, zone), clock, on_queued=queued)
        replying = KfDelivery(database, kf, KfReplies(database, post, zone), clock, on_queued=queued)
        sessions = KfSessions(database, kf, post, clock, zone, on_queued=queued)
        papers = PaperFiles(database, WeComMedia(self.client), post, clock, zone)
        asking = OutsideDelivery(database, outside, post, clock, zone, on_queued=queued)
        codes = [CodeDelivery(database, code_sender, clock, company)] if code_sender is not None else []
        return (
            Loop("care", care.step), Loop("contacts", contacts.step), Loop("kf-reading", reading.step),
            Loop("kf-delivery", answering.step), Loop("kf-replies", replying.step),
            Loop("kf-sessions", sessions.step),
            Loop("papers", papers.step), Loop("outside", asking.step),
            *(Loop("codes", delivery.step) for delivery in codes),
        )

    def _queued(self) -> None:
        """Somebody wrote what others are to take on: mail, texts to clients, customers to look up."""
        self.delivery.notify()
        self.wake_loops()

    def wake_loops(self) -> None:
        """Customers may have written or been added, or texts to them wait."""
        for loop in self.loops:
            loop.notify()

    def _callback(self) -> Callback:
        settings = self.settings
        codec = Codec(
            settings.callback_token.get_secret_value(), settings.callback_aes_key.get_secret_value(),
            settings.corp_id,
        )
        return Callback(
            codec, self.reception, self.clock, self.metrics, corp_id=settings.corp_id, agent_id=settings.agent_id
        )

    async def start(self) -> None:
        """Start handling, delivering and watching the clock."""
        await self._follow_on()
        for name, work in (
            ("worker", self._work), ("delivery", self.delivery.run),
            *((loop.name, loop.run) for loop in self.loops),
            ("spool", self._watch_spool), ("packs", self._watch_packs), ("menu", self._offer_menu),
            ("words", self._warm_up),
        ):
            self._tasks.append(asyncio.create_task(self._guard(name, work), name=name))
        self.scheduler.start()

    async def stop(self) -> None:
        """Stop in order and within ten seconds: no new work, finish what is in hand, let go."""
        self._stopping.set()
        self.scheduler.stop()
        self.worker.stop()
        for loop in self.loops:
            loop.stop()
        self.delivery.stop()
        _done, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN) if self._tasks else ((), ())
        for task in late:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _guard(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Keep a loop alive: an unforeseen fault is logged and the loop starts again, after a pause that doubles
        while the fault comes back at once, so that it does not fill the disk with logs."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._stopping.is_set():
            began = loop.time()
            try:
                await work()
                return
            except Exception as error:
                if loop.time() - began > LONGEST_PAUSE:
                    pause = FIRST_PAUSE
                log.error("loop.failed", loop=name, error=type(error).__name__, again_in=pause, exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _watch_spool(self) -> None:
        while not self._stopping.is_set():
            await self.reception.empty_spool()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SPOOL_PAUSE)

    async def _watch_packs(self) -> None:
        """Take changed pack files into force without a restart; bad ones are named and the old ones stay."""
        packs = self.database.packs
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PACKS_PAUSE)
            if not await asyncio.to_thread(packs.has_changed):
                continue
            try:
                version = (await asyncio.to_thread(packs.reload)).version
            except PackError as error:
                for problem in error.problems:
                    log.error("packs.refused", file=problem.file, line=problem.line, reason=problem.reason)
                continue
            await self.database.run(self._sync_products)
            await self._warm_up()
            log.info("packs.in_force", version=version)

    def _sync_products(self) -> None:
        with self.database.system(self.clock.now()) as uow:
            sync_products(uow)

    async def _work(self) -> None:
        """Handle messages once the language is compiled. A cold first sentence would hold the database thread for
        all that time, and callbacks, which come first, would not be acknowledged meanwhile."""
        await self._compiled.wait()
        await self.worker.run()

    async def _warm_up(self) -> None:
        """Compile the patterns of the language before the first sentence needs them, then read the words of notes. Who
        stops meanwhile does not wait for the rest of it."""
        packs = self.database.packs.current
        try:
            await asyncio.to_thread(lambda: warm_up(lexicon_of(packs), self._stopping.is_set))
        finally:
            self._compiled.set()  # slow first sentences are better than none
        if not self._stopping.is_set():
            await asyncio.to_thread(keywords_of(packs).load)

    async def _offer_menu(self) -> None:
        """Create the app's menu; while WeCom does not let us (trusted IP not set yet), again and again."""
        pause = 30.0
        while not self._stopping.is_set():
            try:
                await self.client.create_menu(APP_MENU)
                return
            except Error as error:
                log.warning("menu.not_created", error=str(error), again_in=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, 3600.0)

    async def _follow_on(self) -> None:
        """Go on where an earlier process ended: free what it held, and count what it sent within the hour,
        because WeCom's limits do."""
        try:
            sends = await self.database.run(self._inherit)
        except Unavailable as error:
            log.warning("start.nothing_inherited", error=str(error))
            return
        for recipient, at in sends:
            self._pacer.record(recipient, at)

    def _inherit(self) -> list[tuple[str, datetime]]:
        now = self.clock.now()
        release_dead(self.database, now)
        with self.database.system(now) as uow:
            # The sandbox's clock may have been further on before a restart.
            return [(recipient, at) for recipient, at in uow.outbox.sent_since(now - PACED_BY) if at <= now]

    async def faults(self) -> list[str]:
        """What keeps the process from doing its work; also refreshes the gauges.

        Parked messages show in the gauges only: one bad message must not take the service out of rotation."""
        try:
            inbox, outbox = await asyncio.wait_for(self.database.run(self._counts), ANSWER_WITHIN)
        except Exception as error:
            log.warning("database.not_writable", error=type(error).__name__)
            return ["database not writable"]
        self.metrics.show_boxes(inbox, outbox)
        return []

    def _counts(self) -> tuple[dict[str, int], dict[str, int]]:
        with self.database.system(self.clock.now()) as uow:
            return uow.inbox.counts_in_hand(), uow.outbox.counts_unsent()


def open_database(settings: Settings) -> Database:
    """The database of the settings with its keys and packs. Raises KeysMissing, PackError."""
    packs = PackStore(settings.packs, check_conditions)
    return Database(settings.database, Vault(Keys.load(settings.keys)), packs)


async def serve_on(app: Application, site: Callable[[web.AppRunner], web.BaseSite]) -> web.AppRunner:
    """Start the application and its web server; returns the runner to clean up."""
    runner = make_runner(app.web)
    await runner.setup()
    await site(runner).start()
    await app.start()
    return runner


__all__ = ["Application", "open_database", "open_shared", "serve_on"]
