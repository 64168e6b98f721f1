"""Silences as operations say them: 90天未联系, 30天没联系的贵宾, 上次联系后60天."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders import planner
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_rule
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm with two clients who were spoken to 100 days ago."""
    with database.system(clock.now()) as uow:
        for name, tier in (("王芳", "贵宾"), ("赵敏", None)):
            a_client(uow, name, bank_tier=tier, last_contact_at=clock.now() - timedelta(days=100))
    return Desk(database, clock, "hexin")


@pytest.mark.parametrize(("said", "days"), [
    ("90天未联系 提醒顾问", 90), ("30天没联系的贵宾 提醒主管", 30), ("上次联系后60天 提醒顾问", 60), ("超过三个月没有联系 提醒顾问", 90),
    ("半年没跟进的客户 提醒顾问", 182), ("最近联系后 45 天 9点 提醒顾问", 45), ("贵宾客户 且 30天未联系 提醒顾问", 30),
])  # fmt: skip
def test_a_silence_is_read_in_natural_words(he: Desk, said: str, days: int) -> None:
    form = he.says(f"新建提醒规则 {said}")
    assert f"日期：{days} 天没有联系" in form
    assert "名称：" + f"{days}天没有联系" in form
    assert "模板：久未联系" in form


def test_of_which_clients_and_to_whom_is_read_beside_it(he: Desk) -> None:
    form = he.says("新建提醒规则 30天没联系的贵宾 提醒主管")
    assert "提醒：主管\n条件：贵宾" in form


def test_beside_another_date_it_stays_a_condition(he: Desk) -> None:
    form = he.says("新建提醒规则 保单到期前30天 9点 提醒顾问")
    assert "条件：30天未联系" in he.says("条件 30天未联系"), form
    assert "日期：保单的到期日" in he.says("60天未联系")


def test_a_draft_may_turn_from_one_silence_to_another_and_to_the_tiers(he: Desk) -> None:
    he.says("新建提醒规则 90天未联系 提醒顾问")
    assert "日期：60 天没有联系" in he.says("60天未联系")
    assert "日期：超过等级规定的联系天数" in he.says("久未联系")


def test_a_trial_counts_who_is_silent_now_and_on_the_day(he: Desk) -> None:
    he.says("新建提醒规则 90天未联系 提醒顾问")
    assert "会提醒 2 条" in he.says("试算")
    assert "会提醒 2 条" in he.says("试算 今天")
    assert "没有要提醒的" in he.says("试算 6月12日")


def test_too_long_a_silence_is_refused(he: Desk) -> None:
    assert "请写 1 到 3660 天" in he.says("新建提醒规则 9999天未联系 提醒顾问")


def test_why_and_why_not_tell_the_days(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        parts = {"category": "silence", "template": "silent_client", "source": "client.silence", "offsets": [0], "kinds": []}
        a_rule(uow, label="90天没有联系", silent_days=90, **parts)
        a_client(uow, "钱多", last_contact_at=he.clock.now() - timedelta(days=10))
    li = Desk(he.database, he.clock, "lixiang")
    assert "还没到：2025-08-28 的期限，下一次 2025-08-28" in li.says("为什么没有提醒 钱多 90天没有联系")
    with he.database.system(he.clock.now()) as uow:
        planner.plan(uow, he.clock.now().date(), he.clock.now().date(), SHANGHAI)
    assert "日期：90 天没有联系" in "".join(li.says(f"为什么 {n}") for n in (1, 2) if li.says("今日待办"))
