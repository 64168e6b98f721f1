"""Servers under test: each in a process of its own, on one core, ended with the bench whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

ROOT = Path(__file__).resolve().parent.parent
READY = "ready "
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
_OWN_CORE = "BENCH_CORE"  # tells a server, which begins on the driver's cores, where it belongs


class DidNotStart(Exception):
    """A server under test ended before it was ready. Says which and why."""


class Child:
    """A server started as `python -m bench.serve NAME JSON`. Its standard input is its lease of life."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.serve", name, json.dumps(options)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | _own_core(),
        )
        self.port = self._wait_ready()

    def _wait_ready(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(READY):
                return int(line.removeprefix(READY))
        raise DidNotStart(f"{self.name} ended with status {self._process.wait()}")

    def cpu_seconds(self) -> float:
        """CPU time of the process and its children so far, user and system."""
        process = psutil.Process(self._process.pid)
        family = [process, *process.children(recursive=True)]
        return sum(sum(member.cpu_times()[:2]) for member in family)

    def rss(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _own_core() -> dict[str, str]:
    return {_OWN_CORE: str(_CORES[-1])} if len(_CORES) > 1 else {}


def serve_on_own_core() -> None:
    """Bind this process to the last core: all servers are compared on one core, and the driver has another."""
    if core := os.environ.get(_OWN_CORE):
        os.sched_setaffinity(0, {int(core)})


def drive_on_other_cores() -> None:
    """Keep the driver (and a PostgreSQL it starts) off the core of the servers."""
    if len(_CORES) > 1:
        os.sched_setaffinity(0, set(_CORES[:-1]))


def end_with_parent() -> None:
    """Leave when the bench closes our standard input or dies."""

    def watch() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def ready(port: int) -> None:
    """Tell the bench that the port answers."""
    sys.stdout.write(f"{READY}{port}\n")
    sys.stdout.flush()
