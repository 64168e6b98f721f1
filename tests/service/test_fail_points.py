"""The process ends at every single point where something became durable or left: the end is always the same.

A point lies before and after each commit and each call of WeCom. For n = 1, 2, 3 … a flow is cut off at point
n, a new process takes over when the leases have ended, WeCom sends again what was not acknowledged. What people
saw and what is kept must equal the run that nothing disturbed."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import events
from bot.metrics import Metrics
from bot.sandbox.chats import Seen, buttons_of
from bot.sandbox.errors import ApiError
from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.qyapi import Call
from bot.wecom.errors import CallFailed
from bot.wecom.sender import WeComSender
from bot.worker import Worker
from config.pack import PackStore
from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.outgoing import Post
from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from storage.tables import metadata
from storage.vault import Vault
from tests.builders import a_client, the_cast
from tests.conftest import MONDAY_NINE, SHANGHAI
from tests.service.door import CORP, a_text, an_event

LEASES_END = timedelta(seconds=61)

pytestmark = pytest.mark.slow


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
    """The client that the sender uses, straight into the fake."""

    def __init__(self, fake: FakeWeCom, point: FailPoints) -> None:
        self._fake, self._point = fake, point

    async def send_message(self, body: bytes) -> dict[str, Any]:
        return self._call("message/send", self._fake.messages.send, body)

    async def update_card(self, body: bytes) -> dict[str, Any]:
        return self._call("message/update_template_card", self._fake.messages.update_template_card, body)

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
        post, metrics = Post(CORP.agent_id), Metrics()
        sender = WeComSender(Line(fake, point), clock)
        self.delivery = Delivery(database, sender, clock, SHANGHAI)
        self.worker = Worker(database, post, clock, SHANGHAI, metrics, on_queued=lambda: None)
        self.jobs = Jobs(database, post, SHANGHAI)

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
        while await self.worker.handle_waiting() or await self.delivery.drain():
            pass

    async def ticks(self) -> None:
        await self.jobs.tick(self.clock.now())


Step = Callable[["World"], "list[str] | timedelta"]


@dataclass
class World:
    """A database, a WeCom, the time; and whichever process lives now."""

    url: str
    vault: Vault
    packs: PackStore
    point: FailPoints
    clock: MovableClock = field(default_factory=lambda: MovableClock(MONDAY_NINE, frozen=True))
    deaths: int = 0

    def __post_init__(self) -> None:
        self.fake = FakeWeCom(CORP, self.clock, "http://127.0.0.1:1/")
        for member in ("lixiang", "wangke", "chenmo", "zhouning"):
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

    async def goes_through(self, steps: list[Step]) -> None:
        for step in steps:
            what = step(self)
            if isinstance(what, timedelta):
                self.clock.advance(what)
                await self._survives(lambda: self.life.ticks())
            else:
                for plain in what:
                    await self._survives(lambda plain=plain: self.life.takes(plain))
            await self._survives(lambda: self.life.works())
        await self._survives(lambda: self.life.works())

    async def _survives(self, act: Callable[[], Any]) -> None:
        """Do it; if the process dies over it, a new one does it again."""
        try:
            await act()
        except Killed:
            self.dies()
            await act()

    def close(self) -> None:
        self.life.database.close()


@dataclass(frozen=True)
class End:
    """How it ended, as far as anybody can tell."""

    seen: Counter[tuple[str, str]]
    rows: dict[str, int]
    states: dict[str, set[str]]
    chain: object


_TIME = re.compile(r"(?:\d\d-\d\d )?\d\d:\d\d")  # who dies is later, and a limit may end on the next day then


def the_end(world: World) -> End:
    database = world.life.database
    with database.engine.connect() as conn:
        rows = {t.name: conn.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}
        chain = audit.verify(conn, database.vault)
    with database.system(world.clock.now()) as uow:
        states = {"inbox": set(uow.inbox.counts()), "outbox": set(uow.outbox.counts())}
    return End(Counter((s.userid, _TIME.sub("…", s.text)) for s in world.fake.seen), rows, states, chain)


# ---------------------------------------------------------------- flows

_msg_ids = count(1_000_000)


def says(*texts: str, senders: tuple[str, ...] = ("lixiang",)) -> Step:
    """Every sender says every text, all before anybody is answered."""
    plains = [a_text(text, sender, msg_id=next(_msg_ids)) for text in texts for sender in senders]
    return lambda world: plains


def waits(**time: float) -> Step:
    return lambda world: timedelta(**time)


def taps(words: str) -> Step:
    """Press the button with these words on the latest card."""

    def event(world: World) -> list[str]:
        card = next(s for s in reversed(world.fake.seen) if any(words in str(b.get("text")) for b in buttons_of(s.body)))
        return [_press(world, card, next(b["key"] for b in buttons_of(card.body) if words in str(b.get("text"))))]

    return event


def _press(world: World, card: Seen, key: str) -> str:
    return an_event(
        "template_card_event", EventKey=key, TaskId=str(card.body["task_id"]), CardType=str(card.body["card_type"]),
        ResponseCode=world.fake.messages.new_response_code(card.msgid, world.clock.now()),
    )  # fmt: skip


FLOWS: dict[str, list[Step]] = {
    "a look-up": [says("查 王芳")],
    "a note": [says("记 王芳 今天电话聊了养老")],
    "a new client": [says("新增客户 赵敏 手机13800001111"), says("确认")],
    "a changed field": [says("王芳 职业改成教师")],
    "a changed phone, which waits for a second person": [
        says("王芳 手机改成 13900000009"), says("T1 同意", senders=("wangke",)),
    ],
    "a ticket from its first word to its end": [
        says("需求 王芳 想了解养老"), says("T1 接单"), says("T1 转给 王珂"), says("T1 答复 已说明", senders=("wangke",)),
        says("T1 办结 已办好", senders=("wangke",)),
    ],
    "a complaint with what has to be said for its end": [
        says("王芳 投诉 等了太久"), says("T1 答复 已致歉", "T1 办结", senders=("wangke",)),
        says("换人跟进", "1", "已告知", senders=("wangke",)),
    ],
    "a note taken back": [says("记 王芳 今天电话聊了养老"), says("撤销")],
    "a reminder set": [says("明天上午十点提醒我给王芳打电话")],
    "a mistake": [says("查客户 没有人")],
    "a reminder that falls due and is finished": [
        says("今天上午十一点提醒我给王芳打电话"), waits(hours=2), taps("完成"),
    ],
    "a morning brief": [says("明天提醒我给王芳寄资料"), waits(hours=23, minutes=40)],
    "an event nobody knows": [lambda world: [an_event("something_new_of_2031")]],
    "three members at once, one of them mistaken": [
        says("记 王芳 今天电话聊了养老", "查 王芳", senders=("lixiang", "wangke", "chenmo")),
    ],
}  # fmt: skip


@pytest.fixture
async def new_world(
    sqlite_template: Path, vault: Vault, pack_store: PackStore, tmp_path: Path
) -> Callable[[FailPoints], AbstractContextManager[World]]:
    """Worlds that all begin alike: the cast, one client, and the day is planned."""
    start = tmp_path / "start.db"
    shutil.copy(sqlite_template, start)
    database = Database(f"sqlite:///{start}", vault, pack_store)
    with database.system(MONDAY_NINE) as uow:
        the_cast(uow)
        a_client(uow, "王芳", phone="13912340001")
    await Jobs(database, Post(CORP.agent_id), SHANGHAI).tick(MONDAY_NINE)
    database.close()

    @contextmanager
    def new(point: FailPoints) -> Iterator[World]:
        folder = tmp_path / f"at{point.at}"
        folder.mkdir()
        shutil.copy(start, folder / "bot.db")
        world = World(f"sqlite:///{folder / 'bot.db'}", vault, pack_store, point)
        yield world
        world.close()
        shutil.rmtree(folder)

    return new


@pytest.mark.parametrize("name", list(FLOWS))
async def test_it_ends_the_same_wherever_the_process_dies(name: str, new_world: Any):
    undisturbed = FailPoints()
    with new_world(undisturbed) as world:
        await world.goes_through(FLOWS[name])
        points = undisturbed.passed
        expected = the_end(world)
    assert expected.states["inbox"] <= {"done"}
    assert expected.states["outbox"] <= {"sent"}
    assert expected.chain is None
    for at in range(1, points + 1):
        with new_world(FailPoints(at)) as world:
            await world.goes_through(FLOWS[name])
            assert world.deaths == 1, f"nobody died at point {at}"
            assert the_end(world) == expected, f"cut off at point {at} of {points}"
