"""What is asked often finds its rows along an index: tables that keep growing must not make it slower."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.jobs import JobRepository


@pytest.mark.parametrize("ask", [
    lambda uow: JobRepository(uow).done(["2025-06-09", "2025-06-08"]),
    lambda uow: ContactRepository(uow).client_of("wm1"),
    lambda uow: ClientMessageRepository(uow).attempts("1:birthday:2025-06-09"),
    lambda uow: uow.inbox.counts_in_hand(),
    lambda uow: uow.outbox.counts_unsent(),
])  # fmt: skip
def test_a_table_is_never_read_from_end_to_end(
    sqlite_database: Database, clock: MovableClock, ask: Callable[[UnitOfWork], Any]
) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    with sqlite_database.system(clock.now()) as uow:
        event.listen(sqlite_database.engine, "before_cursor_execute", note)
        ask(uow)
        event.remove(sqlite_database.engine, "before_cursor_execute", note)
        plans = [row[-1] for statement in sent for row in uow.conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement[0], statement[1])]
    assert plans
    assert [step for step in plans if step.startswith("SCAN")] == []
