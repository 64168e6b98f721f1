"""Statements on the way of every message: what PostgreSQL keeps of them, and how many rows go in at once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.prepared import Rows
from storage.repositories.mailboxes import Arrival
from storage.tables import audit as entries
from storage.tables import audit_subjects
from tests.builders import Cast

AWKWARD = ("王芳\t陈静", "\\N", "a\\b\nc", '"', "'", "\\.", "")


def test_a_plan_made_while_the_queue_was_empty_is_not_kept(postgres_database: Database, clock: MovableClock) -> None:
    with postgres_database.system(clock.now()) as uow:
        for number in range(12):
            uow.inbox.claim("us", 50)
            uow.outbox.claim("us", 50)
            uow.inbox.add([Arrival(f"k{number}", "lixiang", "text", "<xml/>", clock.now())])
            uow.users.find("nobody")
        kept = [row.statement for row in uow.conn.execute(text("SELECT statement FROM pg_prepared_statements"))]
    assert any("users" in statement for statement in kept)
    assert [statement for statement in kept if statement.startswith(("UPDATE inbox", "UPDATE outbox"))] == []


@pytest.mark.parametrize("count", [1, Rows.MANY - 1, Rows.MANY, 40])
def test_entries_go_in_to_the_letter_however_many_there_are(
    database: Database, clock: MovableClock, cast: Cast, count: int
) -> None:
    said = [AWKWARD[number % len(AWKWARD)] for number in range(count)]
    with database.transaction(cast.li, clock.now()) as uow:
        for number, words in enumerate(said):
            uow.audit.record("update", "client", number, clients=(number, number + 1), words=words, none=None)
    with database.engine.begin() as conn:
        rows = conn.execute(select(entries).where(entries.c.actor == "lixiang").order_by(entries.c.seq)).all()
        shown = conn.execute(select(audit_subjects.c.client_id, audit_subjects.c.seq)).all()
        assert audit.verify(conn, database.vault) is None
    assert [json.loads(row.detail) for row in rows] == [{"words": words, "none": None} for words in said]
    assert [(row.at, row.client_id, row.outcome) for row in rows] == [(clock.now(), None, "ok")] * count
    assert {(number, row.seq) for n, row in enumerate(rows) for number in (n, n + 1)} == set(map(tuple, shown))
