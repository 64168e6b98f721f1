"""From inbox to outbox: each message is one unit of work, one person's messages in order.

A mistake of the user rolls the unit back and is answered in Chinese. A fault of ours rolls back, is logged
under a number the user is told, and is tried again a few times before the message is parked for ops. A
database that is busy or away is waited for; the message stays where it is."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

import handlers.commands  # noqa: F401  (registers every command, action and event)
from bot import events
from bot.answers import Answers, behind, is_nobody
from bot.metrics import Metrics
from handlers.context import Context
from handlers.conversation import Conversation
from handlers.events import concerned
from handlers.foresight import foresee
from handlers.notices import NOTICES
from handlers.questions import stay_let_go
from handlers.router import Understood, dispatch
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.group import Contested
from storage.leases import lease_owner
from storage.model.clock import Clock
from storage.model.errors import NotAllowed, Unavailable, UserError
from storage.model.incoming import (
    CardClick,
    Event,
    Incoming,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    TextMessage,
)
from storage.model.messages import Text
from storage.model.people import Actor
from storage.model.work import InboxRow

log = structlog.get_logger(__name__)

BATCH = 50  # messages under one commit: the more wait, the less each costs
LONG = 0.2  # seconds; where a batch takes longer, another may be begun beside it
PAUSE = 1.0  # seconds between looks when nobody wakes us
MAX_TRIES = 4  # of a message that fails by our own fault
MAX_CLAIMS = 8  # of a message whose handling ends the process
STRANGER = "您还没有开通这个应用。请联系管理员把您加为成员。"
# What somebody does on purpose and waits for an answer to; the rest of the events happen by themselves.
ASKED = (TextMessage, MediaMessage, LinkMessage, LocationMessage, MenuClick, CardClick)

OnUnderstood = Callable[[str, Understood], None]
Outcome = Literal["handled", "user-error", "lost", "retried", "parked"]


class LeaseLost(Exception):
    """Another process handles the message by now: nothing of ours may be committed."""


class Worker:
    """Claims inbox rows and handles them, in this process."""

    def __init__(
        self, database: Database, post: Post, clock: Clock, zone: ZoneInfo, metrics: Metrics, *,
        on_queued: Callable[[], None], on_understood: OnUnderstood | None = None, company: str = "",
    ) -> None:
        self._database, self._clock, self._zone = database, clock, zone
        self._answers = Answers(post, zone)
        self._metrics, self._on_queued, self._on_understood = metrics, on_queued, on_understood
        self._company = company
        # Names under which nothing is held. Half of the threads are left to those who receive and deliver.
        self._idle = deque(lease_owner() for _ in range(max(1, database.threads // 2)))
        self._looking = asyncio.Lock()
        self._awake = asyncio.Event()
        self._stopping = self._ending = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._awake.set()

    def stop(self) -> None:
        """Finish what is in hand and return from `run`."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Handle messages until stopped. Where a lane fails, the others finish what they hold before it is raised."""
        self._loop, self._ending = asyncio.get_running_loop(), False
        lanes = [asyncio.create_task(self._lane()) for _ in self._idle]
        try:
            await asyncio.wait(lanes, return_when=asyncio.FIRST_EXCEPTION)
            self._ending = True
            self.wake()
            await asyncio.wait(lanes)
            await asyncio.gather(*lanes)
        finally:
            for lane in lanes:
                lane.cancel()

    async def handle_waiting(self) -> int:
        """Claim a batch and handle it; says how many. Raises Unavailable when the database went away. The product
        goes by `run`; tests step."""
        rows = await self._claim()
        await self._handle_batch(rows)
        return len(rows)

    # ------------------------------------------------------------ the loop

    async def _lane(self) -> None:
        """Batch after batch. One lane is enough and cheapest; another goes on while something heavy keeps it."""
        while not self._stopping and not self._ending:
            try:
                async with self._looking:
                    handling = asyncio.create_task(self._handle_batch(await self._found()))
                    await asyncio.wait({handling}, timeout=LONG)
                await handling
            except Unavailable as error:
                log.warning("worker.database_away", error=str(error))
                await asyncio.sleep(PAUSE)

    async def _found(self) -> list[InboxRow]:
        """The next messages, as soon as there are some; none when stopped."""
        while not self._stopping and not self._ending:
            self._awake.clear()
            if rows := await self._claim():
                return rows
            self._idle.rotate(-1)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), PAUSE)
        return []

    async def _claim(self) -> list[InboxRow]:
        """Under a name that holds nothing now: what it could not give back, with the database away, is found again."""
        name = self._idle[0]

        def claim() -> list[InboxRow]:
            # A claim that a power cut undoes is made again; what is done under it is durable by its own commit.
            with self._database.system(self._clock.now(), durable=False, one_go=True) as uow:
                return uow.inbox.claim(name, BATCH)

        return await self._database.run(claim)

    async def _handle_batch(self, rows: Sequence[InboxRow]) -> None:
        if not rows:
            return
        name = rows[0].lease_owner
        self._idle.remove(name)
        try:
            await self._database.run(partial(self._handle, rows))
        except BaseException:
            self._idle.appendleft(name)  # asked for first
            raise
        else:
            self._idle.append(name)
        finally:
            self._on_queued()

    def _handle(self, rows: Sequence[InboxRow]) -> None:
        """All under one commit, or where that fails each alone. Raises Unavailable where there is no database."""
        try:
            self._handle_together(rows)
        except Unavailable as error:
            self._wait_for_database(rows, error)
            raise
        except Contested:
            log.info("inbox.contested", rows=len(rows))
            self._handle_singly(rows)
        except Exception as error:  # one of them is guilty: each on its own, so that only this one is put off
            log.error("inbox.group_failed", rows=len(rows), error=type(error).__name__, exc_info=error)
            self._handle_singly(rows)

    def _handle_singly(self, rows: Sequence[InboxRow]) -> None:
        failed = dict[InboxRow, Exception]()
        for place, row in enumerate(rows):
            try:
                self._handle_together([row], careful=True)
            except Unavailable as error:
                self._wait_for_database(rows[place:], error)
                raise
            except Exception as error:
                failed[row] = error
        for row, fault in failed.items():
            self._set_aside(row, fault)

    def _handle_together(self, rows: Sequence[InboxRow], *, careful: bool = False) -> None:
        now = self._clock.now()
        said = [(row, events.parse(row.body)) for row in rows]
        with self._database.together(careful=careful):
            if not careful:
                self._foresee(said, now)
            outcomes = [self._handle_one(row, incoming, now) for row, incoming in said]
        after = self._clock.now()
        for outcome, count in Counter(outcomes).items():
            self._metrics.messages.labels(outcome).inc(count)
        for row in rows:
            self._metrics.handled.observe(max(0.0, (after - row.received_at).total_seconds()))

    def _foresee(self, said: Sequence[tuple[InboxRow, Incoming]], now: datetime) -> None:
        """Who they are, what they talked of and which clients they ask for, each in one question for all."""
        senders = [row.sender for row, _ in said]
        with self._database.system(now) as uow:
            with uow.in_one_go():
                for take_in in uow.users.foresee(senders), uow.conversations.foresee(senders):
                    take_in()
            if self._database.is_postgres and len(said) > 1:
                texts = [(row.sender, what.content) for row, what in said if isinstance(what, TextMessage)]
                foresee(uow, texts, self._zone)

    def _handle_one(self, row: InboxRow, incoming: Incoming, now: datetime) -> Outcome:
        """One message in its own unit of work, all or nothing."""
        if row.tries > MAX_CLAIMS:
            return self._park(row, "ended the process too often", _number())
        uow: UnitOfWork | None = None
        talks: list[Conversation] = []
        try:
            with self._database.system(now) as uow:
                self._answer(uow, row, incoming, talks)
                self._finish(uow, row)
        except UserError as error:
            self._reply_only(row, error, uow, talks)
            return "user-error"
        except LeaseLost:
            log.info("inbox.lease_lost", inbox_id=row.id)
            return "lost"
        except Unavailable:
            raise
        except Exception as error:
            return self._fault(row, error, now, talks)
        return "handled"

    def _answer(self, uow: UnitOfWork, row: InboxRow, incoming: Incoming, talks: list[Conversation]) -> None:
        """Handle the message inside its unit of work: state, audit and replies commit together. The conversation
        goes into `talks`: what this turn lets go is let go even when the unit is rolled back."""
        if is_nobody(row.sender):
            self._note(uow, row, incoming)
            return
        user = uow.users.find(row.sender)
        if user is None or not user.active:
            if isinstance(incoming, ASKED):
                self._answers.reply(uow, row, [Text(STRANGER)])
            return
        uow.act_as(Actor.of(user))
        conversation = Conversation.from_json(uow.conversations.load(user.id), uow.now)
        talks.append(conversation)
        ctx = Context(uow, user, self._zone, conversation, company=self._company)
        understood = dispatch(ctx, incoming)
        if ctx.lasting:
            uow.conversations.block_undo(ctx.lasting)
        elif uow.changes:
            uow.conversations.remember_undo(ctx.undo_label or "上一步操作")
        if conversation.dirty:
            uow.conversations.save(user.id, conversation.to_json())
        self._answers.reply(uow, row, behind(ctx.replies, self._answers.tell(uow, row, ctx.letters)))
        if understood:
            self._metrics.of_intent(understood.meaning.intent).inc()
            self._tell_understood(row.sender, understood)

    def _note(self, uow: UnitOfWork, row: InboxRow, incoming: Incoming) -> None:
        """What WeCom says by itself about a member and a customer. The member may be in the middle of something, so
        his conversation is left alone: what he is told or asked comes with buttons of its own."""
        if isinstance(incoming, Event) and (noted := NOTICES.get(incoming.event)):
            noted(uow, incoming)
            return
        about = concerned(incoming) if isinstance(incoming, Event) else None
        user = uow.users.find(about) if about else None
        if user is None or not user.active:
            return
        uow.act_as(Actor.of(user))
        ctx = Context(uow, user, self._zone, Conversation(uow.now), company=self._company)
        dispatch(ctx, incoming)
        self._answers.news(uow, row, user, ctx.replies)
        self._answers.tell(uow, row, ctx.letters)

    def _finish(self, uow: UnitOfWork, row: InboxRow) -> None:
        if not uow.inbox.finish(row, row.lease_owner):
            raise LeaseLost

    def _reply_only(
        self, row: InboxRow, error: UserError, failed: UnitOfWork | None, talks: Sequence[Conversation]
    ) -> None:
        """After a rollback: the words for the user and the attempts that the audit must know; the message is done."""
        with suppress(LeaseLost), self._database.system(self._clock.now()) as uow:
            if failed is not None:
                uow.act_as(failed.actor)
                uow.audit.adopt_attempts(failed.audit)
                if isinstance(error, NotAllowed):
                    uow.audit.record("refuse", "message", row.id, outcome="denied")
            stay_let_go(uow, row.sender, talks)
            self._answers.reply(uow, row, [Text(str(error))])
            self._finish(uow, row)

    def _fault(self, row: InboxRow, error: Exception, now: datetime, talks: Sequence[Conversation]) -> Outcome:
        number = _number()
        log.error(
            "inbox.fault", inbox_id=row.id, number=number, tries=row.tries, error=type(error).__name__,
            exc_info=error,
        )
        reason = f"{type(error).__name__} {number}"
        if row.tries >= MAX_TRIES:
            return self._park(row, reason, number, talks)
        with self._database.system(now) as uow:
            uow.inbox.retry(row, reason, _next_try(row, now))
        return "retried"

    def _set_aside(self, row: InboxRow, error: Exception) -> None:
        """What failed outside of its own unit of work: only its state is written, so that this cannot fail likewise."""
        log.error("inbox.set_aside", inbox_id=row.id, tries=row.tries, error=type(error).__name__, exc_info=error)
        reason, now = type(error).__name__, self._clock.now()
        with self._database.system(now) as uow:
            if row.tries >= MAX_TRIES:
                uow.inbox.park(row, reason)
            else:
                uow.inbox.retry(row, reason, _next_try(row, now))
        self._metrics.messages.labels("parked" if row.tries >= MAX_TRIES else "retried").inc()

    def _wait_for_database(self, rows: Sequence[InboxRow], error: Unavailable) -> None:
        """Not the messages' fault: it counts as no try, and the pause grows with the age of a message."""
        now = self._clock.now()
        for row in rows:
            log.warning("inbox.retry", inbox_id=row.id, tries=row.tries, error=str(error))
            pause = min(60.0, max(0.5, (now - row.received_at).total_seconds() / 4))
            with suppress(Unavailable), self._database.system(now) as uow:
                uow.inbox.retry(row, "database away", now + timedelta(seconds=pause), counts=False)

    def _park(self, row: InboxRow, error: str, number: str, talks: Sequence[Conversation] = ()) -> Outcome:
        """Leave the message to ops, and give its sender the number to ask with."""
        with self._database.system(self._clock.now()) as uow:
            uow.inbox.park(row, error)
            stay_let_go(uow, row.sender, talks)
            self._answers.sorry(uow, row, number)
        log.error("inbox.parked", inbox_id=row.id, number=number, tries=row.tries)
        return "parked"

    def _tell_understood(self, sender: str, understood: Understood) -> None:
        if self._on_understood and self._loop:
            self._loop.call_soon_threadsafe(self._on_understood, sender, understood)


def _next_try(row: InboxRow, now: datetime) -> datetime:
    return now + timedelta(seconds=0.2 * 3**row.tries)


def _number() -> str:
    """What the user is told and the log holds, to bring the two together."""
    return secrets.token_hex(2).upper()
