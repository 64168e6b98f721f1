"""Transactions: whole or not at all; what passes is told apart from what is broken."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Select, Table, bindparam, insert, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from config.pack import PackStore
from storage import tables
from storage.database import Database
from storage.engine import LET_IN
from storage.migrate import upgrade
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from storage.prepared import Prepared, one_of
from storage.repositories.mailboxes import Arrival
from storage.tables import audit, client_names, clients, inbox, job_runs, users
from storage.vault import Vault
from tests.builders import Cast, a_client, a_policy, a_user
from tests.servers import PostgresServer


def rows_in(database: Database, *of: Table) -> int:
    with database.engine.connect() as conn:
        return sum(len(conn.execute(select(table)).all()) for table in of)


def test_an_act_that_fails_in_the_middle_leaves_nothing(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    before = rows_in(database, *tables.metadata.sorted_tables)

    def fail() -> None:
        with database.transaction(cast.li, clock.now()) as uow:
            client = a_client(uow)
            a_policy(uow, client, due_on=[date(2025, 7, 1)])
            uow.outbox.put("reply", "lixiang", "send", b"x", row_id=1, priority=10)
            uow.conversations.save("lixiang", {"x": 1})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert rows_in(database, *tables.metadata.sorted_tables) == before


@contextmanager
def locked(url: str) -> Iterator[None]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_database_that_stays_locked_is_unavailable_and_fine_afterwards(
    sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.05)
    database = Database(sqlite_url, vault, pack_store)
    with locked(sqlite_url), pytest.raises(Unavailable), database.system(clock.now()):
        pass

    with database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
    database.close()


def test_a_database_that_is_locked_for_a_moment_is_waited_for(
    sqlite_url: str, sqlite_database: Database, clock: MovableClock
) -> None:
    entered = threading.Event()

    def hold() -> None:
        with locked(sqlite_url):
            entered.set()
            time.sleep(0.2)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait()
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
    holder.join()

    assert rows_in(sqlite_database, tables.users) == 1


def test_who_waits_comes_in_beside_one_that_writes_one_thing_after_the_other(
    sqlite_url: str, sqlite_database: Database, clock: MovableClock
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with locked(sqlite_url):
                time.sleep(0.1)
            time.sleep(LET_IN)

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(5):
        with sqlite_database.system(clock.now()) as uow:
            uow.users.add(f"adviser{number}", "李顾问", "adviser")
    stop.set()
    writer.join()
    assert rows_in(sqlite_database, tables.users) == 5


def test_a_file_that_another_process_puts_in_order_is_waited_for(sqlite_url: str, sqlite_database: Database, clock: MovableClock) -> None:
    """The lock of SQLite's recovery, held as a process that found the file after a crash holds it."""
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
    recovering = subprocess.Popen(
        [sys.executable, "-c", _RECOVERING, sqlite_url.removeprefix("sqlite:///") + "-shm"], stdout=subprocess.PIPE
    )
    with recovering:
        assert recovering.stdout is not None
        recovering.stdout.readline()
        with sqlite_database.system(clock.now()) as uow:
            assert uow.users.get("lixiang").name == "李顾问"


_RECOVERING = """
import fcntl, struct, sys, time
with open(sys.argv[1], "r+b") as file:
    fcntl.fcntl(file, fcntl.F_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 120, 3, 0))
    file.write(bytes(96))
    file.flush()
    print("held", flush=True)
    time.sleep(0.3)
"""


def test_a_full_disk_is_unavailable_and_nothing_is_half_written(
    sqlite_database: Database, clock: MovableClock
) -> None:
    database = sqlite_database
    with database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        pages = uow.conn.execute(text("PRAGMA page_count")).scalar_one()
        uow.conn.execute(text(f"PRAGMA max_page_count = {pages + 3}"))
    before = rows_in(database, *tables.metadata.sorted_tables)

    def fill() -> None:
        with database.system(clock.now()) as uow:
            for number in range(200):
                client = a_client(uow, f"客户{number}")
                uow.interactions.add(client, "call", "很长的记录" * 200)

    with pytest.raises(Unavailable, match="full"):
        fill()

    assert rows_in(database, *tables.metadata.sorted_tables) == before
    with database.engine.connect() as conn:
        conn.exec_driver_sql("ROLLBACK")
        conn.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with database.system(clock.now()) as uow:  # space was made
        a_client(uow)


def test_a_full_disk_while_the_inbox_is_written_is_unavailable(
    sqlite_database: Database, clock: MovableClock
) -> None:
    """The prepared statements go past SQLAlchemy: their errors must be read as well."""
    with sqlite_database.system(clock.now()) as uow:
        pages = uow.conn.execute(text("PRAGMA page_count")).scalar_one()
        uow.conn.execute(text(f"PRAGMA max_page_count = {pages}"))

    def receive() -> None:
        with sqlite_database.system(clock.now()) as uow:
            uow.inbox.add([Arrival(f"li:{n}", "li", "text", "x" * 3000, clock.now()) for n in range(50)])

    with pytest.raises(Unavailable):
        receive()
    assert rows_in(sqlite_database, inbox) == 0


