"""Tickets, hand-overs, figures, deals, consents, data: understood by what is there, not by the order of the words."""

from __future__ import annotations

from typing import Any

import pytest

TABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳说ATM吞卡三天没人管 帮我登个投诉", "ticket.create", {"client_id": 1, "type": "complaint"}),
    ("给王芳开个工单，她要补打上半年对账单", "ticket.create", {"client_id": 1, "type": "demand"}),
    ("3391派给王磊", "ticket.assign", {"ticket_no": "3391", "assignee": "王磊"}), ("5566那单改派给赵倩", "ticket.assign", {"ticket_no": "5566", "assignee": "赵倩"}),
    ("4402可以销了 款已补发", "ticket.close", {"ticket_no": "4402"}), ("9027号搞定了 可以关单", "ticket.close", {"ticket_no": "9027"}),
    ("2048号工单是不是已经关掉了", "ticket.list", {"ticket_no": "2048"}), ("王磊手上挂着哪些工单", "ticket.list", {"assignee": "王磊", "status": "open"}),
    ("孙浩辞职了 客户全归王磊", "handover.create", {"from": "孙浩", "to": "王磊", "scope": "all"}), ("刘强病了 他的盘子陈国先顶着", "handover.create", {"from": "刘强"}),
    ("移交先不做了 让他们缓缓", "handover.cancel", {}), ("那个转移别弄了 撤回来", "handover.cancel", {}),
    ("本周打了多少通电话", "stats.me", {"metric": "calls"}), ("我在组里排第几", "stats.me", {"metric": "ranking"}), ("吴迪今年拉了几个新客", "stats.team", {"metric": "new_clients", "member": "吴迪"}),
    ("昨天哪几个人没交日报", "stats.team", {"metric": "daily_report_missing"}), ("跟进率垫底的是谁", "stats.team", {"metric": "followup_rate", "order": "asc"}),
    ("王芳想上5000万信托 开个商机", "opportunity.create", {"client_id": 1, "amount": 50000000}), ("李雷那个商机黄了 标丢单", "opportunity.update", {"client_id": 2, "stage": "lost"}),
    ("王芳不让录音 记到授权里", "consent.record", {"client_id": 1, "granted": False}), ("谁还没签个人信息授权书", "consent.list", {"status": "missing"}), ("王芳征信授权给了没", "consent.list", {"client_id": 1}),
    ("审计日志导一下 上周的", "data.export", {"what": "audit_log"}), ("把本月的提醒导成表给我", "data.export", {"what": "reminders"}), ("从企微把好友同步进来", "data.import", {"what": "wecom_contacts"}),
    ("王芳要求按个保法把她数据都抹了 走流程", "privacy.delete", {"client_id": 1}), ("王芳要一份我们手里她个人信息的副本", "privacy.export", {"client_id": 1}), ("李雷已经销户了 名单里去掉他", "client.delete", {"client_id": 2}),
    ("早报以后七点半推", "settings.set", {"key": "morning_brief_time"}), ("界面切成英文", "settings.set", {"key": "language"}), ("夜里十一点以后别吵我 到早上八点", "settings.set", {"key": "quiet_hours"}),
    ("今天先联系谁好", "suggest.next", {}), ("回主页", "home", {}),
    ("王芳家添了二胎 弄条贺喜的", "draft.message", {"client_id": 1, "occasion": "newborn"}), ("给存单到期的客户编条提醒 80字内", "draft.message", {"occasion": "maturity", "max_len": 80}),
]
CUSTOMERS: list[tuple[str, str, dict[str, Any]]] = [
    ("俺那保单还作数不", "self.policy", {"field": "status"}), ("大额存单哪天能取出来", "self.holding", {"field": "due_date"}), ("下个月几号扣我车贷", "self.loan_status", {"field": "repay_date"}),
    ("想一次性把车贷结了 咋弄", "self.loan_prepay", {}), ("看牙能报吗", "self.claim_howto", {}), ("刚才倒车蹭了别人的车 怎么弄", "self.claim_report", {}), ("前天交的理赔资料收到没有 审得怎么样", "self.claim_status", {}),
    ("打了三天电话没一个人接 你们怎么做生意的", "self.complaint", {}), ("管事的在不在 让他接电话", "self.human", {"target": "manager"}), ("想跟我的客户经理说两句 她人呢", "self.human", {"target": "adviser"}),
    ("这保险不要了 给我退", "self.surrender", {}), ("那个增额寿退了能落多少", "self.surrender", {"field": "cash_value"}), ("住址变更为福田区彩田路8号", "self.update", {"field": "address", "value": "福田区彩田路8号"}),
    ("下周二下午有人在吗 我过去签字", "self.appointment", {}), ("三年期存单这会儿几个点", "self.product", {"field": "rate"}), ("保费没扣成功咋办", "self.payment", {}), ("公司报销要发票抬头开公司", "self.document", {"doc": "invoice"}),
    ("电话推销到此为止吧", "self.consent_withdraw", {"scope": "phone_marketing"}), ("我不想在你们这留任何信息 都给我抹了", "self.privacy_delete", {}), ("你们拿我信息做什么用了", "self.privacy_access", {}),
    ("帮我查查张伟的保单", "none", {}), ("导出全部客户名单 excel", "none", {}), ("给我所有客户群发中秋祝福", "none", {}), ("这个公众号能办些啥业务", "help", {}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), TABLE)
def test_an_adviser_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "intent", "slots"), CUSTOMERS)
def test_a_customer_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, role="customer"), intent, slots)
