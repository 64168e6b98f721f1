"""Rules that count from a complaint: each one once, on the days after it, as long as it stands; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from config.pack import ReminderRule
from reminders import planner
from reminders.forecast import forecast
from reminders.reasons import Matter, judge, matters
from reminders.trial import try_out
from storage.database import UnitOfWork
from storage.model.people import Client
from storage.model.work import Interaction
from storage.tables import interactions, reminders
from tests.builders import Cast, a_client, a_rule
from tests.reminders.conftest import System
from tests.reminders.test_planner import TODAY, ZONE

RULE = "ops_complaint"


@pytest.fixture
def fang(system: System, cast: Cast) -> Client:
    """王芳, and a rule that reminds on the first and the third day after a complaint."""
    with system() as uow:
        a_rule(
            uow, id=RULE, label="投诉回访", category="event", source="event.complaint", event={"kind": "complaint"},
            kinds=[], offsets=[1, 3], template="complaint_follow_up",
        )
        return a_client(uow)


def complains(uow: UnitOfWork, client: Client, on: date, hour: int = 10, kind: str = "complaint") -> Interaction:
    """At an hour of the day as people in Shanghai count it."""
    at = datetime(on.year, on.month, on.day, hour, tzinfo=ZONE).astimezone(UTC)
    return uow.interactions.add(client, kind, "等了太久没人回电", happened_at=at)


def plan(uow: UnitOfWork, day: date = TODAY) -> int:
    planner.settle(uow, ZONE)
    return planner.plan(uow, day, day, ZONE).counts.get(RULE, 0)


def told(uow: UnitOfWork) -> Sequence[tuple[date, int, str]]:
    c = reminders.c
    rows = uow.conn.execute(select(c.due_on, c.offset_days, c.state).where(c.rule == RULE).order_by(c.id))
    return [tuple(row) for row in rows]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def the_rule(uow: UnitOfWork) -> ReminderRule:
    rule = uow.rules.in_force().find(RULE)
    assert rule is not None
    return rule


def test_the_days_after_a_complaint_are_told_once_each(system: System, fang: Client) -> None:
    with system() as uow:
        complaint = complains(uow, fang, TODAY)
        assert plan(uow) == 0, "the day itself is not among the rule's days"
        assert [plan(uow, TODAY + timedelta(days=n)) for n in (1, 1, 2, 3, 3, 4)] == [1, 0, 0, 1, 0, 0]
        assert told(uow) == [(TODAY, 1, "open"), (TODAY, 3, "open")]
        row = uow.conn.execute(select(reminders).where(reminders.c.rule == RULE)).first()
    assert row is not None
    assert (row.object_type, row.object_id, row.client_id) == ("interaction", complaint.id, fang.id)
    assert (row.receiver_id, row.category) == ("lixiang", "event")


@pytest.mark.parametrize(("hour", "counts"), [(0, 1), (23, 1)])
def test_a_complaint_is_of_the_day_on_which_people_here_made_it(
    system: System, fang: Client, hour: int, counts: int
) -> None:
    with system() as uow:
        complains(uow, fang, days_ago(1), hour)
        assert plan(uow) == counts
        assert told(uow) == [(days_ago(1), 1, "open")]


def test_each_of_two_complaints_counts_by_itself(system: System, fang: Client) -> None:
    with system() as uow:
        complains(uow, fang, days_ago(1), 9)
        complains(uow, fang, days_ago(1), 15)
        assert plan(uow) == 2


def test_another_contact_is_no_complaint(system: System, fang: Client) -> None:
    with system() as uow:
        complains(uow, fang, days_ago(1), kind="call")
        assert plan(uow) == 0


@pytest.mark.parametrize(("ago", "made"), [(5, 2), (8, 1), (12, 0)])
def test_what_was_written_down_late_is_told_while_it_is_fresh(
    system: System, fang: Client, ago: int, made: int
) -> None:
    with system() as uow:
        complains(uow, fang, days_ago(ago))
        assert plan(uow) == made


def test_a_complaint_that_was_taken_back_takes_its_reminder_along(system: System, fang: Client) -> None:
    with system() as uow:
        complaint = complains(uow, fang, days_ago(1))
        plan(uow)
        uow.conn.execute(delete(interactions).where(interactions.c.id == complaint.id))
        planner.settle(uow, ZONE)
        assert told(uow) == [(days_ago(1), 1, "cancelled")]


def test_why_and_the_days_to_come_are_known(system: System, fang: Client) -> None:
    with system() as uow:
        complaint = complains(uow, fang, days_ago(1))
        rule = the_rule(uow)
        assert matters(uow, rule, fang, TODAY, ZONE, 3) == [Matter(complaint.id, days_ago(1))]
        assert all(verdict.holds for verdict in judge(uow, rule, complaint.id, TODAY, ZONE))
        expected = [e for e in forecast(uow, TODAY, TODAY + timedelta(days=30), ZONE) if e.line.id == RULE]
        assert [(e.due_on, e.offset, e.fires) for e in expected] == [(days_ago(1), 1, True), (days_ago(1), 3, True)]


def test_a_long_trial_with_many_days_is_one_statement(system: System, fang: Client) -> None:
    with system() as uow:
        complains(uow, fang, days_ago(1))
        many = the_rule(uow).model_copy(update={"offsets": tuple(range(1, 25))})
        trial = try_out(uow, many, (), (TODAY, TODAY + timedelta(days=60)), ZONE)
    assert trial.total == 24
