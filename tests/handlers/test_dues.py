from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_contract, a_deposit, a_loan, a_policy
from tests.handlers.asking import SHANGHAI, Desk, on, within

TODAY = date(2025, 6, 9)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


def yearly(uow, client, ends_on: date, **values):
    return a_policy(uow, client, product_name="畅行车险", product_code="INS-CAR-01", pay_mode="annual", premium=3200,
                    **{"starts_on": ends_on - timedelta(days=365), "ends_on": ends_on, **values})


# ---------------------------------------------------------------- renewals and maturities


def test_the_renewal_list_is_sorted_by_days_left_with_wish_and_last_contact(desk: Desk):
    def given(uow):
        contacted = datetime(2025, 6, 3, 10, 0, tzinfo=SHANGHAI)
        yearly(uow, a_client(uow, "陈静"), days(20), number="C0000000005678", renewal_intent="low")
        yearly(uow, a_client(uow, "王芳", last_contact_at=contacted), days(5), number="C0000000001234")
        yearly(uow, a_client(uow, "张敏"), days(31))
    desk.sees(given)
    lines = desk.asks("renewal.list", range=within(TODAY, days(30))).splitlines()
    assert lines[0] == "续保清单（06-09 至 07-09） 2 份："
    assert lines[1] == (
        "① 王芳 · 畅行车险（尾号 1234） · 06-14（还有 5 天） · 保费 3,200 元/年 · 意向 未记 · 6 天前联系"
    )
    assert lines[2].startswith("② 陈静 · 畅行车险（尾号 5678） · 06-29（还有 20 天）")
    assert lines[2].endswith("意向 低 · 未联系过")


def test_a_policy_that_ends_today_and_one_on_the_last_day_are_both_listed(desk: Desk):
    def given(uow):
        yearly(uow, a_client(uow, "王芳"), TODAY)
        yearly(uow, a_client(uow, "陈静"), days(30))
    desk.sees(given)
    said = desk.asks("renewal.list")
    assert "今天到期" in said
    assert "还有 30 天" in said


def test_long_policies_renewed_and_refused_ones_are_not_to_be_renewed(desk: Desk):
    def given(uow):
        fang = a_client(uow)
        a_policy(uow, fang, product_name="安康重疾险", product_code="INS-CI-01", ends_on=days(5))
        yearly(uow, fang, days(6), state="renewed")
        yearly(uow, fang, days(7), renewal_intent="none")
    desk.sees(given)
    assert "没有到期的合同" in desk.asks("renewal.list")


def test_an_empty_list_says_so_and_what_to_try(desk: Desk):
    assert desk.asks("renewal.list") == (
        "续保清单（06-09 至 07-09）：没有到期的合同。发送「续保清单 60天」可以看得更远。"
    )


def test_renewals_can_be_cut_to_a_wish_and_a_product(desk: Desk):
    def given(uow):
        yearly(uow, a_client(uow, "王芳"), days(5), renewal_intent="high")
        yearly(uow, a_client(uow, "陈静"), days(6))
        a_policy(uow, a_client(uow, "张敏"), product_name="安行意外险", product_code="INS-ACC-01", ends_on=days(7))
    desk.sees(given)
    assert "陈静" not in desk.asks("renewal.list", status="high")
    assert "张敏" not in desk.asks("renewal.list", product="车险")


def test_advisers_see_their_own_book_and_managers_their_team_with_names(database, clock, cast: Cast, desk: Desk):
    desk.sees(lambda uow: yearly(uow, a_client(uow, "王芳"), days(5)))
    assert "顾问 李顾问" in Desk(database, clock, cast.wangke.id).asks("renewal.list")
    assert "没有到期" in Desk(database, clock, cast.chenmo.id).asks("renewal.list")
    assert "没有到期" in Desk(database, clock, cast.zhouning.id).asks("renewal.list")
    assert "顾问" not in desk.asks("renewal.list")


def test_maturities_are_holdings_unless_something_else_is_named(desk: Desk):
    def given(uow):
        liu = a_client(uow, "刘洋")
        a_deposit(uow, liu, product_name="青禾一年定期", product_code="BNK-TD-12", ends_on=days(3))
        a_contract(uow, liu, "wealth", product_name="稳盈季季开", product_code="BNK-WM-S90", amount=Decimal(50000),
                   ends_on=days(2))
        a_loan(uow, liu, product_name="助业经营贷", product_code="BNK-LN-BIZ", ends_on=days(1))
    desk.sees(given)
    said = desk.asks("maturity.list")
    assert said.index("稳盈季季开") < said.index("青禾一年定期")
    assert "20 万元" in said
    assert "经营贷" not in said
    assert "助业经营贷" in desk.asks("maturity.list", product="贷款")
    assert "稳盈" not in desk.asks("maturity.list", product="存款")


