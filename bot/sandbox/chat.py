"""The terminal twin of the sandbox page: type, or play a script, and read what the bot answers.

Script lines are said as they are; `# …` is a comment; `> next`, `> +1h`, `> 2025-06-09T08:30` move the clock;
`> tap 文字` taps the button with these words on the latest card; `> as USER` goes on as somebody else."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.sandbox import demo
from bot.sandbox.chats import Seen, buttons_of
from bot.sandbox.run import Sandbox, running
from bot.wecom.pacing import PER_MINUTE
from config.settings import Settings

QUIET_FOR = 0.15
PATIENCE = 5.0
ORDERS = "> 后面可以写 next、+1h、2025-06-09T08:30、tap 按钮文字、as 成员账号。"
_HOURS = re.compile(r"\+([0-9]{1,5})h")


class UnknownPersona(Exception):
    """No such member in the demo firm."""


class ScriptFailed(Exception):
    """A line of the script could not be done; names it and says why, in Chinese."""


class _CannotObey(Exception):
    """An order after `>` that cannot be done; says why, in Chinese."""


async def talk(
    settings: Settings, user: str, at: datetime | None, script: list[str] | None, source: TextIO, out: TextIO
) -> None:
    """Chat as `user` in a sandbox of its own until the script or the input ends.

    A script is a test: its first line that cannot be done ends it. Who types is told, and goes on. Raises
    UnknownPersona and ScriptFailed."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = settings.model_copy(update={"data_dir": Path(folder), "listen": "127.0.0.1:0"})
        _check(user)
        async with running(quiet, at=at) as sandbox:
            await sandbox.app.scheduler.tick()  # the day is planned before it is talked about
            chat = Chat(sandbox, user, out)
            for number, line in _lines(script if script is not None else source):
                try:
                    await chat.do(line)
                except _CannotObey as error:
                    if script is not None:
                        raise ScriptFailed(f"脚本第 {number} 行「{line}」没有做成：{error}") from error
                    out.write(f"（{error}）\n")


def _check(user: str) -> None:
    known = {p.id: p.name for p in demo.PERSONAS}
    if user not in known:
        listed = "、".join(f"{i}（{n}）" for i, n in known.items())
        raise UnknownPersona(f"没有成员「{user}」，可选：{listed}。")


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """What is to be said or done, with its line number."""
    for number, line in enumerate(lines, 1):
        if (text := line.strip()) and not text.startswith("#"):
            yield number, text


class Chat:
    """One person's chat, printed line by line."""

    def __init__(self, sandbox: Sandbox, user: str, out: TextIO) -> None:
        self._sandbox, self._user, self._out = sandbox, user, out

    async def do(self, line: str) -> None:
        """Say a line, or obey one that starts with `>`. Raises _CannotObey."""
        before = len(self._sandbox.fake.seen)
        self._print(f"{self._user}> {line}")
        if line.startswith(">"):
            await self._obey(line[1:].strip())
        else:
            await self._sandbox.fake.say(self._user, line)
        await self._settle(before, expects=not line.startswith("> as"))
        await self._wait_for_room(before)
        for seen in self._sandbox.fake.seen[before:]:
            self._print(_told(seen, self._user))

    async def _obey(self, order: str) -> None:
        word, _, rest = order.partition(" ")
        if word == "as":
            try:
                _check(rest)
            except UnknownPersona as error:
                raise _CannotObey(error) from error
            self._user = rest
        elif word == "tap" and rest:
            await self._tap(rest)
        else:
            await self._move(order)

    async def _tap(self, words: str) -> None:
        for seen in reversed(self._sandbox.fake.seen_by(self._user)):
            for button in buttons_of(seen.body) if seen.kind == "template_card" else []:
                if words in button.get("text", ""):
                    try:
                        await self._sandbox.fake.tap(self._user, seen.message_id, button["key"])
                    except LookupError as error:
                        raise _CannotObey(error.args[0]) from error
                    return
        raise _CannotObey(f"没有写着「{words}」的按钮。")

    async def _move(self, order: str) -> None:
        clock, app = self._sandbox.clock, self._sandbox.app
        if order == "next":
            due = await app.database.run(lambda: app.jobs.next_event(clock.now()))
            if due:
                clock.move_to(due)
        else:
            clock.move_to(_instant(order, clock.now(), app.settings.zone))
        await app.scheduler.tick()
        app.delivery.notify()

    async def _settle(self, before: int, *, expects: bool) -> None:
        """Wait until the bot has said something and then been quiet for a moment."""
        loop = asyncio.get_running_loop()
        deadline, count, quiet_since = loop.time() + PATIENCE, before, loop.time()
        while loop.time() < deadline:
            await asyncio.sleep(0.02)
            now_seen = len(self._sandbox.fake.seen)
            if now_seen != count:
                count, quiet_since = now_seen, loop.time()
            elif (count > before or not expects) and loop.time() - quiet_since > QUIET_FOR:
                return

    async def _wait_for_room(self, before: int) -> None:
        """Who has had as many messages as WeCom lets through in a minute would sit before a silent screen: here the
        clock goes on to when there is room again, and that is said."""
        until = self._sandbox.feed.paced().get(self._user)
        if until is None or len(self._sandbox.fake.seen) > before:
            return
        at = datetime.fromisoformat(until)
        local = at.astimezone(self._sandbox.app.settings.zone)
        self._print(f"（一分钟最多 {PER_MINUTE} 条消息，已经发满；时钟拨到 {local:%H:%M:%S} 接着发。）")
        self._sandbox.clock.move_to(at)
        self._sandbox.app.delivery.notify()
        await self._settle(before, expects=True)

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


def _instant(order: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The time that an order names. Raises _CannotObey."""
    try:
        hours = _HOURS.fullmatch(order)
        at = now + timedelta(hours=int(hours[1])) if hours else datetime.fromisoformat(order)
    except ValueError as error:
        raise _CannotObey(f"「{order}」看不懂，{ORDERS}") from error
    if not 2000 <= at.year < 2100:
        raise _CannotObey(f"「{order}」不在 2000 年到 2099 年之间。")
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _told(seen: Seen, user: str) -> str:
    to = "" if seen.userid == user else f"→ {seen.userid} "
    return f"（机器人）{to}{seen.text}"
