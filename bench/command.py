"""Goal 2: a full command, 「查 王芳」: callback in, understood, looked up in an adviser's book of 300, audited,
the card queued in the outbox, one commit. 100 advisers, 50 messages under way at once, all on one core.

`of Flask`: rate against wechatpy's README example, which keeps nothing and echoes.
`of the bare server`: rate against aiohttp that verifies, decrypts and answers encrypted.
`p99 at half load`: latency from when a message was due to its queued reply, at half of the rate measured.
`p50 idle`: the same with 20 messages a second."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from bench.book import SOUGHT, fill
from bench.callback import describe, empty_sqlite
from bench.children import Child
from bench.contest import Posts, Result, compare
from bench.floors import wsgi_server
from bench.load import Run, pace
from bench.messages import Mailbag, senders
from bench.postgres import Postgres, postgres
from bench.product import now, open_database
from bench.table import Report
from storage.migrate import upgrade
from storage.tables import audit, outbox

SQLITE, POSTGRES = "product on SQLite", "product on PostgreSQL"
BARE, FLASK = "bare aiohttp, decrypt + encrypt", "wechatpy + Flask, echo"
ADVISERS, CLIENTS_EACH = 100, 300
MOST = 16_000
PACED_SECONDS = 4.0


def run(rounds: int) -> Report:
    """Measure and report."""
    report = Report("「查 王芳」 from callback to queued reply, 50 in flight, one core")
    people, bag = senders(ADVISERS), Mailbag()

    def posts(how_many: int) -> list[bytes]:
        return bag.posts(how_many, people, f"查 {SOUGHT}")

    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        urls = _databases(home, stack.enter_context(postgres()), people)
        keys = str(home / "keys.json")
        servers = {
            name: stack.enter_context(Child("product", url=url, keys=keys, folder=str(home), hold=True))
            for name, url in urls.items()
        }
        floors = {BARE: Child("bare", echo=True), FLASK: Child("flask")}
        for floor in floors.values():
            stack.enter_context(floor)
        result = asyncio.run(compare({**servers, **floors}, posts, rounds=rounds, seconds=1.5, most=MOST))
        paced = {name: asyncio.run(_paced(child, posts, result.rate(name))) for name, child in servers.items()}
        for name, url in urls.items():
            _check(url, Path(keys), sum(s.run.count for s in result.samples[name]))
    describe(report, result)
    report.figure(f"Flask runs under {wsgi_server()}; PostgreSQL itself runs on the driver's core")
    _goals(report, result, paced)
    return report


def _databases(home: Path, server: Postgres, people: list[str]) -> dict[str, str]:
    """The same book in a SQLite file and in PostgreSQL, under one key file."""
    sqlite_url, keys = empty_sqlite(home)
    postgres_url = server.create()
    upgrade(postgres_url)
    for url in (sqlite_url, postgres_url):
        database = open_database(url, keys)
        fill(database, people, CLIENTS_EACH)
        database.close()
    return {SQLITE: sqlite_url, POSTGRES: postgres_url}


async def _paced(child: Child, posts: Posts, most: float) -> tuple[Run, Run]:
    """At half of the child's own maximum, and idle."""
    half = most / 2
    busy = await pace(child.port, posts(int(half * PACED_SECONDS)), rate=half)
    idle = await pace(child.port, posts(60), rate=20)
    return busy, idle


def _goals(report: Report, result: Result, paced: dict[str, tuple[Run, Run]]) -> None:
    report.at_least("SQLite, of Flask", result.ratio(SQLITE, FLASK), 1.25)
    report.at_least("SQLite, of Flask, by CPU", result.cpu_ratio(SQLITE, FLASK), 1.25)
    report.at_least("PostgreSQL, of Flask", result.ratio(POSTGRES, FLASK), 1)
    report.at_least("PostgreSQL, of Flask, by CPU", result.cpu_ratio(POSTGRES, FLASK), 1)
    report.at_least("SQLite, of the bare server", result.ratio(SQLITE, BARE), 0.25)
    report.at_least("SQLite, of the bare server, by CPU", result.cpu_ratio(SQLITE, BARE), 0.25)
    for name, (busy, idle) in paced.items():
        report.at_most(f"{name}, p99 at half load", busy.percentile(0.99) * 1000, 100, "ms")
        report.at_most(f"{name}, p50 idle", idle.percentile(0.5) * 1000, 10, "ms")


def _check(url: str, keys: Path, asked: int) -> None:
    """Every message must have led to one card in the outbox and one audited read, and to nothing else."""
    database = open_database(url, keys)
    with database.system(now()) as uow:
        inbox = uow.inbox.counts()
        replies = uow.conn.execute(select(func.count()).select_from(outbox)).scalar_one()
        reads = uow.conn.execute(select(func.count()).where(audit.c.action == "read")).scalar_one()
        body = uow.conn.execute(select(outbox.c.id, outbox.c.body).limit(1)).one()
        card = uow.vault.open("outbox.body", body.id, body.body).decode()
    database.close()
    states = Counter(inbox)
    if set(states) != {"done"} or not asked <= states["done"] == replies == reads or SOUGHT not in card:
        raise AssertionError(f"asked {asked}, inbox {dict(inbox)}, replies {replies}, audited reads {reads}")
