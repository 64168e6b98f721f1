"""Goal 3: the reminders of one day, all shipped rules, over a million clients, three million contracts and instalments.

`of the bare SQL`: time of `reminders.planner.plan` (its SQL is compiled and committed within) against
statements written by hand for the same rules (bench/bare_plan.py), which write the same reminders.
`ten times the contracts`: its time over all contracts against a tenth of them with the same due.

The PostgreSQL here has its default settings. Each plan starts from an empty reminders table."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import psutil
from sqlalchemy import select, text

from bench.bare_plan import BarePlan
from bench.callback import empty_sqlite
from bench.plan_data import DAY, add_contracts, add_far_ones
from bench.postgres import Postgres, postgres
from bench.product import open_database
from bench.table import Report
from reminders import planner
from reminders.planning import MANY
from storage.database import Database
from storage.engine import refresh_statistics
from storage.migrate import upgrade
from storage.products import sync_products
from storage.tables import reminders
from storage.vault import Keys

CONTRACTS = 3_000_000  # of a million clients
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(DAY.year, DAY.month, DAY.day, 0, 50, tzinfo=UTC)  # 08:50 in Shanghai


def run(rounds: int) -> Report:
    """Measure and report."""
    report = Report(f"A day's plan over {CONTRACTS:,} contracts")
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        home = Path(folder)
        small_url, keys = empty_sqlite(home)
        small = open_database(small_url, keys)
        _prepare(small)
        large_url = f"sqlite:///{home / 'large.db'}"
        shutil.copy(home / "bot.db", home / "large.db")
        large = open_database(large_url, keys)
        add_far_ones(large, CONTRACTS)
        _engine(report, "SQLite", small, large, rounds)
    with tempfile.TemporaryDirectory(prefix="bench") as folder, postgres() as server:
        keys = Path(folder) / "keys.json"
        Keys.fresh().save(keys)
        small, large = (_on_postgres(server, keys) for _ in range(2))
        add_far_ones(large, CONTRACTS)
        _engine(report, "PostgreSQL", small, large, rounds)
    return report


def _on_postgres(server: Postgres, keys: Path) -> Database:
    url = server.create()
    upgrade(url)
    database = open_database(url, keys)
    _prepare(database)
    return database


def _prepare(database: Database) -> None:
    """The near tenth; on SQLite everything is in the one file afterwards."""
    with database.system(NOW) as uow:
        sync_products(uow)
    add_contracts(database, CONTRACTS)
    if not database.is_postgres:
        _alone(database, "PRAGMA wal_checkpoint(TRUNCATE)")


def _engine(report: Report, name: str, small: Database, large: Database, rounds: int) -> None:
    bare = BarePlan(postgres=large.is_postgres, now=NOW.replace(tzinfo=None))
    times: dict[str, list[float]] = {"plan": [], "again": [], "bare": [], "small": []}
    grown = {database: _growth(database) for database in (small, large)}
    for _ in range(rounds):
        times["small"].append(_timed(lambda: _plan(small)))
        _empty(small)
        times["plan"].append(_timed(lambda: _plan(large)))
        written = _rows(large)
        times["again"].append(_timed(lambda: _plan(large)))
        if _rows(large) != written:
            raise AssertionError("the same day planned again changed the reminders")
        _empty(large)
        times["bare"].append(_timed(lambda: _bare(large, bare)))
        _same(written, _rows(large))
        _empty(large)
    middle = {what: median(found) for what, found in times.items()}
    report.figure(
        f"{name:11} {len(written):,} reminders: planner {middle['plan']:.3f} s, again {middle['again']:.3f} s, "
        f"over a tenth of the contracts {middle['small']:.3f} s; by hand {middle['bare']:.3f} s"
    )
    report.figure(f"{name:11} memory during a plan +{grown[large]:.1f} MB, over a tenth +{grown[small]:.1f} MB")
    report.at_most(f"{name}, of the bare SQL", _ratio(times["plan"], times["bare"]), 3)
    report.at_most(f"{name}, ten times the contracts", _ratio(times["plan"], times["small"]), 1.5)
    report.at_most(f"{name}, memory for ten times the contracts", grown[large] - grown[small], 10, "MB")
    for database in (small, large):
        database.close()


def _plan(database: Database) -> None:
    """As the clock does: the database hears of it when there is much more."""
    with database.system(NOW) as uow:
        planned = planner.plan(uow, DAY, DAY, SHANGHAI)
    if planned.total > MANY:
        with database.system(NOW) as uow:
            refresh_statistics(uow.conn, reminders)


def _growth(database: Database) -> float:
    """How many MB the process takes more at the most while it plans."""
    process, planned = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    seen = [before]

    def look() -> None:
        while not planned.wait(0.01):
            seen.append(process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    _plan(database)
    planned.set()
    looking.join()
    _empty(database)
    return (max(seen) - before) / 2**20


def _bare(database: Database, bare: BarePlan) -> None:
    with database.engine.begin() as conn:
        bare.run(conn.connection.cursor())


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


Rows = set[tuple[Any, ...]]
_COMPARED = [
    reminders.c[name] for name in (
        "key", "category", "receiver_id", "client_id", "object_type", "object_id", "due_on", "offset_days",
        "remind_at", "weight", "state", "timed", "created_at",
    )
]  # fmt: skip


def _rows(database: Database) -> Rows:
    with database.engine.connect() as conn:
        return {tuple(row) for row in conn.execute(select(*_COMPARED))}


def _same(planned: Rows, by_hand: Rows) -> None:
    if planned != by_hand:
        only, missing = sorted(planned - by_hand), sorted(by_hand - planned)
        raise AssertionError(
            f"bench/bare_plan.py speaks of other rules than the packs: {len(only)} reminders only from the planner "
            f"({only[:3]}), {len(missing)} only by hand ({missing[:3]})"
        )


def _empty(database: Database) -> None:
    """No reminders, and no trace of those that were there."""
    if database.is_postgres:
        _alone(database, "TRUNCATE reminders")
    else:
        _alone(database, "DELETE FROM reminders")
        _alone(database, "PRAGMA wal_checkpoint(TRUNCATE)")


def _alone(database: Database, statement: str) -> None:
    """Outside of a transaction."""
    if database.is_postgres:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text(statement))
        return
    raw = database.engine.raw_connection()
    raw.driver_connection.execute(statement)  # type: ignore[union-attr]
    raw.close()


def _ratio(mine: list[float], its: list[float]) -> float:
    return median(a / b for a, b in zip(mine, its, strict=True))
