"""Exactly once, whatever the clock, the processes and the night did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from config.pack import PackStore
from reminders.briefs import Brief
from reminders.delivery import Delivery
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.scheduler import Scheduler
from reminders.sending import Outcome
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import Unavailable
from storage.model.people import Actor, User
from storage.tables import audit, job_runs, outbox, reminders
from storage.vault import Vault
from tests.builders import Cast, a_client, a_policy
from tests.reminders.conftest import System
from tests.reminders.fake_sender import FakeSender

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2025, 6, 9)


def at(text: str) -> datetime:
    """"09 08:30" is that day and hour of June 2025."""
    return datetime.strptime(f"2025-06-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@dataclass
class Firm:
    """The jobs of one process with a sender that keeps what people see."""

    jobs: Jobs
    delivery: Delivery
    sender: FakeSender
    clock: MovableClock

    async def at(self, *moments: str) -> int:
        """Move the clock to each moment, tick and deliver; how many messages were queued at the last."""
        queued = 0
        for moment in moments:
            self.clock.move_to(at(moment))
            queued = await self.jobs.tick(self.clock.now())
            await self.delivery.drain()
        return queued

    def titles(self, who: str = "lixiang") -> list[str]:
        return [card["main_title"]["title"] for card in self.sender.cards(who)]


NewFirm = Callable[[], Firm]


@pytest.fixture
def new_firm(database: Database, clock: MovableClock) -> NewFirm:
    def make() -> Firm:
        sender = FakeSender()
        jobs = Jobs(database, Post(1000002), ZONE)
        return Firm(jobs, Delivery(database, sender, clock), sender, clock)
    return make


@pytest.fixture
async def firm(new_firm: NewFirm, cast: Cast, system: System) -> Firm:
    """It first looked at the clock on Sunday evening, and 李顾问 has a policy to renew from Monday on."""
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        a_policy(uow, a_client(uow, "王芳"), ends_on=date(2025, 6, 16))
    return firm


def add_timed(uow: UnitOfWork, when: str, text: str = "给客户回电话", receiver_id: str = "lixiang") -> int:
    moment = at(when)
    return uow.reminders.add(
        receiver_id=receiver_id, remind_at=moment, due_on=moment.date(), category="task", text=text
    ).id


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
        told: list[tuple[str, Brief]] = []

        def keep(uow: UnitOfWork, user: User, brief: Brief) -> None:
            assert uow.actor.user_id == user.id
            told.append((user.id, brief))

        clock.move_to(at("09 08:30"))
        await Jobs(database, Post(1), ZONE, on_brief=keep).tick(clock.now())
        ((who, brief),) = told
        assert who == "lixiang"
        assert [item["name"] for item in brief.items] == ["王芳"]

    async def test_a_fault_in_one_brief_leaves_the_others_alone_and_is_tried_again(
        self, database: Database, firm: Firm, clock: MovableClock, system: System
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, owner_id="chenmo"), ends_on=date(2025, 6, 16))
        broken = ["chenmo"]

        def fail(uow: UnitOfWork, user: User, brief: Brief) -> None:
            if user.id in broken:
                raise RuntimeError("a bug")

        jobs = Jobs(database, Post(1), ZONE, on_brief=fail)
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
        assert at("09 08:30") < event < at("09 08:40")
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


def every_reminder(firm: Firm) -> list[object]:
    database = firm.delivery._database
    with database.system(firm.clock.now()) as uow:
        return list(uow.conn.execute(select(reminders)))


class TestPlanning:
    async def test_what_was_entered_after_the_plan_is_found_the_next_morning(
        self, firm: Firm, system: System
    ) -> None:
        await firm.at("09 07:50")
        with system() as uow:
            a_policy(uow, a_client(uow, "陈静"), ends_on=date(2025, 6, 16))
        await firm.at("10 08:30")
        assert firm.titles() == ["早上好，今日 2 件"]

    async def test_a_new_installation_shows_what_came_due_in_the_week_before(
        self, new_firm: NewFirm, cast: Cast, system: System
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=date(2025, 6, 12))  # its 7-day step was on the 5th
        await new_firm().at("09 06:00")
        with system() as uow:
            assert [r.offset_days for r in uow.reminders.open_until("lixiang", uow.now)] == [-7]

    async def test_a_plan_is_done_once_a_day_by_whoever_comes_first(
        self, firm: Firm, new_firm: NewFirm, system: System
    ) -> None:
        await firm.at("09 07:49")
        await new_firm().at("09 07:50", "09 07:51")
        await firm.at("09 07:52")
        with system() as uow:
            plans = select(func.count()).where(job_runs.c.job == "plan", job_runs.c.slot == "2025-06-09")
            assert uow.conn.execute(plans).scalar_one() == 1

    async def test_a_premium_out_of_grace_suspends_the_policy(self, firm: Firm, system: System) -> None:
        with system() as uow:
            policy = a_policy(uow, a_client(uow), due_on=[date(2025, 4, 8)], grace_days=60)
        await firm.at("09 08:00")
        with system() as uow:
            assert uow.contracts.get(policy.id).state == "suspended"

    async def test_an_unavailable_database_leaves_the_day_for_the_next_tick(
        self, firm: Firm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(uow: UnitOfWork, *_: object) -> None:
            raise Unavailable("locked")

        with monkeypatch.context() as patched:
            patched.setattr("reminders.planner.plan", away)
            with pytest.raises(Unavailable):
                await firm.at("09 08:30")
        await firm.at("09 08:31")
        assert firm.titles() == ["早上好，今日 1 件"]


class TestClockTimes:
    async def test_a_reminder_comes_at_its_minute_once(self, firm: Firm, system: System) -> None:
        with system() as uow:
            add_timed(uow, "09 15:00")
        await firm.at("09 08:30", "09 14:59")
        assert firm.titles() == ["早上好，今日 2 件"]
        await firm.at("09 15:00", "09 15:00", "09 15:05")
        assert firm.titles()[1:] == ["提醒：给客户回电话"]

    async def test_snoozed_it_comes_again_at_the_new_time(self, firm: Firm, system: System) -> None:
        with system() as uow:
            number = add_timed(uow, "09 15:00")
        await firm.at("09 15:00")
        with system() as uow:
            uow.reminders.snooze(uow.reminders.get(number), at("09 16:00"), timed=True)
        await firm.at("09 15:30", "09 16:00", "09 16:01")
        assert firm.titles().count("提醒：给客户回电话") == 2

    async def test_snoozed_to_a_day_it_comes_with_that_days_brief(self, firm: Firm, system: System) -> None:
        with system() as uow:
            number = add_timed(uow, "08 19:00")
        await firm.at("08 19:00")
        with system() as uow:
            uow.reminders.snooze(uow.reminders.get(number), at("11 08:30"), timed=False)
        await firm.at("10 08:30", "11 08:30")
        lines = [[line["value"] for line in card.get("horizontal_content_list", [])] for card in firm.sender.cards("lixiang")]
        assert ["给客户回电话" in " ".join(values) for values in lines] == [False, False, True]

    async def test_handed_over_it_comes_to_the_colleague(self, firm: Firm, system: System) -> None:
        with system() as uow:
            number = add_timed(uow, "09 15:00")
            uow.reminders.hand_over(uow.reminders.get(number), "wangke")
        await firm.at("09 15:00")
        assert "提醒：给客户回电话" in firm.titles("wangke")
        assert "提醒：给客户回电话" not in firm.titles("lixiang")

    async def test_handed_over_after_its_card_it_comes_to_the_colleague_too(self, firm: Firm, system: System) -> None:
        with system() as uow:
            number = add_timed(uow, "09 15:00")
        await firm.at("09 15:00")
        for receiver in ("wangke", "lixiang"):
            with system() as uow:
                uow.reminders.hand_over(uow.reminders.get(number), receiver)
            await firm.at("09 15:05", "09 15:06")
        assert firm.titles("wangke").count("提醒：给客户回电话") == 1
        assert firm.titles("lixiang").count("提醒：给客户回电话") == 2

    async def test_snoozed_while_it_was_about_to_be_pushed_it_comes_at_the_new_time(
        self, firm: Firm, system: System
    ) -> None:
        with system() as uow:
            number = add_timed(uow, "09 15:00")
            uow.reminders.snooze(uow.reminders.get(number), at("09 16:00"), timed=True)
        with system() as uow:
            assert uow.reminders.take_for_push("lixiang", [number], at("09 15:00")) == []
        await firm.at("09 15:00", "09 16:00", "09 16:01")
        assert firm.titles().count("提醒：给客户回电话") == 1

    async def test_of_two_processes_with_the_same_list_one_gets_each(self, system: System, cast: Cast) -> None:
        with system() as uow:
            numbers = [add_timed(uow, f"09 1{n}:00") for n in range(4)]
        with system() as uow:
            assert uow.reminders.take_for_push("lixiang", numbers[:3], at("09 17:00")) == numbers[:3]
            assert uow.reminders.take_for_push("lixiang", numbers, at("09 17:00")) == numbers[3:]

    async def test_done_before_its_time_it_does_not_come(self, firm: Firm, system: System) -> None:
        with system() as uow:
            uow.reminders.finish(uow.reminders.get(add_timed(uow, "09 15:00")), "done")
        await firm.at("09 15:00")
        assert "提醒：给客户回电话" not in firm.titles()

    async def test_many_that_were_missed_come_in_one_message(self, firm: Firm, system: System) -> None:
        await firm.at("09 08:30")
        with system() as uow:
            for hour in range(10, 16):
                add_timed(uow, f"09 {hour}:00", f"第 {hour} 件")
        await firm.at("09 17:00", "09 17:01")
        assert firm.titles()[1:] == ["错过的提醒 6 条"]

    async def test_missed_in_the_night_they_come_in_the_morning(self, firm: Firm, system: System) -> None:
        with system() as uow:
            add_timed(uow, "09 20:40")
        await firm.at("10 03:00")
        assert firm.titles() == []
        await firm.at("10 08:00", "10 08:01")
        assert firm.titles() == ["提醒：给客户回电话"]

    async def test_one_that_is_meant_for_the_night_comes_in_the_night(self, firm: Firm, system: System) -> None:
        with system() as uow:
            add_timed(uow, "09 23:00")
        await firm.at("09 08:30", "09 23:00")
        assert firm.titles()[-1] == "提醒：给客户回电话"

    async def test_one_shown_in_a_late_brief_does_not_come_alone_as_well(self, firm: Firm, system: System) -> None:
        with system() as uow:
            add_timed(uow, "08 20:00")
        await firm.at("10 08:30", "10 08:31")
        assert firm.titles() == ["早上好，今日 2 件"]

    async def test_a_member_who_left_is_not_written_to(self, firm: Firm, system: System, cast: Cast) -> None:
        with system() as uow:
            add_timed(uow, "09 15:00", receiver_id="chenmo")
            uow.users.deactivate(cast.chenmo)
        await firm.at("09 15:00", "09 15:01")
        assert firm.titles("chenmo") == []


class TestTheDigest:
    def days(self, firm: Firm, who: str = "wangke") -> list[str]:
        """The days of the digests that somebody got."""
        return [text.partition("团队日报")[0] for text in firm.sender.texts(who) if "团队日报" in text]

    async def test_comes_once_at_six_to_managers_alone(self, firm: Firm) -> None:
        await firm.at("09 17:59")
        assert self.days(firm) == []
        await firm.at("09 18:00", "09 18:01", "09 20:00")
        assert self.days(firm) == self.days(firm, "zhouning") == ["6 月 9 日"]
        assert self.days(firm, "lixiang") == []

    async def test_missed_in_the_evening_it_comes_in_the_morning_and_not_at_night(self, firm: Firm) -> None:
        await firm.at("09 12:00", "09 23:00", "10 03:00")
        assert self.days(firm) == []
        await firm.at("10 08:00", "10 08:01")
        assert self.days(firm) == ["6 月 9 日"]

    async def test_after_two_days_of_down_time_only_the_latest_comes(self, firm: Firm) -> None:
        await firm.at("12 09:00")
        assert self.days(firm) == ["6 月 11 日"]

    async def test_before_noon_it_tells_of_yesterday_and_nothing_twice(
        self, firm: Firm, system: System, cast: Cast
    ) -> None:
        await firm.at("09 18:00")
        with system() as uow:
            uow.users.prefer(cast.wangke, digest_at="08:30")
        await firm.at("10 08:30", "10 18:00", "11 08:30")
        assert self.days(firm) == ["6 月 9 日", "6 月 10 日"]

    async def test_an_hour_at_the_edge_of_the_night_is_kept(self, firm: Firm, system: System, cast: Cast) -> None:
        with system() as uow:
            uow.users.prefer(cast.wangke, digest_at="21:00")
            uow.users.prefer(cast.zhouning, digest_at="06:30")
        await firm.at("09 21:00", "10 06:30")
        assert self.days(firm) == self.days(firm, "zhouning") == ["6 月 9 日"]


class TestTheRest:
    async def test_who_may_have_missed_a_message_is_told_once_a_day(self, firm: Firm) -> None:
        firm.sender.answer = lambda outgoing: Outcome("retry", 0, "timeout")
        await firm.at("09 08:30", "09 12:30")
        firm.sender.answer = lambda outgoing: Outcome("sent", 0, "")
        await firm.at("09 12:31", "09 12:40", "09 13:00")
        assert [text for text in firm.sender.texts("lixiang") if "没有送达" in text] != []
        assert len(firm.sender.texts("lixiang")) == 1

    async def test_old_mail_is_forgotten_at_night(self, firm: Firm, system: System) -> None:
        await firm.at("09 08:30")
        firm.clock.advance(timedelta(days=31))
        await firm.jobs.tick(firm.clock.now())
        with system() as uow:
            old = select(func.count()).where(outbox.c.key.like("brief:%2025-06-09%"))
            assert uow.conn.execute(old).scalar_one() == 0

    async def test_the_next_event_is_the_nearest_of_briefs_digests_and_clock_times(
        self, firm: Firm, system: System
    ) -> None:
        with system() as uow:
            add_timed(uow, "09 15:00")
        next_event = firm.jobs.next_event
        assert next_event(at("09 07:00")) == at("09 08:30")
        assert next_event(at("09 08:30")) == at("09 15:00")
        assert next_event(at("09 15:00")) == at("09 18:00")
        assert next_event(at("09 18:00")) == at("10 08:30")

    async def test_what_a_brief_and_a_digest_showed_is_on_the_audit_trail(
        self, firm: Firm, database: Database
    ) -> None:
        await firm.at("09 08:30", "09 18:00")
        with database.engine.connect() as conn:
            noted = conn.execute(select(audit.c.actor, audit.c.action, audit.c.object_type))
            found = {tuple(row) for row in noted}
        assert {("lixiang", "list", "reminder"), ("wangke", "read", "digest")} <= found

    async def test_a_brief_is_read_as_its_reader(self, firm: Firm, system: System, database: Database) -> None:
        await firm.at("09 08:30")
        with database.transaction(Actor("chenmo", "adviser", "/zhouning/chenmo/"), firm.clock.now()) as uow:
            assert uow.reminders.open_until("lixiang", uow.now) == []


class TestTheClock:
    async def test_ticks_at_once_and_wakes_delivery(self, firm: Firm, clock: MovableClock) -> None:
        clock.move_to(at("09 08:30"))
        woken = asyncio.Event()
        scheduler = Scheduler(firm.jobs, clock, on_queued=woken.set)
        scheduler.start()
        async with asyncio.timeout(5):
            await woken.wait()
        scheduler.stop()
        await firm.delivery.drain()
        assert firm.titles() == ["早上好，今日 1 件"]

    async def test_goes_on_ticking_after_a_fault(
        self, firm: Firm, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock.move_to(at("09 08:30"))
        faults = iter([Unavailable("locked"), RuntimeError("a bug")])
        really = firm.jobs.tick

        async def tick(now: datetime) -> int:
            if fault := next(faults, None):
                raise fault
            return await really(now)

        monkeypatch.setattr(firm.jobs, "tick", tick)
        woken = asyncio.Event()
        scheduler = Scheduler(firm.jobs, clock, on_queued=woken.set, every=0.05)
        scheduler.start()
        async with asyncio.timeout(5):
            await woken.wait()
        scheduler.stop()

    async def test_a_tick_on_demand_waits_for_the_one_under_way(self, firm: Firm, clock: MovableClock) -> None:
        clock.move_to(at("09 08:30"))
        scheduler = Scheduler(firm.jobs, clock, on_queued=lambda: None)
        assert sorted(await asyncio.gather(*(scheduler.tick() for _ in range(3)))) == [0, 0, 1]