def test_all_that_ends_is_in_one_list(desk: Desk):
    def given(uow):
        liu = a_client(uow, "刘洋")
        yearly(uow, liu, days(9))
        a_deposit(uow, liu, ends_on=days(3))
        a_contract(uow, liu, "credit_line", amount=Decimal(1_000_000), ends_on=days(1))
    desk.sees(given)
    said = desk.asks("due.list", range=within(TODAY, days(10)))
    assert "到期合同（06-09 至 06-19） 3 份" in said
    assert said.index("授信") < said.index("存款") < said.index("畅行车险")


def test_a_day_that_does_not_exist_is_refused(desk: Desk):
    said = desk.asks("due.list", range=on("2025-02-30", problem="impossible", text="2月30日"))
    assert "没有「2月30日」这一天" in said


def test_a_deadline_reaches_from_today_to_that_day(desk: Desk):
    desk.sees(lambda uow: yearly(uow, a_client(uow), days(5)))
    assert "王芳" in desk.asks("renewal.list", range=on(days(10), deadline=True))


def test_a_long_list_is_turned_by_page_and_its_numbers_run_on(desk: Desk):
    def given(uow):
        for number in range(12):
            yearly(uow, a_client(uow, f"客户{number}"), days(number))
    desk.sees(given)
    first = desk.asks("renewal.list")
    assert "还有 2 项，发送「更多」查看。" in first
    assert desk.asks("page.next").splitlines()[1].startswith("⑪ 客户10")


def test_the_items_of_a_list_are_kept_for_numbered_answers(desk: Desk):
    def given(uow):
        fang = a_client(uow)
        return fang, yearly(uow, fang, days(5))
    fang, policy = desk.sees(given)
    desk.asks("renewal.list")
    kind, items, *_ = desk.sees(lambda uow: uow.conversations.load("lixiang"))["listing"]
    assert kind == "renewals"
    assert (items[0]["client_id"], items[0]["contract_id"]) == (fang.id, policy.id)


# ---------------------------------------------------------------- premiums


def three_premiums(uow):
    a_policy(uow, a_client(uow, "王芳"), product_name="安康重疾险", premium=5200, due_on=[days(-20), days(345)])
    a_policy(uow, a_client(uow, "陈静"), product_name="守护一生重疾险", premium=6000, due_on=[days(-55)])
    a_policy(uow, a_client(uow, "张敏"), product_name="松鹤养老险", premium=8000, due_on=[days(-90)])
    a_policy(uow, a_client(uow, "赵磊"), product_name="启航教育金", premium=9000, due_on=[days(3)])


def test_premium_progress_puts_first_what_lapses_first(desk: Desk):
    desk.sees(three_premiums)
    lines = desk.asks("premium.list").splitlines()
    assert lines[0] == "保费进度（06-09 至 07-09）：宽限期 2 · 已过宽限 1 · 待缴 1 · 本月已缴 0"
    assert [line[2:4] for line in lines[1:]] == ["陈静", "王芳", "张敏", "赵磊"]
    assert "逾期 55 天，宽限至 2025-06-14，过后效力中止" in lines[1]
    assert "已过宽限期，效力中止" in lines[3]
    assert "06-12 应缴（还有 3 天）" in lines[4]


def test_premium_progress_counts_what_was_paid_this_month(desk: Desk):
    desk.sees(three_premiums)
    desk.sees(lambda uow: a_loan(uow, a_client(uow, "刘洋"), due_on=[TODAY]))
    for name, intent in (("王芳", "premium.paid"), ("刘洋", "repayment.paid")):
        desk.asks(intent, client=name, client_id=_id(desk, name))
    assert "宽限期 1 · 已过宽限 1 · 待缴 1 · 本月已缴 1" in desk.asks("premium.list").splitlines()[0]


def test_premium_progress_can_be_cut_to_what_is_overdue(desk: Desk):
    desk.sees(three_premiums)
    assert "赵磊" not in desk.asks("premium.list", status="overdue")


def test_the_last_day_of_grace_still_counts_as_grace(desk: Desk, clock: MovableClock):
    desk.sees(lambda uow: a_policy(uow, a_client(uow), due_on=[TODAY]))
    clock.advance(timedelta(days=60))
    assert "宽限期 1 · 已过宽限 0" in desk.asks("premium.list")
    assert "今天是最后一天" in desk.asks("premium.lookup", client="王芳", client_id=_id(desk, "王芳"))
    clock.advance(timedelta(days=1))
    assert "宽限期 0 · 已过宽限 1" in desk.asks("premium.list")


def _id(desk: Desk, name: str) -> int:
    return desk.sees(lambda uow: uow.clients.containing(name)[0].id)


