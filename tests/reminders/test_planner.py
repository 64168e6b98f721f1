from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from config.pack import Condition
from reminders import planner
from storage import audit
from storage.database import Database, UnitOfWork
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from storage.model.ids import new_id
from storage.model.people import Actor, Client
from storage.tables import contracts, instalments, reminders
from tests.builders import Cast, a_client, a_deposit, a_loan, a_policy
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def plan(uow: UnitOfWork, first: date = TODAY, last: date = TODAY) -> planner.Planned:
    return planner.plan(uow, first, last, ZONE)


def state_of(uow: UnitOfWork, contract: Contract) -> str:
    return str(uow.conn.execute(select(contracts.c.state).where(contracts.c.id == contract.id)).scalar_one())


def open_count(uow: UnitOfWork) -> int:
    return uow.conn.execute(
        select(func.count()).select_from(reminders).where(reminders.c.state == "open")
    ).scalar_one()


class TestPlanning:
    def test_running_the_planner_twice_reminds_once(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, birthday=date(1985, 6, 9)), ends_on=on(7), due_on=[on(0)])
            first, second = plan(uow), plan(uow)
        assert first.counts == {"policy_renewal": 1, "premium_due": 1, "birthday": 1}
        assert (first.total, second.total) == (3, 0)

    def test_what_was_finished_does_not_come_back_when_the_day_is_planned_again(
        self, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            plan(uow)
            uow.reminders.finish(uow.reminders.open_until("lixiang", uow.now)[0], "done")
            assert plan(uow).total == 0
            assert open_count(uow) == 0

    def test_missed_days_show_one_line_for_each_matter(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_loan(uow, a_client(uow), due_on=[on(-1)], ends_on=on(900))
            assert plan(uow, on(-10), on(0)).counts == {"loan_repayment": 3, "loan_overdue": 1}
            (shown,) = uow.reminders.open_until("lixiang", uow.now)
            assert (shown.rule, shown.offset_days) == ("loan_overdue", 1)

    def test_finishing_the_shown_step_finishes_the_earlier_ones(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), due_on=[on(-53)], ends_on=on(900))
            plan(uow, on(-60), on(0))
            (shown,) = uow.reminders.open_until("lixiang", uow.now)
            assert shown.rule == "premium_before_lapse"
            uow.reminders.finish(shown, "done")
            assert open_count(uow) == 0

    def test_a_document_and_a_risk_class_of_one_client_are_two_matters(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, id_expires_on=on(0), risk_class_expires_on=on(0))
            plan(uow)
            shown = uow.reminders.open_until("lixiang", uow.now)
            assert {r.rule for r in shown} == {"id_document_expiry", "risk_class_expiry"}
            uow.reminders.finish(shown[0], "done")
            assert open_count(uow) == 1

    def test_a_bad_rule_does_not_silence_the_others(self, system: System, cast: Cast) -> None:
        wrong = Condition.model_validate({"field": "instalment.amount", "op": ">=", "value": 1})
        with system() as uow:
            rules = [
                rule.model_copy(update={"where": (wrong,)}) if rule.id == "deposit_maturity" else rule
                for rule in uow.packs.rules
            ]
            uow.dictionary = Dictionary(replace(uow.packs, rules=tuple(rules)))
            a_deposit(uow, a_client(uow), ends_on=on(7))
            a_policy(uow, a_client(uow), ends_on=on(7))
            assert plan(uow).counts == {"policy_renewal": 1}
            assert planner.settle(uow, ZONE) == 0


class TestSettling:
    @pytest.mark.parametrize("cause", ["paid", "moved", "ended"])
    def test_a_reminder_whose_cause_is_gone_is_cancelled(self, system: System, cast: Cast, cause: str) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[on(0)], ends_on=on(60) if cause == "moved" else on(90))
            assert plan(uow).total == (2 if cause == "moved" else 1)
            if cause == "paid":
                uow.contracts.pay(uow.contracts.instalments([policy.id])[0], TODAY)
            elif cause == "moved":
                uow.contracts.update(policy, ends_on=on(70))
            else:
                uow.contracts.update(policy, state="surrendered")
            assert planner.settle(uow, ZONE) == 1
            cancelled = uow.conn.execute(select(reminders).where(reminders.c.state == "cancelled")).one()
            assert (cancelled.cause, cancelled.done_by) == ("原因已消失", "system")
            assert planner.settle(uow, ZONE) == 0

    def test_what_still_stands_and_what_people_set_is_left_alone(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, birthday=date(1985, 6, 9), next_follow_up_on=TODAY, id_expires_on=TODAY)
            a_policy(uow, client, ends_on=on(7), due_on=[on(-10)])
            uow.reminders.add(
                receiver_id="lixiang", remind_at=uow.now, due_on=TODAY, category="task", text="打印资料"
            )
            plan(uow)
            before = open_count(uow)
            assert planner.settle(uow, ZONE) == 0
            assert open_count(uow) == before == 6

    def test_a_birthday_is_let_go_after_a_week(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            a_client(uow, birthday=date(1985, 6, 9))
            plan(uow)
        clock.advance(timedelta(days=6))
        with system() as uow:
            assert planner.settle(uow, ZONE) == 0
        clock.advance(timedelta(days=1))
        with system() as uow:
            assert planner.settle(uow, ZONE) == 1

    def test_reminders_follow_a_client_to_a_new_adviser(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, birthday=date(1985, 6, 9))
            plan(uow)
            uow.clients.hand_over(client, "chenmo")
            planner.settle(uow, ZONE)
            assert uow.reminders.open_until("lixiang", uow.now) == []
            (moved,) = uow.reminders.open_until("chenmo", uow.now)
            assert moved.owner_id == "chenmo"

    def test_one_that_was_handed_to_a_colleague_stays_with_him(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, birthday=date(1985, 6, 9))
            plan(uow)
            uow.reminders.hand_over(uow.reminders.open_until("lixiang", uow.now)[0], "wangke")
            uow.clients.hand_over(client, "chenmo")
            planner.settle(uow, ZONE)
            assert [r.receiver_id for r in uow.reminders.of_client(client.id)] == ["wangke"]


class TestStates:
    def test_a_policy_goes_from_grace_to_suspension(self, system: System, cast: Cast) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[on(0)], grace_days=60)
            seen = [state_of(uow, policy)]
            for day in (on(0), on(1), on(60), on(61)):
                planner.roll_states(uow, day)
                seen.append(state_of(uow, policy))
        assert seen == ["active", "active", "grace", "grace", "suspended"]

    def test_a_stretch_of_missed_days_ends_in_the_same_state(self, system: System, cast: Cast) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[on(-100)])
            assert planner.roll_states(uow, TODAY) == 1
            assert state_of(uow, policy) == "suspended"
            assert planner.roll_states(uow, TODAY) == 0

    def test_a_loan_becomes_overdue(self, system: System, cast: Cast) -> None:
        with system() as uow:
            loan = a_loan(uow, a_client(uow), due_on=[on(-1), on(29)])
            planner.roll_states(uow, TODAY)
            assert state_of(uow, loan) == "overdue"

    def test_each_move_is_audited_with_both_states(self, system: System, cast: Cast, database: Database) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[on(-5)])
            planner.roll_states(uow, TODAY)
        with system() as uow:
            entries = audit.entries_about(uow.conn, policy.client_id)
        assert entries[0].detail == {"fields": [["state", "状态", "有效", "宽限期"]]}
        assert (entries[0].actor, entries[0].object_id) == ("system", str(policy.id))

    def test_a_manager_reads_the_moved_contract_at_its_new_version(
        self, system: System, cast: Cast, database: Database, clock: MovableClock
    ) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[on(-5)])
            planner.roll_states(uow, TODAY)
        with database.transaction(Actor.of(cast.wangke), clock.now()) as uow:
            assert uow.contracts.get(policy.id).version == policy.version + 1


