"""The tier of one client: set by hand or computed, explained, given back, in the time line; and who moved (S15, S35)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from reminders.tiers import CATEGORY, recompute
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Actor, Client
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def fang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    """王芳 has 900,000 yuan and is 优质, as an older standard had it; 陈静 has nothing on file."""
    with database.system(clock.now()) as uow:
        a_client(uow, "陈静", bank_tier="优质")
        return a_client(uow, "王芳", aum=Decimal(900_000), bank_tier="优质")


@pytest.fixture
def li(database: Database, clock: MovableClock, fang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def morning(desk: Desk, days: int = 1) -> int:
    """The next morning's computation; how many clients changed."""
    desk.clock.move_to(desk.clock.now() + timedelta(days=days))
    with desk.database.system(desk.clock.now()) as uow:
        return recompute(uow, "assets", SHANGHAI)


def tier(desk: Desk, client: Client) -> str | None:
    def look(uow: UnitOfWork) -> str | None:
        return uow.clients.get(client.id).bank_tier

    return desk.sees(look)  # type: ignore[no-any-return]  # `sees` gives anything


def test_a_computed_tier_says_from_what_and_by_which_standard(li: Desk) -> None:
    assert "登记时的等级" in li.says("为什么 王芳 优质")
    assert morning(li) == 1
    said = li.says("为什么 王芳 贵宾")
    assert "「王芳」的银行等级：贵宾" in said
    assert "管理资产 90 万元，按分层标准 v0 计算，2025-06-10" in said
    assert "按现在的标准（v0）：管理资产 90 万元，「贵宾」50 万元起" in said
    assert "2025-06-10 优质 → 贵宾（资产变动，分层标准 v0）" in said


@pytest.mark.parametrize("text", ["为什么 王芳 贵宾", "王芳为什么是贵宾", "为什么王芳是贵宾客户？", "王芳 为什么是这个等级", "为啥 王芳 等级"])
def test_why_may_be_asked_in_several_ways(li: Desk, text: str) -> None:
    morning(li)
    assert "按分层标准 v0 计算" in li.says(text)


def test_a_tier_that_is_not_the_one_asked_about_is_said(li: Desk) -> None:
    assert "现在不是「私行」" in li.says("为什么 王芳 私行")


@pytest.mark.parametrize("text", ["为什么王芳不是私行", "王芳为什么没升到私行", "为什么 王芳 还没到私行？", "王芳的等级为什么不是私行"])
def test_why_not_is_answered_as_well(li: Desk, text: str) -> None:
    said = li.says(text)
    assert "现在不是「私行」" in said
    assert "「贵宾」50 万元起" in said


@pytest.mark.parametrize(("text", "why"), [
    ("分层变动 2月30日", "没有「2月30日」这一天"), ("分层变动 明年", "2026-01-01 还没有到"), ("分层变动 下个月", "2025-07-01 还没有到"),
])  # fmt: skip
def test_a_day_that_is_not_or_not_yet_is_refused(li: Desk, text: str, why: str) -> None:
    assert why in li.says(text)


def test_a_tier_set_by_hand_stays_and_says_whose_hand_it_was(li: Desk, fang: Client) -> None:
    said = li.says("王芳 改为 私行")
    assert "优质 → 私行" in said
    assert "不再随资产和分层标准变" in said
    assert morning(li) == 0
    told = li.says("为什么 王芳 私行")
    assert "李顾问 2025-06-09 手工定的" in told
    assert "王芳 分层 按资产" in told
    assert "「贵宾」50 万元起" in told
    assert tier(li, fang) == "私行"


@pytest.mark.parametrize("text", ["王芳 分层 按资产", "王芳的等级恢复自动", "恢复自动分层 王芳", "王芳 等级 交还计算", "取消手工分层 王芳"])
def test_a_hand_set_tier_is_given_back_and_computed_at_once(li: Desk, fang: Client, text: str) -> None:
    li.says("王芳 改为 私行")
    assert "交还给按资产计算：私行 → 贵宾" in li.says(text)
    assert tier(li, fang) == "贵宾"
    assert "李顾问 交还计算" in li.says("为什么 王芳 贵宾")
    li.clock.move_to(li.clock.now() + timedelta(minutes=1))
    assert "本来就是按资产计算的" in li.says(text)


