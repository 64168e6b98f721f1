"""Reports that come by themselves (S28, S29, R234): kept questions, their times, who else gets them."""

from __future__ import annotations

from datetime import time

import pytest

from handlers.reports import timing_said
from reminders.reports import Timing, timing_of
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Invalid
from storage.repositories.saved_reports import SavedReportRepository
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import Desk


@pytest.fixture
def firm(database: Database, cast: Cast, clock: MovableClock) -> Database:
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        a_client(uow, "王芳", bank_tier="贵宾")
    return database


@pytest.fixture
def wang(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "wangke")


@pytest.fixture
def li(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "lixiang")


def kept(desk: Desk) -> list[dict]:
    return desk.sees(lambda uow: [dict(r.question) for r in SavedReportRepository(uow).mine_all()])


# ---------------------------------------------------------------- keeping a question


def test_the_last_question_is_kept_as_a_weekly_report(wang: Desk):
    wang.says("团队漏斗 本月")
    heard = wang.says("存为周报 周一9点")
    assert "已存为周报：团队漏斗（本月），每周一 09:00推送，第一次 06-16" in heard
    assert kept(wang)[0]["what"] == "funnel"
    assert "① 周报：团队漏斗（本月），每周一 09:00" in wang.says("我的报表")


def test_a_kept_question_keeps_its_clients_and_its_period(wang: Desk):
    wang.says("今年贵宾客户新增多少")
    wang.says("存为月报 1号下午2点半")
    assert "月报：团队新增客户（今年，只算：银行等级 是 贵宾），每月 1 日 14:30" in wang.says("我的报表")


def test_it_is_kept_once_and_can_be_undone_and_removed(wang: Desk):
    wang.says("团队续保率")
    wang.says("存为周报 周一9点")
    assert "已经存过了" in wang.says("存为周报 周一9点")
    wang.says("撤销")
    assert kept(wang) == []
    wang.says("团队续保率")
    wang.says("存为周报 周一9点")
    assert "已删除报表：周报：团队续保率（本月）" in wang.says("删除报表 1")
    assert kept(wang) == []
    assert "没有存过报表" in wang.says("删除报表 1")


def test_without_a_question_there_is_nothing_to_keep(wang: Desk):
    assert "请先问一个数" in wang.says("存为周报 周一9点")
    wang.says("团队续保率")
    assert "哪天几点" in wang.says("存为周报")
    assert "1 到 28 号" in wang.says("存为月报 31号9点")
    assert "06:00 到 21:00" in wang.says("存为周报 周一23点")


def test_a_member_sees_and_removes_only_his_own(wang: Desk, li: Desk):
    wang.says("团队续保率")
    wang.says("存为周报 周一9点")
    assert "团队续保率" not in li.says("我的报表")
    assert "没有存过报表" in li.says("删除报表 1")
    assert len(kept(wang)) == 1
    li.says("漏斗")
    assert "已存为周报：我的漏斗（今年）" in li.says("存为周报 周五17点")


@pytest.mark.parametrize(("said", "timing"), [
    ("周一9点", (1, time(9))), ("星期天 8:30", (7, time(8, 30))), ("礼拜三下午3点半", (3, time(15, 30))), ("周五 17：45", (5, time(17, 45))),
])
def test_days_and_hours_in_any_writing(said: str, timing: tuple[int, time]):
    assert timing_said(said, "weekly") == Timing("weekly", *timing)


@pytest.mark.parametrize("said", ["", "周一", "9点", "周八9点", "周一25点"])
def test_a_time_that_makes_no_sense_is_refused(said: str):
    with pytest.raises(Invalid):
        timing_said(said, "weekly")


# ---------------------------------------------------------------- the team's week and month


def test_the_week_report_on_demand(wang: Desk, li: Desk):
    assert wang.says("周报").startswith("团队周报（06-02 至 06-08）")
    assert wang.says("月报").startswith("团队月报（05-01 至 05-31）")
    assert "不能使用" in li.says("周报")


def test_its_time_is_set_stopped_and_started_again(wang: Desk, li: Desk):
    def weekly() -> Timing | None:
        return wang.sees(lambda uow: timing_of(uow.push_times.in_force(), uow.users.get("wangke"), "weekly"))

    assert weekly() == Timing("weekly", 1, time(9))
    assert "团队周报每周五 17:30推送" in wang.says("周报 时间改 周五17点半")
    assert weekly() == Timing("weekly", 5, time(17, 30))
    assert "已停止推送团队周报" in wang.says("停周报")
    assert weekly() is None
    assert "已停（「开周报」恢复）" in wang.says("我的报表")
    assert "每周一 09:00" in wang.says("开周报")
    assert weekly() == Timing("weekly", 1, time(9))
    assert "只发给主管" in li.says("周报 时间改 周五17点")


# ---------------------------------------------------------------- who else gets them


def test_a_colleague_of_the_team_is_added_after_a_yes_and_removed(wang: Desk):
    assert "也发给 王小强？" in wang.says("日报 加收件人 王小强")
    assert "从下一次开始" in wang.says("确认")
    assert wang.letters[0][0] == "xiaowang"
    assert "也发给：王小强" in wang.says("我的报表")
    assert "已经在收件人里了" in wang.says("日报 加收件人 王小强")
    assert "不再发给 王小强" in wang.says("日报 去掉收件人 王小强")
    assert "也发给" not in wang.says("我的报表")


def test_nobody_outside_the_team_is_added(wang: Desk, li: Desk):
    assert "团队里没有「陈默」" in wang.says("日报 加收件人 陈默")
    assert "不能使用" in li.says("日报 加收件人 王小强")


def test_the_week_report_itself_need_not_be_kept_and_no_older_question_is_taken_for_it(wang: Desk):
    wang.says("贵宾联系率")
    wang.says("周报")
    for said in ("存为周报", "存为周报 周五17点"):
        heard = wang.says(said)
        assert "团队周报不用另存：本来就会推送（每周一 09:00）" in heard
        assert "请先问一个数" in heard
    assert kept(wang) == []
    wang.says("贵宾联系率")
    assert "已存为周报" in wang.says("存为周报 周五17点")


def test_what_was_asked_before_the_digest_is_not_kept_for_it(wang: Desk):
    wang.says("贵宾联系率")
    wang.says("日报")
    wang.says("存为周报 周一9点")
    assert kept(wang) == []
