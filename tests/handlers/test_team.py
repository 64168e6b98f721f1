"""The manager's digest, figures, hand-overs and settings (S28, R231, R232, R250, R254)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk, on, words_of


@pytest.fixture
def wangfang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        a_client(uow, "外人", owner_id="chenmo")
        client = a_client(uow, "王芳", last_contact_at=clock.now(), aum=Decimal(600_000))
        policy = a_policy(uow, client, premium=5200, due_on=[date(2025, 6, 5)], state="active")
        uow.contracts.pay(uow.contracts.instalments([policy.id])[0], date(2025, 6, 6))
    return client


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def wang(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "wangke")


# ---------------------------------------------------------------- digest


def test_the_digest_tells_of_the_own_team_only(li: Desk, wang: Desk, wangfang: Client):
    li.asks("note.add", client="王芳", client_id=wangfang.id, content="电话聊了")
    heard = wang.asks("stats.digest")
    assert "6 月 9 日团队日报" in heard
    assert "新增客户 1 位" in heard
    assert "跟进 1 次（李顾问 1）" in heard


def test_a_figure_is_opened_by_its_word(wang: Desk):
    assert "王芳" in wang.asks("stats.digest", section="new_clients", text="展开 新增")
    assert "没办的事项" in wang.asks("stats.digest", section="overdue", text="展开 超时")
    assert "可以展开：审批、红线、逾期、超时" in wang.asks("stats.digest", text="展开 天气")


def test_what_waits_for_the_manager_is_told_and_opened(wang: Desk, database: Database, clock: MovableClock):
    assert "待审批" not in wang.says("日报")
    with database.system(clock.now()) as uow:
        a_user(uow, "hebin", name="何宾", role="ops", manager_id="wangke")
    he = Desk(database, clock, "hebin")
    he.says("修改规则 R1 提前 3 天")
    he.says("提交 王珂")
    assert "待审批 1 件" in wang.says("日报").splitlines()
    opened = wang.says("展开 审批")
    assert opened.startswith("等您审批的：\n1. R1 v1 修改，何宾 06-09 09:00 提交")
    assert "R1 v1" in wang.says("待我审批")
    wang.says("同意 R1 v1")
    assert "待审批" not in wang.says("日报")


def test_what_waits_for_others_is_not_the_managers(wang: Desk, database: Database, clock: MovableClock):
    he = Desk(database, clock, "hexin")
    he.says("修改规则 R1 提前 3 天")
    assert "等沈合规审批" in he.says("提交")
    assert "待审批" not in wang.says("日报")
    assert wang.says("展开 审批") == "等您审批的：没有。"


def test_overdue_payments_and_overdue_tasks_are_two_figures(wang: Desk):
    assert wang.says("展开 逾期").startswith("逾期未缴")
    assert wang.says("展开 超时").startswith("超过 3 天没办的事项")
    assert wang.says("展开 超时 李顾问").startswith("超过 3 天没办的事项（李顾问）")


def test_an_adviser_gets_his_own_figures_and_nothing_of_the_team(li: Desk):
    for heard in (li.opens("stats.digest"), li.says("日报")):
        assert "团队日报只给主管看" in heard
        assert "我的数据" in heard
    assert "只给主管看" in li.says("展开 超时")


def test_the_next_term_of_a_renewed_policy_is_no_new_contract(li: Desk, wangfang: Client):
    def given(uow):
        old = a_policy(uow, wangfang, state="renewed")
        a_policy(uow, wangfang, starts_on=date(2025, 6, 2), previous_id=old.id)
    li.sees(given)
    assert "新签合同：0 份" in li.says("我的数据")


def test_in_the_morning_of_who_gets_it_in_the_morning_it_is_yesterdays(wang: Desk):
    wang.asks("settings.set", key="daily_digest_time", value="8:30")
    assert "6 月 8 日团队日报" in wang.asks("stats.digest")
    wang.clock.move_to(datetime(2025, 6, 9, 15, tzinfo=SHANGHAI))
    assert "6 月 9 日团队日报" in wang.asks("stats.digest")


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("said", ["8:30", "08:30", "8点半", on("2025-06-10T08:30")])
def test_the_hour_of_the_digest_is_set_in_any_writing(wang: Desk, said: object):
    assert "每天 08:30" in wang.asks("settings.set", key="daily_digest_time", value=said)
    assert wang.sees(lambda uow: uow.users.get("wangke")).preferences["digest_at"] == "08:30"


@pytest.mark.parametrize("said", ["3:00", "23:30", "25:00", "早上", None])
def test_an_hour_that_makes_no_sense_changes_nothing(wang: Desk, said: object):
    wang.asks("settings.set", key="daily_digest_time", value=said)
    assert "digest_at" not in wang.sees(lambda uow: uow.users.get("wangke")).preferences


def test_an_adviser_sets_the_brief_but_not_the_digest(li: Desk):
    assert "每天 09:00" in li.asks("settings.set", key="morning_brief_time", value="9:00")
    assert "只发给主管" in li.asks("settings.set", key="daily_digest_time", value="9:00")
    assert "还不能在这里改" in li.asks("settings.set", key="language", value="en")


# ---------------------------------------------------------------- figures


def test_ones_own_figures(li: Desk):
    heard = li.asks("stats.me")
    assert "新增客户：1 位" in heard
    assert "实缴保费：5,200 元" in heard
    assert "管理资产：60 万元" in li.asks("stats.me", metric="aum")


def test_a_figure_comes_with_its_definition(li: Desk):
    assert "口径：期间内登记已缴的保费合计" in li.asks("stats.me", metric="premium")


def test_days_are_as_said(li: Desk):
    assert "0 元" in li.asks("stats.me", metric="premium", range=on("2025-05-01", end="2025-06-01"))
    assert "5,200 元" in li.asks("stats.me", metric="premium", range=on("2025-06-06"))


def test_a_share_shows_both_parts(li: Desk, wangfang: Client):
    li.asks("note.add", client="王芳", client_id=wangfang.id, content="电话聊了")
    assert "跟进率：100.0%（1/1）" in li.asks("stats.me", metric="followup_rate")


def test_two_spans_are_compared(li: Desk):
    heard = li.asks("stats.me", metric="new_clients", compare=on("2025-05-01", end="2025-06-01", text="上个月"))
    assert "对比上个月：0 位，增加 1 位" in heard


def test_the_team_is_ranked_and_outsiders_are_not_in_it(li: Desk, wang: Desk, wangfang: Client):
    li.asks("note.add", client="王芳", client_id=wangfang.id, content="电话聊了")
    heard = wang.asks("stats.team", metric="follow_ups")
    assert heard.index("李顾问 1 次") < heard.index("王小强 0 次")
    assert "陈默" not in heard
    assert "团队客户数：1 位" in wang.asks("stats.team", metric="client_count")


def test_one_member_can_be_asked_about(wang: Desk):
    assert "李顾问的新增客户：1 位" in wang.asks("stats.team", metric="new_clients", member="李顾问")


@pytest.mark.parametrize("metric", ["profit", "commission", "target_gap"])
def test_what_cannot_be_computed_is_said_with_the_nearest_that_can(wang: Desk, metric: str):
    heard = wang.asks("stats.team", metric=metric)
    assert "算不了" in heard
    assert "最接近的是" in heard


# ---------------------------------------------------------------- hand-over


def hand_over(desk: Desk, client: Client, to: str = "王小强", **slots: object) -> str:
    return desk.asks("handover.create", clients=[client.name], client_ids=[client.id], to=to, **slots)


def test_a_client_goes_over_with_its_reminders_after_a_yes(li: Desk, wang: Desk, wangfang: Client):
    li.asks("reminder.create", client="王芳", client_id=wangfang.id, content="见面", when=on("2025-06-11T10:00"))
    assert "把「王芳」移交给 王小强？" in hand_over(wang, wangfang)
    assert li.sees(lambda uow: uow.clients.count()) == 1
    assert "1 条提醒一并转过去" in wang.asks("confirm.yes")
    assert {receiver for receiver, _ in wang.letters} == {"lixiang", "xiaowang"}
    qiang = Desk(wang.database, wang.clock, "xiaowang")
    assert qiang.sees(lambda uow: uow.clients.get(wangfang.id)).owner_id == "xiaowang"
    far = timedelta(days=30)
    mine = qiang.sees(lambda uow: uow.reminders.open_between("xiaowang", wang.clock.now() - far, wang.clock.now() + far))
    assert [r.text for r in mine] == ["见面"]
    assert li.sees(lambda uow: uow.clients.count()) == 0


def test_a_hand_over_can_be_taken_back(li: Desk, wang: Desk, wangfang: Client):
    hand_over(wang, wangfang)
    wang.asks("confirm.yes")
    assert "已撤销" in wang.asks("undo")
    assert {receiver for receiver, letter in wang.letters if "已撤回" in words_of(letter)} == {"lixiang", "xiaowang"}
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).owner_id == "lixiang"


def test_no_means_no(wang: Desk, li: Desk, wangfang: Client):
    hand_over(wang, wangfang)
    wang.asks("confirm.no")
    assert "没有等您确认" in wang.asks("confirm.yes")
    assert li.sees(lambda uow: uow.clients.count()) == 1


def test_an_adviser_cannot_hand_clients_over(li: Desk, wangfang: Client):
    assert "需要主管操作" in hand_over(li, wangfang)


def test_nobody_outside_the_team_can_receive_or_be_taken_from(wang: Desk, wangfang: Client, database: Database):
    heard = hand_over(wang, wangfang, to="陈默")
    assert "团队里没有「陈默」" in heard
    zhou = Desk(database, wang.clock, "zhouning")
    assert "没有找到这位客户" in hand_over(zhou, wangfang, to="陈默")


@pytest.fixture
def named(wang: Desk, database: Database, clock: MovableClock) -> Desk:
    """Two are called 陈静, one 赵磊."""
    with database.system(clock.now()) as uow:
        for name in ("陈静", "陈静", "赵磊"):
            a_client(uow, name)
    return wang


def test_which_of_two_with_one_name_goes_over_is_chosen_by_number(named: Desk):
    assert "有 2 位「陈静」，移交哪一位？" in named.says("把陈静和赵磊移交给王小强")
    assert "把「陈静、赵磊」移交给 王小强？" in named.says("2")
    assert "已把「陈静、赵磊」移交给 王小强" in named.says("确认")


@pytest.mark.parametrize(("said", "about"), [
    ("把陈静和赵磊移交给王小强", "有 2 位「陈静」"),
    ("把赵磊、陈静移交给王小强", "有 2 位「陈静」"),
    ("把钱无名和赵磊移交给王小强", "没有找到客户「钱无名」"),
    ("把赵磊还有孙悟空移交给王小强", "没有找到客户「孙悟空」"),
    ("把钱无名移交给王小强", "没有找到客户「钱无名」"),
])
def test_nobody_who_was_named_is_left_out_of_a_hand_over_in_silence(named: Desk, said: str, about: str):
    assert about in named.says(said)
    assert "没有等您确认" in named.says("确认")


@pytest.mark.parametrize("said", [
    "把王芳和赵磊移交给王小强", "请把王芳、赵磊这两位客户都移交给王小强", "王芳 赵磊 一起移交给王小强",
])
def test_those_named_go_over_together(named: Desk, said: str):
    assert "把「王芳、赵磊」移交给 王小强？" in named.says(said)


def test_a_hand_over_is_not_confirmed_after_something_else(named: Desk, li: Desk):
    for other in (lambda: named.says("查客户 钱无名"), lambda: named.opens("stats.digest"), lambda: named.says("日报")):
        assert "移交给 王小强？" in named.says("把王芳移交给王小强")
        other()
        assert "已把" not in named.says("确认")
        assert "已把" not in named.says("好的")


def test_a_question_about_a_figure_is_no_answer_to_which_client_is_to_be_handed_over(database, clock, cast):
    desk = Desk(database, clock, "wangke")
    desk.sees(lambda uow: a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="insurance"))
    for tier in ("贵宾", "大众"):
        desk.sees(lambda uow, t=tier: a_client(uow, "王芳", bank_tier=t, owner_id="lixiang"))
    assert "回复序号选择" in desk.says("把王芳移交给周敏")
    assert "回复「确认」执行" not in desk.says("贵宾联系率")
