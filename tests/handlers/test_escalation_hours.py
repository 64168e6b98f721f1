"""升级时间: operations set in chat after how many hours reminders climb; a second person approves."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from reminders.escalation import climb, missed
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import Desk
from tests.handlers.test_rules import letters

TODAY = date(2025, 6, 9)  # a Monday, nine in the morning
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm where a renewal has come due this morning."""
    with database.system(clock.now()) as uow:
        a_policy(uow, a_client(uow), ends_on=TODAY + timedelta(days=7), product_name="康佑医疗险")
        planner.plan(uow, TODAY, TODAY, ZONE)
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


def climbs(desk: Desk) -> int:
    """How many reminders climb at this moment, in a process that knew the hours before."""
    with desk.database.system(desk.clock.now()) as uow:
        return sum(len(found) for _, found in climb(uow, ZONE))


def approve(he: Desk, shen: Desk) -> str:
    he.says("提交")
    return shen.taps("同意", next(card for who, card in he.letters if who == "shenyue" and hasattr(card, "buttons")))


def test_the_hours_of_the_packs_are_shown(he: Desk) -> None:
    said = he.says("升级时间")
    assert "升级时间（v0，业务包原样），按工作小时算" in said
    assert "续保：15 小时告诉主管，38 小时算漏办" in said
    assert "生日：5 小时告诉主管，8 小时算漏办" in Desk(he.database, he.clock, "lixiang").says("漏办时间是多久")


def test_a_change_counts_after_a_second_person_approved_and_without_a_restart(he: Desk, shen: Desk) -> None:
    he.clock.advance(timedelta(hours=6))  # four and a half hours of work after 08:30: lunch is none
    assert climbs(he) == 0
    said = he.says("升级时间 续保 改为 4小时")
    assert "续保：15 小时告诉主管，38 小时算漏办 → 4 小时告诉主管，38 小时算漏办" in said
    assert "缴费：12 小时告诉主管" in said
    assert "还没有提交" in said
    assert "该告诉主管的有 1 件，现在的标准是 0 件" in he.says("试算")
    assert "等沈合规审批；批准后立即生效，不用重启" in he.says("提交")
    assert climbs(he) == 0
    heard = letters(he, "shenyue")
    assert "何运营 提交 升级时间 v1（修改）" in heard
    assert "改动：续保 告诉主管 15 → 4 小时" in heard
    card = next(card for who, card in he.letters if who == "shenyue" and hasattr(card, "buttons"))
    assert "升级时间 v1 已生效" in shen.taps("同意", card)
    assert "沈合规 批准了 升级时间 v1" in letters(shen, "hexin")
    assert climbs(he) == 1
    assert "升级时间（v1，何运营" in he.says("升级时间")


def test_what_counts_as_missed_is_set_the_same_way(he: Desk, shen: Desk) -> None:
    he.says("升级时间 改为 4小时 漏办 8小时")
    approve(he, shen)
    he.clock.advance(timedelta(days=1, hours=2))
    assert climbs(he) == 1
    with he.database.system(he.clock.now()) as uow:
        assert len(missed(uow, ZONE)) == 1
    assert "康佑医疗险" in (said := Desk(he.database, he.clock, "wangke").says("漏办清单"))
    assert "（漏办）" in said


def test_missed_comes_after_climbing(he: Desk) -> None:
    said = he.says("漏办时间 改 8小时")
    assert "漏办时间要比升级时间长，没有改动" in said
    assert "续保（升级 15，漏办 8）" in said
    assert "没有正在写的规则" in he.says("提交")
    assert "生日：5 小时告诉主管，8 小时算漏办 → 5 小时告诉主管，9 小时算漏办" in he.says("漏办时间 生日 改 9小时")


