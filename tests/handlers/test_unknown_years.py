"""The holidays of a year are known once the State Council has said them; before that, answers say how they count."""

from __future__ import annotations

from datetime import datetime

import pytest

from reminders.calendar import last_known_year
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk

LAST = last_known_year()
NOTE = f"{LAST + 1} 年的放假安排系统里还没有，工作日先按周一到周五算。"


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """The afternoon of the last 30 December whose year is known."""
    clock.move_to(datetime(LAST, 12, 30, 14, tzinfo=SHANGHAI))
    with database.system(clock.now()) as uow:
        a_client(uow, "王芳")
    return Desk(database, clock, "lixiang")


@pytest.mark.parametrize("said", ["元旦后第一个工作日", "5个工作日后"])
def test_whoever_counts_working_days_into_an_unknown_year_is_told_so(li: Desk, said: str) -> None:
    heard = li.says(f"{said} 提醒我联系王芳")
    assert f"{LAST + 1}-01-" in heard
    assert heard.count(NOTE) == 1


@pytest.mark.parametrize("said", ["下个工作日", "下周三"])
def test_nothing_is_said_of_days_that_are_known_or_plain(li: Desk, said: str) -> None:
    li.clock.move_to(datetime(LAST, 6, 9, 9, tzinfo=SHANGHAI))
    heard = li.says(f"{said} 提醒我联系王芳")
    assert "王芳" in heard
    assert "放假安排" not in heard


def test_a_plain_date_in_an_unknown_year_needs_no_word(li: Desk) -> None:
    heard = li.says(f"{LAST + 1}年1月15日 提醒我联系王芳")
    assert f"{LAST + 1}-01-15" in heard
    assert "放假安排" not in heard


def test_what_is_put_off_to_the_next_working_day_says_so_too(li: Desk) -> None:
    li.clock.move_to(datetime(LAST, 12, 31, 14, tzinfo=SHANGHAI))
    li.says("今天15点 提醒我联系王芳")
    li.says("今日待办")
    assert NOTE in li.says("1 稍后 下个工作日")


def test_the_system_status_says_how_far_the_holidays_are_known(li: Desk, database: Database, clock: MovableClock) -> None:
    he = Desk(database, clock, "hexin")
    assert f"放假安排：有到 {LAST} 年的；{LAST + 1} 年还没有" in he.says("系统状态")
    clock.move_to(datetime(LAST + 2, 3, 1, 9, tzinfo=SHANGHAI))
    assert f"有到 {LAST} 年的；{LAST + 2} 年还没有" in he.says("系统状态")
    clock.move_to(datetime(LAST - 1, 12, 10, 9, tzinfo=SHANGHAI))
    assert f"放假安排：有到 {LAST} 年的。" in he.says("系统状态")
