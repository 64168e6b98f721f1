"""Choosing clients by conditions, in the language of conditions and in free speech (S16, R133)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.model.clock import MovableClock
from storage.tables import audit
from tests.builders import Cast, a_client, a_contract
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """李顾问 with twelve VIPs, of whom two were silent for long and one of those holds a fund."""
    now = clock.now()
    with database.system(now) as uow:
        for number in range(10):
            a_client(uow, f"客户{number}", bank_tier="贵宾", last_contact_at=now - timedelta(days=number))
        zhao = a_client(uow, "赵敏", bank_tier="贵宾", last_contact_at=now - timedelta(days=40), gender="F",
                        birthday=date(1970, 1, 1), aum=Decimal(900000), city="上海")
        a_contract(uow, zhao, "fund", state="active", product_code="SEC-BD-01", product_name="远帆纯债", ends_on=None)
        a_client(uow, "钱多", bank_tier="贵宾", last_contact_at=now - timedelta(days=35))
        a_client(uow, "孙立", bank_tier="大众", last_contact_at=now - timedelta(days=90))
    return Desk(database, clock, "lixiang")


def test_a_segment_is_told_back_counted_and_listed(li: Desk) -> None:
    said = li.says("筛选 贵宾 且 30天未联系 且 持有基金")
    assert "筛选：银行等级 是 贵宾 且 30 天未联系 且 持有基金" in said
    assert "共 1 位" in said
    assert "① 赵敏 199****" in said
    assert "钱多" not in said


def test_a_number_under_the_list_opens_that_client(li: Desk) -> None:
    li.says("筛选 30天未联系")
    assert "赵敏" in li.says("2")
    assert "1 到 3" in (li.says("筛选 30天未联系") and li.says("9"))


def test_a_long_list_comes_by_pages(li: Desk) -> None:
    first = li.says("筛选 贵宾")
    assert "共 12 位（1–10）" in first
    assert first.index("赵敏") < first.index("钱多") < first.index("客户9")  # the longest silence first
    assert "共 12 位（11–12）" in li.says("更多")
    assert "没有更多" in li.says("更多")


def test_who_finds_nobody_learns_which_condition_is_the_narrow_one(li: Desk) -> None:
    said = li.says("筛选 大众 且 持有基金")
    assert "没有符合的客户" in said
    assert "· 银行等级 是 大众：1 位" in said
    assert "· 持有基金：1 位" in said


def test_what_cannot_be_read_is_refused_with_what_comes_nearest(li: Desk) -> None:
    assert "最接近的有：重疾意向" in li.says("筛选 标签 重疾")
    assert "看不懂" in li.says("筛选 贵宾 或 沉默大户")  # and 贵宾 alone is not what was asked


@pytest.mark.parametrize(("text", "told", "found"), [
    ("哪些客户30天没联系了", "30 天未联系", "孙立"),
    ("筛选一下一个月没联系的客户", "1 个月未联系", "孙立"),
    ("资产50万以上的客户有哪些", "管理资产 不低于 50 万元", "赵敏"),
    ("50岁以上的女客户", "年龄 不低于 50 且 性别 是 女", "赵敏"),
    ("姓钱的客户有哪些", "姓钱", "钱多"),
    ("筛选上海的客户", "所在城市 包含 上海", "赵敏"),
])
def test_free_speech_is_read_to_conditions(li: Desk, text: str, told: str, found: str) -> None:
    said = li.says(text)
    assert f"筛选：{told}" in said
    assert found in said


@pytest.mark.parametrize("text", [
    "筛选 不是贵宾的女客户", "筛选 贵宾 不要女的", "筛选 贵宾但不是女", "筛选 不在上海的贵宾", "筛选 没有车的贵宾", "筛选 30天内到期的贵宾",
    "筛选 30天内过生日的贵宾", "筛选 贵宾 沉默大户", "筛选 20多岁的女客户", "筛选 贵宾和女", "哪些贵宾客户有未缴保费", "筛选 贵宾 除了 赵敏",
])
def test_what_turns_or_narrows_the_sense_is_never_passed_over(li: Desk, text: str) -> None:
    said = li.says(text)
    assert "共 " not in said
    assert any(word in said for word in ("没有看懂", "看不懂", "请写清楚"))


@pytest.mark.parametrize(("text", "told"), [
    ("非贵宾的客户有哪些", "非 银行等级 是 贵宾"), ("没有重疾险的客户", "非 持有重疾险"), ("不到60岁的女客户", "年龄 小于 60 且 性别 是 女"),
    ("找一下一个月没联系过的客户", "1 个月未联系"), ("有重疾意向的客户有哪些", "标签 是 重疾意向"), ("筛选 贵宾和私行", "银行等级 是 贵宾 或 银行等级 是 私行"),
    ("筛选 资产50到100万的客户", "管理资产 在 50 万元 到 100 万元 之间"),
])
def test_denials_and_bounds_are_read_as_people_mean_them(li: Desk, text: str, told: str) -> None:
    assert f"筛选：{told}" in li.says(text)


def test_a_manager_who_names_an_adviser_is_not_shown_the_whole_team(database: Database, li: Desk, clock: MovableClock) -> None:
    said = Desk(database, clock, "wangke").says("李顾问名下哪些客户一个月没联系了")
    assert "还不能按顾问（李顾问）筛选" in said


def test_a_text_that_is_found_by_a_part_of_it_is_pointed_out(li: Desk) -> None:
    assert "筛选 所在城市 包含 上" in li.says("筛选 城市 是 上")


def test_more_after_a_list_that_found_nobody_does_not_bring_back_the_one_before(li: Desk) -> None:
    li.says("筛选 贵宾")
    li.says("筛选 大众 且 持有基金")
    assert "没有更多" in li.says("更多")


def test_conditions_can_be_kept_under_a_name_and_used_in_others(li: Desk) -> None:
    li.says("筛选 贵宾 且 30天未联系")
    assert "已存为分群「沉默贵宾」：银行等级 是 贵宾 且 30 天未联系" in li.says("存为 沉默贵宾")
    said = li.says("筛选 沉默贵宾 且 持有基金")
    assert "筛选：银行等级 是 贵宾 且 30 天未联系 且 持有基金" in said
    assert "共 1 位" in said
    assert "· 沉默贵宾：银行等级 是 贵宾 且 30 天未联系" in li.says("我的分群")


def test_a_segment_is_evaluated_anew_whenever_it_is_used(database: Database, li: Desk, clock: MovableClock) -> None:
    li.says("筛选 贵宾 且 30天未联系")
    li.says("存为 沉默贵宾")
    assert "共 2 位" in li.says("筛选 沉默贵宾")
    clock.advance(timedelta(days=25))
    assert "共 7 位" in li.says("筛选 沉默贵宾")


def test_what_finds_nobody_today_may_be_kept(li: Desk) -> None:
    li.says("筛选 大众 且 持有基金")
    assert "已存为分群「大众基民」" in li.says("存为 大众基民")


def test_a_segment_can_be_replaced_removed_and_brought_back(li: Desk) -> None:
    for conditions in ("贵宾", "私行"):
        li.says(f"筛选 {conditions}")
        said = li.says("存为 重点客户")
    assert "原来的条件：银行等级 是 贵宾" in said
    assert "已删除分群「重点客户」" in li.says("删除分群 重点客户")
    assert "没有叫「重点客户」的分群" in li.says("删除分群 重点客户")
    assert "已撤销：删除分群" in li.says("撤销")
    assert "· 重点客户：银行等级 是 私行" in li.says("我的分群")


@pytest.mark.parametrize(("name", "why"), [
    ("贵宾", "本身就是一个条件"), ("某", "2 到 20 个字"), ("贵宾 且 女", "2 到 20 个字"), ("长" * 21, "2 到 20 个字"),
])
def test_a_name_that_reads_as_something_else_is_refused(li: Desk, name: str, why: str) -> None:
    li.says("筛选 贵宾")
    assert why in li.says(f"存为 {name}")
    assert "还没有存过分群" in li.says("我的分群")


def test_nothing_to_keep_is_said_so(li: Desk) -> None:
    assert "请先筛选" in li.says("存为 沉默贵宾")


def test_segments_are_ones_own(database: Database, li: Desk, clock: MovableClock) -> None:
    li.says("筛选 贵宾")
    li.says("存为 重点客户")
    wang = Desk(database, clock, "wangke")
    assert "还没有存过分群" in wang.says("我的分群")
    assert "看不懂" in wang.says("筛选 重点客户")


def test_each_sees_clients_of_the_own_scope_alone(database: Database, li: Desk, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        a_client(uow, "外人", owner_id="chenmo", bank_tier="贵宾")
    assert "外人" not in li.says("筛选 贵宾")
    team = Desk(database, clock, "wangke").says("筛选 30天未联系")
    assert "孙立" in team
    assert "（李顾问）" in team
    assert "不能使用" in Desk(database, clock, "hexin").says("筛选 贵宾")


def test_whom_a_list_showed_is_on_the_trail(database: Database, li: Desk) -> None:
    li.says("筛选 贵宾 且 30天未联系")
    with database.engine.connect() as conn:
        lists = [json.loads(row.detail) for row in conn.execute(select(audit).where(audit.c.action == "list"))]
    assert [(entry["section"], entry["count"]) for entry in lists] == [("segment", 2)]
