"""Leased assets on both engines: where they are, what was done to them, and when it is their turn again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_contract, a_firm
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        firm = a_firm(uow)
        a_contract(
            uow, firm, "lease", product_name="设备直租", amount=Decimal(360_000), asset_code="EX-03",
            asset_name="挖掘机", asset_state="正常使用", asset_place="一号工地",
        )
        a_contract(uow, firm, "lease", product_name="设备直租", state="settled", asset_code="EX-04")
    return Desk(database, clock, "lixiang")


def test_an_asset_tells_its_state_place_and_log(li: Desk) -> None:
    heard = li.says("租赁物 EX-03")
    assert "租赁物 EX-03 挖掘机（宏达科技有限公司）" in heard
    assert "租赁物状态：正常使用" in heard
    assert "存放地点：一号工地" in heard
    assert "还没有维保记录" in heard
    assert "租赁物 1 件" in li.says("租赁物")


def test_maintenance_is_logged_with_its_cost_and_the_next_time_is_a_reminder(li: Desk) -> None:
    heard = li.says("登记维保 EX-03 换液压泵 8000 下次9月")
    assert "已登记租赁物 EX-03 挖掘机 的维保：换液压泵，费用 8,000 元" in heard
    assert "下次 2025-09-01，当天提醒您" in heard
    assert "· 2025-06-09 换液压泵，费用 8,000 元（李顾问）" in li.says("租赁物 ex-03")
    assert "09-01（周一） 宏达科技有限公司 的租赁物 EX-03 挖掘机 该维保了" in li.says("宏达有什么提醒")


def test_a_later_maintenance_takes_the_place_of_the_reminder_before(li: Desk) -> None:
    li.says("登记维保 EX-03 换液压泵 8000 下次9月")
    li.clock.advance(timedelta(days=30))
    li.says("登记维保 EX-03 换机油 500元 下次 12月10日")
    reminders = li.says("宏达有什么提醒")
    assert "09-01" not in reminders
    assert "12-10" in reminders
    shown = li.says("租赁物 EX-03")
    assert shown.index("2025-07-09 换机油，费用 500 元") < shown.index("2025-06-09 换液压泵")


def test_what_was_logged_can_be_taken_back(li: Desk) -> None:
    li.says("登记维保 EX-03 换液压泵 8000 下次9月")
    assert "已撤销" in li.says("撤销")
    shown = li.says("租赁物 EX-03")
    assert "还没有维保记录" in shown
    assert "下次维保日" not in shown


@pytest.mark.parametrize(("order", "says"), [
    ("登记维保 EX-03", "请写上做了什么"),
    ("登记维保 EX-03 换灯 下次昨天", "下次维保要写今天以后的日子"),
    ("登记维保 EX-09 换灯", "没有找到租赁物「EX-09」"),
    ("租赁物 EX-04", "没有找到租赁物「EX-04」"),
    ("租赁物 EX-03 状态 飞走了", "可选：正常使用、维修中、闲置、已收回"),
])
def test_what_cannot_be_is_said_and_changes_nothing(li: Desk, order: str, says: str) -> None:
    assert says in li.says(order)
    assert "还没有维保记录" in li.says("租赁物 EX-03")


def test_state_and_place_are_changed(li: Desk) -> None:
    assert "租赁物状态已改为「维修中」" in li.says("租赁物 EX-03 状态 维修中")
    assert "存放地点已改为「三号仓库」" in li.says("租赁物 EX-03 地点 改成三号仓库")
    assert "存放地点：三号仓库" in li.says("租赁物 EX-03")


def test_a_foreign_asset_reads_like_none(li: Desk, database: Database, clock: MovableClock) -> None:
    chen = Desk(database, clock, "chenmo")
    assert chen.says("租赁物 EX-03") == chen.says("租赁物 EX-99").replace("EX-99", "EX-03")
    assert "没有登记租赁物" in chen.says("租赁物")
