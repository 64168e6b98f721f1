"""Journeys: who comes in, which steps come when, and what ends it; on both kinds of database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from reminders import gate_checks, planner
from reminders.gate_checks import OpenMatter
from reminders.journeys import bring_up_to_date, obstacle, stop_now
from storage import audit
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.journeys import JourneyRun
from storage.model.people import Client
from storage.repositories.journeys import JourneyRepository
from storage.tables import journey_runs, reminders
from tests.builders import Cast, a_client, a_firm, a_policy
from tests.reminders.conftest import System
from tests.reminders.test_planner import TODAY, ZONE, on

LONG_TERM = "INS-CI-01"


def plan(uow: UnitOfWork, first: date, last: date | None = None) -> dict[str, int]:
    """Settle and plan as each morning does; how many steps of journeys were made, by rule."""
    planner.settle(uow, ZONE)
    found = planner.plan(uow, first, last or first, ZONE)
    return {rule: count for rule, count in found.counts.items() if "/" in rule}


def runs(uow: UnitOfWork) -> list[tuple[str, str, str | None]]:
    """(journey, state, why) of all entries, the oldest first."""
    c = journey_runs.c
    return [tuple(row) for row in uow.conn.execute(select(c.journey, c.state, c.why).order_by(c.id))]


def steps(uow: UnitOfWork) -> list[tuple[str, str, str | None]]:
    """(rule, state, cause) of all steps that were made, the oldest first."""
    c = reminders.c
    query = select(c.rule, c.state, c.cause).where(c.object_type == "journey").order_by(c.id)
    return [tuple(row) for row in uow.conn.execute(query)]


def joined(uow: UnitOfWork, client: Client, journey: str = "follow_up", day: date = TODAY) -> JourneyRun:
    found = JourneyRepository(uow).enter(client, journey, day)
    assert found is not None
    return found


class TestComingIn:
    def test_a_lead_comes_in_on_the_day_of_entry_and_the_first_step_is_due_the_next_day(
        self, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            a_client(uow, "王芳", stage="lead")
            assert plan(uow, TODAY) == {}
            assert runs(uow) == [("new_client", "running", None)]
            assert plan(uow, on(1)) == {"new_client/hello": 1}
            assert plan(uow, on(1)) == {}
            assert plan(uow, on(2)) == {}
            assert plan(uow, on(3)) == {"new_client/needs": 1}

    def test_old_clients_and_firms_do_not_come_in(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, "王芳", stage="active")
            a_firm(uow, stage="lead")
            plan(uow, TODAY)
            assert runs(uow) == []

    def test_the_day_of_entry_is_that_of_people_here_not_of_london(
        self, system: System, cast: Cast, clock: MovableClock
    ) -> None:
        clock.move_to(datetime(2025, 6, 10, 0, 30, tzinfo=ZONE))
        with system() as uow:
            a_client(uow, "王芳", stage="lead")
            plan(uow, TODAY)
            assert runs(uow) == []
            plan(uow, on(1))
            (entered_on,) = uow.conn.execute(select(journey_runs.c.entered_on)).scalars()
            assert entered_on == on(1)

    def test_a_new_long_term_policy_brings_its_holder_in_and_a_yearly_one_does_not(
        self, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            for name, product in (("王芳", LONG_TERM), ("陈静", "INS-CAR-01")):
                a_policy(uow, a_client(uow, name), product_code=product, starts_on=on(0), ends_on=on(900))
            plan(uow, TODAY)
            assert runs(uow) == [("policy_issued", "running", None)]

    def test_two_policies_of_one_day_are_one_journey(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow)
            for _ in range(2):
                a_policy(uow, client, product_code=LONG_TERM, starts_on=on(0), ends_on=on(900))
            plan(uow, TODAY)
            assert runs(uow) == [("policy_issued", "running", None)]
            assert plan(uow, on(1)) == {"policy_issued/deliver": 1}

    def test_days_that_were_missed_are_caught_up_once(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, stage="lead")
            assert plan(uow, on(-3), on(4)) == {"new_client/hello": 1, "new_client/needs": 1}
            shown = uow.reminders.open_until("lixiang", uow.now + timedelta(days=5))
            assert sorted(r.rule for r in shown) == ["new_client/hello", "new_client/needs"]
            assert plan(uow, on(-3), on(4)) == {}

    def test_a_step_on_a_day_off_comes_on_the_next_working_day(self, system: System, cast: Cast) -> None:
        """Monday's seventh day is a Monday again; from a Friday on, the first is a Saturday."""
        with system() as uow:
            joined(uow, a_client(uow), day=date(2025, 6, 13))
            assert plan(uow, date(2025, 6, 14), date(2025, 6, 15)) == {}
            assert plan(uow, date(2025, 6, 16)) == {"follow_up/call": 1, "follow_up/second": 1}

    def test_who_has_a_ground_against_it_does_not_come_in(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, "甲", stage="lead", complaint_open=True)
            a_client(uow, "乙", stage="lead", contact_limit="deceased")
            a_client(uow, "丙", stage="lead", contact_limit="restricted")
            uow.consents.record(a_client(uow, "丁", stage="lead"), "care", False, channel="test")
            plan(uow, TODAY)
            assert runs(uow) == []

    def test_a_client_is_in_a_journey_once_at_a_time(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow)
            run = joined(uow, client)
            assert JourneyRepository(uow).enter(client, "follow_up", TODAY) is None
            JourneyRepository(uow).end(run, "left")
            joined(uow, client)
            assert [state for _, state, _ in runs(uow)] == ["stopped", "running"]


