"""Loans on both engines: what is asked, what the pay-out writes, and that nothing of it is left after 撤销."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from config.pack import Effect
from handlers.tickets.engine import EFFECTS
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import the_others

INTAKE = "进件 王芳 借20万 12期 年化12% 用途装修"


class Lender:
    """The people whom a loan passes."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.li, self.wang, self.shen, self.risk = (
            Desk(database, clock, name) for name in ("lixiang", "wangke", "shenyue", "risk1")
        )

    def pays_out(self, order: str = INTAKE, method: str = "等额本息") -> str:
        self.li.says(order)
        self.li.says("T1 收到 资料")
        self.risk.says(f"T1 同意 {method}")
        for signer in (self.li, self.wang, self.shen):
            assert "会签，现在是" in signer.says("会签 T1")
        return self.wang.says("T1 放款")

    def loans(self) -> list[Contract]:
        found = self.li.sees(lambda uow: uow.contracts.in_states(("loan",), ("repaying", "applying", "approved")))
        assert isinstance(found, list)
        return found


@pytest.fixture
def lender(database: Database, clock: MovableClock, cast: Cast) -> Lender:
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")
    return Lender(database, clock)


def test_every_effect_that_packs_may_name_is_there() -> None:
    assert set(EFFECTS) == set(get_args(Effect))


@pytest.mark.parametrize(
    ("method", "kept", "first", "last"),
    [("等额本息", "equal_instalment", "17769.76", "17769.72"), ("等额本金", "equal_principal", "18666.67", "16833.30"),
     ("先息后本", "interest_only", "2000.00", "202000.00")],
)
def test_the_pay_out_writes_the_loan_with_its_plan(lender: Lender, method: str, kept: str, first: str, last: str) -> None:
    assert "合同 LN20250001" in lender.pays_out(method=method)
    (loan,) = lender.loans()
    assert (loan.number, loan.state, loan.owner_id, loan.amount) == ("LN20250001", "repaying", "lixiang", Decimal(200_000))
    assert (loan.value("repay_mode"), loan.value("loan_purpose"), loan.rate_percent) == (kept, "装修", Decimal(12))
    parts = lender.li.sees(lambda uow: uow.contracts.instalments([loan.id]))
    assert (parts[0].amount, parts[-1].amount, len(parts)) == (Decimal(first), Decimal(last), 12)
    assert sum(part.principal for part in parts) == Decimal(200_000)
    assert "共 12 期" in lender.risk.says("还款计划 T1")


def test_a_pay_out_that_is_taken_back_leaves_no_contract(lender: Lender) -> None:
    lender.pays_out()
    assert "已撤销" in lender.wang.says("撤销")
    assert lender.loans() == []
    assert "待放款" in lender.risk.says("T1")
    assert "试算" in lender.risk.says("还款计划 T1")


def test_fees_count_and_may_still_be_changed_until_it_is_decided(lender: Lender) -> None:
    assert "综合年化 13.91%" in lender.li.says(f"{INTAKE} 手续费2000")
    lender.li.says("T1 收到 资料")
    lender.li.says("T1 费用 20000")
    assert "超过上限 24%" in lender.risk.says("T1 同意 等额本息")
    lender.li.says("T1 费用 0")
    assert "综合年化（含费用）12%" in lender.risk.says("T1 同意 等额本息")


def test_fees_as_high_as_the_loan_are_refused(lender: Lender) -> None:
    assert "费用不能达到或超过借款金额" in lender.li.says("进件 王芳 借2万 12期 年化12% 手续费2万")


@pytest.mark.parametrize(("order", "says"), [
    ("进件 王芳 借500万 12期 年化12%", "借款金额不能超过 3,000,000"),
    ("进件 王芳 借20万 400期 年化12%", "期数不能超过 360"),
    ("进件 王芳 借500元 12期 年化12%", "借款金额不能低于 1,000"),
])  # fmt: skip
def test_what_is_out_of_bounds_is_said(lender: Lender, order: str, says: str) -> None:
    assert says in lender.li.says(order)
    assert "没有正在办的工单" in lender.li.says("我的工单")


def test_who_approved_it_does_not_pay_it_out_however_many_signed_between(lender: Lender) -> None:
    for desk, said in (
        (lender.li, INTAKE), (lender.li, "T1 收到 资料"), (lender.risk, "T1 同意 等额本息"), (lender.li, "会签 T1"),
        (lender.wang, "会签 T1"), (lender.shen, "会签 T1"),
    ):
        desk.says(said)
    assert "「放款」要由另一个人来做：您办过这张工单的「同意、主管同意」" in lender.risk.says("T1 放款")
    assert "合同 LN20250001" in lender.wang.says("T1 放款")


def test_a_manager_who_approved_a_dear_one_leaves_the_paying_to_risk(lender: Lender) -> None:
    for desk, said in (
        (lender.li, "进件 王芳 借50万 12期 年化12%"), (lender.li, "T1 收到 资料"), (lender.wang, "T1 同意 等额本息"),
        (lender.li, "会签 T1"), (lender.wang, "会签 T1"), (lender.shen, "会签 T1"),
    ):
        desk.says(said)
    assert "要由另一个人来做" in lender.wang.says("T1 放款")
    assert "合同 LN20250001" in lender.risk.says("T1 放款")


def opened_by_the_manager(lender: Lender) -> None:
    for desk, said in (
        (lender.wang, INTAKE), (lender.wang, "T1 收到 资料"), (lender.risk, "T1 同意 等额本息"),
    ):
        desk.says(said)


def test_where_the_manager_opened_it_another_one_signs_in_his_place(lender: Lender, database: Database) -> None:
    zhou = Desk(database, lender.li.clock, "zhouning")
    opened_by_the_manager(lender)
    assert "没有找到工单 T1" in zhou.says("T1")
    assert "上面没有别的主管能办，已请 周宁 代办" in lender.li.says("会签 T1")
    assert "zhouning" in [who for who, message in lender.li.letters if "待主管会签" in str(message)]
    assert "要由另一个人来做" in lender.wang.says("T1 会签")
    assert "待合规会签" in zhou.says("T1 会签")


def test_where_there_is_no_other_manager_that_is_said(lender: Lender, database: Database) -> None:
    with database.system(lender.li.clock.now()) as uow:
        uow.users.deactivate(uow.users.get("zhouning"))
    opened_by_the_manager(lender)
    heard = lender.li.says("会签 T1")
    assert "现在没有人能「会签」" in heard
    assert "请联系运营安排一位主管" in heard


def test_nobody_is_asked_in_place_of_a_manager_who_may(lender: Lender, database: Database) -> None:
    zhou = Desk(database, lender.li.clock, "zhouning")
    for desk, said in ((lender.li, INTAKE), (lender.li, "T1 收到 资料"), (lender.risk, "T1 同意 等额本息")):
        desk.says(said)
    assert "代办" not in lender.li.says("会签 T1")
    assert "没有找到工单 T1" in zhou.says("T1 会签")
