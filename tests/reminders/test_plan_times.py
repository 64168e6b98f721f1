"""When a plan is made, and over which days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select

from config.pack import ReminderRule
from reminders import planning
from reminders.rules import compile_rule
from storage.database import Database, UnitOfWork
from storage.model.errors import Unavailable
from storage.tables import job_runs
from tests.builders import Cast, a_client, a_policy
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, NewFirm


def goes_away_after(rules: int) -> Callable[..., Any]:
    """`compile_rule` on a database that is lost after so many rules."""
    left = iter(range(rules))

    def compile_or_lose(*args: Any, **more: Any) -> Any:
        if next(left, None) is None:
            raise Unavailable("locked")
        return compile_rule(*args, **more)

    return compile_or_lose


def runs_of(uow: UnitOfWork) -> dict[str, datetime]:
    """The jobs of the plan of the 9th and when each was done."""
    query = select(job_runs).where(job_runs.c.slot == "2025-06-09", job_runs.c.job.startswith("plan"))
    return {row.job: row.ran_at for row in uow.conn.execute(query)}


class TestPlanning:
    async def test_what_was_entered_after_the_plan_is_found_the_next_morning(
        self, firm: Firm, system: System
    ) -> None:
        await firm.at("09 07:50")
        with system() as uow:
            a_policy(uow, a_client(uow, "陈静"), ends_on=date(2025, 6, 16))
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 2 件"]

    @pytest.mark.parametrize(("many", "heard"), [(0, True), (1, False)])
    async def test_after_a_big_plan_postgresql_hears_how_full_the_table_is(
        self, new_firm: NewFirm, system: System, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch,
        many: int, heard: bool,
    ) -> None:
        monkeypatch.setattr(planning, "MANY", many)
        statements: list[str] = []
        listener = (database.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=date(2025, 6, 16))
        event.listen(*listener)
        await new_firm().at("09 07:50")
        event.remove(*listener)
        assert ("ANALYZE reminders" in statements) == (heard and database.is_postgres)

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
        with monkeypatch.context() as patched:
            patched.setattr("reminders.planner.compile_rule", goes_away_after(0))
            with pytest.raises(Unavailable):
                await firm.at("09 08:30")
        await firm.at("09 08:31")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_a_plan_that_was_cut_off_goes_on_where_it_was(
        self, firm: Firm, new_firm: NewFirm, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("reminders.planner.compile_rule", goes_away_after(5))
            with pytest.raises(Unavailable):
                await firm.at("09 08:30")
        with system() as uow:
            before = runs_of(uow)
        await new_firm().at("09 08:31")
        with system() as uow:
            after = runs_of(uow)
        assert "plan" not in before
        assert "plan" in after
        assert {job: after[job] for job in before} == before
        assert len(after) > len(before)

    async def test_others_come_in_between_the_pieces_of_a_plan(
        self, firm: Firm, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On SQLite all work waits for one thread, callbacks among it: a plan must not keep it for long."""
        order: list[str] = []
        compiled = compile_rule

        def watched(rule: ReminderRule, *args: Any, **more: Any) -> Any:
            order.append(rule.id)
            return compiled(rule, *args, **more)

        monkeypatch.setattr("reminders.planner.compile_rule", watched)
        plan = asyncio.create_task(firm.at("09 08:30"))
        while not order:
            await asyncio.sleep(0)
        await database.run(lambda: order.append("callback"))
        await plan
        assert order.index("callback") < len(order) - 5
