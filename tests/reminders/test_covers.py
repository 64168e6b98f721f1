"""While a member is away the clock speaks to whoever stands in for him."""

from __future__ import annotations

import pytest
from sqlalchemy import true

from storage.model.people import Actor, Client
from tests.builders import Cast, a_user
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, add_timed, at


@pytest.fixture
def fang(firm: Firm, system: System, cast: Cast) -> Client:
    """王芳, whose adviser 李顾问 is away from Tuesday the 10th to Thursday; 周敏 stands in."""
    with system() as uow:
        zhou = a_user(uow, "zhoumin", name="周敏", manager_id="wangke")
        uow.covers.add(cast.lixiang, zhou, at("10 00:00"), at("13 00:00"))
        (row,) = uow.clients.matching(true(), 9)
        return uow.clients.get(row.id)


async def test_the_brief_goes_to_the_cover_and_back_when_it_is_over(firm: Firm, fang: Client) -> None:
    await firm.at("09 08:30")
    assert (firm.titles(), firm.titles("zhoumin")) == (["早上好，今日 1 件"], [])
    await firm.at("10 08:30", "11 08:30", "12 08:30")
    assert firm.titles() == ["早上好，今日 1 件"]
    assert firm.titles("zhoumin") == ["早上好，今日 1 件"] * 3
    card = firm.sender.cards("zhoumin")[-1]
    assert "（代李顾问）" in card["horizontal_content_list"][0]["value"]
    await firm.at("13 08:30")
    assert firm.titles() == ["早上好，今日 1 件"] * 2
    assert len(firm.titles("zhoumin")) == 3


async def test_a_client_s_reminder_for_a_clock_time_reaches_the_cover_and_a_private_one_does_not(
    firm: Firm, system: System, cast: Cast, fang: Client
) -> None:
    with system() as uow:
        uow.act_as(cast.li)
        uow.reminders.add(
            receiver_id="lixiang", remind_at=at("11 15:00"), due_on=at("11 15:00").date(), category="task",
            text="给王芳回电话", client=fang,
        )
        add_timed(uow, "11 15:00", "拿体检报告")
    await firm.at("11 15:00")
    assert [title for title in firm.titles("zhoumin") if "提醒" in title] == ["提醒：给王芳回电话"]
    assert [title for title in firm.titles() if "提醒" in title] == ["提醒：拿体检报告"]
    assert "王芳（代李顾问）" in firm.sender.cards("zhoumin")[-1]["main_title"]["desc"]


async def test_where_the_cover_has_left_the_firm_nothing_is_lost(firm: Firm, system: System, fang: Client) -> None:
    with system() as uow:
        uow.users.deactivate(uow.users.get("zhoumin"))
    await firm.at("10 08:30")
    assert firm.titles() == ["早上好，今日 1 件"]


async def test_what_the_cover_handles_is_handled(firm: Firm, system: System, fang: Client) -> None:
    await firm.at("10 08:30")
    with system() as uow:
        uow.act_as(Actor.of(uow.users.get("zhoumin")))
        (reminder,) = uow.reminders.open_until("zhoumin", at("10 23:00"))
        uow.reminders.finish(reminder, "done")
    await firm.at("11 08:30", "13 08:30", "14 08:30")
    assert firm.titles() == []
    assert firm.titles("zhoumin") == ["早上好，今日 1 件"]
