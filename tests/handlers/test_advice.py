"""Accounts, transactions, the score, what may be recommended, and opportunities (S14; R015, R016, R078, R080, R111, R115)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from handlers.opportunities import MOST
from reminders import planner
from storage.database import Database
from storage.model.accounts import KEPT, Entry
from storage.model.clock import MovableClock
from storage.model.errors import Conflict
from storage.model.people import Client
from storage.tables import audit
from tests.builders import Cast, a_client, a_contract, a_loan, an_account, months_of
from tests.handlers.asking import SHANGHAI, Desk, on

TODAY = date(2025, 6, 9)


@pytest.fixture
def liu(database: Database, clock: MovableClock, cast: Cast) -> Client:
    """刘洋 of the bank adviser: class C3, three good months on the salary account, a mortgage."""
    with database.system(clock.now()) as uow:
        client = a_client(
            uow, "刘洋", owner_id="chenmo", risk_class="C3", risk_class_expires_on=TODAY + timedelta(days=31),
            aum=Decimal(860_000), credit_grade="AA",
        )
        months_of(uow, an_account(uow, client, balance=Decimal(88_000)), {"mar": 21, "apr": 25, "may": 22})
        a_loan(uow, client, product_code="BNK-LN-HOME", due_on=[TODAY + timedelta(days=9)])
        return client


@pytest.fixture
def chen(database: Database, clock: MovableClock, liu: Client) -> Desk:
    return Desk(database, clock, "chenmo")


def changed(desk: Desk, client: Client, **values: object) -> None:
    with desk.database.system(desk.clock.now()) as uow:
        uow.clients.update(uow.clients.get(client.id), **values)


def planned(desk: Desk) -> None:
    with desk.database.system(desk.clock.now()) as uow:
        planner.plan(uow, TODAY, TODAY, SHANGHAI)


class TestAccounts:
    @pytest.mark.parametrize("asked", ["刘洋 账户余额多少", "刘洋 账户有多少钱", "刘洋卡里还有多少钱", "刘洋 余额多少"])
    def test_how_much_there_is_is_asked_of_the_accounts(self, chen: Desk, asked: str) -> None:
        assert "人民币余额合计 8.8 万元" in chen.says(asked)

    @pytest.mark.parametrize("asked", ["刘洋 上个月花了多少", "刘洋 上月支出多少", "上个月刘洋花了多少钱", "刘洋 上个月一共消费了多少"])
    def test_how_much_was_spent_is_asked_of_the_transactions(self, chen: Desk, asked: str) -> None:
        heard = chen.says(asked)
        assert "交易（05-01 至 05-31）" in heard

    def test_a_number_is_found_again_and_never_shown(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            first = uow.accounts.put(liu, "6222990055554321", "savings", balance=Decimal(10))
            again = uow.accounts.put(liu, "6222990055554321", "savings", balance=Decimal(20), state="closed")
        assert (first.id, again.balance) == (again.id, Decimal(20))
        heard = chen.says("刘洋 账户")
        assert "「刘洋」账户 2 个，人民币余额合计 8.8 万元" in heard
        assert "储蓄卡（尾号 4321） · 已销户 · 余额 20 元" in heard
        assert "62229900" not in heard

    def test_who_has_none_is_told_where_they_come_from(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            a_client(uow, "周凯", owner_id="chenmo")
        for said in ("周凯 账户", "周凯 近30天交易"):
            assert "名下没有账户资料。账户和流水由行内系统同步" in chen.says(said)

    def test_entries_count_once_however_often_the_sync_runs(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            (account,) = uow.accounts.of_client(liu.id)
            entries = [Entry(TODAY, Decimal("-12.34"), "consumption", "x1"), Entry(TODAY, Decimal(900), "transfer", "x2")]
            assert [uow.accounts.enter(account, entries), uow.accounts.enter(account, entries)] == [2, 0]
            (june,) = [m for m in uow.accounts.months([account.id], 0) if m.month == 2025 * 12 + 5]
        assert (june.money_in, june.money_out, june.net) == (Decimal(900), Decimal("12.34"), Decimal("887.66"))

    def test_an_entry_that_is_told_otherwise_is_put_right_with_its_months(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            account = an_account(uow, liu)
            uow.accounts.enter(account, [
                Entry(date(2025, 5, 31), Decimal(-900), "transfer", "x1"), Entry(TODAY, Decimal("5.005"), "interest", "x2"),
            ])
            right = [Entry(date(2025, 6, 1), Decimal("-90.5"), "cash", "x1"), Entry(TODAY, Decimal("5.005"), "interest", "x2")]
            assert [uow.accounts.enter(account, right), uow.accounts.enter(account, right)] == [1, 0]
            sums = {m.month % 12 + 1: (m.money_in, m.money_out, m.net) for m in uow.accounts.months([account.id], 0)}
            (out,) = [t for t in uow.accounts.largest(liu.id, date(2025, 6, 1), TODAY, 9) if t.account_id == account.id and t.amount < 0]
        assert sums == {5: (0, 0, 0), 6: (Decimal(5), Decimal("90.5"), Decimal("-85.5"))}
        assert (out.happened_on, out.amount, out.category) == (date(2025, 6, 1), Decimal("-90.5"), "cash")

    @pytest.mark.parametrize(("said", "sums"), [
        ("刘洋 上个月流水", "转入 1 笔 10 万元：工资 10 万元\n转出 1 笔 7.8 万元：消费 7.8 万元\n净流入 2.2 万元"),
        ("刘洋 近90天交易", "（03-12 至 06-09） 5 笔"),
        ("刘洋 近30天交易", "05-20 转出 7.8 万元 · 消费 · 工资卡"),
        ("刘洋 今天交易", "没有记录"),
        ("刘洋 前年的流水", "流水只保留 13 个月"), ("刘洋 近360天交易", "近360天交易（2024-06-15 至 06-09） 6 笔"),
    ])  # fmt: skip
    def test_transactions_are_summed_up_over_the_days_said(self, chen: Desk, said: str, sums: str) -> None:
        assert sums in chen.says(said)

    def test_old_transactions_go_and_the_sums_of_their_months_stay(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            (account,) = uow.accounts.of_client(liu.id)
            assert uow.accounts.forget(date(2025, 5, 1)) == 4
            assert len(uow.accounts.months([account.id], 0)) == 3
            assert uow.accounts.forget(date(2027, 5, 1)) == 2 + 2

    def test_a_sync_that_reads_further_back_than_is_kept_counts_no_month_twice(
        self, chen: Desk, liu: Client, clock: MovableClock
    ) -> None:
        told = [Entry(date(2024, 6, 20), Decimal(700), "salary", "old"), Entry(TODAY, Decimal(5), "interest", "new")]
        with chen.database.system(clock.now()) as uow:
            (account,) = uow.accounts.of_client(liu.id)
            assert uow.accounts.enter(account, told) == 2
        clock.advance(timedelta(days=60))
        with chen.database.system(clock.now()) as uow:
            assert uow.accounts.forget(clock.now().date() - KEPT) == 1
            assert uow.accounts.enter(account, told) == 0
            assert [m.net for m in uow.accounts.months([account.id], 0) if m.month == 2024 * 12 + 5] == [Decimal(700)]

    def test_a_number_of_another_client_is_refused(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            own = uow.accounts.put(liu, "6222 9900 5555 4321", "savings", balance=Decimal(10))
            other = a_client(uow, "周凯", owner_id="chenmo")
        with pytest.raises(Conflict, match="尾号 4321 的账户登记在另一位客户名下"), chen.database.system(chen.clock.now()) as uow:
            uow.accounts.put(other, "6222990055554321", "salary", balance=Decimal(99))
        with chen.database.system(chen.clock.now()) as uow:
            kept = uow.accounts.of_client(liu.id)
            assert [(a.kind, a.balance) for a in kept if a.id == own.id] == [("savings", Decimal(10))]
            assert uow.accounts.of_client(other.id) == []

    def test_every_look_is_on_the_trail(self, chen: Desk, liu: Client) -> None:
        for said in ("刘洋 账户", "刘洋 近30天交易", "刘洋 评分", "给刘洋推荐理财"):
            chen.says(said)
        with chen.database.system(chen.clock.now()) as uow:
            found = uow.conn.execute(select(audit.c.detail).where(audit.c.client_id == liu.id, audit.c.action == "read"))
            sections = {json.loads(row.detail).get("section") for row in found}
        assert {"accounts", "transactions", "score", "advice"} <= sections


class TestRecommending:
    def test_nothing_above_the_class_is_offered(self, chen: Desk, liu: Client) -> None:
        for level, most in (("C1", "R1"), ("C2", "R2"), ("C3", "R3"), ("C4", "R4"), ("C5", "R5")):
            changed(chen, liu, risk_class=level)
            heard = chen.says("给刘洋推荐产品")
            offered = {line.split("（")[1][:2] for line in heard.splitlines() if line[0] in "①②③④"}
            assert offered
            assert max(offered) <= most

    @pytest.mark.parametrize(("values", "why"), [
        ({"risk_class": None}, "没有风险测评，不能推荐。请先请客户做风险测评"),
        ({"risk_class_expires_on": date(2025, 6, 8)}, "2025-06-08 已过期，不能推荐。请先请客户重新测评"),
        ({"contact_limit": "restricted"}, "限制联系，不能推荐产品"),
        ({"contact_limit": "deceased"}, "已登记身故"),
        ({"complaint_open": True}, "投诉处理中的事项，办结以前不推荐"),
    ])  # fmt: skip
    def test_it_is_refused_with_what_to_do(self, chen: Desk, liu: Client, values: dict[str, object], why: str) -> None:
        changed(chen, liu, **values)
        assert why in chen.says("给刘洋推荐理财")

    def test_what_has_no_risk_class_needs_none_of_the_client(self, chen: Desk, liu: Client) -> None:
        changed(chen, liu, risk_class=None)
        assert "① " in chen.says("给刘洋推荐贷款")

    def test_all_above_the_class_is_said(self, chen: Desk, liu: Client) -> None:
        changed(chen, liu, risk_class="C1")
        assert "都高于「刘洋」的承受等级 C1" in chen.says("给刘洋推荐理财")

    def test_what_goes_on_comes_first_and_steady_ones_alone_when_asked(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            a_contract(uow, uow.clients.get(liu.id), "deposit", ends_on=TODAY + timedelta(days=5),
                       product_code="BNK-CD-12", product_name="青禾大额存单一年")  # fmt: skip
        heard = chen.says("给刘洋推荐产品")
        assert "持有的青禾大额存单一年 5 天后到期，可以接续" in heard.splitlines()[1]
        assert "R3" not in "".join(line for line in chen.says("给刘洋推荐稳健理财").splitlines() if line[0] in "①②③")

    def test_the_hint_goes_by_what_is_held(self, chen: Desk, liu: Client) -> None:
        assert "交叉销售：有房贷在还，没有登记保障类产品，可以聊定期寿险。" in chen.says("给刘洋推荐理财")
        with chen.database.system(chen.clock.now()) as uow:
            a_contract(uow, uow.clients.get(liu.id), "policy", product_code="INS-TL-01", state="active")
        assert "定期寿险" not in chen.says("给刘洋推荐理财")

    def test_what_is_left_of_the_months_is_no_ground_for_a_loan_or_a_cover(self, chen: Desk, liu: Client) -> None:
        assert "个月账户结余 6.8 万元，可以放 90 天" in chen.says("给刘洋推荐理财")
        for sort in ("经营贷", "医疗险", "意外险"):
            heard = chen.says(f"给刘洋推荐{sort}")
            assert "① " in heard
            assert "可以放" not in heard

    def test_a_cover_that_ends_is_followed_by_one_of_its_own_sort(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            a_contract(uow, uow.clients.get(liu.id), "policy", ends_on=TODAY + timedelta(days=5), state="active",
                       product_code="INS-CAR-01", product_name="畅行车险")  # fmt: skip
        assert "持有的畅行车险 5 天后到期，可以接续" in chen.says("给刘洋推荐车险")
        for sort in ("重疾险", "年金险"):
            assert "可以接续" not in chen.says(f"给刘洋推荐{sort}")

    @pytest.mark.parametrize(("values", "hinted"), [
        ({}, True), ({"risk_class": None}, False), ({"risk_class_expires_on": date(2025, 6, 8)}, False),
    ])  # fmt: skip
    def test_no_hint_names_what_the_class_does_not_cover(
        self, chen: Desk, liu: Client, values: dict[str, object], hinted: bool
    ) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            other = a_client(uow, "周凯", owner_id="chenmo", risk_class="C3")
            a_contract(uow, other, "deposit", product_code="BNK-TD-12", product_name="青禾一年定期")
        changed(chen, other, **values)
        heard = chen.says("给周凯推荐贷款")
        assert "① " in heard
        assert ("可以在承受等级以内聊一点稳健理财" in heard) is hinted

    def test_what_is_steady_and_on_no_shelf_is_named(self, chen: Desk) -> None:
        assert "货架上没有「稳健的贷款」" in chen.says("给刘洋推荐稳健的贷款")

    def test_an_unknown_sort_names_the_known_ones(self, chen: Desk, liu: Client) -> None:
        assert "可以说：" in chen.asks("product.recommend", client_id=liu.id, product="古董")


class TestTheScore:
    def test_each_part_says_why(self, chen: Desk) -> None:
        heard = chen.says("刘洋 评分")
        for part in ("信用等级 AA +10", "没有逾期 +10", "近 6 个月有 3 个月账户有结余 +0", "负债 20 万元，管理资产 86 万元 +5"):
            assert part in heard
        assert "「刘洋」评分 85 分（60 分起，0 到 100）" in heard

    def test_it_is_new_when_the_data_is(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            a_loan(uow, uow.clients.get(liu.id), due_on=[TODAY - timedelta(days=9)])
        changed(chen, liu, credit_grade="C", credit_report_grade="不良")
        heard = chen.says("刘洋 评分")
        assert "信用等级 C −10；征信不良 −20；1 期逾期 −10" in heard

    def test_where_nothing_is_on_record_no_number_is_made_up(self, chen: Desk) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            a_client(uow, "周凯", owner_id="chenmo")
        assert "还没有可以评分的资料" in chen.says("周凯 评分")


class TestOpportunities:
    def test_one_is_noted_moved_on_and_listed(self, chen: Desk) -> None:
        assert "已记商机：「刘洋」理财 有意向 20 万元 预计 06-13" in chen.says("刘洋 商机 理财 20万 周五签")
        assert "刘洋 理财 有意向 20 万元 预计 06-13" in chen.says("我的商机")
        assert "→ 理财 方案 20 万元" in chen.says("刘洋 商机 推进到方案")
        assert "→ 理财 已成交 20 万元" in chen.says("刘洋 商机 已成交")
        assert "没有进行中的商机（已成交 1）" in chen.says("我的商机")
        assert "· 理财 已成交 20 万元" in chen.says("刘洋 商机")

    def test_more_than_a_list_holds_are_counted_and_those_expected_first_are_shown(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            for days in range(MOST + 3):
                uow.opportunities.add(liu, f"产品{days}", "contacted", expected_on=TODAY + timedelta(days=MOST + 3 - days))
            uow.opportunities.add(liu, "不定期", "contacted")
        heard = chen.says("我的商机")
        assert f"进行中的商机 {MOST + 4} 个，列最近的 {MOST} 个" in heard
        assert f"① 刘洋 产品{MOST + 2} 有意向 预计 06-10" in heard

    def test_it_can_be_taken_back(self, chen: Desk) -> None:
        chen.says("刘洋 商机 理财 20万 周五签")
        chen.undoes()
        assert "没有进行中的商机" in chen.says("我的商机")

    def test_what_is_not_clear_changes_nothing(self, chen: Desk) -> None:
        assert "没有进行中的商机" in chen.says("刘洋 商机 已成交")
        for sort in ("理财", "基金"):
            chen.says(f"刘洋 商机 {sort} 20万")
        assert "有 2 个进行中的商机" in chen.says("刘洋 商机 已成交")
        assert "基金 已成交" in chen.says("刘洋 商机 基金 已成交")

    @pytest.mark.parametrize(("said", "why"), [
        ("刘洋 商机 理财 -20万", "金额要大于 0"), ("刘洋 商机 理财 20万 2020年5月1日签", "已经过去了"),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, chen: Desk, said: str, why: str) -> None:
        assert why in chen.says(said)
        assert "没有进行中的商机" in chen.says("我的商机")

    def test_one_that_is_over_may_have_been_signed_before(self, chen: Desk, liu: Client) -> None:
        chen.says("刘洋 商机 理财 20万 周五签")
        assert "→ 理财 已成交 20 万元" in chen.asks(
            "opportunity.update", client_id=liu.id, stage="won", expected=on(TODAY - timedelta(days=1))
        )

    def test_the_note_is_sealed_with_its_numbers_masked(self, chen: Desk, liu: Client) -> None:
        chen.asks("opportunity.create", client_id=liu.id, client="刘洋", product="理财", content="打 13812345678 再谈")
        (found,) = chen.sees(lambda uow: uow.opportunities.of_client(liu.id))
        assert "再谈" in found.note
        assert "13812345678" not in found.note


class TestAnswers:
    @pytest.mark.parametrize(("said", "line"), [
        ("已联系 有兴趣 周五签", "理财 待签约 预计 06-13"), ("联系了，有意向，下周三再谈", "理财 有意向 预计 06-18"),
        ("已联系 客户感兴趣", "理财 有意向"), ("已联系 有兴趣 想买基金 20万", "基金 有意向 20 万元"),
        ("已联系 没问题 客户同意了 周五签", "理财 待签约 预计 06-13"), ("已联系 有兴趣 还没签 下周三再谈", "理财 有意向 预计 06-18"),
    ])  # fmt: skip
    def test_who_is_interested_has_an_opportunity(self, chen: Desk, said: str, line: str) -> None:
        planned(chen)
        chen.says("刘洋 账户")
        heard = chen.says(said)
        assert f"已开商机：{line}" in heard
        assert "已完成：刘洋的事件提醒" in heard

    @pytest.mark.parametrize(("said", "line"), [
        ("刘洋 有兴趣", "理财 有意向"), ("刘洋 有意向 周五签", "理财 待签约 预计 06-13"), ("刘洋 有兴趣 下周三再打", "理财 有意向 预计 06-18"),
    ])  # fmt: skip
    def test_interest_told_by_name_alone_answers_the_event(self, chen: Desk, said: str, line: str) -> None:
        planned(chen)
        heard = chen.says(said)
        assert f"已开商机：{line}" in heard
        assert "已完成：刘洋的事件提醒" in heard

    @pytest.mark.parametrize("said", [
        "已联系 没有兴趣", "已联系 暂时不考虑", "已联系 客户不同意", "已联系 不想投", "已联系 客户不签", "已联系 不认购",
        "已联系 没答应", "已联系 兴趣不大", "已联系 不是很有兴趣", "已联系 考虑过了 签不了",
    ])  # fmt: skip
    def test_who_is_not_has_none(self, chen: Desk, said: str) -> None:
        planned(chen)
        chen.says("刘洋 账户")
        assert "已完成：刘洋的事件提醒" in chen.says(said)
        assert "没有进行中的商机" in chen.says("我的商机")

    @pytest.mark.parametrize("said", ["已联系 没有兴趣买基金 以后再考虑", "已联系 不想买基金 想买存款", "已联系 不同意 说周五签也行"])
    def test_where_it_is_not_clear_nothing_is_opened_and_the_adviser_is_told_how(self, chen: Desk, said: str) -> None:
        planned(chen)
        chen.says("刘洋 账户")
        heard = chen.says(said)
        assert "已完成：刘洋的事件提醒" in heard
        assert "没有听明白，没有开商机。有意向请发送「刘洋 商机" in heard
        assert "没有进行中的商机" in chen.says("我的商机")

    def test_what_is_not_signed_yet_is_no_opportunity_by_itself(self, chen: Desk) -> None:
        planned(chen)
        chen.says("刘洋 账户")
        assert "商机" not in chen.says("已联系 还没签")
        assert "没有进行中的商机" in chen.says("我的商机")

    def test_without_a_client_in_mind_several_are_asked_about(self, chen: Desk, liu: Client) -> None:
        with chen.database.system(chen.clock.now()) as uow:
            other = a_client(uow, "周凯", owner_id="chenmo")
            months_of(uow, an_account(uow, other), {"mar": 21, "apr": 25, "may": 22})
        planned(chen)
        heard = chen.says("已联系 有兴趣 周五签")
        assert "有 2 条可能的提醒，回复例如「1 已联系 有兴趣 周五签」" in heard
        assert "已开商机：理财 待签约" in chen.says("1 已联系 有兴趣 周五签")

    def test_a_day_that_is_over_changes_nothing(self, chen: Desk, liu: Client) -> None:
        planned(chen)
        chen.says("刘洋 账户")
        assert "这一天" in chen.says("已联系 有兴趣 2月30日签")
        assert "没有进行中的商机" in chen.says("我的商机")
