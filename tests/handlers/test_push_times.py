"""早报时间, 日报时间: operations set in chat when everybody hears; a second person approves."""

from __future__ import annotations

from datetime import time

import pytest

from reminders.push_times import brief_at, digest_at
from reminders.reports import Every, timing_of
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast
from tests.handlers.asking import Desk
from tests.handlers.test_rules import letters


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


def hours(desk: Desk, who: str = "wangke") -> tuple[time, time]:
    """When a member hears, in a process that knew the hours before."""
    with desk.database.system(desk.clock.now()) as uow:
        user, firm = uow.users.get(who), uow.push_times.in_force()
        return brief_at(user, firm), digest_at(user, firm)


def approve(he: Desk, shen: Desk) -> str:
    he.says("提交")
    return shen.taps("同意", next(card for who, card in he.letters if who == "shenyue" and hasattr(card, "buttons")))


def test_a_change_counts_after_a_second_person_approved_and_without_a_restart(he: Desk, shen: Desk) -> None:
    assert "全公司早报时间：08:30（v0，业务包原样）" in he.says("早报时间")
    said = he.says("早报时间 改为 8:45")
    assert "早报 08:30 → 08:45" in said
    assert "还没有提交" in said
    assert "对 6 位成员有效" in he.says("试算")
    assert hours(he) == (time(8, 30), time(18))
    said = approve(he, shen)
    assert "早报时间 v1 已生效，从下一次起 08:45 推送" in said
    assert hours(he) == (time(8, 45), time(18))
    assert "沈合规 批准了 早报时间 v1" in letters(shen, "hexin")
    assert "08:45（v1，何运营" in he.says("早报时间")
    he.says("日报时间 改为 17:30")
    assert "日报时间 v1 已生效" in approve(he, shen)
    assert hours(he) == (time(8, 45), time(17, 30))


def test_who_set_an_hour_of_his_own_keeps_it_and_others_are_told_the_firm_s(he: Desk, shen: Desk) -> None:
    wang, li = Desk(he.database, he.clock, "wangke"), Desk(he.database, he.clock, "lixiang")
    wang.says("早报 时间改 9:15")
    assert "1 位自己设了时间，按自己的" in he.says("早报时间 改为 8:45")
    approve(he, shen)
    assert hours(he, "wangke")[0] == time(9, 15)
    assert hours(he, "lixiang")[0] == time(8, 45)
    assert "早报：每天 08:45" in li.says("推送设置")
    assert "已设置：早间待办改为每天 07:30" in he.says("我的早报 时间改 7:30")
    assert hours(he, "hexin")[0] == time(7, 30)


def test_an_adviser_s_order_is_about_himself(he: Desk) -> None:
    li = Desk(he.database, he.clock, "lixiang")
    assert "已设置：早间待办改为每天 08:45" in li.says("早报时间 改为 8:45")
    assert "v0，业务包原样" in he.says("早报时间")
    assert "早报：每天 08:45" in li.says("早报时间")


@pytest.mark.parametrize(("text", "answer"), [
    ("早报时间 改为 13:00", "早报的时间要在 06:00 到 12:00 之间"),
    ("日报时间 改为 23:10", "日报的时间要在 06:00 到 21:00 之间"),
    ("早报时间 改为 8:30", "现在就是 08:30"),
    ("早报时间 改为 8:75", "没有这个时间"),
])  # fmt: skip
def test_an_hour_that_makes_no_sense_is_refused_and_no_draft_is_left(he: Desk, text: str, answer: str) -> None:
    assert answer in he.says(text)
    assert "没有未保存的草稿" in he.says("草稿")


def test_a_draft_is_corrected_by_saying_another_hour(he: Desk) -> None:
    he.says("日报时间 改为 17:30")
    assert "日报 18:00 → 17:15" in he.says("17:15")
    assert "日报的时间要在" in he.says("22:00")
    assert "日报 18:00 → 17:15" in he.says("草稿")


def test_the_author_never_approves_and_a_refusal_is_told(he: Desk, shen: Desk) -> None:
    he.says("早报时间 改为 8:45")
    he.says("提交")
    assert "不能自己批" in he.says("同意 早报时间 v1")
    assert "等待审批：v1" in he.says("早报时间")
    assert "等待审批的是 早报时间 v1，请看过再定" in shen.says("同意 早报时间")
    assert "没有等待审批的日报时间" in shen.says("同意 日报时间 v1")
    assert "已驳回 早报时间 v1，原因：太晚" in shen.says("驳回 早报时间 v1 太晚")
    assert "驳回原因：太晚" in he.says("早报时间 历史")
    assert hours(he) == (time(8, 30), time(18))


