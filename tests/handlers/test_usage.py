"""使用率 (R245): who uses the assistant week by week, and how much was not understood; numbers of the firm for
operations, the team with names for its manager."""

from __future__ import annotations

from datetime import datetime

import pytest

from reminders.jobs import KEEP_MAIL
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import SHANGHAI, Desk


def sends(database: Database, who: str, day: str, kind: str = "TextMessage", *, handled: bool = True) -> None:
    """A message of somebody's on a day of 2025, as it lies in the inbox afterwards."""
    at = datetime.fromisoformat(f"2025-{day}T10:00").replace(tzinfo=SHANGHAI)
    with database.system(at) as uow:
        uow.inbox.add([Arrival(f"{who}:{day}:{kind}", who, kind, "<xml/>", at)])
        for row in uow.inbox.claim("w", 9) if handled else ():
            uow.inbox.finish(row, "w")


@pytest.fixture
def firm(database: Database, cast: Cast, clock: MovableClock) -> Database:
    """It is 9 June. 李顾问 wrote in the last week and in the one before it, 王珂 in the third; 赵磊, also of the team,
    only opened the app and has a message that waits; 陈默 of the other team tapped a button; operations wrote too."""
    with database.system(clock.now()) as uow:
        a_user(uow, "zhaolei", name="赵磊", manager_id="wangke")
        a_client(uow, "王芳")
    for who, day, kind in (
        ("lixiang", "06-09", "TextMessage"), ("lixiang", "06-03", "click"), ("lixiang", "06-02", "TextMessage"),
        ("wangke", "05-20", "MediaMessage"), ("chenmo", "06-05", "template_card_event"), ("zhaolei", "06-05", "enter_agent"),
        ("hexin", "06-06", "TextMessage"), ("stranger", "06-06", "TextMessage"),
    ):
        sends(database, who, day, kind)
    sends(database, "zhaolei", "06-09", handled=False)
    return database


def desk(firm: Database, clock: MovableClock, who: str) -> Desk:
    return Desk(firm, clock, who)


def test_a_manager_hears_week_by_week_of_the_team_and_who_did_not(firm: Database, clock: MovableClock) -> None:
    assert desk(firm, clock, "wangke").says("使用率").split("\n") == [
        "团队使用率 近 4 周（05-13 至 06-09）：3 位顾问和主管中 2 位（67%）用过",
        "06-03 至 06-09：1 位（33%）", "05-27 至 06-02：1 位（33%）", "05-20 至 05-26：1 位（33%）", "05-13 至 05-19：0 位（0%）",
        "这段时间没用过：赵磊", "没有听不懂的话。", "怎么算的发送「口径 使用率」。",
    ]  # fmt: skip


def test_operations_hear_numbers_of_the_firm_and_no_name(firm: Database, clock: MovableClock) -> None:
    said = desk(firm, clock, "hexin").says("使用率 近30天")
    assert said.startswith("全公司使用率 近30天（05-11 至 06-09）：5 位顾问和主管中 3 位（60%）用过\n06-03 至 06-09：2 位（40%）")
    assert [name for name in ("李顾问", "赵磊", "陈默", "王珂", "周宁", "王芳") if name in said] == []


def test_what_was_not_understood_is_counted_for_whom_it_concerns(firm: Database, clock: MovableClock) -> None:
    desk(firm, clock, "lixiang").says("嗯嗯那个锅包肉呢这样")
    desk(firm, clock, "lixiang").says("吭哧瘪肚的那种")
    desk(firm, clock, "chenmo").says("吭哧瘪肚的那种")
    assert "没听懂 2 句，来自 1 人。" in desk(firm, clock, "wangke").says("使用率")
    said = desk(firm, clock, "hexin").says("使用率")
    assert "没听懂 3 句，来自 2 人，发送「听不懂的话」看是哪些。" in said
    assert "锅包肉" not in said


def test_who_has_left_counts_no_more_and_an_adviser_may_not_ask(firm: Database, clock: MovableClock) -> None:
    with firm.system(clock.now()) as uow:
        uow.users.deactivate(uow.users.get("lixiang"))
    assert "2 位顾问和主管中 1 位（50%）用过" in desk(firm, clock, "wangke").says("团队使用率")
    assert "您的角色不能使用" in desk(firm, clock, "chenmo").says("使用率")


def test_a_week_alone_is_one_line_and_days_that_are_gone_are_said(firm: Database, clock: MovableClock) -> None:
    wang = desk(firm, clock, "wangke")
    assert "近7天（06-03 至 06-09）：3 位顾问和主管中 1 位（33%）用过\n这段时间没用过：" in wang.says("使用率 近7天")
    assert "只留 30 天，「上个月」的使用率算不了" in wang.says("使用率 上个月")
    assert "没有使用情况可看" in wang.says("使用率 下个月")


def test_thirty_days_are_still_there_after_the_house_was_kept(firm: Database, clock: MovableClock) -> None:
    zhou = desk(firm, clock, "zhouning")
    sends(firm, "zhouning", "05-11")
    with firm.system(clock.now()) as uow:
        kept = uow.inbox.purge(datetime.fromisoformat("2025-06-09T23:59").replace(tzinfo=SHANGHAI) - KEEP_MAIL)
    assert kept == 0
    assert "2 位顾问和主管中 2 位（100%）用过" in zhou.says("使用率 近30天")


def test_the_definition_is_that_of_the_packs_and_the_figure_the_same(firm: Database, clock: MovableClock) -> None:
    wang = desk(firm, clock, "wangke")
    said = wang.says("口径 使用率")
    assert "÷ 现在在职的顾问和主管" in said
    assert "没说期间就是近 28 天。可以按顾问分" in said
    assert "66.7%（2/3）（近 28 天）" in wang.asks("stats.team", text="团队使用率排名", metric="usage_rate")
    assert "÷ 现在在职的顾问和主管" in desk(firm, clock, "hexin").says("口径 使用率")
