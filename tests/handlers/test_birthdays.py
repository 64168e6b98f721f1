"""Who has a birthday: solar and lunar, at the ends of months and years."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from reminders.planner import plan
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, within

TODAY = date(2025, 6, 9)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


def test_birthdays_solar_and_lunar_come_in_order_with_age_and_no_phone(desk: Desk):
    def given(uow):
        a_client(uow, "王芳", birthday=date(1985, 6, 14), insurance_tier="黄金")
        a_client(uow, "陈静", birthday_calendar="lunar", lunar_birthday=515)
        a_client(uow, "张敏", birthday=date(1990, 8, 1))
    desk.sees(given)
    lines = desk.asks("birthday.list", range=within(TODAY, days(7))).splitlines()
    assert lines == [
        "生日名单（06-09 至 06-16） 2 位：",
        "① 陈静 · 06-10 周二 · 农历五月十五",
        "② 王芳 · 06-14 周六 · 40 岁 · 黄金",
    ]


def test_a_birthday_wished_well_in_person_is_noted_and_reminded_of_no_more(desk: Desk):
    desk.sees(lambda uow: a_client(uow, "王芳", birthday=date(1985, 6, 9)))
    desk.sees(lambda uow: plan(uow, TODAY, TODAY, SHANGHAI))
    assert "王芳 今天生日" in desk.says("今日待办")
    assert "建议文案" in desk.says("王芳的生日祝福过了吗")
    heard = desk.says("王芳今天的生日我当面祝福过了")
    assert heard.startswith("已记录「王芳」的跟进：")
    assert "同时完成了：生日提醒。" in heard
    assert "今天生日" not in desk.says("今日待办")
    desk.says("撤销")
    assert "王芳 今天生日" in desk.says("今日待办")


@pytest.mark.parametrize("said", [
    "王芳生日没祝福过", "王芳生日还没有祝福过", "王芳的生日忘了祝福过她", "王芳的生日要祝福到位", "王芳去年生日祝福过了", "王芳生日小李祝福过了", "王芳明天生日祝福过了",
])  # fmt: skip
def test_what_was_not_wished_today_by_oneself_finishes_nothing(desk: Desk, said: str):
    desk.sees(lambda uow: a_client(uow, "王芳", birthday=date(1985, 6, 9)))
    desk.sees(lambda uow: plan(uow, TODAY, TODAY, SHANGHAI))
    assert "生日提醒" not in desk.says(said)
    assert "王芳 今天生日" in desk.says("今日待办")


def test_29_february_is_celebrated_on_the_28th_of_a_common_year(desk: Desk, clock: MovableClock):
    desk.sees(lambda uow: a_client(uow, "王芳", birthday=date(1988, 2, 29)))
    clock.move_to(datetime(2026, 2, 27, 9, 0, tzinfo=SHANGHAI))
    assert "02-28 周六" in desk.asks("birthday.list", range=within(date(2026, 2, 27), date(2026, 2, 28)))
    assert "没有客户过生日" in desk.asks("birthday.list", range=within(date(2026, 3, 1), date(2026, 3, 2)))


def test_birthdays_over_the_turn_of_the_year_are_found(desk: Desk, clock: MovableClock):
    def given(uow):
        a_client(uow, "王芳", birthday=date(1988, 12, 31))
        a_client(uow, "陈静", birthday=date(1988, 1, 2))
    desk.sees(given)
    clock.move_to(datetime(2025, 12, 30, 9, 0, tzinfo=SHANGHAI))
    said = desk.asks("birthday.list")
    assert said.index("王芳") < said.index("陈静")
    assert "38 岁" in said.splitlines()[2]


def test_one_calendar_can_be_asked_for_and_lost_clients_are_left_alone(desk: Desk):
    def given(uow):
        a_client(uow, "王芳", birthday=date(1985, 6, 14))
        a_client(uow, "张敏", birthday=date(1985, 6, 14), stage="lost")
        a_client(uow, "陈静", birthday_calendar="lunar", lunar_birthday=515)
    desk.sees(given)
    assert "张敏" not in desk.asks("birthday.list")
    assert "王芳" not in desk.asks("birthday.list", calendar="lunar")


def test_no_birthday_is_said_with_something_to_try(desk: Desk):
    assert "没有客户过生日" in desk.asks("birthday.list")


class TestWhichBirthdayIsKept:
    def test_whoever_gives_a_lunar_day_keeps_it(self, desk: Desk):
        desk.sees(lambda uow: a_client(uow, "陈静", birthday=date(1990, 7, 8)))
        answer = desk.says("陈静 农历生日 八月初三")
        assert "过哪种生日：阳历 → 农历" in answer
        assert "按农历过生日（农历八月初三），下一个生日是公历 2025-09-24。" in answer

    def test_back_and_forth_in_plain_words(self, desk: Desk):
        desk.sees(lambda uow: a_client(uow, "陈静", birthday=date(1990, 7, 8), lunar_birthday=803))
        assert "过哪种生日：阳历 → 农历" in desk.says("陈静 过农历生日")
        assert "按阳历过生日，下一个生日是 2025-07-08。" in desk.says("陈静 改成过阳历")
        assert "没有改动" in desk.says("陈静 生日按公历过")

    def test_the_lunar_day_is_reckoned_from_the_birth_date(self, desk: Desk):
        desk.sees(lambda uow: a_client(uow, "陈静", birthday=date(1990, 7, 8)))
        assert "农历生日：（空） → 农历闰五月十六" in desk.says("陈静 过农历生日")

    def test_without_any_day_it_is_asked_for(self, desk: Desk):
        desk.sees(lambda uow: a_client(uow, "陈静"))
        assert "请告诉我是哪天，例如「陈静 生日 农历八月初三」" in desk.says("陈静 过农历生日")

    def test_years_without_the_day_are_told_of_with_the_other_choice(self, desk: Desk):
        desk.sees(lambda uow: a_client(uow, "陈静"))
        answer = desk.says("陈静 生日 农历闰六月三十")
        assert "没有闰月的年份在农历六月三十提醒；想每年都在平月过，请发送「陈静 生日 农历六月三十」。" in answer
        assert "没有三十的年份在廿九提醒" in answer
        assert "平年在 2 月 28 日提醒" in desk.says("陈静 生日 2000-02-29")
