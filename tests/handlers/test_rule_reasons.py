"""Why a reminder came, and why none did: rule, version, date and conditions, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from reminders import planner
from storage.database import Database
from storage.model.accounts import Entry
from storage.model.clock import MovableClock
from storage.repositories.verdicts import VerdictRepository
from tests.builders import Cast, a_client, a_policy, a_rule, an_account
from tests.handlers.asking import SHANGHAI, Desk

TODAY = date(2025, 6, 9)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """李顾问 with 王芳, whose medical policy ends in a month, and 赵敏, who has nothing."""
    with database.system(clock.now()) as uow:
        wang = a_client(uow, "王芳", bank_tier="贵宾")
        a_policy(uow, wang, state="active", ends_on=on(30), product_name="康佑医疗险", renewal_intent=None)
        a_client(uow, "赵敏")
        planner.plan(uow, TODAY, TODAY, SHANGHAI)
    return Desk(database, clock, "lixiang")


def plan(li: Desk, day: date) -> None:
    with li.database.system(li.clock.now()) as uow:
        planner.settle(uow, SHANGHAI)
        planner.plan(uow, day, day, SHANGHAI)


def test_a_reminder_tells_its_rule_date_and_conditions(li: Desk) -> None:
    li.says("今日待办")
    said = li.says("为什么 1")
    assert "为什么提醒：王芳的续保提醒" in said
    assert "续保（业务包原样）" in said
    assert "日期：保单的到期日 2025-07-09，提前 30 天" in said
    assert "2025-06-09 08:30 起，顾问 李顾问" in said
    assert "✓ 状态 是 有效、宽限期" in said
    assert "✓ 客户没有流失" in said


def test_the_only_item_on_show_needs_no_number(li: Desk) -> None:
    li.says("今日待办")
    assert "业务包原样" in li.says("为什么提醒我这个")


def test_without_a_list_the_number_is_asked_for(li: Desk) -> None:
    assert "请带上清单里的序号" in li.says("为什么提醒我这个")


def test_conditions_of_operations_and_their_version_are_told(li: Desk, cast: Cast) -> None:
    with li.database.transaction(cast.he, li.clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        a_rule(uow, **{**pack.as_json(), "when": "贵宾 或 私行", "offsets": [-29]})
    li.clock.advance(timedelta(days=1))
    plan(li, on(1))
    li.says("今日待办")
    said = li.says("为什么 1")
    assert "v1，何运营 提交" in said
    assert "✓ 以下满足一项即可" in said
    assert "　✓ 银行等级 是 贵宾" in said
    assert "　✗ 银行等级 是 私行" in said


def test_ones_own_reminder_has_no_rule(li: Desk) -> None:
    li.says("明天上午10点提醒我打印资料")
    li.says("我的提醒")
    said = [li.says(f"为什么 {n}") for n in (1, 2)]
    assert any("自己设的提醒" in one for one in said)


def test_what_was_reminded_already_is_said_so(li: Desk) -> None:
    assert "已经提醒：06-09 08:30 起在李顾问的待办里" in li.says("为什么没有提醒 王芳 续保")


def test_what_was_done_is_told_with_what_comes_next(li: Desk) -> None:
    li.says("今日待办")
    li.says("1 已联系")
    said = li.says("为什么没有提醒 王芳 续保")
    assert "06-09 提醒过，已完成" in said
    assert "下一次 2025-07-02（提前 7 天）" in said


def test_who_has_no_such_contract_is_told_so(li: Desk) -> None:
    assert "名下没有保单" in li.says("为什么没有提醒 赵敏 续保")


def test_a_date_that_was_never_entered_is_told(li: Desk) -> None:
    assert "客户的生日没有登记" in li.says("为什么没有提醒 赵敏 生日")
    assert "等级没有规定联系天数" in li.says("为什么没有提醒 赵敏 久未联系")


def test_a_condition_that_fails_is_named(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        client = a_client(uow, "钱多")
        a_policy(uow, client, state="active", ends_on=on(30), product_name="康佑医疗险", renewal_intent="none")
    said = li.says("为什么没有提醒 钱多 续保")
    assert "不满足：续保意向 不是 不续" in said


def test_an_opt_out_and_a_lost_client_are_named(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        client = a_client(uow, "钱多", birthday=date(1980, 6, 9), stage="lost")
        uow.consents.record(client, "care", granted=False, channel="phone", evidence="")
    said = li.says("为什么没有提醒 钱多 生日")
    assert "阶段 不是 已流失" in said
    assert "客户没有拒绝关怀信息" in said


def test_what_is_not_due_yet_is_told_with_its_day(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        a_client(uow, "钱多", birthday=date(1980, 6, 20), bank_tier="贵宾")
        a_client(uow, "孙立", birthday_calendar="lunar", lunar_birthday=803)
    assert "还没到：2025-06-20 的生日，下一次 2025-06-20（当天）" in li.says("为什么没有提醒 钱多 生日")
    assert "2025-09-24" in li.says("为什么没有提醒 孙立 生日")
    assert "下一次 2025-07-09" in li.says("为什么没有提醒 钱多 久未联系")


def test_a_rule_that_is_switched_off_or_out_of_its_time_is_named(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        uow.rules.stop("birthday", uow.packs.rule("birthday").model_copy(update={"enabled": False}).as_json())
        a_rule(uow, label="续保二次", valid_until="2025-01-31")
    assert "规则已停用" in li.says("为什么没有提醒 王芳 生日")
    assert "不在有效期内（即日 到 2025-01-31）" in li.says("为什么没有提醒 王芳 续保二次")


def test_a_day_that_is_over_is_told(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        client = a_client(uow, "钱多")
        a_policy(uow, client, state="active", ends_on=on(-20), product_name="康佑医疗险")
    assert "已经过了" in li.says("为什么没有提醒 钱多 续保")


@pytest.mark.parametrize(("days", "why"), [(3, "下一次排程（每天 07:50）会补上"), (30, "已经过了")])
def test_what_the_bank_told_late_comes_with_the_next_plan_while_it_is_fresh(li: Desk, days: int, why: str) -> None:
    with li.database.system(li.clock.now()) as uow:
        (hit,) = uow.clients.named(["赵敏"])
        account = an_account(uow, uow.clients.get(hit.client_id))
        uow.accounts.enter(account, [Entry(on(-days), Decimal(-600_000), "transfer", "late")])
    assert why in li.says("为什么没有提醒 赵敏 大额转出")


def test_an_unknown_kind_and_a_foreign_client_are_refused(li: Desk) -> None:
    assert "没有「火星」这一类规则" in li.says("为什么没有提醒 王芳 火星")
    chen = Desk(li.database, li.clock, "chenmo")
    assert "续保" not in chen.says("为什么没有提醒 王芳 续保")


def test_a_rule_may_be_asked_for_by_its_number(li: Desk) -> None:
    number = li.sees(lambda uow: uow.rules.numbers()["policy_renewal"])
    assert f"R{number} 续保：康佑医疗险 已经提醒" in li.says(f"为什么没有提醒 王芳 R{number}")


def test_a_superior_asks_for_the_team(li: Desk) -> None:
    assert "已经提醒" in Desk(li.database, li.clock, "wangke").says("为什么没有提醒 王芳 续保")


# ---------------------------------------------------------------- and then the gate


def test_without_consent_the_greeting_is_stopped_at_the_gate_with_what_to_do(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        a_client(uow, "钱多", birthday=date(1980, 6, 20))
    said = li.says("为什么没有提醒 钱多 生日")
    assert "还没到：2025-06-20 的生日" in said
    assert "发给客户的生日文案：「钱多」还没有登记关怀提醒授权。" in said
    assert "发送「钱多 同意关怀提醒」登记后再发" in said
    li.says("钱多 同意关怀提醒")
    assert "发给客户的生日文案：现在没有什么拦着，顾问确认后可以发。" in li.says("为什么没有提醒 钱多 生日")


def test_a_service_text_needs_no_consent_and_is_stopped_by_the_night_alone(li: Desk) -> None:
    assert "发给客户的续保文案：现在没有什么拦着" in li.says("为什么没有提醒 王芳 续保")
    li.clock.move_to(datetime(2025, 6, 9, 22, 0, tzinfo=SHANGHAI))
    said = li.says("为什么没有提醒 王芳 续保")
    assert "发给客户的续保文案：现在不打扰客户（21:00 到次日 08:30）。06-10 08:30 以后可以发。" in said


def test_an_open_complaint_a_limit_and_a_missing_value_are_named_at_the_gate(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        born = date(1980, 6, 20)
        held = [a_client(uow, "钱多", birthday=born, complaint_open=True), a_client(uow, "孙立", birthday=born, contact_limit="restricted")]
        for client in held:
            uow.consents.record(client, "care", granted=True, channel="phone", evidence="")
    assert "「钱多」有投诉处理中的事项，这时发生日消息不合适。" in li.says("为什么没有提醒 钱多 生日")
    assert "「孙立」登记了限制联系，不能发。解除限制后" in li.says("为什么没有提醒 孙立 生日")


def test_a_rule_that_only_reminds_colleagues_asks_nothing_of_the_gate(li: Desk) -> None:
    assert "发给客户" not in li.says("为什么没有提醒 赵敏 久未联系")


def test_the_question_leaves_no_verdict_behind(li: Desk) -> None:
    li.says("为什么没有提醒 王芳 续保")
    with li.database.system(li.clock.now()) as uow:
        (hit,) = uow.clients.named(["王芳"])
        assert VerdictRepository(uow).of_client(hit.client_id, 1) == []


def test_a_snoozed_reminder_is_told_with_the_hour_it_comes_back(li: Desk) -> None:
    li.says("今日待办")
    li.says("1 推迟到明天上午9点")
    assert "李顾问推迟到 06-10 09:00 再看" in li.says("为什么没有提醒 王芳 续保")


def test_a_rule_that_waits_for_approval_is_named_by_its_number(li: Desk) -> None:
    he = Desk(li.database, li.clock, "hexin")
    he.says("新建提醒规则 保单到期前45天 9点 提醒顾问")
    number = he.says("提交").partition("已提交 R")[2].partition(" ")[0]
    assert f"R{number} v1 在等审批，批准以后才提醒" in li.says(f"为什么没有提醒 王芳 R{number}")
