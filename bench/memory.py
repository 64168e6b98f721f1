"""Goal 5, second half: resident memory of `python -m bot serve` with 100,000 clients in one adviser's book.

After look-ups of every form (name, part of a name, pinyin, initials, phone tail, lists, details); all were
answered, that is: handled without fault and sent to a fake WeCom or waiting for its limits."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from pathlib import Path

from bench.book import SOUGHT, fill
from bench.callback import empty_sqlite
from bench.load import saturate
from bench.messages import Mailbag, senders
from bench.product import open_database
from bench.service import Service, fake_wecom
from bench.table import Report

CLIENTS = 100_000
SAYS = (
    f"查 {SOUGHT}", "查 王", "查 wangfang", "wf", "尾号 0001", "她的保单", f"{SOUGHT} 详情", f"{SOUGHT} 时间线",
    "我的客户", "更多", "今日待办", "30天内到期", "本周生日", "帮助",
)  # fmt: skip
ANSWERED_WITHIN = 60.0
MB = 1024 * 1024


def run(rounds: int) -> Report:
    """Measure and report; `rounds` times all look-ups."""
    report = Report(f"Memory with {CLIENTS:,} clients in the book")
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        home = Path(folder)
        url, keys = empty_sqlite(home)
        database = open_database(url, keys)
        fill(database, senders(1), CLIENTS)
        database.close()
        with fake_wecom(home) as port, Service(home, url, keys, port) as service:
            service.wait_for_first_callback()
            fresh = service.rss()
            for number in range(1, rounds + 1):
                _say_everything(service, len(SAYS) * number)
            report.figure(f"fresh {fresh / MB:.0f} MB, after {len(SAYS) * rounds} look-ups {service.rss() / MB:.0f} MB")
            report.at_most("resident after look-ups", service.rss() / MB, 150, "MB")
    return report


def _say_everything(service: Service, handled: int) -> None:
    """One round of look-ups; returns when `handled` messages in all have been."""
    bag = Mailbag()
    for text in SAYS:
        asyncio.run(saturate(service.port, [bag.post("adviser000", text)], in_flight=1))
    until = time.monotonic() + ANSWERED_WITHIN
    while (done := _handled(service)) < handled:
        if time.monotonic() > until:
            raise AssertionError(f"{done} of {handled} messages handled: {_messages(service)}")
        time.sleep(0.05)


def _handled(service: Service) -> int:
    """Messages that were answered; a user's mistake is an answer too, a fault of ours is not."""
    return sum(int(count) for outcome, count in _messages(service) if outcome in ("handled", "user-error"))


def _messages(service: Service) -> list[tuple[str, str]]:
    return re.findall(r'bot_messages_total\{outcome="([a-z-]+)"\} (\d+)', service.get("/metrics"))
