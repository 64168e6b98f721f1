"""Goal 5, first half: from the start of `python -m bot serve` to the first answered callback.

With compiled .pyc files, as an installation has them (`make` compiles them once). Beside it, for the eye: a
process that only imports aiohttp and cryptography and answers the same check."""

from __future__ import annotations

import compileall
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.callback import empty_sqlite
from bench.children import ROOT, Child
from bench.service import Service, fake_wecom
from bench.table import Report

PACKAGES = ("bot", "handlers", "reminders", "storage", "config")


def run(rounds: int) -> Report:
    """Measure and report."""
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    report = Report("First callback after process start")
    seconds, cpu, bare = [], [], []
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        home = Path(folder)
        url, keys = empty_sqlite(home)
        with fake_wecom(home) as port:
            for number in range(rounds + 1):
                with Service(home, url, keys, port) as service:
                    took = service.wait_for_first_callback()
                    spent = service.cpu_seconds()
                if number:  # the first one may have to read the libraries from disk
                    seconds.append(took)
                    cpu.append(spent)
                    bare.append(_bare())
    report.figure(f"bot serve {_all(seconds)} s, of which CPU {_all(cpu)} s")
    report.figure(f"a bare aiohttp server {_all(bare)} s; the machine's load is {os.getloadavg()[0]:.1f}")
    report.at_most("first callback after start", median(seconds), 1.5, "s")
    return report


def _bare() -> float:
    started = time.perf_counter()
    with Child("bare"):
        return time.perf_counter() - started


def _all(seconds: Sequence[float]) -> str:
    return " ".join(f"{s:.2f}" for s in seconds)
