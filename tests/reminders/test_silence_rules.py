"""Rules over a silence of so many days: once a silence, whatever the tier, and anew after a real contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from config.pack import ReminderRule
from reminders import planner
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.tables import clients, reminders
from tests.builders import Cast, a_client, a_rule

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)
PARTS = {"category": "silence", "template": "silent_client", "silent_days": 90}


@pytest.fixture
def wang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    """王芳 without a tier, last spoken to 89 days ago."""
    with database.system(clock.now()) as uow:
        found = a_client(uow, "王芳", last_contact_at=clock.now() - timedelta(days=89))
    with database.transaction(cast.he, clock.now()) as uow:
        a_rule(uow, id="ops_silence", label="90天没有联系", source="client.silence", kinds=[], offsets=[0], **PARTS)
    return found


def told(uow: UnitOfWork) -> list[tuple[date, str]]:
    query = select(reminders.c.due_on, reminders.c.state).where(reminders.c.rule == "ops_silence")
    return [(row.due_on, row.state) for row in uow.conn.execute(query.order_by(reminders.c.due_on))]


def planned(database: Database, clock: MovableClock, days: int) -> list[tuple[date, str]]:
    """Plan the next so many days, one by one and each twice, as two processes may; what stands then."""
    for _ in range(days):
        clock.advance(timedelta(days=1))
        day = clock.now().astimezone(ZONE).date()
        for _ in range(2):
            with database.system(clock.now()) as uow:
                planner.bring_in(uow, "ops_silence", day, ZONE)
    with database.system(clock.now()) as uow:
        return told(uow)


def spoken_to(database: Database, client: Client, at: datetime) -> None:
    with database.system(at) as uow:
        uow.conn.execute(clients.update().where(clients.c.id == client.id).values(last_contact_at=at))


def test_a_silence_is_told_once_on_its_day_and_not_again(database: Database, clock: MovableClock, wang: Client) -> None:
    assert planned(database, clock, 10) == [(TODAY + timedelta(days=1), "open")]


def test_a_contact_ends_it_and_the_next_silence_is_told_anew(database: Database, clock: MovableClock, wang: Client) -> None:
    planned(database, clock, 3)
    spoken_to(database, wang, clock.now())
    again = planned(database, clock, 91)
    assert [state for _, state in again] == ["cancelled", "open"]
    assert again[1][0] == TODAY + timedelta(days=3 + 90)


def test_a_silence_that_was_handled_without_a_contact_stays_handled(database: Database, clock: MovableClock, wang: Client) -> None:
    planned(database, clock, 2)
    with database.system(clock.now()) as uow:
        uow.conn.execute(reminders.update().where(reminders.c.rule == "ops_silence").values(state="dismissed"))
    assert planned(database, clock, 40) == [(TODAY + timedelta(days=1), "dismissed")]


def test_the_key_tells_the_silence_by_the_last_contact(database: Database, clock: MovableClock, wang: Client) -> None:
    planned(database, clock, 1)
    with database.system(clock.now()) as uow:
        row = uow.conn.execute(select(reminders.c.key).where(reminders.c.rule == "ops_silence")).one()
    assert row.key.startswith(f"ops_silence:{wang.id}:since 2025-03-12")
    assert row.key.endswith(":0:0:lixiang")


def test_a_rule_that_was_stopped_and_started_long_after_tells_who_is_still_silent(
    database: Database, clock: MovableClock, wang: Client, cast: Cast
) -> None:
    planned(database, clock, 2)
    with database.system(clock.now()) as uow:
        rule = uow.rules.in_force().find("ops_silence")
        assert rule is not None
        uow.rules.stop("ops_silence", rule.model_copy(update={"enabled": False}).as_json())
    planned(database, clock, 60)
    with database.transaction(cast.he, clock.now()) as uow:
        a_rule(uow, **rule.as_json())
    assert [state for _, state in planned(database, clock, 1)] == ["cancelled", "open"]


def test_in_a_pack_the_days_are_enough_and_what_does_not_fit_is_refused() -> None:
    rule = ReminderRule.model_validate({"id": "quiet", "label": "沉默", **PARTS})
    assert (rule.source, rule.offsets) == ("client.silence", (0,))
    for wrong, why in (
        ({"silent_days": 0}, "greater than or equal to 1"), ({"offsets": [-7]}, "没有提前"),
        ({"source": "client.birthday", "offsets": [0]}, "不写别的 source"),
    ):
        with pytest.raises(ValidationError, match=why):
            ReminderRule.model_validate({"id": "quiet", "label": "沉默", **PARTS, **wrong})
