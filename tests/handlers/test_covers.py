"""请假 and 代班: a colleague stands in for some days; his reminders and clients come along and go by themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, a_user, told_to_supervisors
from tests.handlers.asking import Desk
from tests.handlers.test_rules import letters

TODAY = date(2025, 6, 9)  # a Monday, nine in the morning
ZONE = ZoneInfo("Asia/Shanghai")
ORDER = "请假 6月10日到6月15日 小周代班"


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """李顾问, with 王芳 whose policy ends soon; 周敏 is her colleague under 王珂."""
    with database.system(clock.now()) as uow:
        a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="bank")
        fang = a_client(uow, "王芳", bank_tier="贵宾")
        a_policy(uow, fang, ends_on=TODAY + timedelta(days=8), product_name="康佑医疗险", state="active")
        a_client(uow, "刘洋", owner_id="zhoumin")
    return Desk(database, clock, "lixiang")


@pytest.fixture
def zhou(li: Desk) -> Desk:
    return Desk(li.database, li.clock, "zhoumin")


@pytest.fixture
def wang(li: Desk) -> Desk:
    return Desk(li.database, li.clock, "wangke")


def at(desk: Desk, day: int, hour: int = 9) -> None:
    desk.clock.move_to(datetime.combine(date(2025, 6, day), time(hour), ZONE))


def arranged(li: Desk) -> None:
    li.says(ORDER)
    li.confirms()


def test_it_is_read_back_confirmed_and_told_to_the_cover_and_the_manager(li: Desk) -> None:
    said = li.says(ORDER)
    assert "06-10（周二）到 06-15（周日）您请假，由 周敏 代班？" in said
    assert "现在没有请假" in Desk(li.database, li.clock, "wangke").says("谁代班")
    assert "已安排：06-10（周二）到 06-15（周日）李顾问 请假，由 周敏 代班，到期自动收回" in li.confirms()
    assert "提醒会发给您" in letters(li, "zhoumin")
    assert "李顾问 请假，由 周敏 代班" in letters(li, "wangke")
    for desk in (li, Desk(li.database, li.clock, "wangke"), Desk(li.database, li.clock, "zhoumin")):
        assert "李顾问 请假，周敏 代班" in desk.says("谁代班")
    assert "没有请假" in Desk(li.database, li.clock, "chenmo").says("谁代班")


def test_the_cover_finds_the_clients_on_those_days_and_on_no_other(li: Desk, zhou: Desk) -> None:
    arranged(li)
    foreign = zhou.says("查客户 王芳")
    assert foreign.replace("王芳", "无人") == zhou.says("查客户 无人")
    at(zhou, 10, 0)
    assert "贵宾" in zhou.says("查客户 王芳")
    assert "康佑医疗险" in zhou.says("王芳 保单")
    at(zhou, 15, 23)
    assert "贵宾" in zhou.says("查客户 王芳")
    at(zhou, 16, 0)
    assert zhou.says("查客户 王芳") == foreign
    assert "贵宾" in li.says("查客户 王芳")


def test_the_cover_sees_no_third_colleague_s_clients_and_is_told_whose_they_are(li: Desk, zhou: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        a_user(uow, "qian", name="钱进", manager_id="wangke")
        a_client(uow, "孙文", owner_id="qian")
    arranged(li)
    at(zhou, 11)
    assert "没有找到" in zhou.says("查客户 孙文")
    said = zhou.says("我的客户")
    assert ("刘洋" in said, "王芳" in said, "孙文" in said) == (True, True, False)
    assert "王芳" in (said := zhou.says("筛选 贵宾"))
    assert "李顾问" in said


def test_reminders_of_those_days_stand_in_the_cover_s_list_and_are_done_for_good(li: Desk, zhou: Desk) -> None:
    arranged(li)
    at(zhou, 10)
    with li.database.system(li.clock.now()) as uow:
        planner.plan(uow, date(2025, 6, 10), date(2025, 6, 10), ZONE)
    said = zhou.says("今日待办")
    assert "王芳 康佑医疗险" in said
    assert "（代李顾问）" in said
    assert "已记入时间线" in zhou.says("1 已联系")
    assert "没有待办" in zhou.says("今日待办")
    at(li, 16)
    assert "没有待办" in li.says("今日待办")
    assert "续保：已联系" in li.says("王芳 时间线")


def test_what_she_noted_for_herself_alone_stays_with_her(li: Desk, zhou: Desk) -> None:
    li.says("提醒我明天下午3点拿体检报告")
    arranged(li)
    at(zhou, 10)
    assert "体检" not in zhou.says("今日待办")
    assert "体检" in li.says("今日待办")


def test_what_the_cover_plans_for_a_client_goes_to_the_adviser_afterwards(li: Desk, zhou: Desk) -> None:
    arranged(li)
    at(zhou, 12)
    assert "代班期间提醒您，之后提醒 李顾问" in zhou.says("记 王芳 今天电话聊了续保，6月18日再约")
    assert "代班期间" not in zhou.says("记 刘洋 今天电话聊了理财，6月18日再约")
    at(zhou, 18)
    assert "回访 王芳" in li.says("今日待办")
    assert "刘洋" in (said := zhou.says("今日待办"))
    assert "王芳" not in said


def test_figures_count_the_own_book_alone(li: Desk, zhou: Desk) -> None:
    arranged(li)
    before = zhou.says("我的客户数")
    at(zhou, 11)
    assert zhou.says("我的客户数") == before


def test_the_trail_says_for_whom_it_was_done(li: Desk, zhou: Desk) -> None:
    arranged(li)
    at(zhou, 11)
    zhou.says("查客户 王芳")
    zhou.says("记 王芳 今天电话聊了续保")
    zhou.says("查客户 刘洋")
    said = Desk(li.database, li.clock, "shenyue").says("审计 成员 周敏")
    mine = [line for line in said.split("\n") if "周敏" in line and "「王芳」" in line]
    assert mine
    assert all("周敏（代李顾问）" in line for line in mine)
    assert all("代李顾问" not in line for line in said.split("\n") if "「刘洋」" in line)
    with li.database.system(li.clock.now()) as uow:
        assert audit.verify(uow.conn, uow.vault) is None


def test_compliance_sees_who_opened_whose_book_to_whom(li: Desk) -> None:
    arranged(li)
    li.says("取消请假")
    said = Desk(li.database, li.clock, "shenyue").says("审计 成员 李顾问")
    assert "新建 代班：李顾问 由 周敏 代" in said
    assert "提前结束 代班：李顾问 由 周敏 代" in said


def test_it_is_undone_and_called_off(li: Desk, zhou: Desk) -> None:
    arranged(li)
    li.undoes()
    assert "已撤回" in letters(li, "zhoumin")
    assert "没有请假" in li.says("谁代班")
    arranged(li)
    at(li, 12)
    assert "代班中" in li.says("谁代班")
    said = li.says("取消请假")
    assert "已结束，代班的权限马上收回" in said
    assert "权限马上收回" in letters(li, "zhoumin")
    assert "没有找到" in zhou.says("查客户 王芳")
    li.undoes()
    assert "贵宾" in zhou.says("查客户 王芳")
    assert "没有请假的安排" in zhou.says("取消请假")


def test_a_manager_arranges_for_his_people_and_nobody_for_a_peer(li: Desk, zhou: Desk, wang: Desk) -> None:
    assert "由本人或主管安排" in zhou.says("李顾问请假 6月10日到6月15日 陈默代班")
    assert "您的团队" in wang.says("陈默请假 6月10日到6月15日 周敏代班")
    said = wang.says("李顾问请假 6月10号到15号 周敏代")
    assert "李顾问 请假，由 周敏 代班？" in said
    wang.confirms()
    assert "06-10（周二）到 06-15（周日）李顾问 请假" in letters(wang, "lixiang")
    assert "已取消" in wang.says("李顾问 取消请假")
    assert "已取消" in letters(wang, "lixiang")


@pytest.mark.parametrize(("text", "answer"), [
    ("请假 6月10日到6月15日", "请说明由谁代班"),
    ("请假 6月10日到6月15日 陈默代班", "团队里没有「陈默」"),
    ("请假 2月30日到3月2日 小周代班", "没有安排"),
    ("请假 6月10日到2026年6月15日 小周代班", "最多安排 180 天"),
    ("请假 6月10日到6月9日 小周代班", "结束那天要在开始那天之后"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(li: Desk, text: str, answer: str) -> None:
    assert answer in li.says(text)
    assert "没有请假" in li.says("谁代班")


def test_two_are_never_away_for_each_other(li: Desk, zhou: Desk) -> None:
    arranged(li)
    li.says("请假 6月12日 王珂代班")
    assert "已经安排了代班" in li.confirms()
    zhou.says("请假 6月12日 王珂代班")
    assert "要替同事代班" in zhou.confirms()
    zhou.says("请假 6月20日 王珂代班")
    zhou.confirms()
    li.says("请假 6月20日 小周代班")
    assert "周敏 这几天自己也请假" in li.confirms()


def test_a_supervisor_reads_and_nudges_whoever_stands_in(li: Desk, wang: Desk) -> None:
    arranged(li)
    at(wang, 10)
    with li.database.system(li.clock.now()) as uow:
        planner.plan(uow, date(2025, 6, 10), date(2025, 6, 10), ZONE)
        ids = [r.id for r in uow.reminders.waiting_since(li.clock.now() + timedelta(days=1))]
        told_to_supervisors(uow, ids)
    assert "李顾问（周敏代）：王芳" in wang.says("漏办清单")
    assert "已提醒周敏" in wang.says("1 催办")
    assert "王珂 提醒您" in letters(wang, "zhoumin")


def test_the_digest_says_who_is_away_and_does_not_call_her_idle(li: Desk, wang: Desk) -> None:
    arranged(li)
    at(wang, 11, 18)
    said = wang.says("日报")
    assert "请假：李顾问（周敏代班）" in said
    assert "没有动作：李顾问" not in said


def test_the_same_days_are_given_to_another_on_the_very_day(li: Desk) -> None:
    li.says("请假 今天到6月15日 小周代班")
    li.confirms()
    at(li, 9, 11)
    assert "马上收回" in li.says("取消请假")
    li.says("请假 今天到6月15日 王珂代班")
    assert "由 王珂 代班" in li.confirms()


def test_days_that_are_over_when_it_is_confirmed_are_not_arranged(li: Desk) -> None:
    li.says("请假 今天 小周代班")
    at(li, 9, 23)
    li.clock.advance(timedelta(minutes=59, seconds=50))
    li.says("请假 今天 小周代班")
    li.clock.advance(timedelta(seconds=20))
    assert "已经过去了，没有安排" in li.confirms()


def test_an_end_is_not_undone_over_what_was_arranged_since(li: Desk, zhou: Desk) -> None:
    arranged(li)
    at(li, 12)
    li.says("取消请假")
    zhou.says("请假 今天到6月15日 王珂代班")
    assert "由 王珂 代班" in zhou.confirms()
    assert "不能撤销" in li.says("撤销")
    assert "没有找到" in zhou.says("查客户 王芳")


def test_who_takes_another_post_stands_in_no_more(li: Desk, zhou: Desk) -> None:
    arranged(li)
    at(zhou, 10)
    with li.database.system(li.clock.now()) as uow:
        assert uow.covers.stand_ins(uow.now) == {"lixiang": "zhoumin"}
        uow.users.change(uow.users.get("zhoumin"), role="ops")
        assert uow.covers.stand_ins(uow.now) == {}


def test_a_page_turned_to_after_the_days_shows_none_of_the_clients(li: Desk, zhou: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        for number in range(14):
            person = a_client(uow, f"赵{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[number]}")
            a_policy(uow, person, ends_on=date(2025, 6, 20), product_name="康佑医疗险", state="active")
    arranged(li)
    at(zhou, 15, 23)
    first = zhou.says("30天内到期")
    assert "赵" in first
    zhou.clock.advance(timedelta(minutes=55))
    assert "赵" in zhou.says("更多")
    zhou.says("30天内到期")
    zhou.clock.advance(timedelta(minutes=6))
    after = zhou.says("更多")
    assert "赵" not in after
    assert "现在不在您可以看的范围内" in after
