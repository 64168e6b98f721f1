"""What tickets hold goes at night when it was kept as long as the packs say, and not a day before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.forgetting import forget
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.repositories.forgetting import ForgettingRepository, Kept
from storage.repositories.outside import OutsideRepository
from storage.repositories.ratings import RatingRepository
from storage.repositories.ticket_papers import TicketPaperRepository
from storage.tables import audit
from tests.builders import Cast, a_client, a_contract, a_policy, an_account
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import brought_to, opened, the_others
from tests.reminders.firm import ZONE

FIVE_YEARS = timedelta(days=5 * 365 + 2)


@pytest.fixture
def fang(database: Database, clock: MovableClock, cast: Cast) -> Client:
    with database.system(clock.now()) as uow:
        the_others(uow)
        uow.act_as(cast.li)
        return a_client(uow, "王芳")


def done(database: Database, clock: MovableClock, cast: Cast, client: Client, flow_id: str, state: str) -> Ticket:
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == flow_id)
        ticket = brought_to(uow, flow, opened(uow, flow, client, origin="client", content="等了三天"), state)
        uow.act_as(cast.li)
        return ticket


def at_night(database: Database, clock: MovableClock) -> dict[str, int]:
    with database.system(clock.now()) as uow:
        return dict(forget(uow, ZONE))


def keeps_a_file(uow: UnitOfWork, ticket: Ticket) -> None:
    papers = TicketPaperRepository(uow)
    papers.add(ticket, "identity", media_id="3abc")
    (paper,) = papers.claim(1, timedelta(minutes=2))
    papers.keep(paper, b"\xff\xd8\xff photo", "image/jpeg")


def test_what_was_said_goes_after_five_years_and_the_rest_stays(
    database: Database, clock: MovableClock, cast: Cast, fang: Client
) -> None:
    ticket = done(database, clock, cast, fang, "demand", "done")
    clock.advance(FIVE_YEARS - timedelta(days=2))
    assert at_night(database, clock)["words"] == 0
    clock.advance(timedelta(days=3))
    assert at_night(database, clock)["words"] == 1
    assert at_night(database, clock)["words"] == 0
    with database.transaction(cast.li, clock.now()) as uow:
        kept = uow.tickets.get(ticket.id)
        assert (kept.details, kept.state, kept.number) == ({}, "done", 1)
        assert {step.words for step in uow.tickets.steps(kept)} == {""}
        assert [step.move for step in uow.tickets.steps(kept) if step.move] == ["accept", "close"]
        assert "forget" in {row.action for row in uow.conn.execute(audit.select())}
    assert "T1 需求 · 王芳（已办结）" in Desk(database, clock, "lixiang").says("T1")


def test_what_still_runs_or_is_of_another_sort_is_not_touched(
    database: Database, clock: MovableClock, cast: Cast, fang: Client
) -> None:
    done(database, clock, cast, fang, "demand", "answered")
    done(database, clock, cast, fang, "complaint", "done")
    clock.advance(FIVE_YEARS + timedelta(days=2))
    assert at_night(database, clock) == {"words": 0, "papers": 0, "marks": 0}
    clock.advance(FIVE_YEARS)
    assert at_night(database, clock)["words"] == 1


def test_a_file_goes_and_that_it_came_in_is_known(
    database: Database, clock: MovableClock, cast: Cast, fang: Client
) -> None:
    ticket = done(database, clock, cast, fang, "claim", "done")
    with database.system(clock.now()) as uow:
        keeps_a_file(uow, ticket)
    clock.advance(2 * FIVE_YEARS - timedelta(days=4))
    assert at_night(database, clock)["papers"] == 0
    clock.advance(timedelta(days=6))
    assert at_night(database, clock)["papers"] == 1
    with database.system(clock.now()) as uow:
        (paper,) = [paper for paper in TicketPaperRepository(uow).of(ticket) if paper.state == "gone"]
        assert TicketPaperRepository(uow).content(paper.id) is None
    assert "已过保存期，已清除" in Desk(database, clock, "lixiang").says("T1 看资料")


@pytest.mark.parametrize("held", ["a policy that lasts", "one of somebody else about her", "an account", "one closed lately"])
def test_while_the_relation_lasts_and_ten_years_after_it_the_files_stay(
    database: Database, clock: MovableClock, cast: Cast, fang: Client, held: str
) -> None:
    ticket = done(database, clock, cast, fang, "claim", "done")
    clock.advance(2 * FIVE_YEARS)
    ends = clock.now().date() - timedelta(days=365)
    with database.system(clock.now() - timedelta(days=365)) as uow:
        keeps_a_file(uow, ticket)
        if held == "a policy that lasts":
            a_policy(uow, fang, ends_on=ends)
        elif held == "one of somebody else about her":
            a_contract(uow, a_client(uow, "刘洋"), "policy", people=[("insured", "王芳", fang.id)], ends_on=ends)
        else:
            an_account(uow, fang, state="open" if held == "an account" else "closed")
    assert at_night(database, clock)["papers"] == 0
    clock.advance(2 * FIVE_YEARS)
    assert at_night(database, clock)["papers"] == (0 if held == "an account" else 1)


def test_what_an_outside_source_said_goes_with_the_files(
    database: Database, clock: MovableClock, cast: Cast, fang: Client
) -> None:
    ticket = done(database, clock, cast, fang, "account", "refused")
    with database.system(clock.now()) as uow:
        OutsideRepository(uow).ask(ticket, fang)
    clock.advance(2 * FIVE_YEARS)
    assert at_night(database, clock)["papers"] == 1
    with database.system(clock.now()) as uow:
        assert OutsideRepository(uow).latest(ticket) is None


def test_marks_go_of_all_flows(database: Database, clock: MovableClock, cast: Cast, fang: Client) -> None:
    ticket = done(database, clock, cast, fang, "complaint", "done")
    with database.system(clock.now()) as uow:
        RatingRepository(uow).add(ticket, 2)
    clock.advance(FIVE_YEARS + timedelta(days=2))
    assert at_night(database, clock)["marks"] == 1
    with database.transaction(cast.li, clock.now()) as uow:
        assert RatingRepository(uow).of_client(fang.id) == []


def test_of_many_only_so_many_go_at_once(database: Database, clock: MovableClock, cast: Cast, fang: Client) -> None:
    for _ in range(3):
        done(database, clock, cast, fang, "demand", "done")
    clock.advance(FIVE_YEARS * 2)
    with database.system(clock.now()) as uow:
        repository = ForgettingRepository(uow)
        assert [repository.words(Kept(("demand",), clock.now()), 2) for _ in range(3)] == [2, 1, 0]
