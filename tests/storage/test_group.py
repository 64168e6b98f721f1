"""Units of work under one commit: each all or nothing by itself, their writes in one piece at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from sqlalchemy import select

from storage import audit
from storage.database import Database, UnitOfWork
from storage.group import Contested
from storage.model.clock import MovableClock
from storage.model.work import InboxRow
from storage.repositories.mailboxes import LEASE
from storage.tables import conversations, inbox, outbox, users
from tests.builders import Cast, a_client
from tests.storage.mail import SECOND, arrive, claim


def handle(uow: UnitOfWork, row: InboxRow, *, key: str = "") -> None:
    """What the worker writes for a message that changes nothing."""
    uow.conversations.save(row.sender, {"said": row.key})
    number = uow.outbox.new_row_id()
    uow.outbox.put(key or f"re:{row.id}", row.sender, "send", b"x", row_id=number, priority=10)
    assert uow.inbox.finish(row, "w1")


def state_of_all(database: Database) -> tuple[list[str], int, int]:
    """States of the inbox; replies and conversations kept."""
    with database.engine.connect() as conn:
        states = list(conn.execute(select(inbox.c.state).order_by(inbox.c.id)).scalars())
        kept = [len(conn.execute(select(table)).all()) for table in (outbox, conversations)]
    return states, kept[0], kept[1]


def test_what_the_units_leave_for_the_end_is_all_there_after_the_commit(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "wang:1", "chen:1")
    with database.together():
        for row in claim(database, clock):
            with database.system(clock.now()) as uow:
                handle(uow, row)

    assert state_of_all(database) == (["done"] * 3, 3, 3)


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("writes", [False, True])
def test_a_unit_that_fails_leaves_nothing_and_the_others_stay(
    database: Database, clock: MovableClock, cast: Cast, *, writes: bool, careful: bool
) -> None:
    arrive(database, clock, "li:1", "wang:1", "chen:1")
    rows = claim(database, clock)

    def fail(row: InboxRow) -> None:
        with database.transaction(cast.li, clock.now()) as uow:
            if writes:
                a_client(uow, "白写")
            handle(uow, row)
            raise KeyError

    with database.together(careful=careful):
        for place, row in enumerate(rows):
            if place == 1:
                with pytest.raises(KeyError):
                    fail(row)
                continue
            with database.transaction(cast.li, clock.now()) as uow:
                if writes:
                    a_client(uow, f"客户{place}")
                handle(uow, row)

    assert state_of_all(database) == (["done", "new", "done"], 2, 2)
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.count() == (2 if writes else 0)
        assert audit.verify(uow.conn, uow.vault) is None


def test_a_unit_whose_trail_cannot_be_told_leaves_nothing_either(
    database: Database, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_trail(uow: UnitOfWork) -> list[audit.Pending]:
        raise KeyError(uow.actor.user_id)

    with database.together():
        for name in ("甲", "乙", "丙"):
            with monkeypatch.context() as patch, pytest.raises(KeyError) if name == "乙" else nullcontext():
                if name == "乙":
                    patch.setattr(UnitOfWork, "trail", no_trail)
                with database.transaction(cast.li, clock.now()) as uow:
                    a_client(uow, name)

    with database.transaction(cast.li, clock.now()) as uow:
        assert sorted(client.name for client in uow.clients.newest(9)) == ["丙", "甲"]
        assert audit.verify(uow.conn, uow.vault) is None


def test_a_message_that_somebody_else_holds_by_now_takes_the_group_back(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "wang:1")
    rows = claim(database, clock)
    clock.advance(LEASE + SECOND)
    assert len(claim(database, clock, "w2", limit=1)) == 1

    def group() -> None:
        with database.together():
            for row in rows:
                with database.system(clock.now()) as uow:
                    handle(uow, row)

    with pytest.raises(Contested):
        group()
    assert state_of_all(database) == (["new", "new"], 0, 0)


def test_a_reply_that_is_queued_already_takes_the_group_back_and_is_known_when_done_carefully(
    database: Database, clock: MovableClock
) -> None:
    arrive(database, clock, "li:1", "wang:1")
    rows = claim(database, clock)

    def group(*, careful: bool) -> None:
        with database.together(careful=careful):
            for row in rows:
                with database.system(clock.now()) as uow:
                    handle(uow, row, key="the same")

    with pytest.raises(Contested):
        group(careful=False)
    assert state_of_all(database) == (["new", "new"], 0, 0)

    group(careful=True)
    assert state_of_all(database) == (["done", "done"], 1, 2)


def test_what_was_read_for_all_is_read_again_once_a_unit_has_written(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.together():
        with database.system(clock.now()) as uow:
            uow.users.foresee(["lixiang"])()
        with database.system(clock.now()) as uow:
            assert uow.foreseen["user", "lixiang"] == uow.users.find("LiXiang")
        with database.system(clock.now()) as uow:
            uow.users.deactivate(uow.users.get("lixiang"))
        with database.system(clock.now()) as uow:
            assert not uow.foreseen
            assert not uow.users.get("lixiang").active

    with database.engine.connect() as conn:
        assert conn.execute(select(users.c.active).where(users.c.id == "lixiang")).scalar_one() is False


def test_a_conversation_read_for_all_is_the_one_that_was_kept(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        uow.conversations.save("lixiang", {"said": "查 王芳"})
    with database.together():
        with database.system(clock.now()) as uow:
            uow.conversations.foresee(["lixiang", "wangke"])()
        with database.system(clock.now()) as uow:
            assert uow.conversations.load("lixiang") == {"said": "查 王芳"}
            assert uow.conversations.load("wangke") == {}


def test_a_client_that_was_found_by_name_and_changed_is_read_as_it_is_now(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "王芳")
    with database.transaction(cast.li, clock.now()) as uow:
        (hit, *_) = uow.clients.named(["王芳"])
        found = uow.clients.get(hit.client_id)
        assert found == client
        uow.clients.update(found, stage="client")
        assert uow.clients.get(hit.client_id).stage == "client"


def beside(act: Callable[[], None]) -> threading.Thread:
    """Another process does it."""
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def says(database: Database, clock: MovableClock, meanwhile: Callable[[], None] = lambda: None, *, careful: bool = False) -> None:
    """李顾问 types something into a draft; `meanwhile` happens while it is handled."""
    with database.together(careful=careful), database.system(clock.now()) as uow:
        state = uow.conversations.load("lixiang")
        meanwhile()
        uow.conversations.save("lixiang", {**state, "draft": 1})


def kept(database: Database, clock: MovableClock) -> dict[str, int]:
    with database.system(clock.now()) as uow:
        return uow.conversations.load("lixiang")


@pytest.mark.parametrize("before", [{}, {"said": 1}])
def test_a_list_pushed_while_a_message_is_handled_stays_beside_what_the_message_changed(
    postgres_database: Database, clock: MovableClock, before: dict[str, int]
) -> None:
    def push() -> None:
        with postgres_database.system(clock.now()) as uow:
            uow.conversations.save("lixiang", {**uow.conversations.load("lixiang"), "listing": 1})

    if before:
        with postgres_database.system(clock.now()) as uow:
            uow.conversations.save("lixiang", before)
    with pytest.raises(Contested):
        says(postgres_database, clock, lambda: beside(push).join())
    assert kept(postgres_database, clock) == {**before, "listing": 1}

    says(postgres_database, clock, careful=True)
    assert kept(postgres_database, clock) == {**before, "listing": 1, "draft": 1}


def test_a_draft_typed_while_a_list_is_pushed_stays_beside_the_list(
    postgres_database: Database, clock: MovableClock
) -> None:
    outcomes: list[str] = []

    def handle_message() -> None:
        try:
            says(postgres_database, clock)
        except Contested:
            says(postgres_database, clock, careful=True)
            outcomes.append("done again")

    with postgres_database.system(clock.now()) as uow:
        uow.conversations.save("lixiang", {"said": 1})
    with postgres_database.system(clock.now()) as uow:
        state = uow.conversations.load("lixiang")
        message = beside(handle_message)
        message.join(0.3)  # it waits for the list
        uow.conversations.save("lixiang", {**state, "listing": 1})
    message.join()
    assert kept(postgres_database, clock) == {"said": 1, "listing": 1, "draft": 1}
    assert outcomes == ["done again"]
