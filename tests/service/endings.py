"""How the life of a firm ended, as far as anybody can tell: what stands on whose phone, every row, every queue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Select, String, Table, literal, select

from bot.sandbox.fake_wecom import FakeWeCom
from storage import audit
from storage.columns import Fixed
from storage.database import Database
from storage.tables import metadata


@dataclass(frozen=True)
class End:
    """How it ended, as far as anybody can tell."""

    seen: Counter[tuple[str, str]]
    rows: dict[str, Counter[tuple[object, ...]]]
    states: dict[str, set[str]]
    chain: object

    def unlike(self, other: End) -> list[object]:
        """What is here and not there, or the other way round."""
        found: list[object] = [
            (name, self.rows[name] - other.rows[name], other.rows[name] - self.rows[name])
            for name in self.rows if self.rows[name] != other.rows[name]
        ]  # fmt: skip
        if self.seen != other.seen:
            found.append((self.seen - other.seen, other.seen - self.seen))
        pairs = (self.states, other.states), (self.chain, other.chain)
        return found + [pair for pair in pairs if pair[0] != pair[1]]


# What a repetition changes rightly: who holds it, how often it was tried, a mark of chance.
_MAIL = {"inbox", "outbox", "conversations", "job_runs", "revisions", "kf_accounts"}
_TELLING = (Integer, String, Date, Boolean, Fixed)
_TRIED = "tries"
_LONGEST = 64  # what is longer is a key of ours
_BY_CHANCE = re.compile(r"[0-9a-f]{24}|\d{16,}")  # ids, and the keys of cards
_CODE = re.compile(r"\b\d{6}\b")
_TIME = re.compile(r"(?:\d\d-\d\d )?\d\d:\d\d")  # who dies is later, and a limit may end on the next day then


def the_end(database: Database, fake: FakeWeCom, texts: Iterable[str]) -> End:
    """`texts` are the text messages that phones got."""
    with database.engine.connect() as conn:
        rows = {t.name: _counted(t, map(_known, conn.execute(_plainly(t)))) for t in metadata.sorted_tables}
        chain = audit.verify(conn, database.vault)
    with database.system(fake.clock.now()) as uow:
        states = {"inbox": set(uow.inbox.counts()), "outbox": set(uow.outbox.counts())}
    return End(Counter((who, _TIME.sub("…", text)) for who, text in _seen(fake, texts)), rows, states, chain)


def _seen(fake: FakeWeCom, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What stands on whose phone. Of text messages only which: they have no id under which a network takes one once."""
    yield from ((seen.userid, seen.text) for seen in fake.seen)
    for who in {who for account in fake.kf.accounts.values() for who in account.talks}:
        yield from ((who, seen.text) for seen in fake.customer_saw(who) if seen.by == "kf")
    yield from (("sms", _CODE.sub("…", text)) for text in set(texts))


def _counted(table: Table, rows: Iterable[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    """How often each is there. Whether a text may go is asked again before each try, so of verdicts only which."""
    counted = Counter(rows)
    again = {row for row in counted if table.name == "verdicts" or (table.name == "audit" and "judge" in row)}
    return Counter({row: 1 if row in again else times for row, times in counted.items()})


def _plainly(table: Table) -> Select[Any]:
    """What its rows say: no instants, nothing sealed, no ids that chance gives. Of mail, only how much there is."""
    columns = [] if table.name in _MAIL else [column for column in table.columns if _is_telling(column)]
    return select(literal(1), *columns).select_from(table)


def _known(row: Iterable[object]) -> tuple[object, ...]:
    return tuple(_BY_CHANCE.sub("…", value) if isinstance(value, str) else value for value in row)


def _is_telling(column: Column[Any]) -> bool:
    kind = column.type
    if isinstance(kind, String):
        return (kind.length or 0) <= _LONGEST
    return isinstance(kind, _TELLING) and not isinstance(kind, BigInteger) and not column.name.endswith(_TRIED)
