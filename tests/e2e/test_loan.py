"""S22 in the browser: from 进件 over risk, the signers in turn and the pay-out to the repayment plan."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page

pytestmark = pytest.mark.e2e


def test_s22_a_loan_from_intake_to_the_repayment_plan(page: Page):
    page.closes("lixiang")
    page.closes("zhoumin")
    page.open("chenmo")
    page.open("lifengkong")
    page.open("wangke")
    heard = page.says("chenmo", "进件 陈记餐饮 借20万 12期 年化12%")
    assert "已登记「陈记餐饮有限公司」的进件，工单 T1，已交给 李风控" in heard
    page.sees("lifengkong", "借 20 万元，12 期，年利率 12%")
    assert "还缺资料：身份证、营业执照" in page.says("lifengkong", "T1 同意 等额本息")
    assert "必备资料已收齐" in page.says("chenmo", "T1 收到 资料")
    page.taps("lifengkong", "同意")
    page.sees("lifengkong", "用哪种还款方式")
    assert "综合年化（含费用）12%，上限 24%" in page.says("lifengkong", "等额本息")
    page.shoot()
    page.taps("chenmo", "会签")
    page.sees("wangke", "待主管会签")
    page.taps("wangke", "会签")
    page.closes("lifengkong")
    page.open("shenhegui")
    page.taps("shenhegui", "会签")
    page.sees("wangke", "待放款")
    heard = page.says("wangke", "放款")
    assert "首期 2025-07-09 还 17,769.76 元，末期 2026-06-09 还 17,769.72 元" in heard
    assert "第 1 期 17,769.76 元，2025-07-09 到期" in page.says("chenmo", "还款计划 T1")
    assert "第 12 期 17,769.72 元，2026-06-09 到期" in page.says("chenmo", "更多")
    page.shoot()


def test_s22_a_loan_over_the_cap_is_refused(page: Page):
    page.open("chenmo")
    heard = page.says("chenmo", "进件 陈记餐饮 借20万 12期 年化36%")
    assert "超过上限 24%（规则：综合年化不超过 24%（含费用）），不能办理" in heard
