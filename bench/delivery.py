"""Goal 4: 100,000 due messages to 5,000 advisers, in order of priority, through a WeCom that keeps its limits. A few of
the advisers have more than a minute allows.

`of a loop that only posts`: rate against a process that posts the same bytes and remembers nothing."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import ColumnElement, func, or_, select

from bench.callback import empty_sqlite
from bench.children import Child
from bench.messages import CORP
from bench.postgres import postgres
from bench.product import now, open_database
from bench.receiver import Receiver, receiving
from bench.table import Report
from bot.wecom.pacing import PER_MINUTE
from reminders.outgoing import Post
from storage.migrate import upgrade
from storage.model.messages import Text
from storage.model.work import CARE, DIGEST, DUE, REPLY
from storage.tables import outbox

MEMBERS, EACH = 5_000, 20
COUNT = MEMBERS * EACH
PRIORITIES = (CARE, DIGEST, DUE, REPLY)
BUSY, FOR_EACH = 50, 40  # members who have so many instead
HELD = BUSY * (FOR_EACH - PER_MINUTE)
MIXED = 200  # places; what is claimed, under way and waits for its turn, four times over
CHUNK = 1_000
SQLITE, POSTGRES, FLOOR = "product on SQLite", "product on PostgreSQL", "a loop that only posts"
WITHIN = 1_200.0


def run(rounds: int) -> Report:
    """Measure and report. The product sends everything once; the loop goes before and after it."""
    report = Report(f"{COUNT:,} due messages to {MEMBERS:,} advisers, one core")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        sqlite_url, keys = empty_sqlite(home)
        postgres_url = stack.enter_context(postgres()).create()
        upgrade(postgres_url)
        floor = [_measure("post", count=COUNT // 2)]
        found: dict[str, tuple[Receiver, float]] = {}
        put_back: dict[str, str] = {}
        for name, url in ((SQLITE, sqlite_url), (POSTGRES, postgres_url)):
            _fill(url, keys)
            found[name] = _measure("deliver", held=HELD, url=url, keys=str(keys))
            put_back[name] = _put_back(url, keys)
            floor.append(_measure("post", count=COUNT // 2))
    rate, cpu = (sum(values) / len(floor) for values in zip(*((r.rate, us) for r, us in floor), strict=True))
    report.figure(f"{FLOOR:24} {rate:7.0f} /s  {cpu:6.0f} µs CPU each")
    for name, (receiver, us) in found.items():
        report.figure(f"{name:24} {receiver.rate:7.0f} /s  {us:6.0f} µs CPU each")
        report.at_least(f"{name}, of {FLOOR}", receiver.rate / rate, 0.5)
        report.at_least(f"{name}, by CPU", cpu / us, 0.5)
        _check(receiver, put_back[name])
    return report


def messages(count: int) -> list[tuple[str, int, str]]:
    """(member, priority, text), the least urgent first, so that age and priority pull apart. The busy ones take the
    places of others."""
    each = count // len(PRIORITIES)
    busy = BUSY * FOR_EACH // len(PRIORITIES)
    return [
        (f"busy{n % BUSY:02d}" if n < busy else f"adviser{n % MEMBERS:04d}", priority, f"{priority} 第 {n} 条")
        for priority in PRIORITIES for n in range(each)
    ]


def _fill(url: str, keys: Path) -> None:
    database, post = open_database(url, keys), Post(CORP.agent_id)
    queued = messages(COUNT)
    for start in range(0, len(queued), CHUNK):
        with database.system(now()) as uow:
            for number, (member, priority, text) in enumerate(queued[start : start + CHUNK], start):
                post.put(uow, member, Text(text), key=f"bench:{number}", priority=priority)
    database.close()


def _measure(name: str, held: int = 0, **options: object) -> tuple[Receiver, float]:
    """What arrived, and the CPU microseconds of a message."""
    return asyncio.run(_run(name, int(str(options.get("count", COUNT))), held, options))


async def _run(name: str, expected: int, held: int, options: dict[str, object]) -> tuple[Receiver, float]:
    async with receiving(expected, held) as (receiver, port):
        child = await asyncio.to_thread(Child, name, wecom_port=port, **options)
        started = child.cpu_seconds()
        try:
            await asyncio.wait_for(receiver.done.wait(), WITHIN)
            return receiver, (child.cpu_seconds() - started) / expected * 1e6
        finally:
            await asyncio.to_thread(child.stop)


def _put_back(url: str, keys: Path) -> str:
    """Which messages, but for those of the busy, took more than one try, and why: what explains a place lost."""
    database = open_database(url, keys)
    more_than_once: ColumnElement[bool] = or_(outbox.c.tries > 1, outbox.c.reason.is_not(None))
    query = (
        select(outbox.c.priority, outbox.c.reason, outbox.c.errcode, func.count())
        .where(more_than_once, outbox.c.recipient.not_like("busy%"))
        .group_by(outbox.c.priority, outbox.c.reason, outbox.c.errcode)
    )
    with database.engine.connect() as conn:
        rows = list(conn.execute(query))
    database.close()
    return "; ".join(f"{count} of urgency {level}: {why} {errcode}" for level, why, errcode, count in rows) or "none"


def _check(receiver: Receiver, put_back: str) -> None:
    mixed = receiver.overlap(lambda member: not member.startswith("busy"))
    if receiver.doubled or receiver.dropped or receiver.late() or mixed > MIXED or len(receiver.order) != COUNT:
        raise AssertionError(
            f"{len(receiver.order)} of {COUNT} arrived, {receiver.doubled} doubled, {receiver.dropped} over a limit, "
            f"{receiver.late()} behind a less urgent one of the same member, urgencies mixed over {mixed} places; "
            f"tried again: {put_back}"
        )
