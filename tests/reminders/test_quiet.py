"""A member's own night and free days: what is late or comes from others waits, what he set himself rings (R154)."""

from __future__ import annotations

import pytest

from reminders.quiet import Quiet
from storage.model.people import User
from tests.builders import Cast
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, Firm, add_timed, at


def a_member(**preferences: str) -> User:
    return User("lixiang", "李顾问", "adviser", None, "/lixiang/", preferences=preferences)


@pytest.mark.parametrize(
    ("moment", "preferences", "quiet"),
    [
        ("10 20:59", {}, False),
        ("10 21:00", {}, True),
        ("11 07:59", {}, True),
        ("11 08:00", {}, False),
        ("10 20:00", {"quiet": "20:00-09:00"}, True),
        ("11 08:59", {"quiet": "20:00-09:00"}, True),
        ("10 22:00", {"quiet": "23:00-06:00"}, True),  # never shorter than the firm's night
        ("14 10:00", {"days_off": "quiet"}, True),  # a Saturday
        ("13 10:00", {"days_off": "quiet"}, False),
    ],
)
def test_a_member_is_left_alone(moment: str, preferences: dict[str, str], quiet: bool) -> None:
    assert Quiet.of(a_member(**preferences)).covers(at(moment), ZONE) is quiet


@pytest.mark.parametrize(
    ("moment", "over"),
    [("11 10:00", "11 10:00"), ("10 20:30", "11 09:00"), ("11 03:00", "11 09:00"), ("13 20:30", "16 09:00")],
)
def test_the_night_is_over_on_the_next_day_that_is_not_free(moment: str, over: str) -> None:
    member = a_member(quiet="20:00-09:00", days_off="quiet")
    assert Quiet.of(member).over_at(at(moment), ZONE) == at(over)


async def test_the_morning_brief_waits_for_the_end_of_a_longer_night(
    firm: Firm, system: System, cast: Cast
) -> None:
    with system() as uow:
        uow.users.prefer(cast.lixiang, quiet="20:00-09:15")
    await firm.at("09 08:30", "09 09:14")
    assert firm.titles() == []
    await firm.at("09 09:15")
    assert firm.titles() == ["早上好，今日 1 件"]


async def test_free_days_bring_no_brief_and_the_next_working_day_has_everything(
    firm: Firm, system: System, cast: Cast
) -> None:
    with system() as uow:
        uow.users.prefer(cast.lixiang, days_off="quiet")
    await firm.at("13 08:30", "14 08:30", "15 12:00")
    assert firm.titles() == ["早上好，今日 1 件"]
    await firm.at("16 08:30")
    assert firm.titles() == ["早上好，今日 1 件"] * 2


async def test_a_reminder_for_a_clock_time_rings_at_its_minute_but_not_late_into_the_night(
    firm: Firm, system: System, cast: Cast
) -> None:
    with system() as uow:
        uow.users.prefer(cast.lixiang, quiet="20:00-09:00")
        add_timed(uow, "09 20:30", text="给妈妈打电话")
        add_timed(uow, "09 19:00", text="没赶上的事")
    await firm.at("09 20:31")
    assert [title for title in firm.titles() if "提醒" in title] == ["提醒：给妈妈打电话"]
    await firm.at("10 09:00")
    assert firm.titles()[-1] == "早上好，今日 3 件"  # with the one that was too late for the evening


async def test_a_supervisor_hears_of_unhandled_things_when_her_longer_night_is_over(
    firm: Firm, system: System, cast: Cast
) -> None:
    with system() as uow:
        uow.users.prefer(cast.wangke, quiet="20:00-11:00")
    await firm.at("09 08:30", "11 09:05", "11 10:05")
    assert not any("放了很久还没处理" in text for text in firm.sender.texts("wangke"))
    await firm.at("11 11:05")
    assert any("放了很久还没处理" in text for text in firm.sender.texts("wangke"))
