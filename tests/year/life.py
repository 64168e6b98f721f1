"""A year of a firm, lived twice: calmly by one process, and roughly by two that restart, fail and sleep."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.sandbox.demo import write_demo
from reminders import planner
from reminders.calendar import DAY, local_instant
from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.planning import FIRST_LOOK_BACK
from reminders.sending import Outcome, Outgoing
from reminders.tiers import recompute_by_conditions
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from storage.model.people import Actor
from storage.tables import accounts, clients, contracts, instalments, reminders, transactions

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2025, 6, 9)
DAYS = int(os.environ.get("BOT_YEAR_DAYS", "60"))  # `make year` lives all 366
OUTAGE = frozenset(FIRST_DAY + DAY * n for n in (DAYS // 3, DAYS // 3 + 1, DAYS // 3 + 2))  # nothing runs and WeCom is away
SWALLOWED_FOR = timedelta(hours=4)
SENT = Outcome("sent", 0, "", msgid="m", response_code="r")
HAND_SET = 200  # reminders that people set for a minute of their own
ADVISERS = ("lixiang", "zhoumin", "chenmo")

Key = tuple[str, int, date, int]  # rule, place of the object in its book, day of the fact, offset: what happens once
BOOK = {"client": clients, "contract": contracts, "instalment": instalments, "account": accounts,
        "transaction": transactions}


def opening() -> datetime:
    return local_instant(FIRST_DAY, time(), ZONE)


def days() -> Iterator[date]:
    return (FIRST_DAY + DAY * n for n in range(DAYS))


def a_full_book(database: Database) -> None:
    """The demo's 300 clients; a good part of them celebrate by the moon."""
    write_demo(database, opening(), ZONE)
    luck = random.Random(7)
    with database.system(opening()) as uow:
        born = uow.conn.execute(select(clients.c.id).where(clients.c.birthday.is_not(None)).order_by(clients.c.id))
        for client_id in born.scalars().all():
            if luck.random() < 0.3:
                moon = luck.choice((1, -1, 1)) * (luck.randint(1, 12) * 100 + luck.randint(1, 30))
                uow.conn.execute(
                    clients.update().where(clients.c.id == client_id)
                    .values(birthday_calendar="lunar", lunar_birthday=moon)
                )


def hand_set(database: Database, luck: random.Random) -> dict[str, datetime]:
    """Reminders that people set for a minute of their own, by their words; none so late that a little delay is night."""
    at: dict[str, datetime] = {}
    for number in range(HAND_SET):
        day = FIRST_DAY + DAY * luck.randrange(1, DAYS - 10)
        moment = local_instant(day, time(luck.randint(8, 19), luck.randrange(60)), ZONE)
        who, words = luck.choice(ADVISERS), f"第{number}件事"
        with database.system(opening()) as uow:
            uow.reminders.add(receiver_id=who, remind_at=moment, due_on=day, category="task", text=words)
        at[words] = moment
    return at


def occurrences(database: Database, since: datetime | None = None) -> Counter[Key]:
    """What the rules have made so far, or since an instant; steps of journeys have tests of their own."""
    columns = (reminders.c[name] for name in ("rule", "object_type", "object_id", "due_on", "offset_days"))
    with database.system(opening()) as uow:
        rows = uow.conn.execute(
            select(*columns).where(
                reminders.c.rule != "manual", reminders.c.object_type.in_(BOOK), reminders.c.created_at >= (since or opening())
            )
        ).all()
    places = {name: {row_id: place for place, row_id in enumerate(ids)} for name, ids in book(database).items()}
    return Counter((row.rule, places[row.object_type][row.object_id], row.due_on, row.offset_days) for row in rows)


def book(database: Database) -> dict[str, list[int]]:
    """The ids of all records in the order in which they were entered: the same place is the same record in each copy."""
    with database.system(opening()) as uow:
        return {
            name: list(uow.conn.execute(select(table.c.id).order_by(table.c.id)).scalars())
            for name, table in BOOK.items()
        }


def live_calmly(database: Database) -> dict[Key, date]:
    """Compute tiers and plan each day at its hour; by occurrence, the day on which it was written."""
    written: dict[Key, date] = {}
    for day in days():
        with database.system(local_instant(day, time(7, 40), ZONE)) as uow:
            recompute_by_conditions(uow, ZONE)
        hour = local_instant(day, time(7, 50), ZONE)
        with database.system(hour) as uow:
            first = day - DAY * FIRST_LOOK_BACK if day == FIRST_DAY else day
            for piece in planner.pieces(uow.rules.in_force(), first, day, ZONE):
                piece.work(uow)
        written |= dict.fromkeys(occurrences(database, hour), day)
    return written


