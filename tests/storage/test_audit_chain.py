"""The audit chain: every way to tamper with it is noticed, and writers at once make one chain."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.audit import Broken
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Corrupt, NotFound
from storage.model.people import SYSTEM
from storage.tables import audit as entries
from storage.tables import audit_head, audit_subjects
from storage.vault import Keys, Vault
from tests.conftest import MONDAY_NINE

TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": ["DROP TRIGGER audit_append_only ON audit"],
}


def with_entries(database: Database, clock: MovableClock, count: int = 6) -> tuple[int, bytes]:
    """Write entries, an odd and an even number in a transaction; gives the head."""
    for number in range(1, count + 1):
        with database.transaction(SYSTEM, clock.now()) as uow:
            uow.audit.record("update", "client", number, client_id=number, name="王芳", old="甲", new="乙")
    with database.engine.begin() as conn:
        return audit.head(conn)


def check(database: Database, anchor: tuple[int, bytes] | None = None) -> Broken | None:
    with database.engine.begin() as conn:
        return audit.verify(conn, database.vault, anchor)


def tamper(database: Database, change: Callable[[Connection], None]) -> None:
    """As somebody with full rights on the database would, who drops the triggers first."""
    with database.engine.begin() as conn:
        for statement in TRIGGERS[conn.dialect.name]:
            conn.execute(text(statement))
        change(conn)


def rewrite(conn: Connection, vault: Vault) -> None:
    """Chain all entries anew with the real key, as an insider with the key file could."""
    mac = audit.GENESIS
    for row in conn.execute(select(entries).order_by(entries.c.seq)).all():
        prev, mac = mac, vault.chain(mac, audit._canonical(row.seq, row._asdict()))
        conn.execute(update(entries).where(entries.c.seq == row.seq).values(prev=prev, mac=mac))
    conn.execute(update(audit_head).values(mac=mac, seq=row.seq))


def test_an_untouched_chain_holds(database: Database, clock: MovableClock) -> None:
    head = with_entries(database, clock)

    assert head[0] == 6
    assert check(database) is None
    assert check(database, head) is None


def test_an_empty_chain_holds(database: Database) -> None:
    assert check(database) is None


@pytest.mark.parametrize("column", ["actor", "action", "object_type", "object_id", "outcome", "detail"])
def test_an_edited_entry_is_named(database: Database, clock: MovableClock, column: str) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(update(entries).where(entries.c.seq == 3).values({column: "x"})))

    assert check(database) == Broken(3, "content altered")


def test_an_entry_moved_in_time_is_named(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)
    later = clock.now().replace(microsecond=1)

    tamper(database, lambda c: c.execute(update(entries).where(entries.c.seq == 4).values(at=later)))

    assert check(database) == Broken(4, "content altered")


def test_an_entry_given_to_another_client_is_named(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(update(entries).where(entries.c.seq == 2).values(client_id=None)))

    assert check(database) == Broken(2, "content altered")


def test_a_deleted_entry_is_missed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(delete(entries).where(entries.c.seq == 3)))

    assert check(database) == Broken(3, "entry missing")


def test_a_deleted_first_entry_is_missed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(delete(entries).where(entries.c.seq == 1)))

    assert check(database) == Broken(1, "entry missing")


def test_a_deleted_entry_with_the_rest_renumbered_is_noticed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    def close_the_gap(conn: Connection) -> None:
        conn.execute(delete(entries).where(entries.c.seq == 3))
        for seq in (4, 5, 6):
            conn.execute(update(entries).where(entries.c.seq == seq).values(seq=seq - 1))
        conn.execute(update(audit_head).values(seq=5))

    tamper(database, close_the_gap)

    assert check(database) == Broken(3, "not chained to the entry before it")


def test_two_entries_that_changed_places_are_noticed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    def swap(conn: Connection) -> None:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            conn.execute(update(entries).where(entries.c.seq == old).values(seq=new))

    tamper(database, swap)

    assert check(database) == Broken(3, "not chained to the entry before it")


def test_an_entry_slipped_in_is_noticed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    def slip_in(conn: Connection) -> None:
        for seq in (6, 5, 4):
            conn.execute(update(entries).where(entries.c.seq == seq).values(seq=seq + 1))
        third = conn.execute(select(entries).where(entries.c.seq == 3)).one()
        conn.execute(insert(entries).values({**third._asdict(), "seq": 4}))
        conn.execute(update(audit_head).values(seq=7))

    tamper(database, slip_in)

    assert check(database) == Broken(4, "not chained to the entry before it")


def test_a_cut_tail_is_missed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(delete(entries).where(entries.c.seq > 4)))

    assert check(database) == Broken(5, "entries missing at the end")


def test_a_tail_cut_together_with_the_head_is_found_by_an_anchor(
    database: Database, clock: MovableClock
) -> None:
    anchor = with_entries(database, clock)

    def cut(conn: Connection) -> None:
        conn.execute(delete(entries).where(entries.c.seq > 4))
        fourth = conn.execute(select(entries.c.mac).where(entries.c.seq == 4)).scalar_one()
        conn.execute(update(audit_head).values(seq=4, mac=fourth))

    tamper(database, cut)

    assert check(database) is None  # by itself the chain cannot know
    assert check(database, anchor) == Broken(5, "entries missing at the end: the anchor is further on")


def test_a_history_rewritten_with_the_real_key_is_found_by_an_anchor(
    database: Database, clock: MovableClock, vault: Vault
) -> None:
    with_entries(database, clock, 4)
    with database.engine.begin() as conn:
        anchor = audit.head(conn)
    with_entries(database, clock, 2)

    def rewrite_all(conn: Connection) -> None:
        conn.execute(update(entries).where(entries.c.seq == 2).values(actor="somebody"))
        rewrite(conn, vault)

    tamper(database, rewrite_all)

    assert check(database) is None
    assert check(database, anchor) == Broken(4, "differs from the anchor: history was rewritten")


def test_a_history_rewritten_with_another_key_breaks_at_once(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: rewrite(c, Vault(Keys.fresh())))

    assert check(database) == Broken(1, "content altered")


def test_everything_deleted_is_noticed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    tamper(database, lambda c: c.execute(delete(entries)))

    assert check(database) == Broken(1, "entries missing at the end")


def test_an_entry_added_behind_the_head_is_noticed(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    def append(conn: Connection) -> None:
        last = conn.execute(select(entries).where(entries.c.seq == 6)).one()
        conn.execute(insert(entries).values({**last._asdict(), "seq": 7}))

    tamper(database, append)

    assert check(database) == Broken(7, "entries beyond the head")


def test_a_missing_head_is_noticed_and_nothing_more_is_written(
    database: Database, clock: MovableClock
) -> None:
    with_entries(database, clock)
    tamper(database, lambda c: c.execute(delete(audit_head)))

    assert check(database) == Broken(6, "the head of the chain is missing")
    with pytest.raises(Corrupt):
        with_entries(database, clock, 1)


VAULT = Vault(Keys.fresh())
LENGTH = 20


def a_chain() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    prev = audit.GENESIS
    for seq in range(1, LENGTH + 1):
        row = {
            "at": MONDAY_NINE, "actor": "lixiang", "action": "read", "object_type": "client",
            "object_id": "7", "client_id": 7, "outcome": "ok", "detail": json.dumps({"n": seq}),
        }  # fmt: skip
        mac = VAULT.chain(prev, audit._canonical(seq, row))
        rows.append({**row, "seq": seq, "prev": prev, "mac": mac})
        prev = mac
    return rows


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, LENGTH - 1),
    column=st.sampled_from([c.name for c in entries.c if c.name != "seq"]),
    bit=st.integers(0, 6),
)
def test_any_changed_bit_of_any_entry_is_found(at: int, column: str, bit: int) -> None:
    rows = a_chain()
    rows[at][column] = flipped(rows[at][column], bit)

    faults, prev = [], audit.GENESIS
    for expected, row in enumerate(rows, 1):
        faults.append(audit._fault(_Row(row), expected, prev, VAULT))
        prev = row["mac"]

    assert any(faults[at : at + 2])
    assert not any(faults[:at])


class _Row:
    """A row as the database gives it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def _asdict(self) -> dict[str, Any]:
        return dict(self.__dict__)


