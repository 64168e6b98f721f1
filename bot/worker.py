"""From inbox to outbox: each message is one unit of work, one person's messages in order.

A mistake of the user rolls the unit back and is answered in Chinese. A fault of ours rolls back, is logged
under a number the user is told, and is tried again a few times before the message is parked for ops. A
database that is busy or away is waited for; the message stays where it is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

import handlers.commands  # noqa: F401  (registers every command, action and event)
from bot import events
from bot.metrics import Metrics
from handlers.context import Context
from handlers.conversation import Conversation
from handlers.questions import stay_let_go
from handlers.router import Understood, dispatch
from reminders.outgoing import Post
from reminders.sending import check_recipient
from storage.database import Database, UnitOfWork
from storage.leases import lease_owner
from storage.model.clock import Clock
from storage.model.errors import NotAllowed, Unavailable, UserError
from storage.model.messages import (
    CardClick,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    Message,
    Text,
    TextMessage,
)
from storage.model.people import Actor
from storage.model.work import REPLY, InboxRow

log = structlog.get_logger(__name__)

BATCH = 20
PAUSE = 1.0  # seconds between looks when nobody wakes us
MAX_TRIES = 4  # of a message that fails by our own fault
MAX_CLAIMS = 8  # of a message whose handling ends the process
NOBODY = ("", "sys")  # senders of what no member sent
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
        self._database, self._post, self._clock, self._zone = database, post, clock, zone
        self._metrics, self._on_queued, self._on_understood = metrics, on_queued, on_understood
        self._company = company
        self._name = lease_owner()
        self._awake = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._awake.set()

    def stop(self) -> None:
        """Finish what is in hand and return from `run`."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Handle messages until stopped."""
        self._loop = asyncio.get_running_loop()
        while not self._stopping:
            self._awake.clear()
            try:
                handled = await self.handle_waiting()
            except Unavailable as error:
                log.warning("worker.database_away", error=str(error))
                handled = 0
                await asyncio.sleep(PAUSE)
            if not handled and not self._stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), PAUSE)

    async def handle_waiting(self) -> int:
        """Claim a batch and handle it; says how many. Raises Unavailable when the database went away."""
        rows = await self._database.run(self._claim)
        shares = [rows[n :: self._database.threads] for n in range(min(len(rows), self._database.threads))]
        ends = await asyncio.gather(
            *(self._database.run(partial(self._handle, share)) for share in shares), return_exceptions=True
        )
        if rows:
            self._on_queued()
        for error in ends:
            if isinstance(error, BaseException):
                raise error
        return len(rows)

    def _claim(self) -> list[InboxRow]:
        # A claim that a power cut undoes is made again; what is done under it is durable by its own commit.
        with self._database.system(self._clock.now(), durable=False) as uow:
            return uow.inbox.claim(self._name, BATCH)

    def _handle(self, rows: Sequence[InboxRow]) -> None:
        """All under one commit, or where that fails each alone. Raises Unavailable where there is no database."""
        left, failed = [rows], dict[InboxRow, Exception]()
        while left:
            portion = left.pop(0)
            try:
                self._handle_together(portion)
            except Unavailable as error:
                self._wait_for_database([*portion, *chain(*left)], error)
                raise
            except Exception as error:
                if len(portion) > 1:  # one of them is guilty: each on its own, so that only this one is put off
                    log.error("inbox.group_failed", rows=len(portion), error=type(error).__name__, exc_info=error)
                    left[:0] = [[row] for row in portion]
                else:
                    failed[portion[0]] = error
        for row, fault in failed.items():
            self._set_aside(row, fault)

    def _handle_together(self, rows: Sequence[InboxRow]) -> None:
        now = self._clock.now()
        with self._database.together():
            outcomes = [self._handle_one(row, now) for row in rows]
        after = self._clock.now()
        for row, outcome in zip(rows, outcomes, strict=True):
            self._metrics.messages.labels(outcome).inc()
            self._metrics.handled.observe(max(0.0, (after - row.received_at).total_seconds()))

    def _handle_one(self, row: InboxRow, now: datetime) -> Outcome:
        """One message in its own unit of work, all or nothing."""
        if row.tries > MAX_CLAIMS:
            return self._park(row, "ended the process too often", _number())
        uow: UnitOfWork | None = None
        talks: list[Conversation] = []
        try:
            with self._database.system(now) as uow:
                self._answer(uow, row, talks)
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

    def _answer(self, uow: UnitOfWork, row: InboxRow, talks: list[Conversation]) -> None:
        """Handle the message inside its unit of work: state, audit and replies commit together. The conversation
        goes into `talks`: what this turn lets go is let go even when the unit is rolled back."""
        incoming = events.parse(row.body)
        user = uow.users.find(row.sender) if row.sender not in NOBODY else None
        if user is None or not user.active:
            if row.sender not in NOBODY and isinstance(incoming, ASKED):
                self._queue(uow, row, [Text(STRANGER)])
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
        self._queue(uow, row, ctx.replies)
        for number, (recipient, message) in enumerate(ctx.letters):
            self._post.put(uow, recipient, message, key=f"letter:{row.id}:{number}", priority=REPLY)
        if understood:
            self._metrics.intents.labels(understood.meaning.intent).inc()
            self._tell_understood(row.sender, understood)

    def _queue(self, uow: UnitOfWork, row: InboxRow, replies: Sequence[Message]) -> None:
        if replies and not _is_member(row.sender):
            log.warning("inbox.sender_unaddressable", inbox_id=row.id)
            return
        for number, message in enumerate(replies):
            self._post.put(uow, row.sender, message, key=f"re:{row.id}:{number}", priority=REPLY)

    def _finish(self, uow: UnitOfWork, row: InboxRow) -> None:
        if not uow.inbox.finish(row, self._name):
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
            self._queue(uow, row, [Text(str(error))])
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
            if _is_member(row.sender):
                sorry = Text(f"系统出错了，已记录（编号 {number}），请稍后再试。")
                # A key of its own: released by ops, the message must still be able to answer under `re:`.
                self._post.put(uow, row.sender, sorry, key=f"fault:{row.id}:{number}", priority=REPLY)
        log.error("inbox.parked", inbox_id=row.id, number=number, tries=row.tries)
        return "parked"

    def _tell_understood(self, sender: str, understood: Understood) -> None:
        if self._on_understood and self._loop:
            self._loop.call_soon_threadsafe(self._on_understood, sender, understood)


def _is_member(sender: str) -> bool:
    """Whether an answer can be addressed to the sender: the door lets any text pass for a userid."""
    if sender in NOBODY:
        return False
    try:
        check_recipient(sender)
    except ValueError:
        return False
    return True


def _next_try(row: InboxRow, now: datetime) -> datetime:
    return now + timedelta(seconds=0.2 * 3**row.tries)


def _number() -> str:
    """What the user is told and the log holds, to bring the two together."""
    return secrets.token_hex(2).upper()
