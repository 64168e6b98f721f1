"""Why a client satisfies conditions, or does not (R133, R124: with the reason shown)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_contract, a_policy
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """李顾问 with 王芳 (a VIP met ten days ago, with a car policy and a fund) and 赵敏."""
    with database.system(clock.now()) as uow:
        wang = a_client(uow, "王芳", bank_tier="贵宾", last_contact_at=clock.now() - timedelta(days=10), aum=Decimal(600000))
        a_policy(uow, wang, state="active", product_code="INS-CAR-01", product_name="畅行车险", ends_on=date(2025, 6, 20))
        a_policy(uow, wang, state="active", product_code="INS-CI-01", product_name="安康重疾险", ends_on=date(2030, 6, 20))
        a_contract(uow, wang, "fund", state="active", product_code="SEC-BD-01", product_name="远帆纯债", ends_on=None)
        a_client(uow, "赵敏", bank_tier="大众")
    return Desk(database, clock, "lixiang")


def test_each_condition_is_told_with_what_the_record_says(li: Desk) -> None:
    said = li.says("筛选说明 王芳 贵宾 且 30天未联系 且 持有基金")
    assert "「王芳」不符合：银行等级 是 贵宾 且 30 天未联系 且 持有基金" in said
    assert "✓ 银行等级 是 贵宾（现在：贵宾）" in said
    assert "✗ 30 天未联系（上次联系：2025-05-30）" in said
    assert "✓ 持有基金" in said


def test_a_client_who_fits_is_told_so(li: Desk) -> None:
    assert "「王芳」符合" in li.says("筛选说明 王芳 是否符合 贵宾 且 管理资产 50万以上")


def test_alternatives_denials_and_brackets_are_told_one_by_one(li: Desk) -> None:
    said = li.says("筛选说明 王芳 (私行 或 贵宾) 且 非 持有基金 且 非 (女 且 大众)")
    assert "✗ 以下要全部满足" in said
    assert "　✓ 以下满足一项即可" in said
    assert "　　✗ 银行等级 是 私行（现在：贵宾）" in said
    assert "　✗ 非 持有基金" in said
    assert "　✓ 以下不能成立" in said


def test_conditions_on_one_contract_hold_together_or_not_at_all(li: Desk) -> None:
    """Her car policy ends this month and her health policy does not: no one policy is both."""
    said = li.says("筛选说明 王芳 持有重疾险 且 到期日 在 未来 30 天内")
    assert "✗ 同一份合同：到期日 在 未来 30 天内 且 持有重疾险" in said
    assert "✓ 同一份合同" in li.says("筛选说明 王芳 持有车险 且 到期日 在 未来 30 天内")


def test_conditions_on_one_instalment_hold_together_or_not_at_all(
    li: Desk, database: Database, clock: MovableClock
) -> None:
    """The dear premium is due next year and the one of next week is cheap: no one instalment is both."""
    with database.system(clock.now()) as uow:
        sun = a_client(uow, "孙丽", bank_tier="贵宾")
        a_policy(uow, sun, premium=9000, due_on=[date(2026, 6, 9)])
        a_policy(uow, sun, premium=100, due_on=[date(2025, 6, 19)])
    said = li.says("筛选说明 孙丽 30天内 应缴金额 5000以上 且 缴费状态 待缴 且 贵宾")
    assert "✗ 同一期：应缴日 在 未来 30 天内 且 应缴金额 不低于 5,000 元 且 缴费状态 是 待缴" in said
    assert "✓ 银行等级 是 贵宾" in said
    assert "「孙丽」符合" in li.says("筛选说明 孙丽 30天内 应缴金额 100以上 且 缴费状态 待缴")


def test_the_conditions_of_the_list_on_show_are_meant_where_none_are_written(li: Desk) -> None:
    li.says("筛选 大众 且 30天未联系")
    said = li.says("筛选说明 王芳")
    assert "✗ 银行等级 是 大众（现在：贵宾）" in said


def test_the_answer_agrees_with_the_list(li: Desk) -> None:
    """What the explanation says of the whole is what the filter does."""
    for conditions in ("贵宾", "非 贵宾", "贵宾 或 30天未联系", "持有车险 且 到期日 在 未来 30 天内", "年龄 50以上", "从未联系 且 大众"):
        listed = li.says(f"筛选 {conditions}")
        for name in ("王芳", "赵敏"):
            assert (f"「{name}」符合" in li.says(f"筛选说明 {name} {conditions}")) == (name in listed)


def test_what_cannot_be_read_or_seen_is_refused(li: Desk, database: Database, clock: MovableClock) -> None:
    assert "看不懂" in li.says("筛选说明 王芳 沉默大户")
    assert "请写出客户和条件" in li.says("筛选说明 王芳")
    chen = Desk(database, clock, "chenmo")
    assert "没有找到" in chen.says("筛选说明 王芳 贵宾")
    assert "不能使用" in Desk(database, clock, "hexin").says("筛选说明 王芳 贵宾")


def test_counts_and_changes_are_told_as_they_are(li: Desk) -> None:
    li.says("记 王芳 今天电话聊了重疾")
    said = li.says("筛选说明 王芳 90天联系2次 且 非 AUM下降 且 近30天 AUM 增加 10%以上")
    assert "✗ 90 天内联系 不少于 2 次（现在：1 次）" in said
    assert "✓ 非 近 30 天管理资产下降 大于 0 元（现在：+60 万元）" in said
