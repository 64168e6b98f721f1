"""The process ends at every point of a customer's talk where something became durable or left: he reads the same, once,
and what is kept is the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config.pack import PackStore
from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.tables import bindings, interactions, kf_replies, outbox, reminders, tickets
from storage.vault import Vault
from tests.builders import a_policy, the_cast
from tests.conftest import MONDAY_NINE
from tests.handlers.customers import Customers
from tests.reminders.test_kf_reading import FANG
from tests.service.deaths import FailPoints, Killed

pytestmark = pytest.mark.slow

LEASES_END = timedelta(seconds=95)
ONCE = (bindings, interactions, kf_replies, outbox, reminders, tickets)


class Mortal(Customers):
    """The firm, whose process dies at one point."""

    def __init__(self, database: Database, clock: MovableClock, point: FailPoints) -> None:
        super().__init__(database, clock)
        self.deaths = 0
        call, commit = self.wecom.call, database.engine.dialect.do_commit

        async def called(*args: Any, **kwargs: Any) -> dict[str, Any]:
            point()
            answer = await call(*args, **kwargs)
            point()
            return answer

        def committed(connection: Any) -> None:
            point()
            commit(connection)
            point()

        self.wecom.call = called  # type: ignore[method-assign]
        database.engine.dialect.do_commit = committed  # type: ignore[method-assign]

    async def talks(self, *turns: Callable[[Mortal], str]) -> None:
        """Turn by turn; whoever dies over one is followed by a process that goes on where it was."""
        for turn in turns:
            self.wecom.says(FANG, turn(self))
            await self._survives(self._works)
            self.clock.advance(timedelta(seconds=2))
        await self._survives(self._works)

    async def _works(self) -> None:
        self.rings()
        await self.reads()
        await self.sends()

    async def _survives(self, work: Callable[[], Any]) -> None:
        try:
            await work()
        except Killed:
            self.deaths += 1
            self.clock.advance(LEASES_END)
            await work()


@dataclass(frozen=True)
class End:
    phone: tuple[str, ...]
    rows: tuple[int, ...]
    states: frozenset[str]
    chain: object


def the_end(firm: Mortal) -> End:
    with firm.database.engine.connect() as conn:
        rows = tuple(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in ONCE)
        states = frozenset(conn.execute(select(kf_replies.c.state).distinct()).scalars())
        return End(tuple(firm.wecom.phones[FANG]), rows, states, audit.verify(conn, firm.database.vault))


def proof(firm: Mortal) -> str:
    return f"验证码 {firm.sms.code(firm.phone_of(firm.fang))}"


TALKS: dict[str, tuple[Callable[[Mortal], str], ...]] = {
    "a question, and the proof of who asks": (lambda firm: "我的保单什么时候到期", lambda firm: "验证码", proof),
    "a complaint": (lambda firm: "三天没人回我，我要投诉",),
    "what is wanted no more": (lambda firm: "别再给我发消息了",),
    "a meeting": (lambda firm: "约周三下午三点见面",),
}  # fmt: skip


@pytest.fixture
def new_firm(
    sqlite_template: Path, vault: Vault, pack_store: PackStore, tmp_path: Path
) -> Callable[[FailPoints], AbstractContextManager[Mortal]]:
    @contextmanager
    def new(point: FailPoints) -> Iterator[Mortal]:
        path = tmp_path / f"at{point.at}.db"
        shutil.copy(sqlite_template, path)
        database = Database(f"sqlite:///{path}", vault, pack_store)
        clock = MovableClock(MONDAY_NINE, frozen=True)
        with database.system(clock.now()) as uow:
            the_cast(uow)
        alive, point.at = point.at, 0
        firm = Mortal(database, clock, point)
        firm.writes(lambda uow: a_policy(uow, uow.clients.get(firm.fang.id), number="P20250001", state="active"))
        point.at, point.passed = alive, 0
        yield firm
        database.close()

    return new


@pytest.mark.parametrize("name", list(TALKS))
async def test_it_ends_the_same_wherever_the_process_dies(name: str, new_firm: Any) -> None:
    undisturbed = FailPoints()
    with new_firm(undisturbed) as firm:
        await firm.talks(*TALKS[name])
        points, expected = undisturbed.passed, the_end(firm)
    assert expected.states == {"sent"}
    assert expected.chain is None
    for at in range(1, points + 1):
        with new_firm(FailPoints(at)) as firm:
            await firm.talks(*TALKS[name])
            assert firm.deaths == 1, f"nobody died at point {at}"
            assert the_end(firm) == expected, f"cut off at point {at} of {points}"
