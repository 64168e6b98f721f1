"""Decisions about tickets: made by a second person, about what he was shown, with words of their own."""

from __future__ import annotations

from datetime import date

import pytest

from config.pack import Ceiling, load_packs
from handlers.tickets.engine import open_ticket
from handlers.tickets.rights import why_not
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.incoming import MediaMessage
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_loan
from tests.handlers.asking import SHANGHAI, Desk
from tests.handlers.tickets.people import the_others

Desks = dict[str, Desk]
FLOWS = {flow.id: flow for flow in load_packs(["common", "bank", "insurance", "securities", "lending"]).flows}


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> Desks:
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳", phone="13800000101")
        a_client(uow, "陈静", phone="13800000102")
    names = "lixiang wangke chenmo shenyue claims1 claimlead risk1".split()
    return {name: Desk(database, clock, name) for name in names}


def letter_to(desk: Desk, who: str) -> Card:
    """The card that the latest turn of a desk sent somebody."""
    return next(message for to, message in desk.letters if to == who and isinstance(message, Card))


def assessed(desks: Desks, loss: str) -> tuple[Desk, Desk]:
    """A claim that waits for approval; who has it, and the other one of claims."""
    li = desks["lixiang"]
    for words in ("王芳 报案 骑车摔伤", "昨天", "中山路"):
        li.says(words)
    taker, other = desks["claims1"], desks["claimlead"]
    taker.says("T1 接单")
    li.says("T1 收到 资料")
    taker.says("T1 查勘")
    taker.says(f"T1 定损 {loss}")
    assert "待审批" in taker.says("票据齐全")
    return taker, other


# ---------------------------------------------------------------- what was shown


def test_a_card_that_shows_another_amount_decides_nothing(desks: Desks):
    taker, lead = assessed(desks, "12000")
    shown = letter_to(taker, "claimlead")
    lead.says("T1 退回")
    lead.says("漏了护理费")
    taker.says("T1 定损 48000")
    taker.says("票据齐全")
    assert "在您看过以后有变化，没有「同意」" in lead.taps("同意", shown)
    assert lead.greyed == ["已有变化"]
    assert "4.8 万元" in str(lead.card)
    assert "现在是「待付款」" in lead.taps("同意", lead.card)


def test_a_number_of_a_list_decides_about_what_was_listed(desks: Desks):
    taker, lead = assessed(desks, "12000")
    lead.says("待我审批")
    desks["shenyue"].says("T1 退回")
    desks["shenyue"].says("漏了护理费")
    taker.says("T1 定损 48000")
    taker.says("票据齐全")
    assert "在您看过以后有变化，没有「同意」" in lead.says("1 同意")
    assert "现在是「待付款」" in lead.says("T1 同意")


def test_what_changed_while_a_question_stood_is_shown_again(desks: Desks):
    li, risk = desks["lixiang"], desks["risk1"]
    li.says("进件 陈静 借20万 12期 年化12% 手续费0")
    li.says("T1 收到 资料")
    assert "哪种还款方式" in risk.says("T1 同意")
    li.says("T1 改费用 3000")
    assert "在您看过以后有变化，没有「同意」" in risk.says("等额本息")
    risk.says("T1 同意")
    assert "现在是「待客户经理会签」" in risk.says("等额本息")


# ---------------------------------------------------------------- words of their own


def test_a_claim_is_not_refused_for_the_reason_it_was_once_sent_back_for(desks: Desks):
    taker, lead = assessed(desks, "12000")
    lead.says("T1 退回")
    lead.says("漏了护理费")
    assert "查勘的结论是什么" in taker.says("T1 定损 15000")
    taker.says("票据齐全")
    assert "原因是什么" in lead.says("T1 拒赔")
    assert "不予赔付" in lead.says("不在保障范围")


def test_a_contact_with_a_debtor_is_asked_for_each_time(
    desks: Desks, database: Database, clock: MovableClock, cast: Cast
):
    li = desks["lixiang"]
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "赵磊")
        a_loan(uow, client, due_on=[date(2025, 6, 1)])
    assert "T1" in li.says("催收 赵磊")
    li.says("T1")
    assert "怎么联系的" in li.taps("催收记录")
    li.says("电话，没有人接")
    li.says("T1")
    assert "怎么联系的" in li.taps("催收记录")


