"""Processes that are killed and started again, the socket they share, and the WeCom that watches them.

The parent holds the listening socket, as systemd does: while a process is down, connections wait."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession

from bot.sandbox.corp import Corp
from tests.service.waiting import until

CORP = Corp.sandbox()
PYTHON, ROOT = sys.executable, Path(__file__).parents[2]
SERVING = "service.started"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child process that can be killed without goodbye and started again."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path, inherited: int | None = None) -> None:
        self._arguments, self._log, self._inherited = arguments, log, inherited
        self._environment = {**environment, "PYTHONPATH": str(ROOT)}
        self.pid = 0
        self._said_before = 0

    def start(self) -> None:
        output = (os.POSIX_SPAWN_OPEN, 1, str(self._log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        actions: list[tuple[Any, ...]] = [output, (os.POSIX_SPAWN_DUP2, 1, 2)]
        if self._inherited is not None:
            actions.append((os.POSIX_SPAWN_DUP2, self._inherited, 3))
        self._log.touch()
        self._said_before = self._log.read_text().count(SERVING)
        self.pid = os.posix_spawn(PYTHON, [PYTHON, *self._arguments], self._environment, file_actions=actions)

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.pid = 0

    async def serves(self, within: float = 60.0) -> None:
        """Wait until it says that it serves."""

        async def says_so() -> bool:
            self.assert_running()
            return self._log.read_text().count(SERVING) > self._said_before

        await until(says_so, within)

    async def stop(self, within: float = 20.0) -> int:
        """SIGTERM; the exit status. Raises TimeoutError when it does not end."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.ended(within)

    async def ended(self, within: float) -> int:
        """Wait for its end; the exit status."""
        statuses: list[int] = []

        async def has_ended() -> bool:
            statuses.extend(status for status in [self._status()] if status is not None)
            return bool(statuses)

        await until(has_ended, within)
        return statuses[0]

    def assert_running(self) -> None:
        """That it did not end by itself."""
        status = self._status()
        assert status is None, f"ended by itself with {status}: {self._log.read_text()[-2000:]}"

    def _status(self) -> int | None:
        """The exit status; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return None
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def end(self) -> None:
        """At the end of a test, whatever happened."""
        if self.pid:
            self.kill()


class Watcher:
    """The standalone fake WeCom, steered and questioned over HTTP."""

    def __init__(self, session: ClientSession, folder: Path, members: list[str], callback: str) -> None:
        port = free_port()
        self.api = f"http://127.0.0.1:{port}"
        self._session = session
        arguments = ["-m", "bot.sandbox.fake_wecom", "--listen", f"127.0.0.1:{port}", "--callback", callback]
        # More patient than WeCom: on a busy machine a start takes its time, and that is not what is tested.
        arguments += ["--pause", "0.5", "--tries", "8"]
        for member in members:
            arguments += ["--member", f"{member}:{member}"]
        self.process = Process(arguments, dict(os.environ), folder / "wecom.log")

    async def start(self) -> None:
        self.process.start()

        async def answers() -> bool:
            try:
                await self.seen()
            except ClientConnectionError:
                return False
            return True

        await until(answers, within=30)

    async def steer(self, name: str, body: dict[str, Any]) -> None:
        async with self._session.post(f"{self.api}/fake/{name}", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def seen(self) -> dict[str, Any]:
        async with self._session.get(f"{self.api}/fake/seen") as answer:
            found: dict[str, Any] = await answer.json()
            return found


@dataclass
class Fleet:
    """One or several processes of the product on one listening socket, over one database."""

    folder: Path
    environment: Mapping[str, str]
    size: int
    chance: random.Random
    kills: int = 0
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._killed = asyncio.Condition()
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        environment = {**self.environment, "LISTEN_FDS": "1"}
        self.processes = [
            Process(["-m", "bot", "serve"], environment, self.folder / f"serve{n}.log", self.socket.fileno())
            for n in range(self.size)
        ]  # fmt: skip

    def start(self) -> None:
        for process in self.processes:
            process.start()

    async def kill_at_random(self, times: int, pause: tuple[float, float]) -> None:
        """kill -9 one of the processes, at moments that nobody chose; start it again at once.

        One time in six it dies while it is starting, else some time after it began to serve."""
        for _ in range(times):
            victim = self.chance.choice(self.processes)
            if self.chance.random() > 1 / 6:
                await victim.serves()
            await asyncio.sleep(self.chance.uniform(*pause))
            victim.assert_running()
            victim.kill()
            victim.start()
            async with self._killed:
                self.kills += 1
                self._killed.notify_all()

    async def was_killed(self, times: int) -> None:
        """Wait for so many kills."""
        async with self._killed:
            await self._killed.wait_for(lambda: self.kills >= times)

    async def serves(self) -> None:
        await asyncio.gather(*(process.serves() for process in self.processes))

    def assert_running(self) -> None:
        for process in self.processes:
            process.assert_running()

    async def stop(self) -> list[int]:
        """SIGTERM to all; their exit statuses."""
        return list(await asyncio.gather(*(process.stop() for process in self.processes)))

    def end(self) -> None:
        for process in self.processes:
            process.end()
        self.socket.close()

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("serve*.log")))


def serve_environment(folder: Path, database_url: str, keys: Path, wecom_api: str, redis_url: str = "") -> dict[str, str]:
    """What `python -m bot serve` is told, and nothing of this machine's own BOT_ variables."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {
        **own, "BOT_DATA_DIR": str(folder), "BOT_DATABASE_URL": database_url, "BOT_KEYS_FILE": str(keys),
        "BOT_CORP_ID": CORP.corp_id, "BOT_AGENT_ID": str(CORP.agent_id), "BOT_AGENT_SECRET": CORP.secret,
        "BOT_CALLBACK_TOKEN": CORP.token, "BOT_CALLBACK_AES_KEY": CORP.aes_key, "BOT_WECOM_API": wecom_api,
        "BOT_REDIS_URL": redis_url, "BOT_LOG_LEVEL": "INFO",
    }  # fmt: skip


