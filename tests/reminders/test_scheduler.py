"""The clock that says look now."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.scheduler import Scheduler
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, Firm, add_timed, at


class TestTheClock:
    async def test_ticks_at_once_and_wakes_delivery(self, firm: Firm, clock: MovableClock) -> None:
        clock.move_to(at("09 08:30"))
        woken = asyncio.Event()
        scheduler = Scheduler(firm.jobs, clock, on_queued=woken.set)
        scheduler.start()
        async with asyncio.timeout(30):
            await woken.wait()
        scheduler.stop()
        await firm.delivery.drain()
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_goes_on_ticking_after_a_fault(
        self, firm: Firm, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock.move_to(at("09 08:30"))
        faults = iter([Unavailable("locked"), RuntimeError("a bug")])
        really = firm.jobs.tick

        async def tick(now: datetime) -> int:
            if fault := next(faults, None):
                raise fault
            return await really(now)

        monkeypatch.setattr(firm.jobs, "tick", tick)
        woken = asyncio.Event()
        scheduler = Scheduler(firm.jobs, clock, on_queued=woken.set, every=0.05)
        scheduler.start()
        async with asyncio.timeout(30):
            await woken.wait()
        scheduler.stop()

    async def test_a_tick_on_demand_waits_for_the_one_under_way(self, firm: Firm, clock: MovableClock) -> None:
        clock.move_to(at("09 08:30"))
        scheduler = Scheduler(firm.jobs, clock, on_queued=lambda: None)
        assert sorted(await asyncio.gather(*(scheduler.tick() for _ in range(3)))) == [0, 0, 1]

    async def test_reminders_for_a_clock_time_come_between_the_pieces_of_a_long_plan_and_all_is_done_in_the_end(
        self, firm: Firm, clock: MovableClock, database: Database, system: System
    ) -> None:
        with system() as uow:
            add_timed(uow, "09 08:31")
        jobs = Jobs(database, Post(1000002), ZONE, at_once=0.0)
        clock.move_to(at("09 08:31"))
        assert await jobs.tick(clock.now()) == 1
        await firm.delivery.drain()
        assert firm.titles() == ["提醒：给客户回电话"]
        assert jobs.is_behind
        jobs = Jobs(database, Post(1000002), ZONE, at_once=0.2)
        await Scheduler(jobs, clock, on_queued=lambda: None).tick()
        await firm.delivery.drain()
        assert not jobs.is_behind
        assert "早上好，今日 2 件" in firm.titles()
