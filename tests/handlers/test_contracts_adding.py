from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_firm, a_policy
from tests.handlers.asking import Desk, on

TODAY = date(2025, 6, 9)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def fang(desk: Desk):
    return desk.sees(a_client)


def contracts_of(desk: Desk, client):
    return desk.sees(lambda uow: uow.contracts.of_client(client.id))


def plan_of(desk: Desk, contract):
    return desk.sees(lambda uow: uow.contracts.instalments([contract.id]))


def in_full(fang) -> dict:
    return {
        "client": "王芳", "client_id": fang.id, "product": "安康重疾险", "policy_no": "P20250001234",
        "sum_insured": 500000, "premium": 5200, "pay_mode": "annual", "pay_years": 20,
        "effective": on(TODAY), "insured": "本人", "due": on("2055-06-09"),
    }


def test_a_policy_said_in_full_is_written_at_once_with_twenty_premiums(desk: Desk, fang):
    said = desk.asks("policy.add", **in_full(fang))
    assert "已为「王芳」登记保单" in said
    assert "撤销" in said
    policy = contracts_of(desk, fang)[0]
    assert (policy.product_code, policy.premium, policy.line) == ("INS-CI-01", Decimal(5200), "insurance")
    plan = plan_of(desk, policy)
    assert len(plan) == 20
    assert plan[1].due_on == date(2026, 6, 9)
    assert plan[1].grace_ends_on == date(2026, 8, 8)


def test_adding_a_policy_can_be_undone_as_a_whole(desk: Desk, fang):
    desk.asks("policy.add", **in_full(fang))
    assert "已撤销" in desk.undoes()
    assert contracts_of(desk, fang) == []


def test_what_was_assumed_is_echoed_and_waits_for_a_yes(desk: Desk, fang):
    said = desk.asks("policy.add", client="王芳", client_id=fang.id, product="车险", premium=3200)
    for part in ("产品：畅行车险", "保费：3,200 元", "起始日 2025-06-09（没有说，按今天）", "续保日：2026-06-09", "确认"):
        assert part in said
    assert contracts_of(desk, fang) == []
    assert "已为「王芳」登记保单" in desk.confirms()
    policy = contracts_of(desk, fang)[0]
    assert policy.ends_on == date(2026, 6, 9)
    assert [p.state for p in plan_of(desk, policy)] == ["paid"]


def test_a_draft_takes_corrections_before_it_is_written(desk: Desk, fang):
    desk.asks("policy.add", client="王芳", client_id=fang.id, product="车险", premium=3200)
    assert "保费：3,300 元" in desk.asks("form.correct", field="premium", value=3300)
    desk.confirms()
    assert contracts_of(desk, fang)[0].premium == Decimal(3300)


@pytest.mark.parametrize(("words", "expected"), [
    ("保费改成3300", "保费：3,300 元"),
    ("保费 3300，缴费方式改为月缴", "缴费方式：月缴"),
    ("到期日改成2026-06-30", "续保日：2026-06-30"),
    ("受益人是小雨", "受益人：小雨"),
    ("保额50万 保单号 P20250001234", "保单号：尾号 1234"),
])
def test_a_draft_takes_corrections_in_plain_words(desk: Desk, fang, words, expected):
    desk.asks("policy.add", client="王芳", client_id=fang.id, product="车险", premium=3200)
    assert expected in desk.asks("form.answer", text=words, fields={})


def test_words_that_tell_nothing_leave_the_draft_as_it_is(desk: Desk, fang):
    desk.asks("policy.add", client="王芳", client_id=fang.id, product="车险", premium=3200)
    assert "没看懂要改哪一项" in desk.asks("form.answer", text="嗯嗯", fields={})
    assert "已为「王芳」登记保单" in desk.confirms()


def test_what_is_essential_is_asked_for_and_the_draft_kept(desk: Desk, fang):
    said = desk.asks("policy.add", client="王芳", client_id=fang.id, product="安康重疾险")
    assert "还缺：保费或保额" in said
    assert "还缺" in desk.confirms()
    assert "保额：50 万元" in desk.asks("form.answer", fields={"amount": 500000}, text="保额50万")
    desk.confirms()
    assert contracts_of(desk, fang)[0].amount == Decimal(500000)


def test_a_sort_with_several_products_is_not_guessed(desk: Desk, fang):
    said = desk.asks("policy.add", client="王芳", client_id=fang.id, product="重疾险", premium=5200)
    assert "安康重疾险、守护一生重疾险" in said
    desk.confirms()
    policy = contracts_of(desk, fang)[0]
    assert (policy.product_name, policy.product_code) == ("重疾险", None)


