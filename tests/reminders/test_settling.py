"""What becomes of open reminders when the world moves on: cancelled, opened again, handed along.

The table of whole days is in test_changes_between_plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from reminders import planner
from reminders.rule_conditions import TABLES
from storage import audit
from storage.database import Database, UnitOfWork
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.tables import clients, reminders
from tests.builders import Cast, a_client, a_deposit, a_policy
from tests.reminders.conftest import System
from tests.reminders.test_planner import TODAY, ZONE, on, open_count, plan


class TestWhatHasNoCauseAnyMore:
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


class TestWhatHasItsCauseAgain:
    def a_cancelled_one(self, uow: UnitOfWork, due_on: date = TODAY, **changes: Any) -> int:
        """A document that expires on a day; its reminder was cancelled, though nothing is wrong with it."""
        a_client(uow, id_expires_on=due_on)
        plan(uow, due_on, due_on)
        found = uow.conn.execute(
            update(reminders)
            .values(**{"state": "cancelled", "cause": "原因已消失", "done_by": "system", "done_at": uow.now} | changes)
            .returning(reminders.c.id)
        )
        return int(found.scalar_one())

    def test_is_open_as_if_nothing_had_been(self, system: System, cast: Cast) -> None:
        with system() as uow:
            number = self.a_cancelled_one(uow)
            assert planner.settle(uow, ZONE) == 0
            row = uow.conn.execute(select(reminders).where(reminders.c.id == number)).one()
        assert (row.state, row.cause, row.done_by, row.done_at, row.version) == ("open", None, None, None, 2)

    def test_stays_closed_when_a_person_closed_it(self, system: System, cast: Cast) -> None:
        with system() as uow:
            self.a_cancelled_one(uow, cause=None)
            planner.settle(uow, ZONE)
            assert open_count(uow) == 0

    @pytest.mark.parametrize(("days_ago", "opened"), [(30, 1), (31, 0)])
    def test_stays_closed_when_its_day_is_long_past(
        self, system: System, cast: Cast, days_ago: int, opened: int
    ) -> None:
        with system() as uow:
            self.a_cancelled_one(uow, on(-days_ago))
            planner.settle(uow, ZONE)
            assert open_count(uow) == opened

    def test_an_early_step_of_a_day_to_come_is_of_use(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(20))
            plan(uow, on(-40), on(-40))
            uow.conn.execute(update(reminders).values(state="cancelled", cause="原因已消失"))
            planner.settle(uow, ZONE)
            assert [(r.rule, r.offset_days) for r in uow.reminders.open_until("lixiang", uow.now)] == [
                ("policy_renewal", -60)
            ]

    def test_a_silence_is_told_of_again_when_the_client_was_won_back(
        self, system: System, cast: Cast, clock: MovableClock
    ) -> None:
        def is_now(client: Client, stage: str) -> None:
            with system() as uow:
                uow.conn.execute(update(clients).where(clients.c.id == client.id).values(stage=stage))
                planner.settle(uow, ZONE)

        with system() as uow:
            client = a_client(uow, bank_tier="私行")
            uow.conn.execute(update(clients).values(last_contact_at=uow.now - timedelta(days=100)))
            assert plan(uow).counts == {"silent_client": 1}
        is_now(client, "lost")
        clock.advance(timedelta(days=90))
        is_now(client, "active")
        with system() as uow:
            assert plan(uow, on(90), on(90)).counts == {"silent_client": 1}


class TestWhoseRuleIsGone:
    def test_is_cancelled_and_what_people_set_is_left_alone(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, birthday=date(1985, 6, 9), id_expires_on=TODAY)
            uow.reminders.add(
                receiver_id="lixiang", remind_at=uow.now, due_on=TODAY, category="task", text="打印资料"
            )
            plan(uow)
            others = tuple(rule for rule in uow.packs.rules if rule.id != "birthday")
            uow.dictionary = Dictionary(replace(uow.packs, rules=others))
            assert planner.settle(uow, ZONE) == 1
            assert planner.settle(uow, ZONE) == 0
            left = {row.rule: (row.state, row.cause) for row in uow.conn.execute(select(reminders))}
        assert left == {
            "birthday": ("cancelled", "规则已停用"), "id_document_expiry": ("open", None), "manual": ("open", None),
        }  # fmt: skip


class TestTheTrail:
    def test_names_each_client_whose_reminder_was_cancelled_or_opened(self, system: System, cast: Cast) -> None:
        with system() as uow:
            moved, still = (a_client(uow, name, id_expires_on=TODAY) for name in ("王芳", "陈静"))
            plan(uow)
            uow.clients.update(moved, id_expires_on=on(500))
            planner.settle(uow, ZONE)
            uow.clients.update(uow.clients.get(moved.id), id_expires_on=TODAY)
            planner.settle(uow, ZONE)
        with system() as uow:
            noted = [(e.action, e.detail) for e in audit.entries_about(uow.conn, moved.id) if e.object_type == "reminder"]
            others = [e for e in audit.entries_about(uow.conn, still.id) if e.object_type == "reminder"]
        assert noted == [
            ("update", {"rule": "id_document_expiry", "fields": [["state", "状态", "已取消", "未完成"]]}),
            ("cancelled", {"rule": "id_document_expiry", "cause": "原因已消失"}),
        ]
        assert others == []


def test_a_rule_that_looks_at_another_kind_of_record_now_leaves_nothing_of_the_old_kind(system: System, cast: Cast) -> None:
    with system() as uow:
        a_deposit(uow, a_client(uow), ends_on=on(7))
        assert plan(uow).counts == {"deposit_maturity": 1}
        moved = uow.packs.rule("deposit_maturity").model_copy(update={"source": "instalment.due_on"})
        rules = tuple(moved if rule.id == moved.id else rule for rule in uow.packs.rules)
        uow.dictionary = Dictionary(replace(uow.packs, rules=rules))
        assert planner.settle(uow, ZONE) == 1


class TestAClientWhoChangesHands:
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


def test_on_sqlite_settling_goes_by_an_index(sqlite_database: Database, clock: MovableClock) -> None:
    row = {
        "rule": "gone", "category": "", "receiver_id": "", "owner_id": "", "due_on": TODAY, "remind_at": clock.now(),
        "created_at": clock.now(), "data": {},
    }  # fmt: skip
    with sqlite_database.system(clock.now()) as uow:
        uow.conn.execute(insert(reminders), [row | {"key": record, "object_type": record} for record in TABLES])
    seen: list[tuple[str, Any]] = []
    event.listen(
        sqlite_database.engine, "before_cursor_execute",
        lambda conn, cursor, statement, parameters, context, many: seen.append((statement, parameters)),
    )  # fmt: skip
    with sqlite_database.system(clock.now()) as uow:
        planner.settle(uow, ZONE)
        changes = [s for s in seen if s[0].startswith("UPDATE reminders")]
        for statement, parameters in changes:
            steps = [row[3] for row in uow.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            scanned = tuple(f"SCAN {table}" for table in ("reminders", "clients", "contracts", "instalments"))
            assert [step for step in steps if step.startswith(scanned)] == [], (statement, steps)
    assert len(changes) > 2 * 20
