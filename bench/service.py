"""`python -m bot serve` as an operator starts it: the real process, with a fake WeCom beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.children import ROOT, DidNotStart
from bench.load import HOST
from bench.messages import CORP, Mailbag

STARTS_WITHIN = 60.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])


class Service:
    """One running product."""

    def __init__(self, home: Path, url: str, keys: Path, wecom_port: int) -> None:
        self.port = free_port()
        self._started = time.perf_counter()
        with (home / "service.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=ROOT, stderr=log, stdout=log,
                env=self._environment(home, url, keys, wecom_port),
            )  # fmt: skip

    def _environment(self, home: Path, url: str, keys: Path, wecom_port: int) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        return own | {
            "BOT_DATA_DIR": str(home), "BOT_DATABASE_URL": url, "BOT_KEYS_FILE": str(keys),
            "BOT_CORP_ID": CORP.corp_id, "BOT_AGENT_ID": str(CORP.agent_id), "BOT_AGENT_SECRET": CORP.secret,
            "BOT_CALLBACK_TOKEN": CORP.token, "BOT_CALLBACK_AES_KEY": CORP.aes_key,
            "BOT_WECOM_API": f"http://{HOST}:{wecom_port}", "BOT_LISTEN": f"{HOST}:{self.port}",
        }  # fmt: skip

    def wait_for_first_callback(self) -> float:
        """Seconds from the start of the process to its first right answer to WeCom's URL check."""
        while time.perf_counter() - self._started < STARTS_WITHIN:
            if self._process.poll() is not None:
                raise DidNotStart(f"bot serve ended with status {self._process.returncode}")
            path, echo = Mailbag().check()
            if self.get(path) == echo:
                return time.perf_counter() - self._started
            time.sleep(0.005)
        raise DidNotStart("bot serve did not answer")

    def get(self, path: str) -> str:
        """The body of an answer, "" while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""

    def cpu_seconds(self) -> float:
        """CPU time so far."""
        return float(sum(psutil.Process(self._process.pid).cpu_times()[:2]))

    def rss(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def fake_wecom(home: Path) -> Iterator[int]:
    """A fake WeCom that takes the product's messages; its port."""
    port = free_port()
    arguments = [
        "--listen", f"{HOST}:{port}", "--corp-id", CORP.corp_id, "--agent-id", str(CORP.agent_id),
        "--secret", CORP.secret, "--token", CORP.token, "--aes-key", CORP.aes_key, "--member", "adviser000:顾问",
    ]  # fmt: skip
    with (home / "wecom.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.sandbox.fake_wecom", *arguments], cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(15)
