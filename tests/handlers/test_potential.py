"""高潜客户: who may buy more, by the points of the packs, with reasons and tasks (S16, R126, R128, R248)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import Desk


@pytest.fixture
def firm(database: Database, cast: Cast, clock: MovableClock) -> Database:
    """王芳 45 points of 李顾问, 李雷 30 of 王小强, 赵云 of 李顾问 loses more than he has, 钱一 is lost, 外人 is elsewhere."""
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        fang = a_client(uow, "王芳", bank_tier="优质", aum=Decimal(450_000), birthday=date(1985, 3, 1), last_contact_at=clock.now())
        lei = a_client(uow, "李雷", owner_id="xiaowang")
        yun = a_client(uow, "赵云", birthday=date(1985, 3, 1), complaint_open=True)
        lost = a_client(uow, "钱一", stage="lost", aum=Decimal(450_000))
        a_client(uow, "外人", owner_id="chenmo", aum=Decimal(450_000))
        for client in (lei, lost):
            uow.clients.add_tag(client, "重疾意向")
        uow.clients.add_tag(yun, "高净值")
        assert fang.aum
    return database


@pytest.fixture
def wang(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "wangke")


@pytest.fixture
def li(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "lixiang")


def test_clients_are_ranked_by_points_and_every_point_has_its_reason(wang: Desk):
    heard = wang.says("高潜客户 前10")
    assert heard.startswith("高潜客户 前 2 位（有分的共 2 位）")
    assert "① 王芳 优质 李顾问（45 分）：临近升贵宾 +25，35 到 55 岁 +10，30 天内联系过 +10" in heard
    assert "② 李雷 王小强（30 分）：有购买意向 +30" in heard
    for name in ("赵云", "钱一", "外人"):
        assert name not in heard
    assert "李雷" not in wang.says("高潜客户 前1")


def test_an_adviser_sees_the_own_book_a_manager_one_member(wang: Desk, li: Desk):
    mine = li.says("我的高潜客户")
    assert "① 王芳 优质（45 分）" in mine
    assert "李雷" not in mine
    one = wang.says("王小强的高潜客户")
    assert "李雷" in one
    assert "王芳" not in one
    assert "只能看自己名下的客户" in li.says("王小强的高潜客户")


def test_a_number_opens_the_client_and_numbers_become_tasks(wang: Desk):
    wang.says("高潜客户")
    assert "王芳" in wang.says("1")
    wang.says("高潜客户")
    heard = wang.says("1-2 派任务 本周五前回访")
    assert "已派 2 件任务「回访」，06-13 前：李顾问 1 件（王芳）；王小强 1 件（李雷）" in heard
    xiaowang = Desk(wang.database, wang.clock, "xiaowang")
    assert "回访：李雷（有购买意向）" in xiaowang.says("今日待办")


def test_how_the_points_are_counted_is_told_in_the_words_of_the_packs(wang: Desk):
    for said in ("口径 高潜客户", "高潜客户怎么打分"):
        heard = wang.says(said)
        assert "· 有购买意向 +30：标签 是 重疾意向" in heard
        assert "· 投诉处理中 −30：投诉处理中 是" in heard


def test_nobody_with_points_is_said_in_one_line(database: Database, cast: Cast, clock: MovableClock):
    assert Desk(database, clock, "lixiang").says("高潜客户").startswith("现在没有客户得分")


def test_who_is_shown_is_on_the_trail(li: Desk):
    li.says("高潜客户")
    shen = Desk(li.database, li.clock, "shenyue")
    assert "李顾问 列表 客户资料：高潜客户，共 1 条" in shen.says("审计 王芳 近30天")
    assert "高潜客户" not in shen.says("审计 李雷 近30天")


@pytest.mark.parametrize(("said", "count"), [
    ("高潜客户前三", 3), ("高潜力客户 前10", 10), ("哪些客户最有潜力", 10), ("潜力客户", 10), ("团队的高潜客户 top 5", 5),
])
def test_other_ways_to_ask(wang: Desk, said: str, count: int):
    assert "① 王芳" in wang.says(said)


def test_what_is_no_question_about_potential_stays_what_it_is(li: Desk):
    assert "已记录「王芳」" in li.says("记 王芳 她说自己是高潜客户")


def test_contracts_give_points_too(li: Desk, firm: Database, clock: MovableClock):
    with firm.system(clock.now()) as uow:
        quiet = a_client(uow, "周静")
        a_policy(uow, quiet, state="active", product_name="暖阳百万医疗")
    assert "周静（20 分）：有保单没有重疾险 +20" in li.says("高潜客户")