def test_setting_and_giving_back_can_be_taken_back(li: Desk, fang: Client) -> None:
    li.says("王芳 改为 私行")
    li.says("王芳 分层 按资产")
    li.undoes()
    assert tier(li, fang) == "私行"
    assert "手工定的" in li.says("为什么 王芳 私行")
    li.undoes()
    assert tier(li, fang) == "优质"
    assert "登记时的等级" in li.says("为什么 王芳 优质")
    assert morning(li) == 1


def test_a_tier_is_held_where_it_is(li: Desk, fang: Client) -> None:
    morning(li)
    assert "本来就是贵宾。等级由您手工定" in li.says("王芳 改为 贵宾")
    assert "本来就是手工定的贵宾" in li.says("王芳 改为 贵宾")
    with li.database.system(li.clock.now()) as uow:
        uow.clients.update(uow.clients.get(fang.id), aum=Decimal(10))
    assert morning(li) == 0
    assert tier(li, fang) == "贵宾"


def test_without_assets_on_file_a_tier_is_kept(li: Desk) -> None:
    assert "没有登记管理资产" in li.says("为什么 陈静 优质")
    li.says("陈静 改为 贵宾")
    assert "仍是贵宾，登记管理资产以后会重算" in li.says("陈静 分层 按资产")
    assert "原因：没有登记管理资产，保持原来的等级" in li.says("为什么 陈静 贵宾")


def test_changes_of_the_tier_stand_in_the_time_line(li: Desk) -> None:
    li.says("记 王芳 今天电话聊了重疾")
    morning(li)
    said = li.says("王芳 时间线")
    first, second = said.split("\n")[1:3]
    assert first == "2025-06-10 分层：优质 → 贵宾（资产变动，分层标准 v0）"
    assert second.startswith("2025-06-09 电话：")
    assert "1–2 / 2" in said


def test_the_time_line_is_paged_over_both(li: Desk) -> None:
    for number in range(11):
        li.clock.move_to(li.clock.now() + timedelta(hours=1))
        li.says(f"记 王芳 电话聊了第{number}次")
    morning(li)
    assert "1–10 / 12" in li.says("王芳 时间线")
    last = li.says("更多")
    assert "11–12 / 12" in last
    assert "第0次" in last


