"""Getting queued messages out: claim → gate → send → record, over and over.

No transaction is open while the network is talked to. What became of a batch is recorded in one transaction,
which claims the next batch as well. A crash between sending and recording leaves the rows leased; when the
lease runs out the same bytes go again, and WeCom's duplicate check swallows what it has seen."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import structlog

from reminders.brake import Brake
from reminders.lifetime import Fate, may_go, may_wake
from reminders.quiet import Quiet
from reminders.sending import Call, Outcome, Outgoing, Sender
from storage.database import Database, UnitOfWork
from storage.leases import lease_owner
from storage.model.clock import Clock
from storage.model.errors import Unavailable
from storage.model.work import OutboxRow

log = structlog.get_logger(__name__)

BATCH = 20  # bounds what a crash can send twice
LANES = 2  # one waits for WeCom while the other is with the database
POLL_SECONDS = 1.0
SEND_WITHIN = 45.0  # below the lease, so that nobody else takes the row meanwhile
LET_GO_WITHIN = 1.0  # what is called off is waited for a moment, so that it does not outlive its session
LONGEST_WAIT = timedelta(minutes=5)
PACED = "paced"
ASLEEP = "asleep"

OnOutcome = Callable[[str], None]
Sent = tuple[OutboxRow, Outcome]


class Delivery:
    """Delivers the outbox through a `Sender`. Any number of processes may do so side by side."""

    def __init__(
        self, database: Database, sender: Sender, clock: Clock, zone: ZoneInfo, *, on_outcome: OnOutcome | None = None,
        batch: int = BATCH, lanes: int = LANES,
    ) -> None:
        self._database, self._sender, self._clock, self._zone = database, sender, clock, zone
        self._on_outcome = on_outcome or (lambda outcome: None)
        self._batch, self._lanes = batch, lanes
        self._brake = Brake()
        self._owner = lease_owner()
        self._awake = asyncio.Event()
        self._stopping = False

    def notify(self) -> None:
        """Something was queued: look at once."""
        self._awake.set()

    def stop(self) -> None:
        """Finish what is under way, record it, and return from `run`."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Deliver until stopped. Survives a database or WeCom that is away."""
        async with asyncio.TaskGroup() as lanes:
            for _ in range(self._lanes):
                lanes.create_task(self._lane())

    async def drain(self) -> int:
        """Deliver what is due now and return how many messages were tried. The product goes by `run`; tests step."""
        tried = 0
        rows = await self._turn([])
        while rows:
            tried += len(rows)
            rows = await self._turn(await self._send_all(rows))
        return tried

    # ------------------------------------------------------------ the loop

    async def _lane(self) -> None:
        sent: list[Sent] = []
        while True:
            self._awake.clear()
            rows = await self._turn(sent)
            sent = await self._send_all(rows)
            if not sent:
                if self._stopping:
                    return
                await self._rest()

    async def _rest(self) -> None:
        if not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), POLL_SECONDS)

    async def _turn(self, sent: Sequence[Sent]) -> list[OutboxRow]:
        """Record what was sent and claim the next batch, in one transaction.

        A database that is away is waited for: what WeCom answered must not be forgotten."""
        while True:
            limit = 0 if self._stopping else self._brake.limit(self._clock.now(), self._batch)
            if not sent and not limit:
                return []
            try:
                rows, seen = await self._database.run(partial(self._record_and_claim, sent, limit))
            except Unavailable as error:
                self._brake.unused()
                log.warning("delivery.database_away", error=str(error), unrecorded=len(sent))
                if self._stopping:
                    return []  # the leases run out, and the same bytes go again
                await asyncio.sleep(POLL_SECONDS)
                continue
            for name in seen:
                self._on_outcome(name)
            if limit and not rows:
                self._brake.unused()
            return rows

    async def _send_all(self, rows: Sequence[OutboxRow]) -> list[Sent]:
        if not rows:
            return []
        sending = [asyncio.create_task(self._send(row)) for row in rows]
        try:
            await asyncio.wait(sending, timeout=SEND_WITHIN)
        finally:
            late = [task for task in sending if task.cancel()]  # whoever is not back by now
            if late:
                await asyncio.wait(late, timeout=LET_GO_WITHIN)
        return [(row, self._outcome(task)) for row, task in zip(rows, sending, strict=True)]

    def _outcome(self, sent: asyncio.Task[Outcome]) -> Outcome:
        if sent.done() and not sent.cancelled():
            return sent.result()
        outcome = Outcome("retry", 0, "timeout")
        self._hear(outcome)
        return outcome

    async def _send(self, row: OutboxRow) -> Outcome:
        outgoing = Outgoing(row.id, row.recipient, cast(Call, row.call), row.body, row.tries)
        try:
            outcome = await self._sender.send(outgoing)
        except TimeoutError:
            outcome = Outcome("retry", 0, "timeout")
        except Exception as error:  # a sender that breaks its word must not stop all the others
            log.error("delivery.sender_failed", id=row.id, error=type(error).__name__, exc_info=error)
            outcome = Outcome("retry", 0, "sender_failed")
        self._hear(outcome)
        return outcome

    def _hear(self, outcome: Outcome) -> None:
        """Tell the brake at once, so that the other lane does not run into the same wall."""
        now = self._clock.now()
        if outcome.state == "blocked":
            self._brake.blocked(now, outcome.retry_after)
        elif outcome.state == "retry" and outcome.errcode == 0:
            self._brake.unused() if outcome.reason == PACED else self._brake.failed(now)
        else:
            self._brake.answered()

    # ------------------------------------------------------------ in the database thread

    def _record_and_claim(self, sent: Sequence[Sent], limit: int) -> tuple[list[OutboxRow], list[str]]:
        """The claimed rows that may go, and what is to be counted."""
        rows: list[OutboxRow] = []
        with self._database.system(self._clock.now()) as uow:
            uow.outbox.all_sent((row.id, o.msgid, o.response_code) for row, o in sent if o.state == "sent")
            seen = [self._record(uow, row, outcome) for row, outcome in sent]
            for row in uow.outbox.claim(self._owner, limit) if limit else ():
                fate = may_go(row, uow.now)
                if fate != "go":
                    self._give_up(uow, row, fate)
                    seen.append(fate)
                elif not may_wake(row, uow.now) and (morning := self._night_over(uow, row)) > uow.now:
                    uow.outbox.not_tried(row.id, morning, ASLEEP)
                    seen.append(ASLEEP)
                else:
                    rows.append(row)
        return rows, seen

    def _night_over(self, uow: UnitOfWork, row: OutboxRow) -> datetime:
        user = uow.users.find(row.recipient)
        return (Quiet.of(user) if user else Quiet()).over_at(uow.now, self._zone)

    @staticmethod
    def _give_up(uow: UnitOfWork, row: OutboxRow, fate: Fate) -> None:
        if fate == "expired":
            uow.outbox.expired(row.id)
        else:
            uow.outbox.uncertain(row.id)
        log.warning(f"outbox.{fate}", id=row.id, tries=row.tries)

    def _record(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> str:
        """Write down what became of one message that was not sent; the word for the counters."""
        match outcome.state:
            case "refused":
                uow.outbox.refused(row.id, outcome.errcode, outcome.reason)
                log.warning("outbox.refused", id=row.id, errcode=outcome.errcode, reason=outcome.reason)
            case "blocked":
                uow.outbox.not_tried(row.id, uow.now, outcome.reason)
            case "retry" if outcome.reason == PACED:
                uow.outbox.not_tried(row.id, uow.now + _seconds(outcome.retry_after or 1.0), PACED)
                return PACED
            case "retry":
                wait = back_off(row.tries, outcome.retry_after)
                uow.outbox.again(row.id, uow.now + wait, outcome.errcode, outcome.reason)
                log.info("outbox.retry", id=row.id, attempt=row.tries, errcode=outcome.errcode, reason=outcome.reason)
        return outcome.state


def back_off(tries: int, asked: float | None) -> timedelta:
    """How long to wait after try number `tries`: what the sender asked, else 2, 4, 8 … seconds up to five
    minutes, spread by half so that those who failed together do not come back together."""
    if asked is not None:
        return _seconds(asked)
    return min(LONGEST_WAIT, _seconds(2.0 ** min(tries, 9))) * random.uniform(0.5, 1.0)


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
