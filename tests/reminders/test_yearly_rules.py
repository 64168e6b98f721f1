"""Rules that go by the anniversaries of a date, on both kinds of database."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Date, func, literal, select

from reminders import planner
from reminders.calendar import LONGEST_KEPT, dates_remembered_on, next_anniversary
from reminders.forecast import forecast
from reminders.slots import has_anniversary_on
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.tables import reminders
from tests.builders import Cast, a_client, a_policy, a_rule
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)
YEARLY = {"source": "client.anniversary", "kinds": [], "category": "anniversary", "template": "anniversary",
          "yearly": True, "offsets": [-3, 0]}
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def told(uow: UnitOfWork, state: str = "open") -> list[tuple[date, int]]:
    query = select(reminders.c.due_on, reminders.c.offset_days).where(
        reminders.c.rule == "ops_rule", reminders.c.state == state
    ).order_by(reminders.c.due_on, reminders.c.offset_days)
    return [tuple(row) for row in uow.conn.execute(query)]


def plan(uow: UnitOfWork, first: date, last: date | None = None) -> int:
    planner.settle(uow, ZONE)
    return planner.plan(uow, first, last or first, ZONE).counts.get("ops_rule", 0)


def test_a_date_is_reminded_of_every_year_and_not_in_its_first(system: System, cast: Cast) -> None:
    with system() as uow:
        a_client(uow, anniversary=date(2012, 6, 12))
        a_client(uow, "赵敏", anniversary=date(2025, 6, 12))
        a_rule(uow, **YEARLY)
        assert plan(uow, TODAY) == 1
        assert plan(uow, TODAY) == 0
        assert plan(uow, date(2025, 6, 12)) == 1
        assert told(uow) == [(date(2025, 6, 12), -3), (date(2025, 6, 12), 0)]
        assert plan(uow, date(2026, 6, 9)) == 2  # hers as well, a year on


@pytest.mark.parametrize(("since", "day"), [
    (date(2020, 2, 29), date(2026, 2, 28)), (date(2020, 2, 29), date(2028, 2, 29)), (date(2021, 2, 28), date(2028, 2, 28)),
    (date(2019, 3, 31), date(2026, 3, 31)), (date(2019, 12, 31), date(2025, 12, 31)), (date(2019, 1, 1), date(2026, 1, 1)),
])  # fmt: skip
def test_the_29th_of_february_and_the_ends_of_months(system: System, cast: Cast, since: date, day: date) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow), starts_on=since)
        a_rule(uow, source="contract.starts_on", yearly=True, offsets=[0], category="anniversary",
               template="policy_anniversary")
        near = {day + timedelta(days=n): plan(uow, day + timedelta(days=n)) for n in (-1, 0, 1)}
        assert [found for found, count in near.items() if count] == [day]


def test_a_long_outage_is_caught_up_with(system: System, cast: Cast) -> None:
    with system() as uow:
        a_client(uow, anniversary=date(2012, 12, 12))
        a_rule(uow, **YEARLY)
        assert plan(uow, TODAY, TODAY + timedelta(days=365)) == 2


def test_a_date_that_is_corrected_takes_its_reminder_along(system: System, cast: Cast) -> None:
    with system() as uow:
        client = a_client(uow, anniversary=date(2012, 6, 12))
        a_rule(uow, **YEARLY)
        plan(uow, TODAY)
        uow.clients.update(uow.clients.get(client.id), anniversary=date(2012, 8, 12))
        assert plan(uow, TODAY) == 0
        assert told(uow) == []
        uow.clients.update(uow.clients.get(client.id), anniversary=date(2011, 6, 12))
        assert plan(uow, TODAY) == 0
        assert told(uow) == [(date(2025, 6, 12), -3)]


def test_what_will_fire_is_foreseen(system: System, cast: Cast) -> None:
    with system() as uow:
        a_client(uow, anniversary=date(2012, 6, 20))
        a_rule(uow, **YEARLY)
        found = [e for e in forecast(uow, TODAY, TODAY + timedelta(days=30), ZONE) if e.line.id == "ops_rule"]
        assert [(e.due_on, e.offset, e.fires) for e in found] == [
            (date(2025, 6, 20), -3, True), (date(2025, 6, 20), 0, True),
        ]


@given(DAYS, DAYS)
def test_a_day_remembers_the_dates_whose_next_anniversary_it_is(on: date, day: date) -> None:
    kept = next_anniversary(on, day)
    assert kept >= day
    assert kept.year > on.year
    if kept.year - on.year <= LONGEST_KEPT:
        assert on in dates_remembered_on(kept)
        assert all(on not in dates_remembered_on(kept + timedelta(days=n)) for n in (-1, 1))


def test_the_database_says_the_same(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        for on in (date(2020, 2, 29), date(2020, 2, 28), date(2021, 2, 28), date(2021, 3, 1), date(2021, 12, 31)):
            for day in (on.replace(day=28).replace(year=2026), date(2028, 2, 29), date(2028, 2, 28), on):
                said = has_anniversary_on(literal(on, Date), literal(day, Date))
                found = uow.conn.execute(select(func.count()).where(said)).scalar_one()
                assert bool(found) is (on in dates_remembered_on(day)), (on, day)
