"""Tiers by condition in chat: the standard, why a client has one, set by hand and given back (R120, R121)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.pack import PackStore
from reminders.tiers import recompute_by_conditions
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy
from tests.condition_tiers import insurance_by_condition, insurance_by_hand
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def by_condition(pack_store: PackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Insurance tiers go by the premiums of policies in force."""
    monkeypatch.setattr(pack_store, "current", insurance_by_condition(pack_store.current))


@pytest.fixture
def by_hand(pack_store: PackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Insurance tiers are set by hand alone."""
    monkeypatch.setattr(pack_store, "current", insurance_by_hand(pack_store.current))


@pytest.fixture
def fang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    """王芳 pays 60,000 a time."""
    with database.system(clock.now()) as uow:
        client = a_client(uow, "王芳")
        a_policy(uow, client, premium=60_000, state="active")
        return client


@pytest.fixture
def li(database: Database, clock: MovableClock, fang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def morning(desk: Desk) -> int:
    desk.clock.move_to(desk.clock.now() + timedelta(days=1))
    with desk.database.system(desk.clock.now()) as uow:
        return recompute_by_conditions(uow, SHANGHAI)


def tier(desk: Desk, client: Client) -> str | None:
    found: str | None = desk.sees(lambda uow: uow.clients.get(client.id).insurance_tier)
    return found


def test_the_standard_says_which_scheme_goes_by_conditions_and_where_they_are_changed(
    li: Desk, by_condition: None
) -> None:
    said = li.says("分层标准")
    assert "贵宾：50 万元起" in said
    assert "保险等级按条件分，从上往下第一个符合的算" in said
    assert "改业务包的 tags.yaml（tiers 里的 when），对话里不能改" in said
    assert "黄金：合同类别 是 保单 且 状态 是 有效 且 每期金额 不低于 5 万元" in said
    assert said.index("钻石：") < said.index("黄金：") < said.index("标准：持有保单")


def test_without_conditions_the_standard_is_about_assets_alone(li: Desk, by_hand: None) -> None:
    assert "按条件" not in li.says("分层标准")


def test_a_change_in_chat_of_such_a_tier_is_refused_with_where_to_go(
    database: Database, clock: MovableClock, fang: Client, by_condition: None
) -> None:
    said = Desk(database, clock, "hexin").says("分层标准 钻石 保费10万")
    assert "「钻石」是保险等级，按条件分，没有改动" in said
    assert "改业务包的 tags.yaml" in said


def test_a_change_of_a_tier_that_people_set_says_so(
    database: Database, clock: MovableClock, fang: Client, by_hand: None
) -> None:
    said = Desk(database, clock, "hexin").says("分层标准 钻石 保费10万")
    assert "「钻石」是保险等级，由人工定，没有金额标准" in said


def test_why_says_the_condition_and_since_when(li: Desk, by_condition: None) -> None:
    assert "还没有按条件算过，明天早上会算" in li.says("为什么 王芳 黄金")
    assert morning(li) == 1
    said = li.says("为什么 王芳 黄金")
    assert "「王芳」的保险等级：黄金" in said
    assert "符合「合同类别 是 保单 且 状态 是 有效 且 每期金额 不低于 5 万元」，按业务包的条件算，2025-06-10 起" in said
    assert "2025-06-10 未分层 → 黄金（按条件算）" in said
    assert "未分层 → 黄金（按条件算）" in li.says("王芳 时间线")
    assert "未分层→黄金 1 位" in li.says("分层变动")
    asked = said.partition("请发送「")[2].partition("」")[0]
    assert asked == "筛选说明 王芳 保单 状态 有效 且 保费 5万以上"
    assert "符合" in li.says(asked)


def test_why_not_points_to_the_condition_of_the_tier_that_was_asked_about(li: Desk, by_condition: None) -> None:
    morning(li)
    said = li.says("为什么 王芳 不是钻石")
    assert "「王芳」现在不是「钻石」" in said
    assert "「钻石」的条件：合同类别 是 保单 且 状态 是 有效 且 每期金额 不低于 10 万元" in said


def test_the_bank_tier_is_explained_without_the_lines_of_the_other_scheme(li: Desk, by_condition: None) -> None:
    morning(li)
    said = li.says("为什么 王芳 等级")
    assert "银行等级" in said
    assert "黄金" not in said


def test_a_hand_stays_until_it_is_given_back(li: Desk, fang: Client, by_condition: None) -> None:
    morning(li)
    assert "不再随条件变；要改回发送「王芳 分层 按条件」" in li.says("王芳 改为 钻石")
    assert morning(li) == 0
    assert tier(li, fang) == "钻石"
    assert "李顾问 2025-06-10 手工定的，不随条件变" in li.says("为什么 王芳 钻石")
    assert "交还给按条件算，明天早上重算" in li.says("王芳 分层 按条件")
    assert tier(li, fang) == "钻石"
    assert morning(li) == 1
    assert tier(li, fang) == "黄金"
    assert "本来就按条件算" in li.says("王芳 保险等级 按条件")


def test_a_computed_tier_may_be_held_where_it_is(li: Desk, fang: Client, by_condition: None) -> None:
    morning(li)
    assert "本来就是黄金。等级由您手工定" in li.says("王芳 等级 黄金")
    assert "本来就是手工定的黄金" in li.says("王芳 等级 黄金")
    with li.database.system(li.clock.now()) as uow:
        policy, = uow.contracts.of_client(fang.id)
        uow.contracts.update(policy, state="surrendered")
    assert morning(li) == 0
    assert tier(li, fang) == "黄金"


def test_a_hand_that_is_undone_is_no_hand(li: Desk, fang: Client, by_condition: None) -> None:
    morning(li)
    li.says("王芳 改为 标准")
    li.undoes()
    assert tier(li, fang) == "黄金"
    with li.database.system(li.clock.now()) as uow:
        policy, = uow.contracts.of_client(fang.id)
        uow.contracts.update(policy, state="surrendered")
    assert morning(li) == 1
    assert tier(li, fang) is None


def test_without_conditions_there_is_nothing_to_give_back_to(li: Desk, by_hand: None) -> None:
    assert "没有按条件分的等级" in li.says("王芳 分层 按条件")
    assert "由人工定" in li.says("为什么 王芳 黄金")
