"""S08, S13, S23, S26, S27 and S32 in the browser: what a client wants, an account, a late repayment, what is over time."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Page
from tests.e2e.test_self_service import writes
from tests.e2e.test_tickets import only

pytestmark = pytest.mark.e2e


def test_s08_a_client_reports_a_claim_in_her_own_words(page: Page):
    only(page, "wm_wangfang", "lixiang", "zhaolipei")
    writes(page, "wm_wangfang", "我昨天骑车摔断了胳膊，在医院")
    page.sees("wm_wangfang", "报案已记下")
    page.sees("lixiang", "摔断了胳膊")
    page.shoot()


def test_s13_an_account_is_opened_after_three_checks(page: Page):
    only(page, "zhoumin", "shenhegui")
    assert "资金来源是哪一类" in page.says("zhoumin", "开户 刘洋")
    page.says("zhoumin", "资金来源 工资")
    assert "要收的资料：身份证、查询授权书" in page.says("zhoumin", "理财")
    page.says("zhoumin", "T1 收到 资料")
    for said in ("T1 提交", "T1 证件核验 一致", "T1 手机核验 一致", "T1 外部核验 一致"):
        assert "核验中" in page.says("zhoumin", said)
    assert "现在是「已开户」" in page.says("zhoumin", "T1 完成开户")
    page.shoot()


def test_s23_a_contact_with_a_debtor_keeps_the_rules(page: Page):
    only(page, "chenmo", "wangke")
    page.to("2025-06-16T09:05")
    page.sees("chenmo", "T5 陈记餐饮有限公司")
    assert "T5 催收 陈记餐饮有限公司" in page.says("chenmo", "催收清单")
    assert "今天第 1 次联系" in page.says("chenmo", "催收记录 T5 电话 承诺周五还5000")
    page.to("2025-06-16T22:30")
    assert "22:00" in page.says("chenmo", "催收记录 T5 电话 没人接")
    page.shoot()


def test_s26_an_angry_client_s_complaint_reaches_the_manager(page: Page):
    only(page, "wm_wangfang", "lixiang", "wangke")
    writes(page, "wm_wangfang", "三天没人回我，我要投诉")
    page.sees("wm_wangfang", "投诉")
    page.sees("wangke", "三天没人回我")
    page.shoot()


def test_s27_no_more_messages_counts_at_once(page: Page):
    only(page, "wm_wangfang", "lixiang")
    writes(page, "wm_wangfang", "别再给我发消息了")
    page.sees("wm_wangfang", "马上生效")
    page.sees("lixiang", "已登记撤回产品推荐、关怀提醒的授权")
    writes(page, "wm_wangfang", "把我的资料删掉")
    page.sees("wm_wangfang", "法律要求保存的")
    page.sees("lixiang", "已登记客户权利工单 T1，由 沈合规 经办")
    page.shoot()


def test_s32_what_is_over_time_is_given_to_somebody_else(page: Page):
    only(page, "lixiang", "wangke", "zhoumin")
    page.says("lixiang", "需求 陈静 想把房贷转组合贷")
    page.to("2025-06-09T13:35")
    page.sees("wangke", "已经到了，请马上处理")
    assert "首次答复已超时" in page.says("wangke", "谁超时了")
    before = page.count("zhoumin")
    assert "工单 T1 已转给 周敏" in page.says("wangke", "1 转给 周敏")
    assert "王珂 转给您" in page.hears("zhoumin", before)
    page.shoot()
