"""A process that ends at a point of one's choice, and the next one that takes over.

A point lies before and after each commit, each call of WeCom and each file that is fetched. A new process begins when
the leases of the dead one have ended, and WeCom sends again what was not acknowledged."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Select, String, Table, literal, select

from bot import events
from bot.metrics import Metrics
from bot.sandbox.callbacks import xml_of
from bot.sandbox.chats import buttons_of
from bot.sandbox.errors import ApiError
from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.qyapi import Call
from bot.wecom.errors import CallFailed
from bot.wecom.sender import WeComSender
from bot.worker import Worker
from config.pack import PackStore
from handlers.lending.watch import look_at_debts
from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.paper_files import Fetched, PaperFiles
from storage import audit
from storage.columns import Fixed
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from storage.tables import metadata
from storage.vault import Vault
from tests.conftest import MONDAY_NINE, SHANGHAI
from tests.service.door import CORP, a_text, an_event

LEASES_END = timedelta(seconds=121)  # the longest lease is that of a file that is being fetched
MEMBERS = ("lixiang", "zhoumin", "wangke", "chenmo", "zhouning", "shenyue", "hexin", "claims1", "claimlead", "risk1")
PHOTO = b"\xff\xd8\xff photo"


class Killed(BaseException):
    """The process is gone: nothing may catch it."""


@dataclass
class FailPoints:
    """Counts the points passed; the process dies at number `at`, once."""

    at: int = 0
    passed: int = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Killed


class Line:
    """The client that the sender uses, straight into the fake; and where files come from."""

    def __init__(self, fake: FakeWeCom, point: FailPoints) -> None:
        self._fake, self._point = fake, point

    async def send_message(self, body: bytes) -> dict[str, Any]:
        return self._call("message/send", self._fake.messages.send, body)

    async def update_card(self, body: bytes) -> dict[str, Any]:
        return self._call("message/update_template_card", self._fake.messages.update_template_card, body)

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        self._point()
        fetched = Fetched(PHOTO + media_id.encode())
        self._point()
        return fetched

    def _call(self, path: str, handler: Callable[[Call], Any], body: bytes) -> dict[str, Any]:
        self._point()
        try:
            answer: dict[str, Any] = handler(Call(path, {}, self._fake.clock.now(), body, json.loads(body)))
        except ApiError as error:
            raise CallFailed(path, error.errcode) from error
        self._point()
        return answer


class Life:
    """One process of the product, from its start to its end or its death."""

    def __init__(self, database: Database, fake: FakeWeCom, clock: MovableClock, point: FailPoints) -> None:
        self.database, self.clock = database, clock
        post, metrics, line = Post(CORP.agent_id), Metrics(), Line(fake, point)
        self.delivery = Delivery(database, WeComSender(line, clock), clock, SHANGHAI)
        self.worker = Worker(database, post, clock, SHANGHAI, metrics, on_queued=lambda: None)
        self.papers = PaperFiles(database, line, post, clock)
        self.jobs = Jobs(database, post, SHANGHAI, looks=[look_at_debts])

    async def takes(self, plain: str) -> None:
        incoming = events.parse(plain)
        key = events.dedupe_key(incoming, plain, CORP.agent_id)
        arrival = Arrival(key, incoming.sender, type(incoming).__name__, plain, self.clock.now())
        await self.database.run(lambda: self._keep(arrival))

    def _keep(self, arrival: Arrival) -> None:
        """As the reception's writer does it."""
        with self.database.system(self.clock.now()) as uow:
            uow.inbox.add([arrival])

    async def works(self) -> None:
        """Until there is nothing left to do."""
        while await self.worker.handle_waiting() or await self.delivery.drain() or await self.papers.step():
            pass

    async def ticks(self) -> None:
        await self.jobs.tick(self.clock.now())


@dataclass
class World:
    """A database, a WeCom, the time; and whichever process lives now."""

    url: str
    vault: Vault
    packs: PackStore
    point: FailPoints
    clock: MovableClock
    deaths: int = 0

    def __post_init__(self) -> None:
        self.fake = FakeWeCom(CORP, self.clock, "http://127.0.0.1:1/")
        for member in MEMBERS:
            self.fake.add_member(member, member)
        self.life = self._born()

    def _born(self) -> Life:
        database = Database(self.url, self.vault, self.packs)
        dialect, commit = database.engine.dialect, database.engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.point()
            commit(connection)
            self.point()

        dialect.do_commit = do_commit
        return Life(database, self.fake, self.clock, self.point)

    def dies(self) -> None:
        self.deaths += 1
        self.life.database.close()
        self.clock.advance(LEASES_END)
        self.life = self._born()

    async def goes_through(self, steps: Sequence[Step]) -> None:
        for step in steps:
            await step(self)
            await self.survives(lambda: self.life.works())
        await self.survives(lambda: self.life.works())

    async def survives(self, act: Callable[[], Any]) -> None:
        """Do it; if the process dies over it, a new one does it again."""
        try:
            await act()
        except Killed:
            self.dies()
            await act()

    async def hears(self, plains: list[str]) -> None:
        for plain in plains:
            await self.survives(lambda plain=plain: self.life.takes(plain))

    def close(self) -> None:
        self.life.database.close()