def test_a_change_of_key_data_is_refused_with_a_reason_of_its_own(desks: Desks):
    desks["lixiang"].says("王芳 换手机号 13900000009 客户本人来电说的")
    wang = desks["wangke"]
    assert "为什么驳回" in wang.says("T1 驳回")
    assert "已驳回" in wang.says("客户没有本人确认")


# ---------------------------------------------------------------- who decides


def test_who_asked_for_a_change_does_not_choose_who_approves_it(desks: Desks):
    li, wang, shen = desks["lixiang"], desks["wangke"], desks["shenyue"]
    assert "等 沈合规 审批" in wang.says("王芳 换手机号 13900000009")
    assert "不能挑由谁来审批" in wang.says("T1 转给 李顾问")
    assert "「同意」要由经办人" in li.says("T1 同意")
    assert "现在是「已生效」" in shen.says("T1 同意")


def test_who_approves_may_have_somebody_else_approve(desks: Desks):
    desks["lixiang"].says("王芳 换手机号 13900000009")
    assert "已转给 沈合规" in desks["wangke"].says("T1 转给 沈合规")
    assert "现在是「已生效」" in desks["shenyue"].says("T1 同意")


def test_a_change_is_not_made_over_a_value_that_nobody_compared(desks: Desks, database: Database, clock: MovableClock):
    desks["lixiang"].says("王芳 换手机号 13900000009")
    with database.system(clock.now()) as uow:
        client = next(uow.clients.get(row.id) for row in uow.clients.with_phone("13800000101"))
        uow.clients.update(client, phone="13700000007")
    assert "手机号在提交以后改过" in desks["wangke"].says("T1 同意")
    assert "137****0007" in desks["lixiang"].says("查 王芳")


def test_who_takes_a_claim_has_it(desks: Desks):
    li = desks["lixiang"]
    for words in ("王芳 报案 骑车摔伤", "昨天", "中山路"):
        li.says(words)
    had = li.sees(lambda uow: uow.tickets.find(1).handler_id)
    quicker = desks["claimlead" if had == "claims1" else "claims1"]
    quicker.says("T1 接单")
    assert [who for who, _ in quicker.letters if who == had] == [had]
    li.says("T1 收到 资料")
    assert "现在是「查勘定损」" in quicker.says("T1 查勘")


def test_an_amount_that_nobody_said_is_over_every_ceiling(database: Database, clock: MovableClock, cast: Cast):
    flow = FLOWS["claim"]
    approve = flow.move("approve").model_copy(update={"ceiling": Ceiling(field="loss", most=50_000)})
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "王芳")
        said = {"content": "摔伤", "happened_on": "2025-06-08", "place": "中山路"}
        ticket = open_ticket(uow, SHANGHAI, flow, client, said)
        other = next(user for user in uow.users.all("claims") if user.id != ticket.handler_id)
        assert "超过 50,000 元" in why_not(uow, ticket, flow, approve, other)


# ---------------------------------------------------------------- who merely looks


def test_who_was_asked_to_look_asks_nobody_else_and_collects_nothing(desks: Desks):
    li, risk = desks["lixiang"], desks["risk1"]
    li.says("王芳 保全 换受益人 儿子")
    li.says("@李风控 看下 T1")
    assert "请谁一起看，要由" in risk.says("@赵理赔 看下 T1")
    photo = MediaMessage("risk1", risk.clock.now(), "1", {}, msg_id="m1", kind="image", media_id="31")
    assert "没有在收资料的工单" in risk.sends(photo)
    assert "缺资料：保全申请书、身份证" in li.says("T1")


# ---------------------------------------------------------------- how they are opened


@pytest.mark.parametrize("said", ["王芳 资料变更 手机号", "王芳 变更申请 risk_class", "王芳 催收案 情况紧急"])
def test_what_is_opened_by_an_order_of_its_own_is_not_opened_by_its_name(desks: Desks, said: str):
    li = desks["lixiang"]
    assert "请这样登记，例如" in li.says(said)
    assert "没有正在办的工单" in li.says("我的工单")