def flipped(value: Any, bit: int) -> Any:
    match value:
        case bytes():
            return bytes([value[0] ^ 1 << bit]) + value[1:]
        case str():
            return chr(ord(value[0]) ^ 1 << bit) + value[1:]
        case int():
            return value ^ 1 << bit
    return value.replace(microsecond=1 << bit)


def test_nobody_changes_or_deletes_an_entry_by_mistake(database: Database, clock: MovableClock) -> None:
    with_entries(database, clock)

    with database.transaction(SYSTEM, clock.now()) as uow:
        uow.audit.record("list", "client", "*", clients=[1, 2])

    mistakes = (
        update(entries).values(actor="x"), delete(entries), update(audit_subjects).values(client_id=3),
        delete(audit_subjects),
    )  # fmt: skip
    for mistake in mistakes:
        with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as conn:
            conn.execute(mistake)

    assert check(database) is None


def test_processes_that_write_at_once_make_one_chain(postgres_database: Database, clock: MovableClock) -> None:
    def write() -> None:
        for number in range(10):
            with postgres_database.transaction(SYSTEM, clock.now()) as uow:
                uow.audit.record("update", "client", number)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert check(postgres_database) is None
    with postgres_database.engine.begin() as conn:
        assert audit.head(conn)[0] == 40


def test_what_is_rolled_back_leaves_no_entry(database: Database, clock: MovableClock) -> None:
    head = with_entries(database, clock)

    def fail() -> None:
        with database.transaction(SYSTEM, clock.now()) as uow:
            uow.audit.record("update", "client", 1)
            uow.clients.get(404)

    with pytest.raises(NotFound):
        fail()

    with database.engine.begin() as conn:
        assert audit.head(conn) == head


@given(
    st.integers(1, 2**62), st.datetimes(timezones=st.just(UTC)), st.lists(st.text(), min_size=6, max_size=6),
    st.none() | st.integers(0, 2**62),
)  # fmt: skip
def test_what_is_under_the_mac_is_one_json_list(seq: int, at: datetime, texts: list[str], client: int | None) -> None:
    actor, action, object_type, object_id, outcome, detail = texts
    entry = {
        "at": at, "actor": actor, "action": action, "object_type": object_type, "object_id": object_id,
        "client_id": client, "outcome": outcome, "detail": detail,
    }  # fmt: skip
    expected = [seq, at.isoformat(timespec="microseconds"), actor, action, object_type, object_id, client, outcome, detail]
    assert audit._canonical(seq, entry) == json.dumps(expected, ensure_ascii=False).encode()
