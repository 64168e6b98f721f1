"""What nobody handles climbs to the supervisor, once, in working hours, and counts as missed care later (R150)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import String, cast, func, insert, literal, select

from reminders.escalation import climb, missed, told
from reminders.jobs import Jobs
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Actor
from storage.model.work import Reminder
from storage.tables import reminders
from tests.builders import Cast, a_client, a_user, the_cast
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, Firm, at

RAISED = "放了很久还没处理"


def open_ones(system: System) -> list[Reminder]:
    with system() as uow:
        return uow.reminders.open_until("lixiang", at("30 23:59"))


def heard(firm: Firm, who: str = "wangke") -> list[str]:
    return [text for text in firm.sender.texts(who) if RAISED in text]


# The fixture's renewal is shown on Monday 9 June at 8:30 and climbs after 15 hours of work: on Wednesday at 9:00
# two days of 7.5 hours are over.


async def test_an_untouched_reminder_climbs_after_the_working_hours_of_its_category(firm: Firm) -> None:
    await firm.at("09 08:30", "10 17:30")
    assert heard(firm) == []
    await firm.at("11 09:05")
    (told,) = heard(firm)
    assert "1. 李顾问：王芳" in told
    assert "已放 15 个工作小时" in told
    assert "1 催办" in told


async def test_it_climbs_once_and_only_to_the_own_supervisor(firm: Firm) -> None:
    await firm.at("09 08:30", "11 09:05", "11 10:05", "12 09:05", "13 17:00")
    assert len(heard(firm)) == 1
    assert heard(firm, "zhouning") == []


async def test_nothing_climbs_at_night_or_on_a_day_off(firm: Firm) -> None:
    await firm.at("09 08:30", "10 20:00", "11 07:00")
    assert heard(firm) == []


@pytest.mark.parametrize("act", ["done", "later", "handed"])
async def test_what_was_touched_does_not_climb(firm: Firm, system: System, cast: Cast, act: str) -> None:
    await firm.at("09 08:30", "10 16:00")
    with system() as uow:
        uow.act_as(Actor.of(cast.lixiang))
        (reminder,) = uow.reminders.open_until("lixiang", at("10 16:00"))
        if act == "done":
            uow.reminders.finish(reminder, "done")
        elif act == "later":
            uow.reminders.snooze(reminder, at("12 09:00"), timed=False)
        else:
            uow.reminders.hand_over(reminder, "wangke")
    await firm.at("11 09:05", "11 17:00")
    assert heard(firm) == []


async def test_what_was_put_off_climbs_when_it_lies_again(firm: Firm, system: System, cast: Cast) -> None:
    await firm.at("09 08:30", "11 09:05")
    with system() as uow:
        uow.act_as(Actor.of(cast.lixiang))
        (reminder,) = uow.reminders.open_until("lixiang", at("11 09:05"))
        uow.reminders.snooze(reminder, at("12 08:30"), timed=False)
    await firm.at("12 09:05", "13 17:30")
    assert len(heard(firm)) == 1
    await firm.at("16 09:05")  # 15 hours of work after Thursday morning
    assert len(heard(firm)) == 2


async def test_two_processes_tell_the_supervisor_once(firm: Firm, database: Database) -> None:
    others = Jobs(database, Post(1000002), ZONE)
    await firm.at("09 08:30", "11 09:05")
    await others.tick(firm.clock.now())
    await firm.delivery.drain()
    assert len(heard(firm)) == 1


async def test_several_items_of_several_people_come_as_one_message(firm: Firm, system: System) -> None:
    with system() as uow:
        uow.users.add("xiaowang", "王小强", "adviser", "wangke")
        for n in range(12):
            a_client(uow, f"客户{n}", owner_id="xiaowang", next_follow_up_on=date(2025, 6, 9))
    await firm.at("09 08:30", "11 09:05")
    (told,) = heard(firm)
    assert "有 13 件待办" in told
    assert "还有 3 件，发送「漏办清单」查看" in told


async def test_it_is_missed_care_when_the_supervisor_did_not_help_either(firm: Firm, system: System) -> None:
    await firm.at("09 08:30", "11 09:05", "13 18:00")
    with system() as uow:
        assert missed(uow, ZONE) == []  # 37.5 of 38 hours
    await firm.at("16 10:00")
    with system() as uow:
        assert [r.client_name for r in missed(uow, ZONE)] == ["王芳"]


async def test_what_was_put_off_while_it_was_about_to_climb_keeps_its_new_time(
    postgres_database: Database, clock: MovableClock
) -> None:
    with postgres_database.system(at("09 08:30")) as uow:
        cast = the_cast(uow)
        left = uow.reminders.add(
            receiver_id="lixiang", remind_at=at("02 08:30"), due_on=date(2025, 6, 2), category="renewal", text="", timed=False,
        )
    now = at("09 10:00")

    def hour() -> None:
        with postgres_database.system(now) as uow:
            climbed.extend(climb(uow, ZONE))

    climbed: list[object] = []
    with postgres_database.transaction(cast.li, now) as uow:
        uow.reminders.snooze(uow.reminders.get(left.id), at("10 08:30"), timed=False)
        other = threading.Thread(target=hour)
        other.start()
        other.join(0.3)  # it waits for the adviser's act
    other.join()
    assert climbed == []
    with postgres_database.transaction(cast.li, now) as uow:
        assert uow.reminders.get(left.id).escalated_at is None


async def test_a_group_leader_who_sees_only_her_own_is_passed_over_for_who_sees_the_team(
    firm: Firm, system: System
) -> None:
    with system() as uow:
        a_user(uow, "zuzhang", name="组长", manager_id="wangke")
        a_user(uow, "xiaoli", name="小李", manager_id="zuzhang")
        a_client(uow, "赵磊", owner_id="xiaoli", next_follow_up_on=date(2025, 6, 9))
    await firm.at("09 08:30", "12 09:05")
    assert heard(firm, "zuzhang") == []
    (said,) = heard(firm)
    assert "有 2 件" in said
    assert "小李：赵磊" in said


async def test_what_nobody_above_sees_waits_for_somebody_who_does(firm: Firm, system: System) -> None:
    with system() as uow:
        a_user(uow, "zuzhang", name="组长")
        a_user(uow, "xiaoli", name="小李", manager_id="zuzhang")
        a_client(uow, "赵磊", owner_id="xiaoli", next_follow_up_on=date(2025, 6, 9))
    await firm.at("09 08:30", "12 09:05")
    assert heard(firm, "zuzhang") == []
    with system() as uow:
        uow.users.change(uow.users.get("zuzhang"), role="manager")
    await firm.at("12 10:05")
    assert "有 1 件" in heard(firm, "zuzhang")[0]


def test_seventy_thousand_left_lying_are_told_of_in_one_message_and_a_list_that_can_be_carried(
    postgres_database: Database,
) -> None:
    """More than a statement may have parameters."""
    row = {
        "rule": "manual", "category": "renewal", "receiver_id": "lixiang", "owner_id": "lixiang", "object_type": "",
        "due_on": date(2025, 6, 2), "offset_days": 0, "remind_at": at("02 08:30"), "weight": 50, "timed": False,
        "state": "open", "data": {}, "snoozed": 0, "version": 1, "created_at": at("02 08:30"),
    }
    key = literal("k") + cast(func.generate_series(1, 70_000), String)
    with postgres_database.system(at("09 10:30")) as uow:
        the_cast(uow)
        values = select(key, *(literal(value, reminders.c[name].type) for name, value in row.items()))
        uow.conn.execute(insert(reminders).from_select(["key", *row], values))
    with postgres_database.system(at("09 10:30")) as uow:
        ((manager, found),) = climb(uow, ZONE)
        uow.act_as(Actor.of(manager))
        climbed = told(uow, manager, found, ZONE)
    assert "有 70000 件" in climbed.message.content
    assert len(climbed.items) == 100
