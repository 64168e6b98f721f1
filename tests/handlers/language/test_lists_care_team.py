"""Due lists, figures, tickets, hand-overs, drafts, settings, small turns."""

from __future__ import annotations

from typing import Any

import pytest

JUNE, NEXT_WEEK = ("2025-06-01", "2025-07-01"), ("2025-06-16", "2025-06-23")
TABLE: list[tuple[str, str, dict[str, Any]]] = [
    # due lists
    ("续保清单 30天", "renewal.list", {"range": ("2025-06-09", "2025-07-10")}),
    ("谁要续保", "renewal.list", {}),
    ("本月续保名单", "renewal.list", {"range": JUNE}),
    ("下周到期的保单有哪些", "renewal.list", {"range": NEXT_WEEK}),
    ("未来30天续保清单", "renewal.list", {"range": ("2025-06-09", "2025-07-10")}),
    ("车险下个月到期的客户", "renewal.list", {"product": "车险", "range": ("2025-07-01", "2025-08-01")}),
    ("👀 今天谁到期", "renewal.list", {"range": ("2025-06-09", "2025-06-10")}),
    ("下个月理财到期的有谁", "maturity.list", {"product": "理财"}),
    ("本月到期的存单", "maturity.list", {"product": "大额存单", "range": JUNE}),
    ("这周谁要还款", "repayment.list", {"range": ("2025-06-09", "2025-06-16")}),
    ("谁的贷款逾期了", "repayment.list", {"status": "overdue"}),
    ("今天谁过生日", "birthday.list", {"range": ("2025-06-09", "2025-06-10")}),
    ("下周有哪些客户生日", "birthday.list", {"range": NEXT_WEEK}),
    ("最近一周要过生日的有谁", "birthday.list", {"range": ("2025-06-09", "2025-06-17")}),
    ("本月生日", "birthday.list", {"range": JUNE}),
    ("30天内到期", "due.list", {"range": ("2025-06-09", "2025-07-10")}),
    ("三个月内到期的", "due.list", {"range": ("2025-06-09", "2025-09-10")}),
    ("年底前要到期的贷款", "repayment.list", {"range": ("2025-06-09", "2026-01-01")}),
    ("十月份有哪些保单到期", "renewal.list", {"range": ("2025-10-01", "2025-11-01")}),
    ("到期清单 30天", "maturity.list", {"range": ("2025-06-09", "2025-07-10")}),
    # figures
    ("我这个月业绩怎么样", "stats.me", {"metric": "performance", "range": JUNE}),
    ("上周拜访量", "stats.me", {"metric": "visits", "range": ("2025-06-02", "2025-06-09")}),
    ("本月新增客户", "stats.me", {"metric": "new_clients", "range": JUNE}),
    ("本季度目标完成率", "stats.me", {"metric": "target_gap"}),
    ("季度业绩", "stats.me", {"metric": "performance", "range": ("2025-04-01", "2025-07-01")}),
    ("团队季度业绩", "stats.team", {"metric": "performance", "range": ("2025-04-01", "2025-07-01")}),
    ("上季度业绩", "stats.me", {"metric": "performance", "range": ("2025-01-01", "2025-04-01")}),
    ("我的续保率", "stats.me", {"metric": "renewal_rate"}),
    ("团队这个月的漏斗看一下", "stats.team", {"metric": "funnel", "range": JUNE}),
    ("谁这个月签单最多", "stats.team", {"metric": "deals", "order": "desc"}),
    ("小李这个月业绩", "stats.team", {"member": "小李", "metric": "performance"}),
    ("日报", "stats.digest", {}), ("团队日报", "stats.digest", {}), ("展开 超时", "stats.digest", {"section": "overdue"}),
    ("展开 新客户", "stats.digest", {"section": "new_clients"}),
    ("上个月团队新增多少", "stats.team", {"metric": "new_clients", "range": ("2025-05-01", "2025-06-01")}),
    ("昨天完成的提醒", "reminder.list", {"status": "done", "range": ("2025-06-08", "2025-06-09")}), ("还款计划 LN2025", "contract.plan", {"policy_no": "LN2025"}),
    # tickets, hand-over, opportunities, consents
    ("王芳投诉理赔太慢，建个工单", "ticket.create", {"client_id": 1, "type": "complaint", "content": "投诉理赔太慢"}),
    ("需求 王芳 想把房贷转组合贷", "ticket.create", {"client_id": 1, "type": "demand", "content": "想把房贷转组合贷"}),
    ("刘洋 需求 想把工资卡换成我们行的，周五前给他答复", "ticket.create", {"client_id": 7, "type": "demand", "content": "想把工资卡换成我们行的，周五前给他答复"}),
    ("有个需求 刘洋 工资卡想换成别的行", "ticket.create", {"client_id": 7, "type": "demand", "content": "工资卡想换成别的行"}),
    ("刘洋工资卡想换成别的行", "ticket.create", {"client_id": 7, "type": "demand", "content": "工资卡想换成别的行"}),
    ("有个客户想把工资卡换到我们行", "ticket.create", {"client_id": None, "type": "demand", "content": "有个客户想把工资卡换到我们行", "clarify": "client_missing"}),
    ("#2048 结案 客户满意", "ticket.close", {"ticket_no": "2048", "content": "客户满意"}),
    ("#2048 派给李娜跟进", "ticket.assign", {"ticket_no": "2048", "assignee": "李娜"}),
    ("把1024号工单转给李娜", "ticket.assign", {"ticket_no": "1024", "assignee": "李娜"}),
    ("超时的投诉列出来", "ticket.list", {"type": "complaint", "status": "overdue"}),
    ("把周敏的客户全部移交给李娜", "handover.create", {"from": "周敏", "to": "李娜", "scope": "all"}),
    ("把王芳转给李娜", "handover.create", {"clients": ["王芳"], "client_ids": [1], "to": "李娜"}),
    ("离职交接 小陈", "handover.create", {"from": "小陈", "scope": "all"}),
    ("给王芳建个商机 重疾险 预计1万", "opportunity.create", {"client_id": 1, "product": "重疾险", "amount": 10000}),
    ("王芳的商机推进到方案", "opportunity.update", {"client_id": 1, "stage": "proposal"}),
    ("王芳撤回了电话营销的授权", "consent.record", {"client_id": 1, "granted": False, "scope": "marketing", "scope_said": "phone_marketing"}),
    # care
    ("改写 祝王老师生日快乐,注意休息", "care.rewrite", {"content": "祝王老师生日快乐,注意休息"}),
    ("1 发送", "care.send", {"index": 1}), ("跳过", "care.skip", {"index": None}), ("2 跳过", "care.skip", {"index": 2}),
    ("给王芳写条生日祝福", "draft.message", {"client_id": 1, "occasion": "birthday"}),
    ("写一段中秋祝福给所有客户", "draft.message", {"occasion": "festival", "topic": "中秋"}),
    ("给李雷写条续保提醒文案，50字以内，幽默点", "draft.message", {"client_id": 2, "occasion": "renewal", "max_len": 50, "tone": "humorous"}),
    # ops, settings, small talk
    ("导出我的客户", "data.export", {"what": "clients"}), ("export所有policies to csv", "data.export", {"what": "policies", "format": "csv"}),
    ("日报 时间改 8:30", "settings.set", {"key": "daily_digest_time", "value": "08:30"}),
    ("日报时间改成下午6点", "settings.set", {"key": "daily_digest_time", "value": "18:00"}),
    ("早报改到9点", "settings.set", {"key": "morning_brief_time", "value": "09:00"}),
    ("晚上9点到早上8点免打扰", "settings.set", {"key": "quiet_hours", "value": "21:00-08:00"}),
    ("审计 王芳 近30天", "audit.lookup", {"client_id": 1, "range": ("2025-05-11", "2025-06-10")}),
    ("校验日志", "audit.verify", {}), ("系统状态", "system.status", {}), ("提醒规则", "rules.list", {}),
    ("帮助", "help", {}), ("你会什么", "help", {}), ("怎么新增客户", "help", {"topic": "新增客户"}), ("首页", "home", {}),
    ("撤销", "undo", {}), ("撤销刚才的操作", "undo", {}), ("下一页", "page.next", {}), ("上一页", "page.previous", {}),
    ("反馈 卡片太长了", "feedback", {"content": "卡片太长了"}),
    ("在吗", "chitchat", {}), ("谢谢", "chitchat", {}), ("？？？", "none", {}), ("😀", "none", {}), ("11111111111", "none", {}),
]
CUSTOMERS: list[tuple[str, str, dict[str, Any]]] = [
    ("我的保单什么时候到期", "self.policy", {"field": "due_date"}), ("我保單嘅受益人係邊個", "self.policy", {"field": "beneficiary"}),
    ("下个月要还多少钱", "self.loan_status", {"field": "repay_amount"}), ("我想提前还款", "self.loan_prepay", {}),
    ("我昨天骑车摔断了胳膊,在医院", "self.claim_report", {"product": "意外险", "date": "2025-06-08"}),
    ("车被刮了怎么办理赔呀", "self.claim_howto", {"product": "车险"}), ("我的理赔到哪一步了", "self.claim_status", {"field": "status"}),
    ("三天没人回我,我要投诉", "self.complaint", {}), ("转人工", "self.human", {"target": "adviser"}), ("叫你们经理来", "self.human", {"target": "manager"}),
    ("别再给我发消息了", "self.consent_withdraw", {"scope": "marketing"}), ("你们有我哪些资料?", "self.privacy_access", {}),
    ("把我的资料删掉", "self.privacy_delete", {}), ("我搬家了地址改一下", "self.update", {"field": "address"}),
    ("我想明天下午过去找你聊聊", "self.appointment", {"when": "2025-06-10"}), ("不想交了 能退多少钱", "self.surrender", {"field": "cash_value"}),
    ("房贷利率现在多少", "self.product", {"product": "房贷", "field": "rate"}), ("发票怎么开", "self.document", {"doc": "invoice"}),
    ("你是机器人吗", "chitchat", {}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), TABLE)
