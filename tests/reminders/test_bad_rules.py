"""A rule that passed all checks and cannot work: it is named in the log, and every other rule goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from config.pack import Condition, Packs, ReminderRule
from reminders import planner
from reminders.preview import coming
from reminders.rule_faults import apart
from storage.database import Database, UnitOfWork
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from storage.tables import contracts, reminders
from tests.builders import Cast, a_client, a_contract, a_deposit, a_policy
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY, NEXT_WEEK = date(2025, 6, 9), date(2025, 6, 16)


def with_rule(packs: Packs, rule: ReminderRule) -> Packs:
    return replace(packs, rules=tuple(rule if r.id == rule.id else r for r in packs.rules))


def asking(packs: Packs, field: str, op: str, value: Any) -> Packs:
    """The rule of deposits with another condition."""
    condition = Condition.model_validate({"field": field, "op": op, "value": value})
    return with_rule(packs, packs.rule("deposit_maturity").model_copy(update={"where": (condition,)}))


def redeclared(packs: Packs, name: str, of_type: str) -> Packs:
    """An own field of contracts that is of another type from now on; what was entered stays as it is."""
    fields = [f.model_copy(update={"type": of_type}) if f.path == f"contract.{name}" else f for f in packs.fields]
    return replace(packs, fields=tuple(fields))


def a_day_that_is_none(packs: Packs) -> Packs:
    return asking(packs, "client.risk_class_expires_on", ">=", "2026/10/01")


def another_record(packs: Packs) -> Packs:
    return asking(packs, "instalment.amount", ">=", 1)


def text_as_a_date(packs: Packs) -> Packs:
    rule = packs.rule("deposit_maturity").model_copy(update={"source": "contract.branch"})
    return with_rule(redeclared(packs, "branch", "date"), rule)


def text_as_a_number(packs: Packs) -> Packs:
    return asking(redeclared(packs, "branch", "integer"), "contract.branch", ">=", 1)


FAULTS = [a_day_that_is_none, another_record, text_as_a_date, text_as_a_number]


def use(uow: UnitOfWork, packs: Packs) -> None:
    uow.dictionary = Dictionary(packs)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_other_rule_is_planned_and_settled(system: System, cast: Cast, fault: Any) -> None:
    with system() as uow:
        client = a_client(uow)
        a_deposit(uow, client, ends_on=NEXT_WEEK, branch="城东支行")
        policy = a_policy(uow, client, ends_on=NEXT_WEEK)
        use(uow, fault(uow.packs))
        assert planner.plan(uow, TODAY, TODAY, ZONE).counts.get("policy_renewal") == 1
        uow.conn.execute(update(contracts).where(contracts.c.id == policy.id).values(state="surrendered"))
        planner.settle(uow, ZONE)
        states = {row.rule: row.state for row in uow.conn.execute(select(reminders))}
    assert states["policy_renewal"] == "cancelled"


@pytest.mark.parametrize("fault", [a_day_that_is_none, another_record])
def test_its_name_is_in_the_log(system: System, cast: Cast, fault: Any) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow), ends_on=NEXT_WEEK)
        use(uow, fault(uow.packs))
        for work in (lambda: planner.plan(uow, TODAY, TODAY, ZONE), lambda: planner.settle(uow, ZONE)):
            with capture_logs() as logs:
                work()
            assert [(log["event"], log["rule"]) for log in logs] == [("rule.bad", "deposit_maturity")]


def test_the_log_does_not_quote_what_the_database_says_about_a_record(
    postgres_database: Database, clock: MovableClock
) -> None:
    with postgres_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        a_contract(uow, a_client(uow), "deposit", branch="王芳家楼下")
        use(uow, text_as_a_date(uow.packs))
        with capture_logs() as logs:
            planner.plan(uow, TODAY, TODAY, ZONE)
    assert [(log["rule"], log["reason"]) for log in logs] == [("deposit_maturity", "InvalidDatetimeFormat")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_look_at_a_day_to_come_shows_what_the_others_will_say(system: System, cast: Cast, fault: Any) -> None:
    with system() as uow:
        client = a_client(uow)
        a_deposit(uow, client, ends_on=NEXT_WEEK, branch="城东支行")
        a_policy(uow, client, ends_on=NEXT_WEEK)
        use(uow, fault(uow.packs))
        assert "renewal" in [found.category for found in coming(uow, cast.lixiang, TODAY, ZONE)]


def test_what_a_faulty_rule_did_is_taken_back_alone(system: System, cast: Cast) -> None:
    with system() as uow:
        a_client(uow, "先")
        with apart(uow, uow.packs.rules[0]):
            uow.conn.execute(text("UPDATE clients SET name = '后'"))
            raise ValueError("a bug in a rule")
    with system() as uow:
        assert uow.conn.execute(text("SELECT name FROM clients")).scalars().all() == ["先"]


class TestADatabaseThatIsAway:
    def test_a_lost_connection_stops_the_whole_plan(self, postgres_database: Database, clock: MovableClock) -> None:
        with pytest.raises(Unavailable):
            add_a_client_and_run(postgres_database, clock, "SELECT pg_terminate_backend(pg_backend_pid())")
        assert clients_in(postgres_database, clock) == 0

    def test_a_full_disk_stops_the_whole_plan(self, sqlite_database: Database, clock: MovableClock) -> None:
        with sqlite_database.engine.connect() as conn:
            pages = conn.execute(text("PRAGMA page_count")).scalar_one()
            conn.execute(text(f"PRAGMA max_page_count = {pages + 3}"))
        with pytest.raises(Unavailable):
            add_a_client_and_run(sqlite_database, clock, "UPDATE users SET name = hex(zeroblob(1000000))")
        assert clients_in(sqlite_database, clock) == 0


def add_a_client_and_run(database: Database, clock: MovableClock, statement: str) -> None:
    """The statement as if a rule had been compiled to it."""
    with database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        a_client(uow)
        with apart(uow, uow.packs.rules[0]):
            uow.conn.execute(text(statement))


def clients_in(database: Database, clock: MovableClock) -> int:
    with database.system(clock.now()) as uow:
        return int(uow.conn.execute(text("SELECT count(*) FROM clients")).scalar_one())
