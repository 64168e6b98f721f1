"""A process that ends at a point of one's choice, and the next one that takes over.

A point lies before and after each commit of something, each call of WeCom, each file that is fetched and each text to a
phone. A new process begins when the leases of the dead one have ended, and WeCom sends again what was not acknowledged.
Where the firm has 微信客服 (`Start.talks`), the process reads and answers there too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot import events
from bot.metrics import Metrics
from bot.sandbox.callbacks import xml_of
from bot.sandbox.chats import buttons_of
from bot.sandbox.errors import ApiError
from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.kf_api import KfAccountState
from bot.sandbox.qyapi import Call
from bot.wecom.errors import CallFailed
from bot.wecom.kf import WeComKf
from bot.wecom.sender import WeComSender
from bot.worker import Worker
from config.pack import PackStore
from handlers.lending.watch import look_at_debts
from handlers.self_service import SelfService
from reminders.codes import CodeDelivery, Handed
from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.kf_answers import KfAnswers
from reminders.kf_delivery import KfDelivery
from reminders.kf_reading import KfReading
from reminders.kf_receiving import KfReceiving
from reminders.kf_replies import KfReplies
from reminders.kf_sessions import KfSessions
from reminders.outgoing import Post
from reminders.paper_files import Fetched, PaperFiles
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from storage.vault import Vault
from tests.conftest import MONDAY_NINE, SHANGHAI
from tests.service.door import CORP, a_text, an_event
from tests.service.endings import End, the_end

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


Turn = Callable[[], Awaitable[int]]


class Line:
    """The client that the sender and 微信客服 use, straight into the fake; where files come from, and where text messages
    to phones go (`texts`)."""

    def __init__(self, fake: FakeWeCom, point: FailPoints, texts: list[str]) -> None:
        self._fake, self._point, self._texts = fake, point, texts

    async def send_message(self, body: bytes) -> dict[str, Any]:
        return self._call("message/send", self._fake.messages.send, json.loads(body), body)

    async def update_card(self, body: bytes) -> dict[str, Any]:
        update = self._fake.messages.update_template_card
        return self._call("message/update_template_card", update, json.loads(body), body)

    async def call(self, method: str, path: str, *, json: dict[str, Any]) -> dict[str, Any]:
        """What 微信客服 is asked."""
        return self._call(path, getattr(self._fake.kf, path.removeprefix("kf/").replace("/", "_")), json)

    async def send(self, phone: str, text: str) -> Handed:
        self._point()
        self._texts.append(text)
        self._point()
        return "sent"

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        self._point()
        fetched = Fetched(PHOTO + media_id.encode())
        self._point()
        return fetched

    def _call(
        self, path: str, handler: Callable[[Call], Any], said: dict[str, Any], body: bytes = b""
    ) -> dict[str, Any]:
        self._point()
        try:
            answer: dict[str, Any] = handler(Call(path, {}, self._fake.clock.now(), body, said))
        except ApiError as error:
            raise CallFailed(path, error.errcode) from error
        self._point()
        return answer


class Life:
    """One process of the product, from its start to its end or its death."""

    def __init__(
        self, database: Database, fake: FakeWeCom, clock: MovableClock, point: FailPoints, texts: list[str]
    ) -> None:
        self.database, self.clock = database, clock
        post, metrics, line = Post(CORP.agent_id), Metrics(), Line(fake, point, texts)
        delivery = Delivery(database, WeComSender(line, clock), clock, SHANGHAI)
        worker = Worker(database, post, clock, SHANGHAI, metrics, on_queued=lambda: None)
        papers = PaperFiles(database, line, post, clock, SHANGHAI)
        self.jobs = Jobs(database, post, SHANGHAI, looks=[look_at_debts])
        self._turns: list[Turn] = [worker.handle_waiting, delivery.drain, papers.step]
        if fake.kf.accounts:
            self._turns += _talks(database, line, post, clock)

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
        while await self._works_on():
            pass

    async def _works_on(self) -> bool:
        for turn in self._turns:
            if await turn():
                return True
        return False

    async def ticks(self) -> None:
        await self.jobs.tick(self.clock.now())


def _talks(database: Database, line: Line, post: Post, clock: MovableClock) -> list[Turn]:
    """What goes on in 微信客服."""
    kf, attendant = WeComKf(line), SelfService(SHANGHAI, "青禾金融", sends_codes=True)
    receiving = KfReceiving(database, post, SHANGHAI, attendant)
    steps = (
        KfReading(database, kf, receiving, clock), KfDelivery(database, kf, KfAnswers(database, post, SHANGHAI), clock),
        KfDelivery(database, kf, KfReplies(database, post, SHANGHAI), clock),
        KfSessions(database, kf, post, clock, SHANGHAI), CodeDelivery(database, line, clock, "青禾金融"),
    )
    return [step.step for step in steps]


@dataclass
class World:
    """A database, a WeCom, the time; and whichever process lives now."""

    url: str
    vault: Vault
    packs: PackStore
    point: FailPoints
    clock: MovableClock
    talks: Mapping[str, KfAccountState] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    deaths: int = 0

    def __post_init__(self) -> None:
        self.fake = FakeWeCom(CORP, self.clock, "http://127.0.0.1:1/")
        self.fake.kf.accounts = deepcopy(dict(self.talks))
        for member in MEMBERS:
            self.fake.add_member(member, member)
        self.life = self._born()

    def _born(self) -> Life:
        database = Database(self.url, self.vault, self.packs)
        dialect, commit = database.engine.dialect, database.engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            kept, now = connection.info, connection.total_changes  # `info` stays with the real connection in the pool
            before, kept["written"] = kept.get("written", 0), now
            if before == now:  # it only read: nothing becomes durable
                commit(connection)
                return
            self.point()
            commit(connection)
            self.point()

        dialect.do_commit = do_commit
        return Life(database, self.fake, self.clock, self.point, self.texts)

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

    def end(self) -> End:
        return the_end(self.life.database, self.fake, self.texts)

    def close(self) -> None:
        self.life.database.close()


Step = Callable[[World], Awaitable[None]]


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
    talks: Mapping[str, KfAccountState] = field(default_factory=dict)
    texts: Sequence[str] = ()

    @contextmanager
    def world(self, point: FailPoints) -> Iterator[World]:
        """A world of its own, gone afterwards."""
        copy = shutil.copy(self.path, self.path.with_suffix(".world"))
        clock = MovableClock(self.now, frozen=True)
        world = World(f"sqlite:///{copy}", self.vault, self.packs, point, clock, self.talks, list(self.texts))
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
            points, end = point.passed, world.end()
            world.close()
            path = shutil.copy(self.path.with_suffix(".world"), self.path.with_suffix(f".{next(_numbers)}"))
            later = replace(
                self, path=path, now=world.clock.now(), talks=world.fake.kf.accounts, texts=list(world.texts)
            )
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
            unlike = world.end().unlike(undisturbed.end)
            assert not unlike, f"{what}: cut off at point {at} of {undisturbed.points}: {unlike}"
    return undisturbed.later


# ---------------------------------------------------------------- what goes on for long


@dataclass(frozen=True)
class Cut:
    """Steps, the later of which needs what the earlier shows, that are cut off at every point."""

    steps: tuple[Step, ...]


def cut(*steps: Step) -> Cut:
    return Cut(steps)


def by(sender: str, *texts: str) -> list[Step]:
    """One after the other, each answered before the next."""
    return [says(text, senders=(sender,)) for text in texts]


async def it_goes_on_wherever_it_dies(start: Start, stages: Sequence[Step | Cut]) -> Start:
    """Up to each cut undisturbed; cut off there at every point; and on from there. Where it ended."""
    for number, stage in enumerate(stages, 1):
        if isinstance(stage, Cut):
            start = await it_ends_the_same_wherever_it_dies(start, *stage.steps, what=f"step {number}")
        else:
            start = (await start.played(stage)).later
    return start