def test_a_sentence_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "intent", "slots"), CUSTOMERS)
def test_a_customer_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, role="customer"), intent, slots)


@pytest.mark.parametrize("text", ["查一下王芳", "删除客户王芳", "导出我的客户", "把王芳转给李娜", "团队漏斗 本月", "提醒我明天开会", "审计 王芳"])
def test_a_customer_never_reaches_an_advisers_intent(read: Any, text: str) -> None:
    assert read(text, role="customer").intent.split(".")[0] in {"self", "none", "chitchat", "help"}


def test_another_period_is_asked_of_the_list_shown_before(read: Any, check: Any) -> None:
    check(read("那60天的呢", list_kind="renewals"), "renewal.list", {"range": ("2025-06-09", "2025-08-09")})


def test_two_acts_in_one_sentence_come_in_spoken_order(read: Any) -> None:
    parts = read("给王芳打个标签高净值，再提醒我明天联系她").parts
    assert [(p.intent, p.get("client_id")) for p in parts] == [("tag.add", 1), ("reminder.create", 1)]


def test_the_second_list_of_a_sentence_is_for_the_same_day(read: Any) -> None:
    parts = read("明天有什么安排 还有谁过生日").parts
    assert [p.intent for p in parts] == ["agenda.day", "birthday.list"]
    assert {p.get("range").start for p in parts} == {"2025-06-10"}


