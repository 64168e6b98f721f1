"""The morning brief: exactly once, whatever the clock, the processes and the night did."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from config.pack import PackStore
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.sending import Outcome
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import User
from storage.tables import reminders
from storage.vault import Vault
from tests.builders import Cast, a_client, a_policy
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, Firm, NewFirm, at


class TestTheBrief:
    async def test_comes_once_at_half_past_eight(self, firm: Firm) -> None:
        await firm.at("09 07:50", "09 08:29")
        assert firm.titles() == []
        await firm.at("09 08:30", "09 08:30", "09 08:31", "09 12:00", "09 20:00")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_two_schedulers_around_the_hour_send_one(
        self, firm: Firm, database_url: str, vault: Vault, pack_store: PackStore, clock: MovableClock
    ) -> None:
        second = Database(database_url, vault, pack_store)
        others = Jobs(second, Post(1000002), ZONE)
        for minute in ("08:29", "08:30", "08:31"):
            clock.move_to(at(f"09 {minute}"))
            await asyncio.gather(firm.jobs.tick(clock.now()), others.tick(clock.now()))
        await firm.delivery.drain()
        second.close()
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_a_restart_between_slot_and_delivery_sends_one(self, firm: Firm, new_firm: NewFirm) -> None:
        firm.clock.move_to(at("09 08:30"))
        await firm.jobs.tick(firm.clock.now())
        restarted = new_firm()
        await restarted.at("09 08:31")
        assert restarted.titles() == ["早上好，今日 1 件"]

    async def test_after_two_days_of_down_time_there_is_one(self, firm: Firm) -> None:
        await firm.at("11 09:10", "11 09:30")
        assert firm.titles() == ["早上好，今日 1 件"]
        (card,) = firm.sender.cards("lixiang")
        assert "顺延 2 天" in card["horizontal_content_list"][0]["value"]

    async def test_back_in_the_evening_it_waits_for_the_next_morning(self, firm: Firm) -> None:
        await firm.at("09 20:31", "09 23:00", "10 03:00", "10 08:00")
        assert firm.titles() == []
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_back_in_the_afternoon_it_still_comes(self, firm: Firm) -> None:
        await firm.at("09 15:00")
        assert firm.titles() == ["下午好，今日 1 件"]

    async def test_a_clock_that_jumps_forward_and_back_doubles_nothing(self, firm: Firm) -> None:
        await firm.at("09 08:30", "20 08:30", "09 08:30", "10 08:30", "20 08:31", "09 09:00")
        per_day = ["09", "20", "10"]
        assert len(firm.titles()) == len(per_day)
        assert len({(r.rule, r.due_on, r.offset_days) for r in every_reminder(firm)}) == len(every_reminder(firm))

    async def test_a_first_start_in_the_forenoon_missed_nothing(self, new_firm: NewFirm, cast: Cast, system: System) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=date(2025, 6, 16))
        firm = new_firm()
        await firm.at("09 09:00", "09 12:00")
        assert firm.titles() == []
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_an_empty_day_has_none(self, firm: Firm) -> None:
        await firm.at("09 08:30")
        assert firm.titles("chenmo") == []

    async def test_a_member_who_left_gets_none_and_finds_all_when_he_is_back(
        self, firm: Firm, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            uow.users.deactivate(cast.lixiang)
        await firm.at("09 08:30", "09 15:00")
        assert firm.titles() == []
        with system() as uow:
            uow.users.activate(cast.lixiang)
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_comes_at_the_hour_the_adviser_likes(self, firm: Firm, system: System, cast: Cast) -> None:
        with system() as uow:
            uow.users.prefer(cast.lixiang, brief_at="07:15")
        await firm.at("09 07:14")
        assert firm.titles() == []
        await firm.at("09 07:15", "09 08:30")
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_tells_the_conversation_its_list_in_the_same_transaction(
        self, database: Database, firm: Firm, clock: MovableClock
    ) -> None:
        told: list[tuple[str, str, list[str]]] = []

        def keep(uow: UnitOfWork, user: User, kind: str, items: Sequence[Mapping[str, Any]]) -> None:
            assert uow.actor.user_id == user.id
            told.append((user.id, kind, [item["name"] for item in items]))

        clock.move_to(at("09 08:30"))
        await Jobs(database, Post(1), ZONE, on_list=keep).tick(clock.now())
        assert told == [("lixiang", "brief", ["王芳"])]

    async def test_a_fault_in_one_brief_leaves_the_others_alone_and_is_tried_again(
        self, database: Database, firm: Firm, clock: MovableClock, system: System
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, owner_id="chenmo"), ends_on=date(2025, 6, 16))
        broken = ["chenmo"]

        def fail(uow: UnitOfWork, user: User, kind: str, items: Sequence[Mapping[str, Any]]) -> None:
            if user.id in broken:
                raise RuntimeError("a bug")

        jobs = Jobs(database, Post(1), ZONE, on_list=fail)
        clock.move_to(at("09 08:30"))
        await jobs.tick(clock.now())
        broken.clear()
        await jobs.tick(clock.now())
        await firm.delivery.drain()
        assert (len(firm.titles("lixiang")), len(firm.titles("chenmo"))) == (1, 1)

    async def test_is_kept_away_from_the_crowded_minutes(
        self, database: Database, firm: Firm, clock: MovableClock
    ) -> None:
        jobs = Jobs(database, Post(1), ZONE, jitter=600.0)
        event = await database.run(lambda: jobs.next_event(at("09 08:29")))
        assert event is not None
        assert at("09 08:31") <= event < at("09 08:40")
        clock.move_to(event - timedelta(seconds=1))
        assert await jobs.tick(clock.now()) == 0

    async def test_waits_out_an_outage_of_wecom_but_not_into_the_night(self, firm: Firm) -> None:
        firm.sender.answer = lambda outgoing: Outcome("blocked", 0, "unreachable", retry_after=30.0)
        await firm.at("09 08:30", "09 12:00")
        firm.sender.answer = lambda outgoing: Outcome("sent", 0, "")
        await firm.at("09 21:30")
        assert firm.sender.seen == []
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 1 件"]


def every_reminder(firm: Firm) -> list[Row[Any]]:
    database = firm.delivery._database
    with database.system(firm.clock.now()) as uow:
        return list(uow.conn.execute(select(reminders)))
