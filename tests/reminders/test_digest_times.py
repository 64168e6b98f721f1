"""The digest of a manager: once a day, the latest alone, never at night."""

from __future__ import annotations

from tests.builders import Cast
from tests.reminders.conftest import System
from tests.reminders.firm import Firm


class TestTheDigest:
    def days(self, firm: Firm, who: str = "wangke") -> list[str]:
        """The days of the digests that somebody got."""
        return [text.partition("团队日报")[0] for text in firm.sender.texts(who) if "团队日报" in text]

    async def test_comes_once_at_six_to_managers_alone(self, firm: Firm) -> None:
        await firm.at("09 17:59")
        assert self.days(firm) == []
        await firm.at("09 18:00", "09 18:01", "09 20:00")
        assert self.days(firm) == self.days(firm, "zhouning") == ["6 月 9 日"]
        assert self.days(firm, "lixiang") == []

    async def test_missed_in_the_evening_it_comes_in_the_morning_and_not_at_night(self, firm: Firm) -> None:
        await firm.at("09 12:00", "09 23:00", "10 03:00")
        assert self.days(firm) == []
        await firm.at("10 08:00", "10 08:01")
        assert self.days(firm) == ["6 月 9 日"]

    async def test_after_two_days_of_down_time_only_the_latest_comes(self, firm: Firm) -> None:
        await firm.at("12 09:00")
        assert self.days(firm) == ["6 月 11 日"]

    async def test_before_noon_it_tells_of_yesterday_and_nothing_twice(
        self, firm: Firm, system: System, cast: Cast
    ) -> None:
        await firm.at("09 18:00")
        with system() as uow:
            uow.users.prefer(cast.wangke, digest_at="08:30")
        await firm.at("10 08:30", "10 18:00", "11 08:30")
        assert self.days(firm) == ["6 月 9 日", "6 月 10 日"]

    async def test_an_hour_at_the_edge_of_the_night_is_kept(self, firm: Firm, system: System, cast: Cast) -> None:
        with system() as uow:
            uow.users.prefer(cast.wangke, digest_at="21:00")
            uow.users.prefer(cast.zhouning, digest_at="06:30")
        await firm.at("09 21:00", "10 06:30")
        assert self.days(firm) == self.days(firm, "zhouning") == ["6 月 9 日"]
