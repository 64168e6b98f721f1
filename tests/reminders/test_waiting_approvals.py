"""An approval that waits past half of its time is told of once more, in working hours (R145)."""

from __future__ import annotations

import pytest

from storage.model.people import Actor
from tests.builders import Cast
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, at

WAITS = "还在等您审批"


@pytest.fixture
def handed_in(system: System, cast: Cast, firm: Firm) -> None:
    """何运营 asks 沈合规 on Monday at 9:00; the time limit is 15 hours of work, half of it is over on Tuesday at 9:00."""
    firm.clock.move_to(at("09 09:00"))
    with system() as uow:
        uow.act_as(Actor.of(cast.hexin))
        uow.push_times.submit("brief", {"at": "08:45"}, "change", "shenyue")


def heard(firm: Firm, who: str = "shenyue") -> list[str]:
    return [text for text in firm.sender.texts(who) if WAITS in text]


@pytest.mark.usefixtures("handed_in")
async def test_who_is_asked_hears_of_it_once_after_half_of_the_time(firm: Firm) -> None:
    await firm.at("09 17:30")
    assert heard(firm) == []
    await firm.at("10 09:05", "10 10:05", "10 17:00", "11 09:05", "13 17:00")
    (told,) = heard(firm)
    assert told.startswith("何运营 06-09 09:00 提交的推送时间 v1（修改）还在等您审批，已等 7 个工作小时，时限 15 个。")
    assert "待我审批" in told
    assert heard(firm, "wangke") == []
    assert heard(firm, "hexin") == []


@pytest.mark.usefixtures("handed_in")
async def test_nothing_is_said_at_night_or_of_what_was_decided(firm: Firm, system: System, cast: Cast) -> None:
    await firm.at("09 21:30", "10 07:00")
    assert heard(firm) == []
    with system() as uow:
        uow.act_as(Actor.of(cast.shenyue))
        (version,) = uow.push_times.all_waiting()
        uow.push_times.decide(version, approved=False)
    await firm.at("10 09:05", "11 09:05")
    assert heard(firm) == []


@pytest.mark.usefixtures("handed_in")
async def test_where_the_one_who_was_asked_has_left_the_others_who_may_decide_hear(
    firm: Firm, system: System, cast: Cast
) -> None:
    with system() as uow:
        uow.users.add("anguan", "安管理", "admin")
        uow.users.deactivate(cast.shenyue)
    await firm.at("10 09:05")
    assert len(heard(firm, "anguan")) == 1
    assert heard(firm) == []