class TestStopping:
    @pytest.fixture
    def client(self, system: System, cast: Cast) -> Client:
        """In the journey since Monday, with the first step open on Tuesday."""
        with system() as uow:
            client = a_client(uow, "王芳")
            joined(uow, client)
            assert plan(uow, on(1)) == {"follow_up/call": 1}
            return client

    @pytest.fixture(autouse=True)
    def later(self, clock: MovableClock, client: Client) -> None:
        clock.advance(timedelta(hours=1))

    def happens(self, uow: UnitOfWork, client: Client, what: str) -> None:
        match what:
            case "bought":
                a_policy(uow, client)
            case "opted_out":
                uow.consents.record(client, "care", True, channel="test")
                uow.consents.record(client, "care", False, channel="test")
            case "complaint":
                uow.clients.update(client, complaint_open=True)
            case "restricted" | "deceased":
                uow.clients.update(client, contact_limit=what)
            case "lost":
                uow.clients.update(client, stage="lost")

    @pytest.mark.parametrize("what", ["bought", "opted_out", "complaint", "restricted", "deceased", "lost"])
    def test_the_next_plan_stops_it_and_its_open_steps_say_why(
        self, system: System, client: Client, what: str
    ) -> None:
        with system() as uow:
            self.happens(uow, uow.clients.get(client.id), what)
            assert plan(uow, on(2), on(5)) == {}
            assert runs(uow) == [("follow_up", "stopped", what)]
            ((rule, state, cause),) = steps(uow)
            assert (rule, state) == ("follow_up/call", "cancelled")
            assert str(cause).startswith("旅程停止：客户")
            assert plan(uow, on(3), on(9)) == {}

    @pytest.mark.parametrize("what", ["bought", "opted_out", "complaint", "restricted", "deceased", "lost"])
    def test_it_stops_at_once_where_somebody_looks(self, system: System, client: Client, what: str) -> None:
        with system() as uow:
            self.happens(uow, uow.clients.get(client.id), what)
            assert [run.journey for run in stop_now(uow, [client.id], ZONE)] == ["follow_up"]
            assert runs(uow) == [("follow_up", "stopped", what)]
            assert [state for _, state, _ in steps(uow)] == ["cancelled"]
            assert stop_now(uow, [client.id], ZONE) == []

    def test_what_was_bought_before_does_not_stop_it_nor_does_a_yes(self, system: System, cast: Cast) -> None:
        with system() as uow:
            other = a_client(uow, "陈静")
            a_policy(uow, other)
        with system() as uow:
            run = joined(uow, uow.clients.get(other.id))
            uow.consents.record(uow.clients.get(other.id), "care", True, channel="test")
            plan(uow, on(1))
            assert [found.state for found in JourneyRepository(uow).of_client(run.client_id)] == ["running"]

    def test_a_journey_stops_only_on_what_it_says(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            client = a_client(uow)
            a_policy(uow, client, product_code=LONG_TERM, starts_on=on(0), ends_on=on(900))
            plan(uow, TODAY)
        clock.advance(timedelta(hours=1))
        with system() as uow:
            a_policy(uow, uow.clients.get(client.id))
            plan(uow, on(1))
            assert ("policy_issued", "running", None) in runs(uow)

    def test_what_only_the_gate_knows_of_stops_it_too(
        self, system: System, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def tickets(uow: UnitOfWork, asked: Client) -> Iterator[OpenMatter]:
            if asked.id == client.id:
                yield OpenMatter("complaint", "投诉工单 T1")

        monkeypatch.setattr(gate_checks, "OPEN_MATTERS", [*gate_checks.OPEN_MATTERS, tickets])
        with system() as uow:
            journey = uow.packs.find_journey("回访旅程")
            assert journey is not None
            assert obstacle(uow, journey, uow.clients.get(client.id), ZONE) == "complaint"
            plan(uow, on(2))
            assert runs(uow) == [("follow_up", "stopped", "complaint")]

    def test_a_journey_that_the_packs_dropped_takes_nobody_further(self, system: System, client: Client) -> None:
        with system() as uow:
            uow.conn.execute(journey_runs.update().values(journey="old_one"))
            plan(uow, on(2))
            assert runs(uow) == [("old_one", "stopped", "retired")]
            assert [state for _, state, _ in steps(uow)] == ["cancelled"]

    def test_a_journey_that_is_switched_off_stops_at_the_next_plan(
        self, system: System, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with system() as uow:
            off = tuple(journey.model_copy(update={"enabled": False}) for journey in uow.packs.journeys)
            monkeypatch.setattr(uow.dictionary, "packs", replace(uow.packs, journeys=off))
            plan(uow, on(2))
            assert runs(uow) == [("follow_up", "stopped", "retired")]
            assert [state for _, state, _ in steps(uow)] == ["cancelled"]

    def test_what_another_process_stopped_first_is_no_reason_to_refuse(
        self, system: System, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = JourneyRepository.numbered

        def and_then_it_ends(runs: JourneyRepository, ids: Collection[int]) -> list[JourneyRun]:
            found = seen(runs, ids)
            runs.uow.conn.execute(journey_runs.update().values(state="stopped", why="left", version=9))
            return found

        monkeypatch.setattr(JourneyRepository, "numbered", and_then_it_ends)
        with system() as uow:
            uow.clients.update(uow.clients.get(client.id), complaint_open=True)
            assert stop_now(uow, [client.id], ZONE) == []
            assert runs(uow) == [("follow_up", "stopped", "left")]

    def test_what_was_stopped_is_not_opened_again_by_later_plans(self, system: System, client: Client) -> None:
        with system() as uow:
            uow.clients.update(uow.clients.get(client.id), complaint_open=True)
            plan(uow, on(2))
            uow.clients.update(uow.clients.get(client.id), complaint_open=False)
            assert plan(uow, on(3)) == {}
            assert runs(uow) == [("follow_up", "stopped", "complaint")]
            assert [state for _, state, _ in steps(uow)] == ["cancelled"]


class TestTheEnd:
    def test_it_is_finished_when_the_last_step_is_done(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            joined(uow, a_client(uow))
            plan(uow, on(1), on(7))
            assert [rule for rule, _, _ in steps(uow)] == ["follow_up/call", "follow_up/second", "follow_up/close"]
        clock.advance(timedelta(days=8))
        with system() as uow:
            shown = uow.reminders.open_until("lixiang", uow.now)
            for reminder in shown[:2]:
                uow.reminders.finish(reminder, "done")
            plan(uow, on(8))
            assert runs(uow) == [("follow_up", "running", None)]
            uow.reminders.finish(shown[2], "done")
            plan(uow, on(8))
            assert runs(uow) == [("follow_up", "finished", None)]

    def test_one_whose_time_is_long_over_is_closed(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            joined(uow, a_client(uow))
        clock.advance(timedelta(days=53))
        with system() as uow:
            bring_up_to_date(uow, on(53), on(53), ZONE)
            assert runs(uow) == [("follow_up", "finished", None)]


class TestTogetherWithTheRest:
    def test_the_steps_go_with_the_client_to_a_new_adviser(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow)
            joined(uow, client)
            plan(uow, on(1))
            uow.clients.hand_over(client, "chenmo")
            plan(uow, on(3))
            c = reminders.c
            owners = uow.conn.execute(select(c.rule, c.receiver_id).where(c.object_type == "journey")).all()
            assert sorted(map(tuple, owners)) == [("follow_up/call", "chenmo"), ("follow_up/second", "chenmo")]

    def test_the_second_of_two_processes_lets_nobody_in_again(
        self, database: Database, clock: MovableClock, cast: Cast
    ) -> None:
        with database.system(clock.now()) as uow:
            a_client(uow, stage="lead")
        other = Database(database.engine.url.render_as_string(hide_password=False), database.vault, database.packs)
        for process in (database, other, database):
            with process.system(clock.now()) as uow:
                plan(uow, TODAY, on(3))
        other.close()
        with database.system(clock.now()) as uow:
            assert len(runs(uow)) == 1
            assert sorted(rule for rule, _, _ in steps(uow)) == ["new_client/hello", "new_client/needs"]

    def test_a_restart_between_the_pieces_goes_on_where_it_was(
        self, database: Database, clock: MovableClock, cast: Cast
    ) -> None:
        with database.system(clock.now()) as uow:
            a_client(uow, stage="lead")
            book = uow.rules.in_force()
        pieces = list(planner.pieces(book, TODAY, on(3), ZONE))
        cut = next(n for n, piece in enumerate(pieces) if piece.name == "journeys") + 1
        for begun in (pieces[:cut], pieces):  # the process dies after the clients came in; the next begins anew
            for piece in begun:
                with database.system(clock.now()) as uow:
                    piece.work(uow)
        with database.system(clock.now()) as uow:
            assert len(runs(uow)) == 1
            assert sorted(rule for rule, _, _ in steps(uow)) == ["new_client/hello", "new_client/needs"]

    def test_comings_and_goings_stand_on_the_trail(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, stage="lead")
            plan(uow, TODAY)
            uow.clients.update(uow.clients.get(client.id), stage="lost")
            plan(uow, on(1))
        with system() as uow:
            noted: list[Any] = [e for e in audit.entries_about(uow.conn, client.id) if e.object_type == "journey"]
            assert sorted(entry.action for entry in noted) == ["enter", "leave"]