def test_the_cost_of_a_plan_grows_with_what_is_due(sqlite_database: Database, clock: MovableClock) -> None:
    """Ten times the contracts with nothing due among them: hardly more steps of SQLite's machine."""
    steps = []
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        client = a_client(uow)
    for size in (300, 3000):
        with sqlite_database.system(clock.now()) as uow:
            add_contracts_due_later(uow, client, size)
        with sqlite_database.system(clock.now()) as uow:
            steps.append(steps_of_planning(uow))
    assert steps[1] <= 1.5 * steps[0], steps


def add_contracts_due_later(uow: UnitOfWork, client: Client, count: int) -> None:
    stamps = {"created_at": uow.now, "created_by": "x", "updated_at": uow.now, "updated_by": "x", "version": 1}
    common = {"client_id": client.id, "owner_id": client.owner_id}
    ids = [new_id() for _ in range(count)]
    later = [on(100 + n % 900) for n in range(count)]
    uow.conn.execute(contracts.insert(), [
        {"id": i, "kind": "policy", "state": "active", "product_name": "", "currency": "CNY", "ends_on": day,
         "attrs": {}, **common, **stamps}
        for i, day in zip(ids, later, strict=True)
    ])  # fmt: skip
    uow.conn.execute(instalments.insert(), [
        {"id": i, "contract_id": i, "number": 1, "due_on": day, "amount": 1, "state": "due", **common}
        for i, day in zip(ids, later, strict=True)
    ])  # fmt: skip


def steps_of_planning(uow: UnitOfWork) -> int:
    driver: Any = uow.conn.connection.driver_connection
    steps = count()
    driver.set_progress_handler(lambda: next(steps) < 0, 10)
    plan(uow)
    driver.set_progress_handler(None, 0)
    return next(steps)