def test_a_draft_is_written_part_by_part(he: Desk) -> None:
    he.says("升级时间 改为 4小时")
    said = he.says("漏办时间 改 8小时")
    assert "续保：15 小时告诉主管，38 小时算漏办 → 4 小时告诉主管，8 小时算漏办" in said
    assert "缴费：12 小时告诉主管，24 小时算漏办 → 6 小时告诉主管，8 小时算漏办" in he.says("缴费 6小时")
    assert "8 小时告诉主管，20 小时算漏办" in he.says("缴费、续保 1天 漏办 20小时")  # 7.5 hours a day, rounded up
    assert "漏办要比" not in he.says("草稿")
    assert "漏办时间要比升级时间长" in he.says("缴费 30小时")
    assert "8 小时告诉主管，20 小时算漏办" in he.says("草稿")
    assert "已取消" in he.says("取消")


@pytest.mark.parametrize(("said", "hours"), [
    ("两个半小时", 3), ("一个半小时", 2), ("2个小时", 2), ("半天", 4), ("一天半", 12), ("1天", 8), ("1.5小时", 2), ("十二个小时", 12),
])  # fmt: skip
def test_a_half_is_never_passed_over(he: Desk, said: str, hours: int) -> None:
    assert f"→ {hours} 小时告诉主管，38 小时算漏办" in he.says(f"升级时间 续保 改为 {said}")


@pytest.mark.parametrize("text", ["升级时间 理赔 4小时", "升级时间 改为 4小时 呵呵", "升级时间 改为 4公里", "升级时间 续保 0小时"])
def test_what_cannot_be_read_changes_nothing(he: Desk, text: str) -> None:
    said = he.says(text)
    assert "没有改动" in said or "整数小时" in said or "改成多少小时" in said
    assert "v0，业务包原样" in he.says("升级时间")
    assert "没有未保存的草稿" in he.says("草稿")


def test_the_author_never_approves_and_others_set_nothing(he: Desk, shen: Desk) -> None:
    he.says("升级时间 续保 4小时")
    he.says("提交")
    assert "不能自己批" in he.says("同意 升级时间 v1")
    li = Desk(he.database, he.clock, "lixiang")
    assert "您的角色不能使用" in li.says("升级时间 续保 4小时")
    assert "有一个版本等待审批：v1，何运营 2025-06-09 09:00 提交，请沈合规审批" in li.says("升级时间")
    assert "等待审批的是 升级时间 v1，请看过再定" in shen.says("同意 升级时间")
    assert "已驳回 升级时间 v1，原因：太短" in shen.says("驳回 升级时间 v1 太短")
    assert "驳回原因：太短" in he.says("升级时间 历史")
    assert "没有等待审批" in shen.says("同意 升级时间 v1")


def test_versions_are_told_and_rolled_back_to(he: Desk, shen: Desk) -> None:
    he.says("升级时间 续保 4小时")
    approve(he, shen)
    he.says("升级时间 续保 6小时")
    approve(he, shen)
    said = he.says("升级时间 历史")
    assert "v2 生效中：修改" in said
    assert "续保 告诉主管 4 → 6 小时" in said
    assert "v1 已换下" in said
    assert "例如「回滚 升级时间 v1」" in said
    he.says("回滚 升级时间 v1")
    assert "同意 升级时间 v3" in letters(he, "shenyue")
    assert "已生效" in shen.says("同意 升级时间 v3")
    assert "续保：4 小时告诉主管" in he.says("升级时间")
    assert "现在就是 v3" in he.says("回滚 升级时间 v3")
    assert "没有 v9" in he.says("回滚 升级时间 v9")
    he.says("回滚 升级时间 v0")
    shen.says("同意 升级时间 v4")
    assert "续保：15 小时告诉主管，38 小时算漏办" in he.says("升级时间")


def test_where_several_may_approve_the_one_who_was_asked_is_shown(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "fang", name="方合规", role="compliance")
    he.says("升级时间 续保 4小时")
    assert "请谁审批" in he.says("提交")
    he.says("1")
    assert "提交，请方合规审批" in he.says("升级时间")
