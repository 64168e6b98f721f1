"""Time limits of tickets: told at 50, 80 and 100 % and at the red line, once each, in working hours."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.jobs import Jobs
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Actor
from storage.model.tickets import Ticket
from storage.tables import outbox
from tests.builders import Cast, a_client, a_user
from tests.handlers.tickets.people import moved, opened

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.strptime(f"2025-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database, Post(1), ZONE)


@pytest.fixture
def ticket(database: Database, clock: MovableClock, cast: Cast) -> Ticket:
    """A demand of Monday, 09:00: first answer within 2 working hours, its red line after 24."""
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "demand")
        return opened(uow, flow, a_client(uow, "王芳"))


def told(database: Database, jobs: Jobs, clock: MovableClock, moment: str) -> list[tuple[str, str]]:
    """Whom the tick of a moment told what about tickets."""
    clock.move_to(at(moment))
    asyncio.run(jobs.tick(clock.now()))
    with database.system(clock.now()) as uow:
        rows = uow.conn.execute(outbox.select().where(outbox.c.key.like("ticket:%")).order_by(outbox.c.id)).all()
        found = [
            (row.recipient, uow.vault.open("outbox.body", row.id, row.body).decode()) for row in rows
        ]
        uow.conn.execute(outbox.delete().where(outbox.c.key.like("ticket:%")))
    return found


def test_who_has_it_is_told_at_each_level_and_who_stands_above_from_the_limit_on(
    database: Database, jobs: Jobs, clock: MovableClock, ticket: Ticket
) -> None:
    assert told(database, jobs, clock, "06-09 09:59") == []
    (half,) = told(database, jobs, clock, "06-09 10:00")
    assert half[0] == "lixiang"
    assert "首次答复的时限已用 50%，请在 11:00 前处理" in half[1]
    assert told(database, jobs, clock, "06-09 10:10") == []
    assert [who for who, _ in told(database, jobs, clock, "06-09 10:36")] == ["lixiang"]
    full = told(database, jobs, clock, "06-09 11:00")
    assert [who for who, _ in full] == ["lixiang", "wangke"]
    assert "首次答复的时限（11:00）已经到了" in full[0][1]
    assert told(database, jobs, clock, "06-09 11:30") == []


def test_the_red_line_counts_working_hours_and_is_told_once(
    database: Database, jobs: Jobs, clock: MovableClock, ticket: Ticket
) -> None:
    told(database, jobs, clock, "06-11 17:00")
    assert told(database, jobs, clock, "06-12 10:29") == []
    words = [said for _, said in told(database, jobs, clock, "06-12 10:30") if "首次答复" in said]
    assert ["超过红线（24 个工作小时）" in said for said in words] == [True, True]
    assert [said for _, said in told(database, jobs, clock, "06-12 11:00") if "首次答复" in said] == []


def test_levels_that_were_slept_through_come_as_the_latest_one(
    database: Database, jobs: Jobs, clock: MovableClock, ticket: Ticket
) -> None:
    found = [said for who, said in told(database, jobs, clock, "06-09 17:00") if who == "lixiang"]
    assert len(found) == 1
    assert "已经到了" in found[0]


@pytest.mark.parametrize("moment", ["06-09 12:30", "06-09 22:00", "06-14 10:00"])
def test_nobody_is_told_outside_of_working_hours(
    database: Database, jobs: Jobs, clock: MovableClock, ticket: Ticket, moment: str
) -> None:
    assert told(database, jobs, clock, moment) == []


def test_the_first_answer_stops_its_clock(
    database: Database, jobs: Jobs, clock: MovableClock, cast: Cast, ticket: Ticket
) -> None:
    clock.advance(timedelta(minutes=30))
    with database.transaction(cast.li, clock.now()) as uow:
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        moved(uow, flow, ticket, flow.move("answer"), uow.users.get("lixiang"))
    assert told(database, jobs, clock, "06-09 11:00") == []
    with database.system(clock.now()) as uow:
        limits = {limit.name: limit for limit in uow.ticket_limits.of([ticket.id])}
        assert (limits["answer"].runs, limits["answer"].is_over(clock.now()), limits["close"].runs) == (False, False, True)


def test_two_processes_tell_of_a_level_once(database: Database, clock: MovableClock, ticket: Ticket) -> None:
    clock.move_to(at("06-09 10:00"))

    async def both() -> list[int]:
        return await asyncio.gather(*(Jobs(database, Post(1), ZONE).tick(clock.now()) for _ in range(2)))

    asyncio.run(both())
    with database.system(clock.now()) as uow:
        keys = uow.conn.execute(outbox.select().where(outbox.c.key.like("ticket:%"))).all()
    assert len(keys) == 1


def test_a_pool_hears_of_what_nobody_took(database: Database, clock: MovableClock, cast: Cast, jobs: Jobs) -> None:
    with database.system(clock.now()) as uow:
        uow.users.add("zhao", "赵理赔", "claims")
        uow.users.deactivate(uow.users.get("zhao"))
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "claim")
        made = opened(uow, flow, a_client(uow, "王芳"))
    assert made.handler_id == "wangke"  # nobody of the pool is there
    with database.system(clock.now()) as uow:
        uow.users.activate(uow.users.get("zhao"))
    with database.transaction(Actor.of(cast.wangke), clock.now()) as uow:
        assert uow.tickets.get(made.id).pool == "claims"
    assert [who for who, _ in told(database, jobs, clock, "06-09 10:00")] == ["wangke"]


def test_who_stands_in_for_the_adviser_is_told_in_his_place(
    database: Database, jobs: Jobs, clock: MovableClock, cast: Cast, ticket: Ticket
) -> None:
    with database.system(clock.now()) as uow:
        zhou = a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="bank")
        uow.covers.add(uow.users.get("lixiang"), zhou, clock.now(), at("06-09 10:30"))
    assert [who for who, _ in told(database, jobs, clock, "06-09 10:00")] == ["zhoumin"]
    assert [who for who, _ in told(database, jobs, clock, "06-09 11:00")] == ["lixiang", "wangke"]