def test_who_moved_is_counted_and_listed_in_scope(li: Desk, database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        a_client(uow, "周凯", owner_id="chenmo", aum=Decimal(7_000_000), bank_tier="贵宾")
    assert "没有客户的等级变动" in li.says("分层变动")
    morning(li)
    said = li.says("分层变动")
    assert "1 次" in said
    assert "优质→贵宾 1 位，90万元" in said
    assert "王芳 优质→贵宾 90 万元" in said
    assert "周凯" not in said
    assert "王芳" in li.says("1")
    wang = Desk(database, clock, "wangke")
    assert "（李顾问）" in wang.says("等级变动 本月")


def test_a_colleagues_client_is_told_nothing_about(li: Desk, database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        a_client(uow, "周凯", owner_id="chenmo", aum=Decimal(7_000_000), bank_tier="贵宾")
    for text in ("为什么 周凯 贵宾", "周凯 分层 按资产"):
        assert li.says(text) == li.says(text.replace("周凯", "陆游")).replace("陆游", "周凯")


def test_all_that_hands_set_is_listed_and_given_back_after_a_question(li: Desk, fang: Client, database: Database) -> None:
    assert "没有手工定的等级" in li.says("手工分层")
    with database.transaction(Actor.of(li.sees(lambda uow: uow.users.get("chenmo"))), li.clock.now()) as uow:
        other = a_client(uow, "周凯", owner_id="chenmo", aum=Decimal(10), bank_tier="私行")
    li.says("王芳 改为 私行")
    li.says("陈静 改为 贵宾")
    said = li.says("手工分层")
    assert "手工定的等级 2 位，其中 1 位按现在的标准会是别的等级" in said
    assert "① 王芳 私行（按资产：贵宾）" in said
    assert "② 陈静 贵宾（按资产：没有登记管理资产）" in said
    assert "2 位客户手工定的等级都交还给按资产计算，其中 1 位马上会换等级" in li.says("手工分层 全部交还")
    assert tier(li, fang) == "私行"
    with database.system(li.clock.now()) as uow:  # of somebody else's book: for tomorrow's computation
        drifted = a_client(uow, "吴越", owner_id="chenmo", aum=Decimal(10), bank_tier="私行")
    assert "已交还 2 位客户的等级，1 位换了等级" in li.confirms()
    assert tier(li, fang) == "贵宾"
    assert "没有手工定的等级" in li.says("手工分层 全部交还")
    assert "李顾问 交还计算" in li.says("王芳 时间线")
    chen = Desk(database, li.clock, "chenmo")
    assert tier(chen, other) == tier(chen, drifted) == "私行"
    assert "私行→贵宾 1 位" in li.says("分层变动")
    assert "手工定的" in chen.says("为什么 周凯 私行")


def test_a_manager_gives_back_for_his_team_and_the_adviser_is_told(li: Desk, fang: Client) -> None:
    li.says("王芳 改为 私行")
    li.says("陈静 改为 贵宾")
    wang = Desk(li.database, li.clock, "wangke")
    wang.says("手工分层 全部交还")
    assert "已交还 2 位客户的等级，1 位换了等级" in wang.confirms()
    with li.database.system(li.clock.now()) as uow:
        told = uow.reminders.open_notices(CATEGORY)
        assert {who: notice.text for who, notice in told.items()} == {
            "lixiang": "分层变动：降 1 位，发送「分层变动」看名单"
        }


def test_a_lost_clients_tier_stays_when_it_is_given_back(li: Desk, fang: Client) -> None:
    li.says("王芳 改为 私行")
    with li.database.system(li.clock.now()) as uow:
        uow.clients.update(uow.clients.get(fang.id), stage="lost")
    assert "仍是私行" in li.says("王芳 分层 按资产")
    assert "原因：已流失的客户保持原来的等级" in li.says("为什么 王芳 私行")
    li.says("王芳 改为 贵宾")
    li.says("手工分层 全部交还")
    assert "已交还 1 位客户的等级，0 位换了等级" in li.confirms()
    assert tier(li, fang) == "贵宾"


@pytest.mark.parametrize("user_id", ["hexin", "admin"])
def test_operations_see_how_many_hands_have_set_and_whom_to_ask(
    li: Desk, fang: Client, database: Database, user_id: str
) -> None:
    with database.system(li.clock.now()) as uow:
        a_user(uow, "admin", name="管理员", role="admin")
    desk = Desk(database, li.clock, user_id)
    assert "没有手工定的等级" in desk.says("手工分层")
    li.says("王芳 改为 私行")
    li.says("陈静 改为 贵宾")
    said = desk.says("手工分层")
    assert "手工定的等级 2 位，其中 1 位按现在的标准会是别的等级" in said
    assert "李顾问：2 位，1 位会变" in said
    assert "请他们发送「手工分层 全部交还」" in said
    assert "王芳" not in said
    assert "由顾问本人或其主管来做" in desk.says("手工分层 全部交还")
    assert tier(li, fang) == "私行"


def test_compliance_is_told_who_gives_back(li: Desk, fang: Client) -> None:
    li.says("王芳 改为 私行")
    said = Desk(li.database, li.clock, "shenyue").says("手工分层")
    assert "① 王芳 私行（按资产：贵宾）" in said
    assert "由顾问本人或其主管来做" in said


@pytest.mark.parametrize("text", ["手工分层是什么", "我有哪些手工定的等级", "手工定的等级有多少", "团队手工分层", "哪些客户是手工定的等级？"])
def test_tiers_set_by_hand_are_asked_for_in_several_ways(li: Desk, fang: Client, text: str) -> None:
    li.says("王芳 改为 私行")
    assert "手工定的等级 1 位" in li.says(text)


@pytest.mark.parametrize("text", ["团队分层变动", "我的客户等级变化", "看看团队的分层变动"])
def test_moves_are_asked_for_in_several_ways(li: Desk, text: str) -> None:
    morning(li)
    assert "优质→贵宾 1 位" in li.says(text)


def test_the_audit_of_a_tier_given_back_is_in_words(li: Desk, fang: Client) -> None:
    morning(li)
    li.says("王芳 改为 贵宾")
    li.says("王芳 分层 按资产")
    said = Desk(li.database, li.clock, "shenyue").says("审计 王芳 近30天")
    assert "等级 按资产算→手工定" in said
    assert "等级 手工定→按资产算" in said
    assert "tier_set_by" not in said
