"""The scenes of the product, played over the real protocol: words and taps in, what a person sees out.

Every story runs in a sandbox of its own (product, fake WeCom, demo data) whose clock starts on Monday
2025-06-09 at 09:00 in Shanghai."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sandbox.chats import Seen, buttons_of, questions_of
from bot.sandbox.run import Sandbox, running
from config.settings import Settings, load_settings
from storage.tables import ticket_papers

START = datetime.fromisoformat("2025-06-09T09:00:00+08:00")
PATIENCE = 30.0
QUIET = 0.12


class Story:
    """One member's side of a chat: says, taps, and what was heard since."""

    def __init__(self, sandbox: Sandbox, user: str) -> None:
        self.sandbox, self.user = sandbox, user
        self.answers: list[Seen] = []

    async def says(self, text: str) -> str:
        """Send a text and wait for the answers; their words, joined."""
        before = len(self.sandbox.fake.seen)
        await self.sandbox.fake.say(self.user, text)
        return await self._answers(before)

    async def sends_a_photo(self, of: str) -> str:
        """Send a picture and wait for the answers, and until a ticket that it is for has it."""
        before = len(self.sandbox.fake.seen)
        await self.sandbox.fake.send_image(self.user, b"\xff\xd8\xff\xe0" + of.encode())
        answers = await self._answers(before)
        await papers_are_kept(self.sandbox)
        return answers

    async def taps(self, words: str, **selections: list[str]) -> str:
        """Tap the button with these words on the latest card that has one."""
        for seen in reversed(self.sandbox.fake.seen_by(self.user)):
            if seen.kind != "template_card" or seen.greyed:
                continue
            for button in buttons_of(seen.body):
                if words in button.get("text", ""):
                    before = len(self.sandbox.fake.seen)
                    await self.sandbox.fake.tap(self.user, seen.message_id, button["key"], selections)
                    return await self._answers(before, card=seen)
        raise AssertionError(f"no button says {words}; last seen: {self.last[:300]}")

    @property
    def questions(self) -> list[dict[str, object]]:
        return questions_of(self.card.body)

    @property
    def card(self) -> Seen:
        """The latest card."""
        return next(s for s in reversed(self.sandbox.fake.seen_by(self.user)) if s.kind == "template_card")

    @property
    def last(self) -> str:
        seen = self.sandbox.fake.seen_by(self.user)
        return seen[-1].text if seen else ""

    async def sees_a_picture(self) -> bytes:
        """Wait for the next image of the app in this chat; its bytes."""
        for _ in range(int(PATIENCE * 100)):
            shown = [seen for seen in self.sandbox.fake.seen_by(self.user) if seen.kind == "image"]
            if shown:
                upload = self.sandbox.fake.media.find(shown[-1].body["media_id"])
                assert upload is not None
                assert upload.content.startswith(b"\x89PNG")
                return upload.content
            await asyncio.sleep(0.01)
        raise AssertionError(f"no picture came; last seen: {self.last[:300]}")

    async def hears(self, words: str) -> str:
        """Wait for something that comes after the answer: pictures are drawn when the words are on their way. The latest
        message with these words."""
        for _ in range(int(PATIENCE * 100)):
            if found := [seen.text for seen in self.sandbox.fake.seen_by(self.user) if words in seen.text]:
                return found[-1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"never heard {words}; last seen: {self.last[:300]}")

    async def at(self, iso: str) -> str:
        """Move the clock and wait; what this member saw on the way."""
        before = len(self.sandbox.fake.seen)
        await move(self.sandbox, iso)
        return await self._answers(before, expects=False)

    async def _answers(self, before: int, *, expects: bool = True, card: Seen | None = None) -> str:
        loop = asyncio.get_running_loop()
        history = len(card.history) if card else 0
        deadline, count, quiet_since = loop.time() + PATIENCE, before, loop.time()
        while loop.time() < deadline:
            await asyncio.sleep(0.01)
            seen = len(self.sandbox.fake.seen) + (len(card.history) - history if card else 0)
            if seen != count:
                count, quiet_since = seen, loop.time()
            if (count > before or not expects) and loop.time() - quiet_since > QUIET and await self._idle():
                break
        self.answers = [s for s in self.sandbox.fake.seen[before:] if s.userid == self.user]
        return "\n".join(s.text for s in self.answers)

    async def _idle(self) -> bool:
        app = self.sandbox.app

        def waiting() -> int:
            with app.database.system(app.clock.now()) as uow:
                return uow.inbox.counts().get("new", 0) + uow.outbox.counts().get("sending", 0)

        return await app.database.run(waiting) == 0


async def papers_are_kept(sandbox: Sandbox) -> None:
    """Wait until no file for a ticket is still to be fetched."""
    app = sandbox.app

    def coming() -> bool:
        with app.database.system(app.clock.now()) as uow:
            return uow.execute(select(ticket_papers.c.id).where(ticket_papers.c.state == "fetching")).first() is not None

    for _ in range(int(PATIENCE * 100)):
        if not await app.database.run(coming):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("a file was never fetched")


async def move(sandbox: Sandbox, iso: str) -> None:
    """Set the product's clock (Shanghai time) and let it catch up."""
    sandbox.clock.move_to(datetime.fromisoformat(iso + "+08:00"))
    await sandbox.app.scheduler.tick()
    sandbox.app.delivery.notify()


def quiet_settings(folder: Path) -> Settings:
    return load_settings(_env_file=None, data_dir=folder, listen="127.0.0.1:0", log_level="ERROR")


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo firm in it, made once."""
    folder = tmp_path_factory.mktemp("demo")

    async def make() -> None:
        async with running(quiet_settings(folder), at=START):
            pass

    asyncio.run(make())
    return folder


@pytest.fixture
async def sandbox(demo_folder: Path, tmp_path: Path) -> AsyncIterator[Sandbox]:
    shutil.copytree(demo_folder, tmp_path / "data")
    async with running(quiet_settings(tmp_path / "data"), at=START) as running_sandbox:
        yield running_sandbox


@pytest.fixture
def li(sandbox: Sandbox) -> Story:
    """李想, insurance adviser."""
    return Story(sandbox, "lixiang")


@pytest.fixture
def zhou(sandbox: Sandbox) -> Story:
    """周敏, bank adviser."""
    return Story(sandbox, "zhoumin")


@pytest.fixture
def wang(sandbox: Sandbox) -> Story:
    """王珂, manager of both."""
    return Story(sandbox, "wangke")