def test_the_insurer_tells_which_product_of_a_sort_is_meant(desk: Desk, fang):
    said = desk.asks("policy.add", client="王芳", client_id=fang.id, product="养老险", insurer="山岚", premium=9000)
    assert "产品：松鹤养老险" in said


@pytest.mark.parametrize(("slots", "warning"), [
    ({"sum_insured": 50, "premium": 5200}, "不到 100 元"),
    ({"sum_insured": 5000, "premium": 52000}, "保费比保额还高"),
    ({"premium": 5_200_000}, "超过 100 万元"),
])
def test_an_unusual_amount_is_pointed_out_and_not_written_unasked(desk: Desk, fang, slots, warning):
    said = desk.asks("policy.add", **(in_full(fang) | {"sum_insured": None} | slots))
    assert warning in said
    assert contracts_of(desk, fang) == []


@pytest.mark.parametrize(("slots", "problem"), [
    ({"due": on("2025-06-01")}, "到期日应晚于起始日"),
    ({"effective": on("2025-02-30")}, "没有 2 月 30 日"),
    ({"policy_no": "？"}, "格式不对"),
    ({"premium": -5}, "不能小于 0"),
])
def test_a_value_that_cannot_be_keeps_the_draft_and_says_why(desk: Desk, fang, slots, problem):
    said = desk.asks("policy.add", **(in_full(fang) | slots))
    assert problem in said
    assert "草稿已保留" in said
    desk.confirms()
    assert contracts_of(desk, fang) == []


def test_a_number_that_is_registered_already_is_refused(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, number="P20250001234"))
    assert "已经登记过" in desk.asks("policy.add", **in_full(fang))


def test_relatives_and_other_clients_are_linked_as_parties(desk: Desk, fang):
    def family(uow):
        child = a_client(uow, "小雨", phone=None)
        uow.clients.relate(fang, child, "child")
        return child
    child = desk.sees(family)
    desk.asks("policy.add", **(in_full(fang) | {"insured": "女儿", "beneficiary": "李雷"}))
    policy = contracts_of(desk, fang)[0]
    people = desk.sees(lambda uow: uow.contracts.parties([policy.id]))
    assert {(p.role, p.name, p.client_id) for p in people} == {
        ("holder", "王芳", fang.id), ("insured", "小雨", child.id), ("beneficiary", "李雷", None),
    }


def test_an_old_policy_takes_its_past_premiums_for_paid_but_not_the_one_in_grace(desk: Desk, fang):
    desk.asks("policy.add", **(in_full(fang) | {"effective": on("2023-05-30"), "pay_years": 3}))
    if not contracts_of(desk, fang):
        desk.confirms()
    plan = plan_of(desk, contracts_of(desk, fang)[0])
    assert [p.state for p in plan] == ["paid", "paid", "due"]
    assert plan[2].is_in_grace(TODAY)


def test_a_policy_under_underwriting_has_no_premiums_until_it_is_in_force(desk: Desk, fang):
    desk.asks("policy.add", **(in_full(fang) | {"status": "underwriting"}))
    policy = contracts_of(desk, fang)[0]
    assert plan_of(desk, policy) == []
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, status="有效")
    assert "待核保 → 有效" in said
    assert len(plan_of(desk, policy)) == 20


def test_the_restaurant_loan_has_the_plan_of_the_scene(desk: Desk):
    firm = desk.sees(lambda uow: a_firm(uow, "陈记餐饮"))
    said = desk.asks("loan.add", client="陈记餐饮", client_id=firm.id, product="小微经营贷", amount=200000, terms=12,
                     rate_percent=12)
    assert "每期 17,769.76 元（末期 17,769.72 元）" in said
    desk.confirms()
    loan = contracts_of(desk, firm)[0]
    plan = plan_of(desk, loan)
    assert [p.amount for p in plan] == [Decimal("17769.76")] * 11 + [Decimal("17769.72")]
    assert sum(p.principal for p in plan) == Decimal("200000.00")
    assert (loan.premium, loan.ends_on, loan.balance) == (Decimal("17769.76"), date(2026, 6, 9), Decimal(200000))


def test_a_loan_by_equal_principal_with_a_repayment_day(desk: Desk, fang):
    desk.asks("loan.add", client="王芳", client_id=fang.id, product="房贷", amount=1200000, term_years=10,
              rate_percent=3.6, repay_day=20, repay_mode="等额本金")
    desk.confirms()
    plan = plan_of(desk, contracts_of(desk, fang)[0])
    assert len(plan) == 120
    assert plan[0].due_on == date(2025, 7, 20)
    assert {p.principal for p in plan} == {Decimal("10000.00")}