@dataclass
class Phones:
    """What arrives on people's phones and when. WeCom swallows the same bytes for four hours, as it is asked to; whoever
    sends may be killed right after a message arrived."""

    clock: MovableClock
    arrived: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    kills_in: int = 0
    _latest: dict[bytes, datetime] = field(default_factory=dict)

    async def send(self, outgoing: Outgoing) -> Outcome:
        now = self.clock.now().astimezone(ZONE)
        latest = self._latest.get(outgoing.body)
        if latest is None or now - latest > SWALLOWED_FOR:
            self.arrived.append((now, outgoing))
            self._latest[outgoing.body] = now
        if self.kills_in:
            self.kills_in -= 1
            if not self.kills_in:
                raise asyncio.CancelledError
        return SENT

    def cards(self) -> Iterator[tuple[datetime, str, str]]:
        """When, to whom and under which title each card came."""
        for when, outgoing in self.arrived:
            body = json.loads(outgoing.body)
            if body.get("msgtype") == "template_card":
                yield when, outgoing.recipient, body["template_card"]["main_title"]["title"]


@dataclass
class RoughLife:
    """Two processes on one database. `reopen` makes a process's own connection; a restart throws the old one away."""

    reopen: Callable[[], Database]
    clock: MovableClock
    luck: random.Random
    restarts: int = 0

    def __post_init__(self) -> None:
        self.phones = Phones(self.clock)
        self._processes = [self._start(), self._start()]

    def _start(self) -> tuple[Database, Jobs, Delivery]:
        database = self.reopen()
        jobs = Jobs(database, Post(1000002), ZONE, jitter=300)
        return database, jobs, Delivery(database, self.phones, self.clock, ZONE)

    def _restart(self, which: int) -> None:
        self._processes[which][0].close()
        self._processes[which] = self._start()
        self.restarts += 1

    async def live(self) -> None:
        """Every day but those of the outage, at a few hours of chance and at those that matter."""
        for day in days():
            if day not in OUTAGE:
                for moment in self._moments(day):
                    await self._at(local_instant(day, moment, ZONE))

    def _moments(self, day: date) -> list[time]:
        chance = [time(self.luck.randrange(24), self.luck.randrange(60)) for _ in range(2)]
        return sorted({*chance, time(8, 36), time(self.luck.randint(13, 17), self.luck.randrange(60)), time(18, 6)})

    async def _at(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        which = self.luck.randrange(2)
        if self.luck.random() < 0.05:
            self._restart(which)
        if self.luck.random() < 0.05:
            self.phones.kills_in = self.luck.randint(1, 4)
        if self.luck.random() < 0.3 and not self.phones.kills_in:
            await self._both(moment)
        else:
            _, jobs, delivery = self._processes[which]
            await self._tick(jobs, moment)
            try:
                await delivery.drain()
            except asyncio.CancelledError:
                self._restart(which)
        self.phones.kills_in = 0
        if 13 <= moment.hour <= 17:
            self._work(self._processes[which][0], moment)  # whoever lives now: a kill closed the other's

    async def _both(self, moment: datetime) -> None:
        """Both look at the same moment, each on its own connections, and both send."""
        await asyncio.gather(*(self._tick(jobs, moment) for _, jobs, _ in self._processes))
        await asyncio.gather(*(delivery.drain() for _, _, delivery in self._processes))

    async def _tick(self, jobs: Jobs, moment: datetime) -> None:
        """A database that is busy for too long is come back to, as the scheduler does."""
        for _ in range(2):
            with suppress(Unavailable):
                await jobs.tick(moment)
                return
        raise AssertionError("the database never came back")

    def _work(self, database: Database, now: datetime) -> None:
        """Advisers finish the better part of what lies before them, put some off, and leave the rest."""
        for who in ADVISERS:
            with database.system(now) as uow:
                uow.act_as(Actor.of(uow.users.get(who)))
                for reminder in uow.reminders.open_until(who, now)[:12]:
                    chance = self.luck.random()
                    if chance < 0.6:
                        uow.reminders.finish(reminder, "done")
                    elif chance < 0.7:
                        uow.reminders.snooze(reminder, now + DAY * self.luck.randint(1, 9), timed=False)

    def close(self) -> None:
        for database, _, _ in self._processes:
            database.close()


@contextmanager
def rough_life(reopen: Callable[[], Database], clock: MovableClock, seed: int) -> Iterator[RoughLife]:
    life = RoughLife(reopen, clock, random.Random(seed))
    try:
        yield life
    finally:
        life.close()
