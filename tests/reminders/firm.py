"""A firm for the tests of jobs: one process with its clock, and a sender that keeps what people see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.delivery import Delivery
from reminders.jobs import Jobs
from storage.database import UnitOfWork
from storage.model.clock import MovableClock
from tests.reminders.fake_sender import FakeSender

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """"09 08:30" is that day and hour of June 2025."""
    return datetime.strptime(f"2025-06-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@dataclass
class Firm:
    """The jobs of one process with a sender that keeps what people see."""

    jobs: Jobs
    delivery: Delivery
    sender: FakeSender
    clock: MovableClock

    async def at(self, *moments: str) -> int:
        """Move the clock to each moment, tick and deliver; how many messages were queued at the last."""
        queued = 0
        for moment in moments:
            self.clock.move_to(at(moment))
            queued = await self.jobs.tick(self.clock.now())
            await self.delivery.drain()
        return queued

    def titles(self, who: str = "lixiang") -> list[str]:
        return [card["main_title"]["title"] for card in self.sender.cards(who)]


NewFirm = Callable[[], Firm]


def add_timed(uow: UnitOfWork, when: str, text: str = "给客户回电话", receiver_id: str = "lixiang") -> int:
    moment = at(when)
    return uow.reminders.add(
        receiver_id=receiver_id, remind_at=moment, due_on=moment.date(), category="task", text=text
    ).id
