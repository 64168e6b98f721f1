"""Steps of the tests of both mailboxes: a message arrives or is queued, is claimed, and comes to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.work import REPLY, InboxRow, OutboxRow
from storage.repositories.mailboxes import Arrival

SECOND = timedelta(seconds=1)


def arrive(database: Database, clock: MovableClock, *keys: str) -> None:
    """Messages by keys like "li:1": the sender and his MsgId."""
    with database.system(clock.now()) as uow:
        uow.inbox.add([
            Arrival(key, key.partition(":")[0], "text", f"<xml>{key}</xml>", clock.now()) for key in keys
        ])  # fmt: skip


def claim(database: Database, clock: MovableClock, owner: str = "w1", limit: int = 20) -> list[InboxRow]:
    with database.system(clock.now()) as uow:
        return uow.inbox.claim(owner, limit)


def finish(database: Database, clock: MovableClock, row: InboxRow, owner: str = "w1") -> bool:
    with database.system(clock.now()) as uow:
        return uow.inbox.finish(row, owner)


def queue(
    database: Database, clock: MovableClock, key: str, recipient: str = "li", priority: int = REPLY,
    **times: timedelta,
) -> int:  # fmt: skip
    with database.system(clock.now()) as uow:
        row_id = uow.outbox.new_row_id()
        at = {name: clock.now() + later for name, later in times.items()}
        uow.outbox.put(
            key, recipient, "send", f'{{"text": "{key}"}}'.encode(), row_id=row_id, priority=priority, **at
        )
        return row_id


def take(database: Database, clock: MovableClock, owner: str = "d1", limit: int = 20) -> list[OutboxRow]:
    with database.system(clock.now()) as uow:
        return uow.outbox.claim(owner, limit)


def sent(database: Database, clock: MovableClock, row: OutboxRow) -> None:
    with database.system(clock.now()) as uow:
        uow.outbox.sent(row.id, "msgid", "code")


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run the work so many times at once; it is given its number."""
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
