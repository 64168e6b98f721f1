"""The supervisor's list of what lies unhandled, and the nudge (R150)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_user, told_to_supervisors
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def wang(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """王珂 has a team in which 李顾问 left two things, of 陈默's team one is left too."""
    with database.system(clock.now()) as uow:
        for name, owner in (("王芳", "lixiang"), ("赵磊", "lixiang"), ("外人", "chenmo")):
            client = a_client(uow, name, owner_id=owner)
            left = uow.reminders.add(
                receiver_id=owner, client=client, category="renewal", text="", due_on=date(2025, 6, 9), timed=False,
                remind_at=datetime(2025, 6, 5, 8, 30, tzinfo=SHANGHAI),
            )
            told_to_supervisors(uow, [left.id])
    return Desk(database, clock, "wangke")


def test_the_list_shows_who_has_what_and_for_how_long_in_the_own_team_only(wang: Desk) -> None:
    heard = wang.says("漏办清单")
    assert "放了很久没处理的待办 2 件" in heard
    assert "李顾问：王芳" in heard
    assert "李顾问：赵磊" in heard
    assert "外人" not in heard
    assert "个工作小时" in heard


def test_a_nudge_brings_the_card_to_whoever_has_it(wang: Desk) -> None:
    wang.says("漏办清单")
    heard = wang.says("1 催办")
    assert "已提醒李顾问" in heard
    (_, word), (who, card) = wang.letters
    assert who == "lixiang"
    assert "王珂 提醒您" in str(word)
    assert isinstance(card, Card)


def test_what_is_finished_is_not_nudged(wang: Desk, database: Database, clock: MovableClock, cast: Cast) -> None:
    wang.says("漏办清单")
    with database.transaction(cast.li, clock.now()) as uow:
        for reminder in uow.reminders.open_until("lixiang", clock.now()):
            uow.reminders.finish(reminder, "done")
    assert "已完成，不用再处理" in wang.says("1 催办")
    assert wang.letters == []
    assert "团队里没有" in wang.says("漏办清单")


def test_an_item_goes_to_somebody_else_by_number_and_leaves_the_list(
    wang: Desk, database: Database, clock: MovableClock
) -> None:
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
    wang.says("漏办清单")
    wang.says("1 转交 王小强")
    assert "转交给 王小强" in wang.confirms()
    assert "放了很久没处理的待办 1 件" in wang.says("漏办清单")


def test_a_nudge_without_a_list_says_what_to_type(wang: Desk) -> None:
    assert "漏办清单" in wang.asks("item.nudge")


def test_an_adviser_has_no_such_list(database: Database, clock: MovableClock, wang: Desk) -> None:
    assert "您的角色不能使用" in Desk(database, clock, "lixiang").says("漏办清单")


@pytest.mark.parametrize("asked", ["李顾问漏办了几件", "李顾问的漏办", "李顾问有几件漏办", "看看李顾问漏办了哪些"])
def test_what_a_member_missed_is_what_the_digest_counts(wang: Desk, clock: MovableClock, asked: str) -> None:
    assert "李顾问没有漏办的待办" in wang.says(asked)
    clock.move_to(datetime(2025, 6, 30, 18, 0, tzinfo=SHANGHAI))
    assert "漏办关怀 2 件（李顾问 2）" in wang.says("日报")
    heard = wang.says(asked)
    assert "李顾问漏办的待办 2 件" in heard
    assert "李顾问：王芳" in heard
    assert "已提醒李顾问" in wang.says("1 催办")


def test_the_team_s_missed_care_is_counted_by_member(wang: Desk, clock: MovableClock) -> None:
    clock.move_to(datetime(2025, 6, 30, 18, 0, tzinfo=SHANGHAI))
    assert "漏办的待办 2 件（李顾问 2）" in wang.says("谁漏办了")


def test_a_name_that_nobody_of_the_team_has_is_said_to_be_unknown(wang: Desk) -> None:
    assert "团队里没有「小赵」" in wang.says("小赵漏办了几件")


def test_who_has_left_is_named_and_not_told_by_his_account(wang: Desk, database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        uow.users.deactivate(uow.users.get("lixiang"))
    heard = wang.says("漏办清单") + wang.says("展开 超时")
    assert "李顾问（已离职）：王芳" in heard
    assert "lixiang" not in heard
