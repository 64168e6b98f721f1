"""When a plan is made, and over which days."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from storage.database import UnitOfWork
from storage.model.errors import Unavailable
from storage.tables import job_runs
from tests.builders import Cast, a_client, a_policy
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, NewFirm


class TestPlanning:
    async def test_what_was_entered_after_the_plan_is_found_the_next_morning(
        self, firm: Firm, system: System
    ) -> None:
        await firm.at("09 07:50")
        with system() as uow:
            a_policy(uow, a_client(uow, "陈静"), ends_on=date(2025, 6, 16))
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 2 件"]

    async def test_a_new_installation_shows_what_came_due_in_the_week_before(
        self, new_firm: NewFirm, cast: Cast, system: System
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=date(2025, 6, 12))  # its 7-day step was on the 5th
        await new_firm().at("09 06:00")
        with system() as uow:
            assert [r.offset_days for r in uow.reminders.open_until("lixiang", uow.now)] == [-7]

    async def test_a_plan_is_done_once_a_day_by_whoever_comes_first(
        self, firm: Firm, new_firm: NewFirm, system: System
    ) -> None:
        await firm.at("09 07:49")
        await new_firm().at("09 07:50", "09 07:51")
        await firm.at("09 07:52")
        with system() as uow:
            plans = select(func.count()).where(job_runs.c.job == "plan", job_runs.c.slot == "2025-06-09")
            assert uow.conn.execute(plans).scalar_one() == 1

    async def test_a_premium_out_of_grace_suspends_the_policy(self, firm: Firm, system: System) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[date(2025, 4, 8)], grace_days=60)
        await firm.at("09 08:00")
        with system() as uow:
            assert uow.contracts.get(policy.id).state == "suspended"

    async def test_an_unavailable_database_leaves_the_day_for_the_next_tick(
        self, firm: Firm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(uow: UnitOfWork, *_: object) -> None:
            raise Unavailable("locked")

        with monkeypatch.context() as patched:
            patched.setattr("reminders.planner.plan", away)
            with pytest.raises(Unavailable):
                await firm.at("09 08:30")
        await firm.at("09 08:31")
        assert firm.titles() == ["早上好，今日 1 件"]
