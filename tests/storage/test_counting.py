"""What counted tags find: a card asks for all of them in one look, the reason asks for one; the numbers must agree."""

from __future__ import annotations

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import literal

from config.pack import Counted
from storage.conditions.counting import BETWEEN, REFERRER, counted_for, counted_together, window
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = {"contact": ("call", "complaint", "wechat"), "contract": ("policy", "fund"), "late_payment": (), "referral": ()}


def tags_of(sort: str) -> list[Counted]:
    """For every kind of record, and for all together: of the last day, of some weeks, of a year."""
    kinds = [(kind,) for kind in KINDS[sort]]
    return [
        Counted(of=sort, kinds=of, days=days, at_least=1, why="…")
        for of in [*kinds, (), *([KINDS[sort]] if kinds else [])] for days in (1, 30, 365)
    ]  # fmt: skip


@pytest.fixture
def client(database: Database, clock: MovableClock, cast: Cast) -> Client:
    """One with records of every sort on many days of the last two years, beside one who has as many."""
    chance = random.Random(20250609)
    with database.transaction(cast.li, clock.now()) as uow:
        fang, jing = a_client(uow, "王芳"), a_client(uow, "陈静")
        for person in (fang, jing):
            write_records(uow, person, chance)
    for days in (0, 20, 200, 700):
        with database.transaction(cast.li, clock.now() - timedelta(days=days)) as uow:
            uow.clients.relate(a_client(uow, "朋友"), fang, REFERRER)
    return fang


def write_records(uow: UnitOfWork, person: Client, chance: random.Random) -> None:
    today = uow.now.astimezone(SHANGHAI).date()
    for _ in range(40):
        day = timedelta(days=chance.choice((0, 1, 29, 30, 100, 364, 365, 700)))
        uow.interactions.add(person, chance.choice(KINDS["contact"]), "…", happened_at=uow.now - day)
    for _ in range(12):
        starts_on = today - timedelta(days=chance.choice((0, 29, 30, 364, 365)))
        kind = chance.choice(KINDS["contract"])
        bought = {"kind": kind, "line": "insurance", "state": "active", "starts_on": starts_on}
        first = uow.contracts.add(person, bought)
        uow.contracts.add(person, {**bought, "previous_id": chance.choice((None, first.id))})
    due = [today - timedelta(days=days) for days in (-1, 0, 1, 29, 30, 200, 364, 365)]
    policy = a_policy(uow, person, due_on=due)
    for instalment in uow.contracts.instalments([policy.id])[2::2]:
        uow.contracts.pay(instalment, instalment.due_on + timedelta(days=chance.choice((0, 3))))


@pytest.mark.parametrize("sort", list(KINDS))
def test_tags_that_look_at_the_same_records_count_together_what_each_counts_alone(
    database: Database, clock: MovableClock, client: Client, sort: str
) -> None:
    several, today = tags_of(sort), clock.now().astimezone(SHANGHAI).date()
    with database.system(clock.now()) as uow:
        of_client = literal(client.id)
        alone = [
            uow.execute(counted_for(tag, of_client, window(tag.days, today, SHANGHAI))).scalar_one() for tag in several
        ]
        together = uow.execute(counted_together(several, of_client, today, SHANGHAI)).scalar_one()
    assert list(map(int, together.split(BETWEEN))) == alone
    assert len(set(alone)) > 2