@pytest.mark.parametrize("text", ["刘洋认购理财20万 年化3.2% 明年6月到期", "王芳今天微信回我了，说考虑考虑", "林志远太太刚生完孩子 帮我写句祝贺"])
def test_one_act_told_in_pieces_stays_one_act(read: Any, text: str) -> None:
    assert read(text).intent != "multi"


@pytest.mark.parametrize("text", ["上个月谁新增客户最多", "我想看看上个月谁新增客户最多", "我想知道这个月谁跟进最多"])
def test_who_wants_to_see_a_ranking_asks_for_nobodys_own_figures(read: Any, text: str) -> None:
    assert read(text, role="manager").intent == "stats.team"


def test_who_wants_to_see_his_own_figures_gets_them(read: Any) -> None:
    assert read("我想看看我这个月的业绩", role="manager").intent == "stats.me"


@pytest.mark.parametrize(("text", "role", "intent"), [
    ("今天还剩几件", "adviser", "agenda.today"), ("今天还有几件没办", "adviser", "agenda.today"), ("今天还剩几件", "manager", "agenda.today"),
    ("我想新建一个提醒：保单到期前45天和15天，早上九点，提醒顾问，只要贵宾", "ops", "rules.create"), ("30天没联系的贵宾客户 提醒主管", "ops", "rules.create"),
    ("明天提醒我联系王芳", "adviser", "reminder.create"), ("新建提醒 明天9点开会", "adviser", "reminder.create"), ("30天没联系的贵宾客户会提醒主管吗", "ops", "help"),
    ("今天有啥要干的", "adviser", "agenda.today"), ("客户列表", "adviser", "client.list"), ("有啥要我批的", "risk", "approvals.waiting"), ("今天有什么要审的", "compliance", "approvals.waiting"),
    ("今天团队怎么样", "manager", "stats.digest"), ("R26 停用", "ops", "rules.stop"), ("李想今天都查了谁", "compliance", "audit.lookup"), ("王芳还欠多少", "adviser", "loan.lookup"),
    ("王芳欠多少钱", "adviser", "loan.lookup"), ("T15 病历和发票都收到了", "adviser", "ticket.paper"),
])
def test_what_a_day_begins_with_is_understood(read: Any, text: str, role: str, intent: str) -> None:
    assert read(text, role=role).intent == intent


@pytest.mark.parametrize(("text", "terms", "rate"), [("进件 王芳 20万 1年 12个点", 12, 12), ("进件 王芳 5万 半年 10个点", 6, 10), ("进件 王芳 5万 一年半 年化9%", 18, 9), ("进件 王芳 20万 12期 年化12%", 12, 12)])
def test_years_of_a_loan_are_instalments_a_month(read: Any, text: str, terms: int, rate: int) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("terms"), meaning.get("rate")) == ("loan.intake", terms, rate)