def test_a_loan_without_its_rate_is_written_without_a_plan_and_says_how_to_get_one(desk: Desk, fang):
    desk.asks("loan.add", client="王芳", client_id=fang.id, product="信用贷", amount=50000, terms=12)
    assert "生成还款计划" in desk.confirms()
    said = desk.asks("contract.plan", client="王芳", client_id=fang.id)
    assert "缺少生成计划的资料" in said
    desk.asks("policy.update", client="王芳", client_id=fang.id, product="信用贷", field="rate", value=12)
    assert "共 12 期" in desk.asks("contract.plan", client="王芳", client_id=fang.id)
    desk.confirms()
    assert len(plan_of(desk, contracts_of(desk, fang)[0])) == 12


def test_a_plan_made_anew_keeps_what_was_paid(desk: Desk, fang):
    desk.asks("loan.add", client="王芳", client_id=fang.id, product="信用贷", amount=12000, terms=12, rate_percent=0,
              date=on("2025-03-09"))
    desk.confirms()
    loan = contracts_of(desk, fang)[0]
    assert [p.state for p in plan_of(desk, loan)].count("paid") == 2
    desk.asks("contract.plan", client="王芳", client_id=fang.id, terms=6)
    desk.confirms()
    plan = plan_of(desk, loan)
    assert len(plan) == 6
    assert [p.number for p in plan] == [1, 2, 3, 4, 5, 6]


def test_a_holding_takes_its_kind_from_the_product(desk: Desk, fang):
    desk.asks("holding.add", client="王芳", client_id=fang.id, product="大额存单", amount=200000, term_years=3,
              rate_percent=2.6)
    desk.confirms()
    held = contracts_of(desk, fang)[0]
    assert (held.kind, held.ends_on, held.line) == ("deposit", date(2028, 6, 9), "bank")


def test_a_holding_of_an_unknown_sort_is_asked_about(desk: Desk, fang):
    said = desk.asks("holding.add", client="王芳", client_id=fang.id, product="聚宝盆", amount=200000)
    assert "是存款、理财还是基金" in said
    assert contracts_of(desk, fang) == []


def test_a_product_term_dates_the_maturity(desk: Desk, fang):
    desk.asks("holding.add", client="王芳", client_id=fang.id, product="稳盈季季开", amount=200000)
    desk.confirms()
    assert contracts_of(desk, fang)[0].ends_on == date(2025, 9, 7)


def test_a_credit_line_keeps_what_is_left(desk: Desk):
    firm = desk.sees(a_firm)
    desk.asks("credit.add", client="宏达", client_id=firm.id, product="青禾综合授信", amount=1000000)
    desk.confirms()
    line = contracts_of(desk, firm)[0]
    assert (line.kind, line.balance, line.ends_on) == ("credit_line", Decimal(1000000), date(2026, 6, 9))


def test_a_lease_has_rents(desk: Desk):
    firm = desk.sees(a_firm)
    desk.asks("lease.add", client="宏达", client_id=firm.id, product="设备直租", amount=800000, terms=36, rate_percent=6)
    desk.confirms()
    lease = contracts_of(desk, firm)[0]
    assert len(plan_of(desk, lease)) == 36
    assert desk.sees(lambda uow: uow.contracts.parties([lease.id]))[0].role == "lessee"


def test_a_cancelled_draft_leaves_nothing(desk: Desk, fang):
    desk.asks("policy.add", client="王芳", client_id=fang.id, product="车险", premium=3200)
    assert "已取消" in desk.asks("confirm.no")
    assert contracts_of(desk, fang) == []


def test_compliance_may_look_but_not_add(database, clock, cast: Cast, fang):
    said = Desk(database, clock, cast.shenyue.id).asks("policy.add", **in_full(fang))
    assert "角色不能" in said


def test_a_start_that_does_not_exist_is_asked_for_and_nothing_is_assumed_from_it(desk, fang):
    heard = desk.says("新增保单 王芳 安康重疾险 保费8000 2月30日生效")
    assert "⚠ 起始日：没有 2 月 30 日这一天" in heard
    assert "按今天" not in heard
    assert "起始日：2025-03-01" in desk.says("生效日改成2025-03-01")


@pytest.mark.parametrize("words", ["想加仓50万稳盈季季开", "打算买20万安康重疾险", "计划贷款30万", "想给孩子买教育金", "想申请授信3000万"])
def test_what_a_client_only_wishes_for_is_noted_and_is_no_contract(desk: Desk, fang, words):
    assert "已记录「王芳」" in desk.says(f"王芳 {words}")
    assert contracts_of(desk, fang) == []
    assert desk.sees(lambda uow: uow.conversations.load("lixiang")).get("draft") is None
