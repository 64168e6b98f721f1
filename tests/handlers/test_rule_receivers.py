"""Rules that remind a role: written and tried out in chat, read and finished by its members, explained."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Role
from storage.tables import clients
from tests.builders import Cast, a_client, a_policy, a_user, told_to_supervisors
from tests.handlers.asking import Desk
from tests.handlers.test_rules import approved, letters

TODAY = date(2025, 6, 9)
BLIND = "看不到客户资料，收到的提醒只写顾问姓名、事项和日期"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm where 王芳's policy ends in 45 days."""
    with database.system(clock.now()) as uow:
        a_policy(uow, a_client(uow), ends_on=TODAY + timedelta(days=45), product_name="康佑医疗险")
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


def member(desk: Desk, user_id: str, name: str, role: Role) -> Desk:
    with desk.database.system(desk.clock.now()) as uow:
        a_user(uow, user_id, name=name, role=role)
    return Desk(desk.database, desk.clock, user_id)


def test_a_rule_for_compliance_is_read_back_approved_and_in_its_list(he: Desk, shen: Desk) -> None:
    assert "提醒：顾问、合规" in he.says("新建提醒规则 保单到期前45天 提醒顾问和合规")
    he.says("取消")
    assert "今天新增 1 条提醒" in approved(he, shen, "新建提醒规则 保单到期前45天 提醒合规")
    shen.says("今日待办")
    assert any("王芳 康佑医疗险" in line.value for line in shen.card.lines)
    assert [button.text for button in shen.card.buttons] == ["完成", "打开", "稍后"]
    why = shen.says("为什么 1")
    assert "合规 沈合规" in why
    assert "✓" in why
    assert "登记缴费、续保要由顾问来做" in shen.says("1 已缴")
    done = shen.says("1 完成")
    assert "已完成：王芳的续保提醒。\n今天的待办都处理完了" in done
    assert "时间线" not in done


def test_finishing_it_says_nothing_of_a_contact(he: Desk, shen: Desk) -> None:
    approved(he, shen, "新建提醒规则 保单到期前45天 提醒合规")
    shen.says("今日待办")
    shen.says("1 已联系")
    assert he.sees(lambda uow: uow.conn.execute(select(clients.c.last_contact_at)).scalars().all()) == [None]


def test_a_role_that_sees_no_clients_is_told_so_and_gets_no_name(he: Desk, shen: Desk) -> None:
    said = he.says("新建提醒规则 保单到期前45天 提醒风控")
    assert "现在没有风控岗位的同事，提醒不到他们" in said
    assert f"风控{BLIND}" in said
    assert "现在没有风控岗位的同事" in he.says("试算")
    he.says("取消")
    qin = member(he, "qin", "秦风控", "risk")
    approved(he, shen, "新建提醒规则 保单到期前45天 提醒风控")
    qin.says("今日待办")
    assert any("李顾问的客户" in line.value for line in qin.card.lines)
    why = qin.says("为什么 1")
    assert "风控 秦风控" in why
    assert "您看不到这位客户的资料" in why
    assert "王芳" not in why
    assert "王芳" not in qin.says("查 王芳").replace("查 王芳", "")
    assert "改到" in qin.says("1 稍后 明天上午9点")
    assert "已标为不需要：李顾问的客户的续保提醒" in qin.says("1 不需要 重复提醒")


def test_a_condition_must_be_for_the_eyes_of_the_role(he: Desk, shen: Desk) -> None:
    """The level of money laundering risk is for compliance, and for nobody who serves the client."""
    assert "提醒：合规" in shen.says("新建提醒规则 保单到期前45天 提醒合规 条件 洗钱风险等级 是 高")
    shen.says("取消")
    said = shen.says("新建提醒规则 保单到期前45天 提醒顾问和合规 条件 洗钱风险等级 是 高")
    assert "「洗钱风险等级」顾问无权查看，不能用在提醒顾问的规则里" in said


def test_why_not_tells_each_receiver(he: Desk, shen: Desk) -> None:
    approved(he, shen, "新建提醒规则 保单到期前45天 提醒顾问、合规和风控")
    number = he.sees(lambda uow: max(uow.rules.numbers().values()))
    said = Desk(he.database, he.clock, "lixiang").says(f"为什么没有提醒 王芳 R{number}")
    assert "顾问：已经提醒：06-09 08:30 起在李顾问的待办里" in said
    assert "合规：已经提醒：06-09 08:30 起在沈合规的待办里" in said
    assert "风控：现在没有风控岗位的同事" in said


def test_a_superior_who_nudges_names_no_client_to_a_role_that_sees_none(he: Desk, shen: Desk) -> None:
    """王珂 leads both 李顾问, whose client it is, and the member of the risk role."""
    qin = member(he, "qin", "秦风控", "risk")
    with he.database.system(he.clock.now()) as uow:
        uow.users.change(uow.users.get("qin"), manager_id="wangke")
    approved(he, shen, "新建提醒规则 保单到期前45天 提醒风控")
    he.clock.advance(timedelta(days=4))
    with he.database.system(he.clock.now()) as uow:
        told_to_supervisors(uow, [r.id for r in uow.reminders.open_until("qin", uow.now)])
    he.clock.advance(timedelta(days=6))
    wang = Desk(he.database, he.clock, "wangke")
    assert "王芳" in wang.says("漏办清单")  # her team's client
    assert "已提醒秦风控" in wang.says("1 催办")
    heard = letters(wang, "qin")
    assert "「李顾问的客户的续保提醒」放了一段时间了" in heard
    assert "王芳" not in heard
    assert "康佑医疗险" not in heard
    qin.says("今日待办")
    assert "王芳" not in str(qin.card)
