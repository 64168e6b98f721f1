"""Goal 1: a callback acknowledged, its inbox row durable (SQLite, synchronous = FULL), 50 in flight.

`of the bare server`: rate against an aiohttp server that verifies and decrypts and keeps nothing.
`of Flask`: rate against wechatpy's README example, which keeps nothing either and echoes."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from bench.children import Child
from bench.contest import Result, compare
from bench.floors import wsgi_server
from bench.messages import Mailbag, senders
from bench.product import open_database
from bench.table import Report
from storage.migrate import upgrade
from storage.vault import Keys

PRODUCT, BARE, FLASK = "product, row durable", "bare aiohttp, verify + decrypt", "wechatpy + Flask, echo"
MOST = 20_000


def run(rounds: int) -> Report:
    """Measure and report."""
    with tempfile.TemporaryDirectory(prefix="bench") as home:
        url, keys = empty_sqlite(Path(home))
        product = partial(Child, "product", url=url, keys=str(keys), folder=home, hold=False)
        result = _measure(product, rounds, lambda: _handled(Path(home)))
        _check(url, keys, result)
    report = Report("Callback acknowledged, 50 in flight, one core")
    describe(report, result)
    report.figure(f"Flask runs under {wsgi_server()}")
    report.at_least("acknowledged callbacks, of the bare server", result.ratio(PRODUCT, BARE), 0.5)
    report.at_least("the same by CPU", result.cpu_ratio(PRODUCT, BARE), 0.5)
    report.at_least("acknowledged callbacks, of Flask", result.ratio(PRODUCT, FLASK), 3)
    report.at_least("the same by CPU", result.cpu_ratio(PRODUCT, FLASK), 3)
    return report


def empty_sqlite(home: Path) -> tuple[str, Path]:
    """A migrated SQLite database and its key file in `home`."""
    keys = home / "keys.json"
    Keys.fresh().save(keys)
    url = f"sqlite:///{home / 'bot.db'}"
    upgrade(url)
    return url, keys


def describe(report: Report, result: Result) -> None:
    """Rate, CPU and latency of each server."""
    for name in result.samples:
        report.figure(
            f"{name:34} {result.rate(name):7.0f} /s  {result.cpu_us(name):6.0f} µs CPU each   "
            f"p50 {result.percentile(name, 0.5) * 1000:5.1f} ms  p99 {result.percentile(name, 0.99) * 1000:5.1f} ms"
        )


def _handled(home: Path) -> None:
    """What the worker would have done by now: no backlog at the beginning of a round."""
    with closing(sqlite3.connect(home / "bot.db", timeout=30)) as conn:
        conn.execute("UPDATE inbox SET state = 'done' WHERE state = 'new'")
        conn.commit()


def _measure(product: partial[Child], rounds: int, tidy: Callable[[], None]) -> Result:
    bag, people = Mailbag(), senders(50)
    with ExitStack() as stack:
        servers = {
            PRODUCT: stack.enter_context(product()), BARE: stack.enter_context(Child("bare")),
            FLASK: stack.enter_context(Child("flask")),
        }  # fmt: skip
        return asyncio.run(compare(
            servers, lambda n: bag.posts(n, people, "查 王芳"), rounds=rounds, seconds=1.5, most=MOST, tidy=tidy
        ))  # fmt: skip


def _check(url: str, keys: Path, result: Result) -> None:
    """Every callback that was acknowledged must be in the inbox."""
    from bench.product import now

    database = open_database(url, keys)
    with database.system(now()) as uow:
        kept = sum(uow.inbox.counts().values())
    database.close()
    acknowledged = sum(s.run.count for s in result.samples[PRODUCT])
    if kept < acknowledged:
        raise AssertionError(f"{acknowledged} acknowledged, {kept} in the inbox")
