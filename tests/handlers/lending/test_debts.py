"""The look at all debts, on both engines: cases by bucket, promises, what is repaid, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from handlers.lending.watch import look_at_debts
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from storage.model.people import Actor
from storage.model.tickets import Ticket
from tests.builders import Cast, a_client, a_loan
from tests.handlers.asking import SHANGHAI, Desk
from tests.handlers.tickets.people import the_others

TODAY = date(2025, 6, 9)
DAY = timedelta(days=1)


class Debts:
    """One lender's book, looked at as the clock does."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock = database, clock
        self.li, self.wang = Desk(database, clock, "lixiang"), Desk(database, clock, "wangke")
        self.risk = Desk(database, clock, "risk1")

    def owes(self, *due_on: date, line: str = "lending", name: str = "王芳") -> Contract:
        with self.database.system(self.clock.now()) as uow:
            uow.act_as(Actor.of(uow.users.get("lixiang")))
            client = a_client(uow, name)
            return a_loan(
                uow, client, due_on=due_on, line=line, number="LN20250001", product_name="小微贷", repayment=Decimal(5000)
            )

    def look(self) -> dict[str, str]:
        """What everybody is told."""
        with self.database.system(self.clock.now()) as uow:
            return {user.id: text.content for user, text, _ in look_at_debts(uow, SHANGHAI)}

    def later(self, days: int) -> dict[str, str]:
        self.clock.advance(DAY * days)
        return self.look()

    def sees(self, work: Callable[[UnitOfWork], object]) -> object:
        with self.database.system(self.clock.now()) as uow:
            return work(uow)

    def cases(self) -> list[Ticket]:
        with self.database.system(self.clock.now()) as uow:
            return uow.tickets.running(100, "collection")


@pytest.fixture
def debts(database: Database, clock: MovableClock, cast: Cast) -> Debts:
    with database.system(clock.now()) as uow:
        the_others(uow)
    return Debts(database, clock)


@pytest.mark.parametrize(
    ("late", "bucket", "handler"),
    [(1, None, None), (2, None, None), (3, "M1（3–30 天）", "lixiang"), (30, "M1（3–30 天）", "lixiang"),
     (31, "M2（31–60 天）", "wangke"), (60, "M2（31–60 天）", "wangke"), (61, "M3+（61 天以上）", "risk1")],
)
def test_a_debt_gets_a_case_with_whoever_works_on_its_bucket(
    debts: Debts, late: int, bucket: str | None, handler: str | None
) -> None:
    debts.owes(TODAY - DAY * late, TODAY + DAY)
    told = debts.look()
    assert [(case.details["bucket"], case.handler_id) for case in debts.cases()] == ([(bucket, handler)] if bucket else [])
    assert set(told) == ({handler} if handler else set())
    assert all(f"逾期 1 期共 5,000 元，最早一期已逾期 {late} 天" in text for text in told.values())


