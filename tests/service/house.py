"""The whole product in this process, with a fake WeCom that talks to its real callback URL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.app import Application, open_shared
from bot.sandbox.chats import Seen
from bot.sandbox.fake_wecom import FakeWeCom, Timing
from bot.web import CALLBACK
from config.settings import Settings, load_settings
from storage.database import Database
from storage.model.clock import MovableClock
from tests.service.door import CORP, Door, kept, listening
from tests.service.waiting import until

MEMBERS = ("lixiang", "wangke", "chenmo", "zhouning")


@dataclass
class House:
    """The product, the WeCom around it, and the time that both live in."""

    app: Application
    fake: FakeWeCom
    clock: MovableClock
    database: Database
    door: Door
    counted: Counter[str]

    async def says(self, user: str, text: str) -> None:
        assert (await self.fake.say(user, text)).accepted

    async def hears(self, user: str, text: str) -> Seen:
        """Say something and wait for the first answer to it."""
        before = max((s.message_id for s in self.fake.chats.all), default=0)
        await self.says(user, text)
        return await self.fake.heard(user, after=before)

    def texts(self, user: str) -> list[str]:
        return [seen.text for seen in self.fake.seen_by(user)]

    async def passes(self, seconds: float) -> None:
        """Time goes on, and everybody looks at the clock."""
        self.clock.advance(timedelta(seconds=seconds))
        self.app.worker.wake()
        self.app.delivery.notify()
        await asyncio.sleep(0.05)

    async def settled(self, within: float = 10.0) -> None:
        """Wait until nothing is waiting in the inbox or the outbox; TimeoutError after `within` real seconds."""

        async def quiet() -> bool:
            return not any(self.waiting().values())

        await until(quiet, within)

    def waiting(self) -> dict[str, int]:
        inbox, outbox = self.boxes()
        return {"in": inbox.get("new", 0), "out": outbox.get("new", 0) + outbox.get("sending", 0)}

    def boxes(self) -> tuple[dict[str, int], dict[str, int]]:
        """Rows of the inbox and of the outbox by state."""
        with self.database.system(self.clock.now()) as uow:
            return uow.inbox.counts(), uow.outbox.counts()

    def inbox(self) -> list[Any]:
        return kept(self.database)

    async def has_called(self, times: int, path: str = "message/send") -> None:
        """Wait until the product has called this part of WeCom's API so often."""

        async def enough() -> bool:
            return self.calls(path) >= times

        await until(enough, within=10, every=0.01)

    def calls(self, path: str = "message/send") -> int:
        """How often the product called this part of WeCom's API."""
        return self.counted[f"/cgi-bin/{path}"]


@asynccontextmanager
async def open_house(
    database: Database, clock: MovableClock, folder: Path, *, redis_url: str = ""
) -> AsyncIterator[House]:
    fake = FakeWeCom(CORP, clock, timing=Timing(deadline=5.0, pause=0.05))
    for member in MEMBERS:
        fake.add_member(member, member)
    counted: Counter[str] = Counter()

    @web.middleware
    async def count(request: web.Request, handler: Any) -> web.StreamResponse:
        counted[request.path] += 1
        answer: web.StreamResponse = await handler(request)
        return answer

    outside = web.Application(middlewares=[count])
    fake.mount(outside)
    shared = open_shared(redis_url, database.vault)
    async with ClientSession() as session, listening(outside) as wecom:
        app = Application(_settings(folder, wecom), clock, database, session, shared, jitter=0.0)
        try:
            async with listening(app.web) as url:
                fake.callback_url = url + CALLBACK
                await app.start()

                async def has_menu() -> bool:
                    return bool(counted["/cgi-bin/menu/create"])

                await until(has_menu, within=10, every=0.01)  # so that a fault meets the story's own calls
                yield House(app, fake, clock, database, Door(session, url, clock, app.reception), counted)
        finally:
            await app.stop()
            await shared.close()


def _settings(folder: Path, wecom: str) -> Settings:
    return load_settings(
        _env_file=None, data_dir=folder, corp_id=CORP.corp_id, agent_id=CORP.agent_id,
        agent_secret=SecretStr(CORP.secret), callback_token=SecretStr(CORP.token),
        callback_aes_key=SecretStr(CORP.aes_key), wecom_api=wecom,
    )  # fmt: skip
