"""Rules that look for events on accounts: once in a row of months, once a sum; on both kinds of database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from config.pack import ReminderRule
from reminders import planner
from reminders.forecast import forecast
from reminders.reasons import judge, matters
from reminders.trial import try_out
from storage.database import UnitOfWork
from storage.model.accounts import Account, Entry
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.tables import reminders
from tests.builders import Cast, a_client, a_rule, an_account, months_of
from tests.reminders.conftest import System
from tests.reminders.test_planner import TODAY, ZONE

RULE, OUTFLOW = "salary_surplus", "large_outflow"
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def plan(uow: UnitOfWork, day: date = TODAY, rule: str = RULE) -> int:
    """Settle and plan one day; how many reminders the rule made."""
    planner.settle(uow, ZONE)
    return planner.plan(uow, day, day, ZONE).counts.get(rule, 0)


def told(uow: UnitOfWork, rule: str = RULE) -> list[tuple[date, str]]:
    """(day of the event, state) of what the rule reminded of."""
    query = select(reminders.c.due_on, reminders.c.state).where(reminders.c.rule == rule).order_by(reminders.c.id)
    return [tuple(row) for row in uow.conn.execute(query)]


def months(uow: UnitOfWork, account: Account, **nets: int) -> None:
    """What is left of months, in thousands: jan=25, feb=3 of 2025."""
    months_of(uow, account, nets)


@pytest.fixture
def liu(system: System, cast: Cast) -> tuple[Client, Account]:
    """刘洋 with a salary account on which nothing has moved."""
    with system() as uow:
        client = a_client(uow, "刘洋")
        return client, an_account(uow, client)


class TestARowOfMonths:
    def test_three_full_months_are_told_on_the_day_after(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], feb=3, mar=21, apr=25, may=22)
            assert plan(uow, JUNE) == 1
            row: Any = uow.conn.execute(select(reminders).where(reminders.c.rule == RULE)).one()
        assert (row.object_type, row.object_id, row.client_id) == ("account", liu[1].id, liu[0].id)
        assert (row.due_on, row.offset_days, row.receiver_id, row.category) == (JUNE, 0, "lixiang", "event")
        assert row.key == f"{RULE}:{liu[1].id}:2025-06-01:0:lixiang"

    def test_it_is_told_once_however_often_it_is_planned(
        self, system: System, liu: tuple[Client, Account], clock: MovableClock
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
        made = []
        for _ in range(20):
            with system() as uow:
                made.append(plan(uow, TODAY + (clock.now().date() - TODAY)))
            clock.advance(timedelta(days=1))
        assert made == [1] + [0] * 19

    def test_a_row_that_goes_on_is_told_once_and_one_that_came_again_twice(
        self, system: System, liu: tuple[Client, Account], clock: MovableClock
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            assert plan(uow) == 1
            months(uow, liu[1], jun=30)
        clock.advance(timedelta(days=25))
        with system() as uow:
            assert plan(uow, date(2025, 7, 4)) == 0  # the fourth month running
            months(uow, liu[1], jul=5, aug=30, sep=30, oct=30)
        clock.advance(timedelta(days=122))
        with system() as uow:
            assert plan(uow, date(2025, 11, 3)) == 1
            assert [day for day, _ in told(uow)] == [JUNE, date(2025, 11, 1)]

    @pytest.mark.parametrize("nets", [
        {"mar": 20, "apr": 25, "may": 22},  # exactly the threshold is not over it
        {"mar": 21, "may": 22},  # nothing moved in April
        {"apr": 25, "may": 22},
        {"mar": 21, "apr": -4, "may": 90},
        {"jan": 30, "feb": 30, "mar": 30},  # full long ago
    ])  # fmt: skip
    def test_what_is_no_fresh_row_of_three_is_not_told(
        self, system: System, liu: tuple[Client, Account], nets: dict[str, int]
    ) -> None:
        with system() as uow:
            months_of(uow, liu[1], nets)
            assert plan(uow) == 0

    def test_what_the_bank_tells_late_is_told_on_the_day_it_is_known(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25)
            assert plan(uow, JUNE) == 0
            months(uow, liu[1], may=22)
            assert plan(uow, date(2025, 6, 4)) == 1
            row: Any = uow.conn.execute(select(reminders).where(reminders.c.rule == RULE)).one()
        assert (row.due_on, row.remind_at.astimezone(ZONE).date()) == (JUNE, date(2025, 6, 4))

    def test_a_month_that_is_still_running_does_not_count(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], apr=25, may=22, jun=40)
            assert plan(uow) == 0

    @pytest.mark.parametrize("what", [
        {"kind": "savings"}, {"state": "closed"}, {"currency": "USD"},
    ])  # fmt: skip
    def test_only_salary_accounts_in_use_and_in_yuan_count(
        self, system: System, liu: tuple[Client, Account], what: dict[str, str]
    ) -> None:
        with system() as uow:
            months(uow, an_account(uow, liu[0], **what), mar=21, apr=25, may=22)
            assert plan(uow) == 0

    @pytest.mark.parametrize("what", [{"contact_limit": "restricted"}, {"contact_limit": "deceased"}, {"stage": "lost"}])
    def test_who_is_not_to_be_called_is_left_alone(
        self, system: System, liu: tuple[Client, Account], what: dict[str, str]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            reason = {"loss_reason": "失去联系"} if "stage" in what else {}
            uow.clients.update(uow.clients.get(liu[0].id), **what, **reason)
            assert plan(uow) == 0

    def test_a_correction_takes_the_reminder_back_and_another_brings_it_again(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            plan(uow)
            uow.accounts.enter(liu[1], [Entry(date(2025, 5, 30), Decimal(-9000), "other", "back")])
            planner.settle(uow, ZONE)
            assert told(uow) == [(JUNE, "cancelled")]
            uow.accounts.enter(liu[1], [Entry(date(2025, 5, 30), Decimal(9000), "other", "again")])
            planner.settle(uow, ZONE)
            assert told(uow) == [(JUNE, "open")]

    def test_an_entry_that_is_put_right_takes_the_reminder_back(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25)
            uow.accounts.enter(liu[1], [Entry(date(2025, 5, 5), Decimal(22_000), "salary", "may")])
            assert plan(uow) == 1
            uow.accounts.enter(liu[1], [Entry(date(2025, 5, 5), Decimal(2_200), "salary", "may")])
            planner.settle(uow, ZONE)
            assert told(uow) == [(JUNE, "cancelled")]

    def test_a_row_that_proves_to_have_begun_earlier_stands(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], feb=15, mar=21, apr=25, may=22)
            plan(uow)
            uow.accounts.enter(liu[1], [Entry(date(2025, 2, 27), Decimal(9000), "salary", "told late")])
            planner.settle(uow, ZONE)
            assert told(uow) == [(JUNE, "open")]
            assert plan(uow) == 0

    def test_what_lies_open_when_the_row_goes_on_stays_open(
        self, system: System, liu: tuple[Client, Account], clock: MovableClock
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            plan(uow)
            months(uow, liu[1], jun=1)
        clock.advance(timedelta(days=40))
        with system() as uow:
            planner.settle(uow, ZONE)
            assert told(uow) == [(JUNE, "open")]

    def test_a_client_who_is_handed_over_takes_it_along(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            plan(uow)
            uow.clients.hand_over(uow.clients.get(liu[0].id), "chenmo")
            assert plan(uow) == 0
            row: Any = uow.conn.execute(select(reminders).where(reminders.c.rule == RULE)).one()
        assert row.receiver_id == "chenmo"

    def test_the_number_of_months_and_the_sum_are_the_rule_s(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], apr=60, may=51)
            assert [len(hits(uow, over=over, months=months_)) for over, months_ in ((50000, 2), (50000, 3), (51000, 2))] == [
                1, 0, 0,
            ]


def hits(uow: UnitOfWork, **event: int) -> Sequence[Any]:
    rule = ReminderRule.model_validate({
        "id": "ops_event", "label": "结余", "category": "event", "event": {"kind": "surplus", **event},
        "template": "account_event",
    })
    return try_out(uow, rule, (), (TODAY, TODAY), ZONE).samples


class TestALargeSum:
    @pytest.mark.parametrize(("amount", "count"), [(-500_000, 1), (-499_999, 0), (800_000, 0)])
    def test_it_is_told_the_day_it_moved(
        self, system: System, liu: tuple[Client, Account], amount: int, count: int
    ) -> None:
        with system() as uow:
            uow.accounts.enter(liu[1], [Entry(TODAY, Decimal(amount), "transfer", "a")])
            assert plan(uow, rule=OUTFLOW) == count
            assert plan(uow, TODAY + timedelta(days=1), rule=OUTFLOW) == 0

    def test_it_is_told_also_when_the_account_was_closed_with_it(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        number = "6222990066667777"
        with system() as uow:
            account = uow.accounts.put(liu[0], number, "savings")
            uow.accounts.enter(account, [Entry(TODAY, Decimal(-600_000), "transfer", "a")])
            uow.accounts.put(liu[0], number, "savings", state="closed")
            assert plan(uow, rule=OUTFLOW) == 1
            planner.settle(uow, ZONE)
            assert told(uow, OUTFLOW) == [(TODAY, "open")]

    def test_a_sum_in_another_currency_is_not_compared_with_yuan(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            account = an_account(uow, liu[0], currency="JPY")
            uow.accounts.enter(account, [Entry(TODAY, Decimal(-600_000), "transfer", "a")])
            assert plan(uow, rule=OUTFLOW) == 0

    def test_what_is_more_than_a_week_old_is_not_told(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            for days in (6, 7, 30):
                entry = Entry(TODAY - timedelta(days=days), Decimal(-600_000), "transfer", f"d{days}")
                uow.accounts.enter(liu[1], [entry])
            assert plan(uow, rule=OUTFLOW) == 1
            assert told(uow, OUTFLOW) == [(TODAY - timedelta(days=6), "open")]


class TestLookingAhead:
    def test_a_trial_counts_what_approving_would_bring(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            assert len(hits(uow, over=20000, months=3)) == 1

    def test_the_forecast_leaves_out_what_was_told(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            week = (TODAY, TODAY + timedelta(days=6))
            assert [e.due_on for e in forecast(uow, *week, ZONE) if e.line.id == RULE] == [JUNE]
            plan(uow)
            assert [e for e in forecast(uow, *week, ZONE) if e.line.id == RULE] == []

    def test_an_event_of_a_rule_with_spoken_conditions_is_expected_once(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            a_rule(uow, category="event", event={"kind": "surplus", "over": 20000, "months": 3}, source="event.surplus",
                   kinds=[], offsets=[0], template="account_event", when="非 贵宾")  # fmt: skip
            found = [e for e in forecast(uow, TODAY, TODAY + timedelta(days=6), ZONE) if e.line.id == "ops_rule"]
        assert [(e.due_on, e.remind_at.astimezone(ZONE).date(), e.fires) for e in found] == [(JUNE, TODAY, True)]

    def test_a_month_that_is_still_running_is_no_event_yet(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], apr=25, may=22, jun=40)
            (matter,) = matters(uow, uow.packs.rule(RULE), liu[0], TODAY, ZONE, 3)
            assert matter.on is None

    def test_of_many_accounts_those_with_an_event_are_looked_at(
        self, system: System, liu: tuple[Client, Account]
    ) -> None:
        with system() as uow:
            others = [an_account(uow, liu[0]) for _ in range(3)]
            months(uow, others[-1], mar=21, apr=25, may=22)
            found = matters(uow, uow.packs.rule(RULE), liu[0], TODAY, ZONE, 3)
            assert (found[0].id, found[0].on) == (others[-1].id, JUNE)

    def test_each_condition_is_judged_of_the_one_account(self, system: System, liu: tuple[Client, Account]) -> None:
        with system() as uow:
            months(uow, liu[1], mar=21, apr=25, may=22)
            line = uow.packs.rule(RULE)
            (matter,) = matters(uow, line, uow.clients.get(liu[0].id), TODAY, ZONE, 3)
            assert (matter.id, matter.on, matter.name) == (liu[1].id, JUNE, f"工资卡（尾号 {liu[1].number_tail}）")
            assert {verdict.asked for verdict in judge(uow, line, matter.id, TODAY, ZONE) if verdict.holds} >= {"account"}
