"""Tiers follow the assets every morning; advisers are told in one line of the brief, clients never (S15, S35)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from reminders.reports import team_report
from reminders.tiers import CATEGORY, recompute
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.messages import Text
from storage.model.work import Reminder
from storage.repositories.reminders import ReminderRepository
from storage.tables import client_messages, clients, tier_history
from tests.builders import Cast, a_client, the_cast
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, NewFirm


def rich(uow: UnitOfWork, name: str, aum: int, tier: str, owner: str = "lixiang") -> None:
    a_client(uow, name, aum=Decimal(aum), bank_tier=tier, owner_id=owner)


def lines(system: System) -> list[tuple[str, str]]:
    """(receiver, text) of the open notices."""
    with system() as uow:
        found = uow.reminders.open_notices(CATEGORY)
        return sorted((who, notice.text) for who, notice in found.items())


async def test_the_morning_computes_once_and_tells_each_adviser_in_one_line(
    new_firm: NewFirm, cast: Cast, system: System
) -> None:
    first, second = new_firm(), new_firm()
    await first.at("08 18:30")
    with system() as uow:
        for number in range(5):
            rich(uow, f"升{number}", 800_000, "优质")
        rich(uow, "降", 10_000, "贵宾")
        rich(uow, "外", 10_000, "贵宾", "chenmo")
    await first.at("09 07:39")
    assert lines(system) == []
    await first.at("09 07:40")
    await second.at("09 07:41", "09 07:45")
    assert lines(system) == [
        ("chenmo", "分层变动：降 1 位，发送「分层变动」看名单"),
        ("lixiang", "分层变动：升 5 位、降 1 位，发送「分层变动」看名单"),
    ]
    await second.at("09 08:31")
    brief, = second.sender.cards("lixiang")
    told = [line for line in brief["horizontal_content_list"] if "分层" in line["keyname"]]
    assert [line["value"] for line in told] == ["分层变动：升 5 位、降 1 位，发送「分层变动」看名单"]
    with system() as uow:
        assert len(uow.conn.execute(select(tier_history)).all()) == 7
        assert uow.conn.execute(select(client_messages)).all() == []


async def test_a_missed_day_is_made_good_by_the_next(new_firm: NewFirm, cast: Cast, system: System) -> None:
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        rich(uow, "王芳", 800_000, "优质")
    await firm.at("12 09:00")
    with system() as uow:
        assert uow.conn.execute(select(clients.c.bank_tier)).scalar_one() == "贵宾"
        assert len(uow.conn.execute(select(tier_history)).all()) == 1


def test_a_line_that_was_not_put_away_goes_on_counting(
    database: Database, cast: Cast, system: System, clock: MovableClock
) -> None:
    for day, (name, tier) in enumerate((("王芳", "优质"), ("陈静", "私行"))):
        with system() as uow:
            rich(uow, name, 800_000, tier)
            assert recompute(uow, "assets", ZONE) == 1
            assert recompute(uow, "assets", ZONE) == 0
        assert len(lines(system)) == 1, day
    assert lines(system) == [("lixiang", "分层变动：升 1 位、降 1 位，发送「分层变动」看名单")]
    with system() as uow:
        notice = uow.reminders.open_notices(CATEGORY)["lixiang"]
        assert notice.due_on == date(2025, 6, 9)
        uow.reminders.finish(notice, "done")
        rich(uow, "李强", 800_000, "优质")
        recompute(uow, "assets", ZONE)
    assert lines(system) == [("lixiang", "分层变动：升 1 位，发送「分层变动」看名单")]


def test_a_line_that_is_put_away_this_moment_holds_no_computation_up(
    postgres_database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(SQLite has one writer.)"""
    database = postgres_database
    with database.system(clock.now()) as uow:
        the_cast(uow)
        rich(uow, "王芳", 800_000, "优质")
        recompute(uow, "assets", ZONE)
        rich(uow, "陈静", 800_000, "私行")
    look = ReminderRepository.open_notices

    def look_and_lose(reminders: ReminderRepository, category: str) -> dict[str, Reminder]:
        found = look(reminders, category)
        with database.system(clock.now()) as other:
            other.reminders.finish(found["lixiang"], "done")
        return found

    monkeypatch.setattr(ReminderRepository, "open_notices", look_and_lose)
    with database.system(clock.now()) as uow:
        assert recompute(uow, "assets", ZONE) == 1
    monkeypatch.undo()
    with database.system(clock.now()) as uow:
        notice = uow.reminders.open_notices(CATEGORY)["lixiang"]
        assert notice.text == "分层变动：降 1 位，发送「分层变动」看名单"


def test_nobody_is_told_of_clients_of_a_member_who_left(database: Database, cast: Cast, system: System) -> None:
    with system() as uow:
        rich(uow, "王芳", 800_000, "优质")
        uow.users.deactivate(uow.users.get("lixiang"))
        assert recompute(uow, "assets", ZONE) == 1
    assert lines(system) == []


def test_the_month_reviews_how_often_a_hand_was_right_and_who_moved(
    database: Database, cast: Cast, system: System, clock: MovableClock
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        rich(uow, "对", 800_000, "贵宾")
        rich(uow, "错", 10_000, "贵宾")
        a_client(uow, "没有资产", bank_tier="贵宾")
    with system() as uow:
        rich(uow, "升", 800_000, "大众")
        rich(uow, "降", 10_000, "私行")
        rich(uow, "外", 10_000, "私行", "chenmo")
        recompute(uow, "assets", ZONE)
    with database.transaction(cast.wang, clock.now()) as uow:
        month, *_ = team_report(uow, uow.users.get("wangke"), "monthly", date(2025, 7, 1), ZONE)
        week, *_ = team_report(uow, uow.users.get("wangke"), "weekly", date(2025, 6, 16), ZONE)
    assert isinstance(month, Text)
    assert isinstance(week, Text)
    assert "分层吻合率 50.0%（1/2）" in month.content
    assert "升档客户：1 次（上期 0 次）" in month.content
    assert "降档客户：1 次（上期 0 次）" in month.content
    assert "升档客户：1 次（上期 0 次）" in week.content
    assert "分层吻合率" not in week.content
