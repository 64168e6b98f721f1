"""Policies, holdings, loans, credit lines, leases, premiums, renewals, claims."""

from __future__ import annotations

from typing import Any

import pytest

TABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳的保单", "policy.lookup", {"client_id": 1}),
    ("王芳买了什么保险", "policy.lookup", {"client_id": 1}),
    ("看看馬超買了什麼保險", "policy.lookup", {"client": "马超", "clarify": "not_found"}),
    ("王芳重疾险保额多少", "policy.lookup", {"product": "重疾险", "field": "sum_insured"}),
    ("李雷的车险什么时候到期", "policy.lookup", {"client_id": 2, "product": "车险", "field": "due_date"}),
    ("王芳的受益人是谁", "policy.lookup", {"field": "beneficiary"}),
    ("王芳的保单缴费期还剩几年", "policy.lookup", {"field": "remaining_terms"}),
    ("王芳名下有几张保单", "policy.lookup", {"client_id": 1}),
    ("刘洋持有什么理财", "holding.lookup", {"client_id": 7, "product": "理财"}),
    ("刘洋的基金赚了多少", "holding.lookup", {"product": "基金", "field": "profit"}),
    ("刘洋房贷还剩多少", "loan.lookup", {"product": "房贷", "field": "balance"}),
    ("李雷的月供是多少", "loan.lookup", {"client_id": 2, "field": "repay_amount"}),
    ("宏达 授信", "credit.lookup", {"client_id": 12}),
    ("宏达的授信额度还剩多少", "credit.lookup", {"client_id": 12, "field": "balance"}),
    ("刘洋 还款", "repayment.lookup", {"client_id": 7}),
    ("给王芳加一张重疾险保单 保额50万 年交5200 交20年 2025年3月1号生效", "policy.add",
     {"product": "重疾险", "sum_insured": 500000, "premium": 5200, "pay_mode": "annual", "pay_years": 20, "effective": "2025-03-01"}),
    ("给王芳加一张保单 百万医疗 年交899 明年3月4号续保", "policy.add", {"product": "百万医疗", "premium": 899, "pay_mode": "annual", "due": "2026-03-04"}),
    ("李雷新买了百万医疗 保费899", "policy.add", {"client_id": 2, "product": "百万医疗", "premium": 899}),
    ("王芳投保了平安重疾险，保额30万，年缴6800，20年交", "policy.add", {"product": "重疾险", "insurer": "平安", "sum_insured": 300000, "premium": 6800, "pay_years": 20}),
    ("王芳的养老险 趸交50万 今天生效", "policy.add", {"product": "养老险", "premium": 500000, "pay_mode": "single", "effective": "2025-06-09"}),
    ("刘洋买了50万三年期大额存单 利率2.6%", "holding.add", {"product": "大额存单", "amount": 500000, "term_years": 3, "rate_percent": 2.6, "kind": "deposit"}),
    ("刘洋认购理财20万 年化3.2% 明年6月到期", "holding.add", {"product": "理财", "amount": 200000, "rate_percent": 3.2, "due": ("2026-06-01", "2026-07-01")}),
    ("李雷房贷批了 200万 利率3.85% 360期 每月15号还", "loan.add", {"product": "房贷", "amount": 2_000_000, "rate_percent": 3.85, "terms": 360, "repay_day": 15}),
    ("李雷办了车贷15万 36期", "loan.add", {"product": "车贷", "amount": 150000, "terms": 36}),
    ("宏达授信5000万 年利率4.1% 有效期到明年6月", "credit.add", {"client_id": 12, "amount": 50_000_000, "rate_percent": 4.1}),
    ("宏达融资租赁设备 300万 36期", "lease.add", {"client_id": 12, "amount": 3_000_000, "terms": 36}),
    ("给李雷录一份保单 车险 保费4500 下个月10号到期", "policy.add", {"client_id": 2, "product": "车险", "premium": 4500, "due": "2025-07-10"}),
    ("王芳又买了一份年金险，年交10万，交5年", "policy.add", {"product": "年金险", "premium": 100000, "pay_mode": "annual", "pay_years": 5}),
    ("刘洋定投了一个基金，每月2000", "holding.add", {"client_id": 7, "amount": 2000, "recurrence": "FREQ=MONTHLY"}),
    ("刘洋存了30万定期，一年期，1.8%", "holding.add", {"product": "定期存款", "amount": 300000, "term_years": 1, "rate_percent": 1.8}),
    ("王芳的理赔款到账了没", "claim.lookup", {"client_id": 1}),
    ("王芳有没有买医疗险", "policy.lookup", {"client_id": 1, "product": "医疗险"}),
    ("李雷的贷款还有几期", "loan.lookup", {"client_id": 2, "field": "remaining_terms"}),
    ("王芳的车险退保了", "policy.update", {"product": "车险", "status": "surrendered"}),
    ("李雷那张医疗险失效了", "policy.update", {"client_id": 2, "status": "lapsed"}),
    ("失效的保单有哪些", "policy.search", {"status": "lapsed"}),
    ("给王芳的重疾险加被保险人 李雷", "contract.party_add", {"client_id": 1, "party": "李雷", "party_id": 2, "role": "insured", "product": "重疾险"}),
    ("王芳 重疾险 受益人 小雨", "contract.party_add", {"client_id": 1, "party": "小雨", "party_id": None, "role": "beneficiary"}),
    ("王芳的重疾险受益人改成儿子", "contract.party_add", {"party": "儿子", "role": "beneficiary"}),
    ("王芳的贷款分12期生成还款计划", "contract.plan", {"client_id": 1, "terms": 12}),
    ("刘洋 还款计划", "contract.plan", {"client_id": 7}),
    ("保费进度", "premium.list", {}),
    ("谁还没交保费", "premium.list", {"status": "overdue"}),
    ("王芳 保费", "premium.lookup", {"client_id": 1}),
    ("王芳 已缴", "premium.paid", {"client_id": 1}),
    ("王芳保费交了5200", "premium.paid", {"client_id": 1, "amount": 5200}),
    ("王芳第3期保费交了5200", "premium.paid", {"client_id": 1, "amount": 5200}),
    ("李雷月供已还", "repayment.paid", {"client_id": 2}),
    ("李雷这期房贷还了", "repayment.paid", {"client_id": 2, "product": "房贷"}),
    ("王芳 续保意向 高 下周三下午再谈", "renewal.intent", {"client_id": 1, "level": "high", "when": "2025-06-18", "content": "再谈"}),
    ("王芳续保意向低", "renewal.intent", {"level": "low"}),
    ("张敏续保意愿中等 月底再联系", "renewal.intent", {"client_id": 3, "level": "medium", "when": "2025-06-30"}),
    ("王芳 已续 保费5200", "renewal.done", {"client_id": 1, "premium": 5200}),
    ("王芳续保了 5200", "renewal.done", {"client_id": 1, "premium": 5200}),
    ("王芳的车险续上了，保费4200", "renewal.done", {"product": "车险", "premium": 4200}),
    ("王芳那张车险续上了，4800", "renewal.done", {"product": "车险", "premium": 4800}),
    ("王芳断了保的重疾险又续上了", "policy.update", {"status": "active"}),
    ("陈静 不续 原因 保费太贵", "renewal.lost", {"client_id": 4, "reason": "保费太贵"}),
    ("李雷不续保了 嫌太贵", "renewal.lost", {"client_id": 2, "reason": "太贵"}),
    ("王芳理赔到哪一步了", "claim.lookup", {"client_id": 1, "field": "status"}),
    ("白雪报的案现在缺啥材料", "claim.lookup", {"client_id": 17, "field": "missing_docs"}),
    ("李雷昨天追尾了，报个案", "claim.create", {"client_id": 2, "product": "车险", "date": "2025-06-08"}),
    ("李雷的案子批了", "claim.update", {"client_id": 2, "status": "approved"}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), TABLE)
def test_a_sentence_about_a_contract_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


def test_the_part_of_day_of_the_next_talk_is_kept_for_the_diary(read: Any) -> None:
    found = read("王芳 续保意向 高 下周三下午再谈").get("when")
    assert (found.part, found.has_clock) == ("afternoon", False)