def test_a_full_disk_in_one_unit_of_a_group_takes_the_whole_group_back(
    sqlite_database: Database, clock: MovableClock
) -> None:
    """SQLite ends the transaction by itself then; going on would keep the audit of what is gone."""
    database = sqlite_database
    with database.system(clock.now()) as uow:
        pages = uow.conn.execute(text("PRAGMA page_count")).scalar_one()
        uow.conn.execute(text(f"PRAGMA max_page_count = {pages + 2}"))

    def add(user_id: str) -> None:
        with database.system(clock.now()) as uow:
            uow.users.add(user_id, "某人", "adviser")

    def fill() -> None:
        with database.system(clock.now()) as uow:
            uow.inbox.add([Arrival(f"li:{n}", "li", "text", "x" * 3000, clock.now()) for n in range(50)])

    def group() -> None:
        with database.together():
            add("first")
            with pytest.raises(Unavailable, match="full"):
                fill()
            with pytest.raises(Unavailable, match="lost"):
                add("third")

    with pytest.raises(Unavailable, match="lost"):
        group()

    assert rows_in(database, tables.users, inbox, audit) == 0


def test_postgres_that_drops_the_connection_is_unavailable_and_fine_afterwards(
    postgres_server: PostgresServer, postgres_database: Database, clock: MovableClock
) -> None:
    database = postgres_database

    def cut(prepared: bool) -> None:
        with database.system(clock.now()) as uow:
            uow.users.add(f"user{prepared}", "某人", "adviser")
            (pid,) = uow.conn.execute(text("SELECT pg_backend_pid()")).one()
            postgres_server.run(f"SELECT pg_terminate_backend({pid})")
            if prepared:
                uow.users.find("lixiang")
            else:
                uow.users.all()

    for prepared in (True, False):
        with pytest.raises(Unavailable):
            cut(prepared)
        with database.system(clock.now()) as uow:
            uow.users.find("lixiang")
    assert rows_in(database, tables.users) == 0


