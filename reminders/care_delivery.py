"""Getting texts to clients by 企业群发: claim → gate → intent → task → the adviser's tap → WeCom's receipt.

No transaction is open while WeCom is talked to. The intent (`creating`, with its instant) commits before WeCom is
asked for a task, so whatever happens in between is resolved by searching WeCom's own list from that instant, and
not before `SETTLES`: an answer that was lost may still lead to a task some minutes later. Only when none is found
is another one asked for. Tasks that WeCom made twice are called back while the adviser has not confirmed them.

`care_steps` holds what is done in the database, this file the talk with WeCom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from reminders.care_steps import SETTLES, CareSteps, Finding
from reminders.group_sends import GroupSends, ReceiptState, Task
from storage.database import Database
from storage.leases import lease_owner
from storage.model.care import ClientMessage
from storage.model.clock import Clock

__all__ = ["CareDelivery", "CareSteps"]

log = structlog.get_logger(__name__)

BATCH = 20
CLOCKS_DIFFER = timedelta(minutes=2)
_PROGRESS: tuple[ReceiptState, ...] = ("delivered", "adviser_sent", "waiting")


@dataclass
class _Window:
    """WeCom's list of the tasks of some time, read once in a turn; None in `tasks` when WeCom did not say."""

    tasks: Sequence[Task] | None
    known: frozenset[str]


_NOTHING = _Window([], frozenset())


class CareDelivery:
    """Moves the ledger on through `GroupSends`. Any number of processes may do so side by side."""

    def __init__(
        self, database: Database, group_sends: GroupSends, steps: CareSteps, clock: Clock, *,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._sends, self._steps, self._clock = database, group_sends, steps, clock
        self._on_queued = on_queued
        self._owner = lease_owner()

    async def step(self) -> int:
        """One turn; how many messages were looked at."""
        taken = await self._database.run(partial(self._steps.take, self._owner, BATCH, self._clock.now()))
        if taken.queued:
            self._on_queued()
        if not taken.count:
            return 0
        in_question = [m for m in taken.under_way if m.state == "creating" or m.alone_at is None]
        windows = await self._windows(in_question)
        findings = await asyncio.gather(
            *(self._create(m) for m in taken.to_create),
            *(
                self._search(m, windows[m.id]) if m.state == "creating" else self._ask(m, windows.get(m.id, _NOTHING))
                for m in taken.under_way
            ),
        )
        if await self._database.run(partial(self._steps.record, findings, self._clock.now())):
            self._on_queued()
        return taken.count

    # ------------------------------------------------------------ the talk with WeCom

    async def _create(self, message: ClientMessage) -> Finding:
        assert message.external_userid is not None
        created = await self._sends.create(message.sender_id, message.external_userid, message.text)
        return Finding(message, created=created)

    async def _search(self, message: ClientMessage, window: _Window) -> Finding:
        """After an unclear outcome: is there a task of ours that we do not know?"""
        twins, sure = await self._twins(message, window)
        if twins:
            return Finding(message, found=twins[0][0])
        return Finding(message, nowhere=True) if sure else Finding(message, receipt="later")

    async def _ask(self, message: ClientMessage, window: _Window) -> Finding:
        receipt = await self._receipt(message, message.msgid or "")
        if receipt == "later":
            return Finding(message, receipt=receipt)
        if message.alone_at is None or receipt == "quota":
            if message.alone_at is not None:
                window = (await self._windows([message]))[message.id]
            other = await self._without_twins(message, window, receipt)
            if other is not None:
                return other
        if receipt == "waiting" and message.wanted:
            return Finding(message, receipt=await self._call_back(message, message.msgid or ""), alone=True)
        nudged = None
        if receipt == "waiting" and self._steps.should_nudge(message, self._clock.now()):
            nudged = await self._sends.nudge(message.msgid or "")
        return Finding(message, receipt=receipt, nudged=nudged, alone=True)

    async def _without_twins(self, message: ClientMessage, window: _Window, receipt: ReceiptState) -> Finding | None:
        """Call back other tasks of the same text; None when ours is alone. One that the adviser has confirmed takes
        the place of ours, because that is the one the customer sees."""
        twins, sure = await self._twins(message, window)
        if not sure:
            return Finding(message, receipt="later")
        for msgid, state in twins:
            log.warning("care.twin", id=message.id, state=state)
            if state == "waiting":
                state = await self._call_back(message, msgid)
            if state == "later":
                return Finding(message, receipt="later")
            if state in ("delivered", "adviser_sent") and receipt in ("waiting", "quota"):
                if receipt == "waiting" and await self._call_back(message, message.msgid or "") != "cancelled":
                    return Finding(message, receipt="later")
                return Finding(message, found=msgid, receipt=state)
        return None

    async def _call_back(self, message: ClientMessage, msgid: str) -> ReceiptState:
        """Cancel a task; what became of it, for the adviser may have confirmed it just before."""
        reply = await self._sends.cancel(msgid)
        if reply == "gone":
            return "cancelled"
        after = await self._receipt(message, msgid) if reply == "done" else "later"
        return "cancelled" if after == "waiting" else after

    async def _receipt(self, message: ClientMessage, msgid: str) -> ReceiptState:
        return await self._sends.receipt(msgid, message.sender_id, message.external_userid or "")

    async def _twins(self, message: ClientMessage, window: _Window) -> tuple[list[tuple[str, ReceiptState]], bool]:
        """Unknown tasks of the same text, adviser and customer since the message's intent, those the adviser has
        confirmed first, and whether all of WeCom's list could be judged."""
        if window.tasks is None:
            return [], False
        since = (message.tried_at or message.created_at) - CLOCKS_DIFFER
        twins: list[tuple[str, ReceiptState]] = []
        sure = True
        for task in window.tasks:
            if task.text != message.text or task.created_at < since or task.msgid in window.known:
                continue
            receipt = await self._receipt(message, task.msgid)
            if receipt == "later":
                sure = False
            elif receipt in ("delivered", "adviser_sent", "waiting"):
                twins.append((task.msgid, receipt))
        return sorted(twins, key=lambda twin: _PROGRESS.index(twin[1])), sure

    async def _windows(self, messages: Sequence[ClientMessage]) -> dict[int, _Window]:
        """The tasks made from each message's intent until an unclear outcome has settled. What was made later is none
        of ours, and a list of all tasks since an old intent would one day be longer than WeCom can be asked for."""
        found: dict[int, _Window] = {}
        for first, last, together in _spans(messages):
            window = await self._window(first, last)
            found |= dict.fromkeys(together, window)
        return found

    async def _window(self, first: datetime, last: datetime) -> _Window:
        now = self._clock.now()
        tasks = await self._sends.between(first, min(last, now + CLOCKS_DIFFER))
        if tasks is None:
            return _Window(None, frozenset())
        known = await self._database.run(partial(self._steps.known, [t.msgid for t in tasks], now))
        return _Window(tasks, frozenset(known))


def _spans(messages: Sequence[ClientMessage]) -> list[tuple[datetime, datetime, list[int]]]:
    """The times in which tasks of these messages may have been made, those that overlap as one, with whose they are."""
    spans: list[tuple[datetime, datetime, list[int]]] = []
    for message in sorted(messages, key=lambda m: m.tried_at or m.created_at):
        tried_at = message.tried_at or message.created_at
        first, last = tried_at - CLOCKS_DIFFER, tried_at + 2 * SETTLES
        if spans and first <= spans[-1][1]:
            before, _, ids = spans[-1]
            spans[-1] = (before, last, [*ids, message.id])
        else:
            spans.append((first, last, [message.id]))
    return spans