Step = Callable[[World], Awaitable[None]]


# ---------------------------------------------------------------- how it ended


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
_MAIL = {"inbox", "outbox", "conversations", "job_runs", "revisions"}
_TELLING = (Integer, String, Date, Boolean, Fixed)
_TRIED = "tries"
_LONGEST = 64  # what is longer is a key of ours
_BY_CHANCE = re.compile(r"[0-9a-f]{24}|\d{16,}")  # ids, and the keys of cards
_TIME = re.compile(r"(?:\d\d-\d\d )?\d\d:\d\d")  # who dies is later, and a limit may end on the next day then


def the_end(world: World) -> End:
    database = world.life.database
    with database.engine.connect() as conn:
        rows = {t.name: Counter(_known(row) for row in conn.execute(_plainly(t))) for t in metadata.sorted_tables}
        chain = audit.verify(conn, database.vault)
    with database.system(world.clock.now()) as uow:
        states = {"inbox": set(uow.inbox.counts()), "outbox": set(uow.outbox.counts())}
    return End(Counter((s.userid, _TIME.sub("…", s.text)) for s in world.fake.seen), rows, states, chain)


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
    return isinstance(kind, _TELLING) and not isinstance(kind, BigInteger) and column.name != _TRIED


# ---------------------------------------------------------------- what people do

_numbers = count(1_000_000)


def says(*texts: str, senders: tuple[str, ...] = ("lixiang",)) -> Step:
    """Every sender says every text, all before anybody is answered."""
    plains = [a_text(text, sender, msg_id=next(_numbers)) for text in texts for sender in senders]
    return lambda world: world.hears(plains)


def sends_a_photo(sender: str = "lixiang") -> Step:
    number = next(_numbers)
    photo = xml_of({
        "ToUserName": CORP.corp_id, "FromUserName": sender, "CreateTime": 1_749_430_800, "MsgType": "image",
        "PicUrl": "", "MediaId": f"media{number}", "MsgId": number, "AgentID": CORP.agent_id,
    })  # fmt: skip
    return lambda world: world.hears([photo])


def happens(event: str) -> Step:
    """An event of WeCom."""
    plain = an_event(event)
    return lambda world: world.hears([plain])


def waits(**time: float) -> Step:
    """The clock moves, and what it sets off is done."""

    async def wait(world: World) -> None:
        world.clock.advance(timedelta(**time))
        await world.survives(lambda: world.life.ticks())

    return wait


def taps(words: str, by: str = "") -> Step:
    """Press the button with these words on the latest card that has one."""

    async def tap(world: World) -> None:
        card, key = next(
            (seen, button["key"]) for seen in reversed(world.fake.seen) if by in ("", seen.userid)
            for button in buttons_of(seen.body) if words in str(button.get("text"))
        )  # fmt: skip
        code = world.fake.messages.new_response_code(card.msgid, world.clock.now())
        await world.hears([an_event(
            "template_card_event", card.userid, EventKey=key, TaskId=str(card.body["task_id"]),
            CardType=str(card.body["card_type"]), ResponseCode=code,
        )])  # fmt: skip

    return tap


# ---------------------------------------------------------------- worlds that begin alike


@dataclass(frozen=True)
class Start:
    """Where worlds begin: a database and an instant."""

    path: Path
    vault: Vault
    packs: PackStore
    now: datetime = MONDAY_NINE

    @contextmanager
    def world(self, point: FailPoints) -> Iterator[World]:
        """A world of its own, gone afterwards."""
        copy = shutil.copy(self.path, self.path.with_suffix(".world"))
        world = World(f"sqlite:///{copy}", self.vault, self.packs, point, MovableClock(self.now, frozen=True))
        try:
            yield world
        finally:
            world.close()
            for left in self.path.parent.glob(f"{copy.name}*"):
                left.unlink()

    async def played(self, *steps: Step) -> Played:
        """Undisturbed."""
        point = FailPoints()
        with self.world(point) as world:
            await world.goes_through(steps)
            points, end = point.passed, the_end(world)
            world.close()
            path = shutil.copy(self.path.with_suffix(".world"), self.path.with_suffix(f".{next(_numbers)}"))
            later = replace(self, path=path, now=world.clock.now())
        assert end.states["inbox"] <= {"done"}
        assert end.states["outbox"] <= {"sent"}
        assert end.chain is None
        return Played(points, end, later)


@dataclass(frozen=True)
class Played:
    """How many points were passed, how it ended, and where it may go on."""

    points: int
    end: End
    later: Start


async def it_ends_the_same_wherever_it_dies(start: Start, *steps: Step, what: str = "it") -> Start:
    """Cut at every single point; where it goes on."""
    undisturbed = await start.played(*steps)
    for at in range(1, undisturbed.points + 1):
        with start.world(FailPoints(at)) as world:
            await world.goes_through(steps)
            assert world.deaths == 1, f"{what}: nobody died at point {at}"
            unlike = the_end(world).unlike(undisturbed.end)
            assert not unlike, f"{what}: cut off at point {at} of {undisturbed.points}: {unlike}"
    return undisturbed.later