def test_a_postgres_that_is_not_there_is_unavailable(
    vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    database = Database(f"postgresql://postgres@/x?host={tmp_path}", vault, pack_store)

    with pytest.raises(Unavailable), database.system(clock.now()):
        pass
    database.close()


def test_two_that_wait_for_each_other_are_told_to_try_again(
    postgres_database: Database, clock: MovableClock
) -> None:
    with postgres_database.system(clock.now()) as uow:
        uow.users.add("a", "甲", "adviser")
        uow.users.add("b", "乙", "adviser")
    meet = threading.Barrier(2)
    outcomes: list[object] = []

    def change(first: str, second: str) -> None:
        try:
            with postgres_database.system(clock.now()) as uow:
                uow.users.prefer(uow.users.get(first), brief_at="08:30")
                meet.wait()
                uow.users.prefer(uow.users.get(second), brief_at="08:30")
            outcomes.append("done")
        except Unavailable as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=change, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [Unavailable, "done"]


def test_a_snapshot_stays_as_it_was_and_keeps_nobody_from_writing(database: Database, clock: MovableClock) -> None:
    def members(conn: Connection) -> list[str]:
        return list(conn.execute(select(users.c.id)).scalars())

    with database.snapshot() as conn:
        assert members(conn) == []
        with database.system(clock.now()) as uow:
            uow.users.add("lixiang", "李顾问", "adviser")
        assert members(conn) == []

    with database.snapshot() as conn:
        assert members(conn) == ["lixiang"]


def test_a_mistake_in_a_statement_is_no_reason_to_try_again(database: Database, clock: MovableClock) -> None:
    with pytest.raises(DBAPIError), database.system(clock.now()) as uow:
        uow.conn.execute(text("SELECT x FROM nowhere"))


@pytest.mark.parametrize("statement", [
    select(*(literal_column("1") for _ in range(5_000))),
    select(users.c.id).where(users.c.id.in_([str(n) for n in range(300_000)])),
])  # fmt: skip
def test_a_statement_that_is_too_long_is_no_reason_to_try_again(
    database: Database, clock: MovableClock, statement: Select[Any]
) -> None:
    with pytest.raises(DBAPIError), database.system(clock.now()) as uow:
        uow.conn.execute(statement)


def test_a_row_that_another_holds_is_a_reason_to_try_again(postgres_database: Database, clock: MovableClock) -> None:
    def beside() -> None:
        with postgres_database.system(clock.now()) as other:
            other.conn.execute(text("SET LOCAL lock_timeout = '10ms'"))
            other.conn.execute(text("LOCK TABLE users"))

    with postgres_database.system(clock.now()) as uow:
        a_user(uow)
        with pytest.raises(Unavailable):
            beside()


def test_a_row_that_breaks_a_rule_is_no_reason_to_try_again(database: Database, clock: MovableClock) -> None:
    with pytest.raises(IntegrityError), database.system(clock.now()) as uow:
        uow.clients.add({"name": "王芳"}, "nobody")


def test_parameters_do_not_show_in_errors(database: Database, clock: MovableClock) -> None:
    with pytest.raises(IntegrityError) as error, database.system(clock.now()) as uow:
        uow.clients.add({"name": "王芳十三"}, "nobody")

    assert "王芳十三" not in str(error.value).partition("DETAIL")[0]


async def test_work_runs_in_a_thread_of_the_database(database: Database, clock: MovableClock) -> None:
    def work() -> str:
        with database.system(clock.now()) as uow:
            uow.users.add("lixiang", "李顾问", "adviser")
            return threading.current_thread().name

    assert (await database.run(work)).startswith("database")


def test_every_commit_is_on_the_disk_before_it_returns(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as conn:
        settings = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_new_packs_reach_the_next_transaction(
    sqlite_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.yaml").write_text('name: mine\nlabel: 我的\nversion: "1"\nline: common\n')
    store = PackStore([tmp_path / "mine"])
    database = Database(sqlite_url, vault, store)
    field = "fields:\n  - {record: client, name: shoe_size, label: 鞋码, type: integer}\n"

    (tmp_path / "mine" / "fields.yaml").write_text(field)
    store.reload()

    with database.system(clock.now()) as uow:
        assert uow.dictionary.field("client", "shoe_size").label == "鞋码"
        assert uow.packs is store.current
    database.close()


# ---------------------------------------------------------------- types and prepared statements

INSTANT = datetime(2025, 6, 9, 1, 2, 3, 456789, tzinfo=UTC)


def test_instants_keep_their_zone_and_microseconds(database: Database) -> None:
    with database.engine.begin() as conn:
        conn.execute(insert(job_runs).values(job="x", slot="1", ran_at=INSTANT, owner="p"))
        read = conn.execute(select(job_runs.c.ran_at)).scalar_one()

    assert read == INSTANT
    assert read.utcoffset() == UTC.utcoffset(None)


def test_the_hour_that_a_change_of_clocks_repeats_is_kept_as_two(database: Database) -> None:
    first, second = (datetime(2025, 10, 26, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin")) for fold in (0, 1))
    with database.system(first) as uow:
        for number, at in enumerate((first, second)):
            uow.inbox.add([Arrival(f"k{number}", "li", "text", "<xml/>", at)])
    with database.engine.connect() as conn:
        kept = conn.execute(select(inbox.c.received_at).order_by(inbox.c.key)).scalars().all()
    assert [at.hour for at in kept] == [0, 1]


def test_a_naive_instant_is_refused(database: Database) -> None:
    with database.engine.begin() as conn, pytest.raises(Exception, match="time zone"):
        conn.execute(insert(job_runs).values(job="x", slot="1", ran_at=datetime(2025, 6, 9), owner="p"))  # noqa: DTZ001


def test_a_prepared_statement_gives_what_sqlalchemy_gives(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(
            uow, "王芳'; --%s", birthday=date(1985, 6, 15), aum="1234.50", children=2, phone="19900001234"
        )
        statement = select(clients).where(clients.c.id == bindparam("client"), clients.c.kind == "individual")
        prepared = Prepared(statement)

        (ours,) = prepared.rows(uow.conn, {"client": client.id, "unused": 1})
        theirs = uow.conn.execute(statement, {"client": client.id}).one()

        assert ours._asdict() == theirs._asdict()
        assert prepared.rows(uow.conn, {"client": 1}) == []


def test_a_prepared_statement_tells_how_many_rows_it_touched(database: Database, clock: MovableClock) -> None:
    change = Prepared(
        update(inbox).where(inbox.c.sender == bindparam("who")).values(kind=bindparam("new_kind"), tries=inbox.c.tries + 1)
    )  # fmt: skip
    with database.system(clock.now()) as uow:
        uow.inbox.add([Arrival(f"li:{n}", "li", "text", "x", clock.now()) for n in range(3)])

        assert change.run(uow.conn, {"who": "li", "new_kind": "event"}) == 3
        assert change.run(uow.conn, {"who": "chen", "new_kind": "event"}) == 0
        assert [row.kind for row in uow.inbox.claim("w", 1)] == ["event"]


def test_a_missing_parameter_is_a_mistake_at_once(database: Database, clock: MovableClock) -> None:
    prepared = Prepared(select(audit).where(audit.c.seq == bindparam("its_seq")))
    with database.system(clock.now()) as uow, pytest.raises(KeyError):
        prepared.rows(uow.conn, {})


@pytest.mark.parametrize("words", [[], ["王芳"], ["王芳", "王芳", "李强"], ["'", "%s", "\\", '"', "x" * 500]])
def test_any_number_of_words_fits_one_prepared_statement(
    database: Database, clock: MovableClock, cast: Cast, words: list[str]
) -> None:
    prepared = Prepared(lambda dialect: select(client_names.c.key).where(one_of(client_names.c.key, "words", dialect)))
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")

        found = {row.key for row in prepared.rows(uow.conn, {"words": words})}
    assert found == {"王芳"} & set(words)


def test_a_fresh_database_file_is_made_with_its_folder(
    tmp_path: Path, vault: Vault, pack_store: PackStore, clock: MovableClock
) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'deep' / 'bot.db'}"
    upgrade(url)
    database = Database(url, vault, pack_store)
    with database.system(clock.now()) as uow:
        assert uow.users.all() == []
    database.close()