def test_a_second_look_opens_nothing_and_tells_nobody(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    assert debts.look()
    assert debts.look() == {}
    assert len(debts.cases()) == 1


def test_debts_of_other_lines_are_none_of_its_business(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 40, line="bank")
    assert debts.look() == {}


def test_a_case_goes_on_to_the_next_bucket_and_back_to_nobody_else(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 29)
    debts.look()
    assert debts.later(1) == {}
    assert "进入 M2" in debts.later(1)["wangke"]
    assert debts.later(1) == {}
    assert "进入 M3+" in debts.later(29)["risk1"]


def test_what_was_closed_by_hand_stays_closed_for_that_instalment(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    assert "已结案" in debts.wang.says("T1 结案 客户已协商")
    assert debts.later(1) == {}


@pytest.mark.parametrize(("paid_after", "broken"), [(None, True), (1, False)])
def test_a_promise_is_broken_only_where_nothing_was_paid(debts: Debts, paid_after: int | None, broken: bool) -> None:
    loan = debts.owes(TODAY - DAY * 40, TODAY - DAY * 5)
    debts.look()
    assert "2025-06-11 提醒核对" in debts.wang.says("催收记录 LN20250001 电话 承诺周三还5000")
    if paid_after is not None:
        debts.clock.advance(DAY * paid_after)
        with debts.database.system(debts.clock.now()) as uow:
            uow.contracts.pay(uow.contracts.instalments([loan.id])[0], TODAY + DAY)
        debts.clock.advance(-DAY * paid_after)
    assert "没有兑现" not in "".join(debts.later(2).values())
    told = debts.later(1)
    assert ("客户承诺 2025-06-11 还款，没有兑现" in told.get("wangke", "")) is broken
    assert debts.cases()[0].state == ("broken" if broken else "open")
    assert debts.later(1) == {}


def test_a_case_ends_by_itself_when_all_is_repaid(debts: Debts) -> None:
    loan = debts.owes(TODAY - DAY * 5)
    debts.look()
    assert "不能按还清结案" in debts.li.says("T1 已还清")
    debts.sees(lambda uow: uow.contracts.pay(uow.contracts.instalments([loan.id])[0], TODAY))
    assert "已经还清，自动结案" in debts.look()["lixiang"]
    assert debts.cases() == []
    assert "系统 还清结案" in "".join(debts.li.says("T1").split("经过")[1:])


def test_a_case_can_be_opened_by_hand_before_the_rule_does(debts: Debts) -> None:
    debts.owes(TODAY - DAY)
    assert "工单 T1，由您经办" in debts.li.says("催收 LN20250001")
    assert "这笔贷款已经在催收，工单 T1" in debts.li.says("催收 王芳")
    assert "进入 M1" in debts.later(2)["lixiang"]
    assert [case.number for case in debts.cases()] == [1]


def test_a_case_of_others_reads_like_none(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    chen = Desk(debts.database, debts.clock, "chenmo")
    assert chen.says("催收记录 LN20250001 电话 没人接") == chen.says("催收记录 LN20259999 电话 没人接")
    assert chen.says("催收清单") == "没有正在催收的贷款。"


def test_risk_writes_to_a_case_though_it_has_no_client(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 70)
    debts.look()
    assert "今天第 1 次联系" in debts.risk.says("催收记录 LN20250001 电话 没人接")
    assert "今天第 2 次联系" in debts.risk.says("T1 催收记录 微信已读未回")


def test_a_promise_wants_a_day_and_can_be_taken_back(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    assert "请写上承诺哪天还" in debts.li.says("催收记录 王芳 电话 承诺还5000")
    assert "请写上怎么联系的" in debts.li.says("催收记录 王芳")
    debts.li.says("催收记录 王芳 电话 承诺明天还")
    assert debts.cases()[0].details["promise_on"] == "2025-06-10"
    assert "已撤销" in debts.li.says("撤销")
    assert "promise_on" not in debts.cases()[0].details
    assert "没有还没兑现的承诺" in debts.li.says("T1 已兑现")


def test_a_call_told_in_passing_is_a_contact_of_the_case(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    said = debts.li.says("给王芳打了电话，催她还钱，她说明天还5000")
    assert "已记在催收单 T1（王芳）" in said
    assert "2025-06-10 提醒核对" in said
    assert "今天第 1 次联系" in said
    assert debts.cases()[0].details["promise_amount"] == "5000.00"

    debts.clock.advance(timedelta(hours=14))
    assert "现在不能催收" in debts.li.says("给王芳打了电话，催她还钱，她说明天还")


def test_a_talk_with_a_debtor_about_something_else_is_a_note(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    assert "已记录「王芳」" in debts.li.says("给王芳打了电话，聊了孩子上学的事")


def test_a_call_about_money_is_a_note_where_nothing_is_collected(debts: Debts) -> None:
    debts.owes(TODAY + DAY * 5)
    assert "已记录「王芳」" in debts.li.says("给王芳打了电话，她说周五还5000")


def test_a_contact_is_written_to_a_line_of_the_list_of_cases(debts: Debts) -> None:
    debts.owes(TODAY - DAY * 5)
    debts.look()
    debts.li.says("催收清单")
    assert "已记在催收单 T1（王芳）：电话 承诺周五还5000" in debts.li.says("催收记录 1 电话 承诺周五还5000")


def test_a_line_of_no_list_is_nobodys_name(debts: Debts) -> None:
    assert "没有找到客户" not in debts.li.says("催收记录 1 电话 承诺周五还5000")