def test_versions_are_told_and_rolled_back_to(he: Desk, shen: Desk) -> None:
    for text in ("早报时间 改为 8:45", "早报时间 改为 9:00"):
        he.says(text)
        approve(he, shen)
    said = he.says("早报时间 历史")
    assert "v2 生效中：修改，何运营" in said
    assert "早报 08:45 → 09:00" in said
    assert "v1 已换下：修改，何运营" in said
    assert "早报 08:30 → 08:45" in said
    assert "例如「回滚 早报时间 v1」" in said
    he.says("回滚 早报时间 v1")
    assert "已生效" in shen.says("同意 早报时间 v3")
    assert hours(he)[0] == time(8, 45)
    assert "没有 v9" in he.says("回滚 早报时间 v9")
    he.says("回滚 早报时间 v0")
    shen.says("同意 早报时间 v4")
    assert hours(he)[0] == time(8, 30)
    assert "现在就是 v4" in he.says("回滚 早报时间 v4")


def test_what_waits_is_on_the_desk_and_taken_back(he: Desk, shen: Desk) -> None:
    he.says("日报时间 改为 17:30")
    he.says("提交")
    assert "等待审批的是 日报时间 v1" in shen.says("待我审批")
    assert "改动：日报 18:00 → 17:30" in letters(shen, "shenyue")
    assert "撤回 日报时间 v1" in he.says("撤回申请 日报时间 v1")
    he.confirms()
    assert "没有等您审批" in shen.says("待我审批")


# ---------------------------------------------------------------- the reports of a week and a month


def timing(desk: Desk, every: Every, who: str = "wangke") -> str:
    """When a manager gets a report, in a process that knew the hours before; "" for never."""
    with desk.database.system(desk.clock.now()) as uow:
        found = timing_of(uow.push_times.in_force(), uow.users.get(who), every)
        return found.words if found else ""


def test_the_day_and_the_hour_of_a_report_are_set_for_the_firm(he: Desk, shen: Desk) -> None:
    assert "全公司周报时间：每周一 09:00（v0，业务包原样）" in he.says("周报时间")
    assert "周报 每周一 09:00 → 每周五 17:30" in he.says("周报时间 改为 周五 17:30")
    assert "对 2 位成员有效" in he.says("试算")
    assert timing(he, "weekly") == "每周一 09:00"
    assert "周报时间 v1 已生效，从下一次起 每周五 17:30 推送" in approve(he, shen)
    assert timing(he, "weekly") == "每周五 17:30"
    assert timing(he, "monthly") == "每月 1 日 09:00"
    assert "团队周报：每周五 17:30" in Desk(he.database, he.clock, "wangke").says("我的报表")
    assert "周报 每周一 09:00 → 每周五 17:30" in he.says("周报时间 历史")
    he.says("回滚 周报时间 v0")
    assert "已生效" in shen.says("同意 周报时间 v2")
    assert timing(he, "weekly") == "每周一 09:00"


@pytest.mark.parametrize(("said", "changed"), [
    ("月报时间 改为 3号 10点", "月报 每月 1 日 09:00 → 每月 3 日 10:00"), ("月报时间 改为 5号", "月报 每月 1 日 09:00 → 每月 5 日 09:00"),
    ("周报时间 改为 8:30", "周报 每周一 09:00 → 每周一 08:30"), ("周报时间 改到 周日下午两点半", "周报 每周一 09:00 → 每周日 14:30"),
])  # fmt: skip
def test_of_a_report_the_day_or_the_hour_may_be_said_alone(he: Desk, said: str, changed: str) -> None:
    assert changed in he.says(said)


def test_a_draft_of_a_report_is_corrected_in_a_word(he: Desk) -> None:
    he.says("周报时间 改为 周五 17:30")
    assert "→ 每周四 17:30" in he.says("周四")
    assert "→ 每周四 16:00" in he.says("16:00")


@pytest.mark.parametrize(("text", "answer"), [
    ("月报时间 改为 31号 9点", "月报的日子请选 1 到 28 号"), ("周报时间 改为 周一 23:00", "周报的时间要在 06:00 到 21:00 之间"),
    ("周报时间 改为 周一 9点", "现在就是 每周一 09:00"), ("周报时间 改为 9月", "没看懂周报的时间"),
    ("周报时间 改为 周一 25点", "没有「25点」这个时间"),
])  # fmt: skip
def test_a_day_or_an_hour_that_makes_no_sense_is_refused(he: Desk, text: str, answer: str) -> None:
    assert answer in he.says(text)
    assert "没有未保存的草稿" in he.says("草稿")


def test_a_manager_with_a_day_of_his_own_keeps_it(he: Desk, shen: Desk) -> None:
    Desk(he.database, he.clock, "wangke").says("周报 时间改 周三10点")
    assert "1 位自己设了时间，按自己的" in he.says("周报时间 改为 周五 17:30")
    approve(he, shen)
    assert timing(he, "weekly") == "每周三 10:00"
    assert timing(he, "weekly", "zhouning") == "每周五 17:30"
