"""One record that cannot be read stops nobody else: the clock goes on for the whole firm."""

from __future__ import annotations

from sqlalchemy import update

from reminders.questions import Question
from storage.database import Database
from storage.repositories.saved_reports import SavedReportRepository
from storage.tables import reminders, saved_reports
from tests.builders import Cast
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, add_timed, at


async def test_a_reminder_whose_text_does_not_open_still_comes_and_stops_nobody(firm: Firm, system: System) -> None:
    with system() as uow:
        broken = add_timed(uow, "09 08:00", receiver_id="chenmo")
        add_timed(uow, "09 08:00", "给张强回电话", receiver_id="chenmo")
        uow.conn.execute(update(reminders).where(reminders.c.id == broken).values(text=b"broken"))
    await firm.at("09 08:00", "09 08:31")
    assert firm.titles("chenmo")[:2] == ["提醒：（内容打不开，请联系运营）", "提醒：给张强回电话"]
    assert "早上好，今日 1 件" in firm.titles()


async def test_a_kept_question_that_does_not_open_is_told_of_to_its_owner_and_stops_nobody(
    firm: Firm, system: System, database: Database, cast: Cast
) -> None:
    with database.transaction(cast.wang, at("08 19:00")) as uow:
        SavedReportRepository(uow).add("weekly", 1, "09:00", Question("figure", "new_clients").as_json())
        uow.conn.execute(update(saved_reports).values(question=b"broken"))
    await firm.at("09 08:31", "09 09:01", "09 09:02")
    assert "早上好，今日 1 件" in firm.titles()
    (told,) = [text for text in firm.sender.texts("wangke") if "打不开" in text]
    assert "我的报表" in told


async def test_a_setting_of_a_member_that_nobody_can_read_stops_only_his_reports(firm: Firm, system: System) -> None:
    with system() as uow:
        uow.users.prefer(uow.users.get("zhouning"), monthly_at="31 09:00")
        add_timed(uow, "09 15:00")
    await firm.at("09 08:31", "09 15:00", "09 18:01")
    assert firm.titles()[0] == "早上好，今日 2 件"
    assert "提醒：给客户回电话" in firm.titles()
    assert any("日报" in text for text in firm.sender.texts("wangke"))