def test_a_clients_premiums_tell_days_grace_and_consequence(desk: Desk):
    desk.sees(three_premiums)
    said = desk.asks("premium.lookup", client="王芳", client_id=_id(desk, "王芳"))
    assert "共 2 期，已缴 0，待缴 1，逾期 1" in said
    assert "已逾期 20 天，宽限期至 2025-07-19（还有 40 天），过后仍未缴，保单效力中止" in said
    assert "下期：第 2 期 5,200 元，2026-05-20 到期" in said
    lapsed = desk.asks("premium.lookup", client="张敏", client_id=_id(desk, "张敏"))
    assert "保单效力中止，两年内可申请复效" in lapsed


def test_no_open_premium_is_said_in_words(desk: Desk):
    assert "没有待缴或逾期的保费" in desk.asks("premium.list")


# ---------------------------------------------------------------- repayments


def test_repayments_put_the_late_ones_first(desk: Desk):
    def given(uow):
        a_loan(uow, a_client(uow, "刘洋"), product_name="助业经营贷", due_on=[days(-3), days(2), days(40)])
        a_contract(uow, a_client(uow, "陈静"), "lease", product_name="禾光设备直租")
    desk.sees(given)
    lines = desk.asks("repayment.list").splitlines()
    assert lines[0] == "还款清单（06-09 至 06-16）：逾期 1 · 待还 1"
    assert "第 1 期 8,600 元 逾期 3 天" in lines[1]
    assert "第 2 期 8,600 元 06-11 应还（还有 2 天）" in lines[2]


def test_a_loan_without_a_plan_is_due_as_a_whole_on_its_last_day(desk: Desk):
    desk.sees(lambda uow: a_loan(uow, a_client(uow, "刘洋"), product_name="禾光商户贷", ends_on=days(3)))
    assert "到期还清 20 万元 06-12 应还" in desk.asks("repayment.list")


def test_policies_can_be_searched_by_state_and_product(desk: Desk):
    def given(uow):
        a_policy(uow, a_client(uow, "王芳"), state="suspended", product_name="安康重疾险", product_code="INS-CI-01")
        a_policy(uow, a_client(uow, "陈静"), state="lapsed", product_name="畅行车险", product_code="INS-CAR-01")
        a_policy(uow, a_client(uow, "张敏"))
    desk.sees(given)
    lapsed = desk.asks("policy.search", status="lapsed")
    assert "效力中止" in lapsed
    assert "已失效" in lapsed
    assert "张敏" not in lapsed
    assert "王芳" not in desk.asks("policy.search", status="lapsed", product="车险")
    assert "没有找到" in desk.asks("policy.search", status="matured")


def test_a_clients_repayments_show_what_is_left(desk: Desk):
    desk.sees(lambda uow: a_loan(uow, a_client(uow, "刘洋"), due_on=[days(-40), days(-10), days(20)]))
    said = desk.asks("repayment.lookup", client="刘洋", client_id=_id(desk, "刘洋"))
    assert "共 3 期，已缴 0，待缴 1，逾期 2；还应付 2.58 万元" in said
    assert "① 第 1 期 8,600 元，2025-04-30 到期，已逾期 40 天" in said


# ---------------------------------------------------------------- who owes, who is late


@pytest.mark.parametrize("asked", ["今天谁要缴费", "今天有谁要交保费", "谁要缴费", "这周谁要交保费", "今天要缴费的客户"])
def test_who_has_to_pay_is_asked_of_the_premiums_and_not_of_the_renewals(desk: Desk, asked: str):
    def given(uow):
        a_policy(uow, a_client(uow, "王芳"), premium=5200, due_on=[TODAY])
        yearly(uow, a_client(uow, "陈静"), TODAY)
    desk.sees(given)
    heard = desk.says(asked)
    assert "王芳" in heard
    assert "保费进度" in heard
    assert "陈静" not in heard


@pytest.mark.parametrize("asked", ["谁逾期了", "哪些客户逾期了", "逾期名单", "有没有逾期的", "逾期未缴"])
def test_who_is_late_is_told_of_premiums_and_repayments_together(desk: Desk, asked: str):
    def given(uow):
        a_policy(uow, a_client(uow, "王芳"), state="grace", premium=5200, due_on=[days(-20)])
        a_loan(uow, a_client(uow, "刘洋"), due_on=[days(-3)])
        a_policy(uow, a_client(uow, "陈静"), premium=5200, due_on=[days(3)])
    desk.sees(given)
    lines = desk.says(asked).splitlines()
    assert lines[0] == "逾期 2 笔：保费 1 · 还款 1"
    assert "王芳" in lines[1]
    assert "逾期 20 天" in lines[1]
    assert "刘洋" in lines[2]


def test_that_nobody_is_late_is_said(desk: Desk):
    assert "没有逾期的保费和还款" in desk.says("谁逾期了")
