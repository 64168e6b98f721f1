"""A simulated year, day by day: two months of it in `make test`, all of it in `make year`. Restarts and kills at random
hours, two processes, three days of outage, advisers who finish, put off and leave things. Each occurrence comes once,
nobody is spoken to at night, and what is missing is explained."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.pack import Packs, PackStore
from storage.database import Database
from storage.model.clock import MovableClock
from storage.tables import contracts, instalments
from storage.vault import Vault
from tests.year import life

SEED = int(os.environ.get("BOT_YEAR_SEED", str(random.randrange(10**6))))
SILENCE = "silent_client"
IN_FORCE = ("active", "grace", "repaying", "overdue")

pytestmark = pytest.mark.slow


@pytest.fixture
def calm(sqlite_template: Path, tmp_path: Path, vault: Vault, pack_store: PackStore) -> Iterator[Database]:
    """The same book, for the year in which nothing goes wrong."""
    shutil.copy(sqlite_template, tmp_path / "calm.db")
    database = Database(f"sqlite:///{tmp_path / 'calm.db'}", vault, pack_store)
    yield database
    database.close()


def whose_contract_moved_on(database: Database, keys: set[life.Key], packs: Packs) -> set[life.Key]:
    """Of these occurrences, those whose contract is in force no more."""
    book = life.book(database)
    with database.system(life.opening()) as uow:
        states = {row.id: row.state for row in uow.conn.execute(select(contracts.c.id, contracts.c.state))}
        of_part = {row.id: row.contract_id for row in uow.conn.execute(select(instalments.c.id, instalments.c.contract_id))}

    def contract_of(key: life.Key) -> int:
        record = packs.rule(key[0]).source_record
        found = book[record][key[1]]
        return of_part[found] if record == "instalment" else found

    return {key for key in keys if states[contract_of(key)] not in IN_FORCE}


async def test_a_rough_year_brings_what_a_calm_one_brings(
    calm: Database, database_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock
) -> None:
    sys.stdout.write(f"\nBOT_YEAR_SEED={SEED}\n")

    def reopen() -> Database:
        return Database(database_url, vault, pack_store)

    firm = reopen()
    life.a_full_book(calm)
    life.a_full_book(firm)
    at = life.hand_set(firm, random.Random(SEED))
    expected = life.live_calmly(calm)
    with life.rough_life(reopen, clock, SEED) as rough:
        await rough.live()

    happened = life.occurrences(firm)
    assert rough.restarts > life.DAYS / 20
    assert len(happened) > life.DAYS * 5
    assert set(happened.values()) == {1}
    _nothing_is_missing(firm, pack_store, expected, set(happened))
    _nobody_is_woken(rough)
    _one_brief_a_day(rough)
    _what_people_set_rings_once(rough, at)
    firm.close()


def _nothing_is_missing(
    firm: Database, packs: PackStore, expected: dict[life.Key, date], happened: set[life.Key]
) -> None:
    # The step of a silence carries the day on which it was noticed.
    silent = {(k[1], k[3]) for k in expected if k[0] == SILENCE}, {(k[1], k[3]) for k in happened if k[0] == SILENCE}
    assert silent[0] == silent[1]
    wanted = {key for key in expected if key[0] != SILENCE}
    got = {key for key in happened if key[0] != SILENCE}
    assert got <= wanted
    missing = wanted - got
    assert {expected[key] for key in missing} <= life.OUTAGE
    assert whose_contract_moved_on(firm, missing, packs.current) == missing


def _nobody_is_woken(rough: life.RoughLife) -> None:
    woken = [
        (when, outgoing.recipient, outgoing.body.decode()) for when, outgoing in rough.phones.arrived
        if not time(8) <= when.time() < time(21)
    ]
    assert woken == []


def _one_brief_a_day(rough: life.RoughLife) -> None:
    briefs = Counter((when.date(), who) for when, who, title in rough.phones.cards() if title.startswith(("早上好", "下午好")))
    assert set(briefs.values()) == {1}
    days = {day for day, _ in briefs}
    assert not days & life.OUTAGE
    assert max(life.OUTAGE) + timedelta(days=1) in days  # what was missed came in one brief, the day after


def _what_people_set_rings_once(rough: life.RoughLife, at: dict[str, datetime]) -> None:
    rung = [(title.removeprefix("提醒："), when) for when, _, title in rough.phones.cards() if title.startswith("提醒：第")]
    assert max(Counter(words for words, _ in rung).values()) == 1
    assert all(when >= at[words] for words, when in rung)
