"""Reminders for a clock time come at their minute, once, and never late in the night."""

from __future__ import annotations

from tests.builders import Cast
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, add_timed, at


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
