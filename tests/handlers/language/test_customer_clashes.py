"""Customers whose words belong to two matters, who deny a wish, ask on, or write as they speak at home; and near misses."""

from __future__ import annotations

from typing import Any

import pytest

Said = list[tuple[str, str, dict[str, Any]]]

CLASHES: Said = [
    ("下周二下午两点我去柜台找你们顾问聊聊", "self.appointment", {"when": "2025-06-17T14:00"}),
    ("我想约我经理谈谈养老的事", "self.appointment", {}),
    ("上周二去柜台找你们经理 没人理我", "self.complaint", {}),
    ("业务员说让我自己改电话 是这儿改不", "self.update", {"field": "phone"}),
    ("提前还贷款手续咋办 用不用预约", "self.loan_prepay", {}),
    ("看病的发票丢了还能报吗", "self.claim_howto", {}),
    ("住院理赔要不要原件发票", "self.claim_howto", {}),
    ("要开发票 报销用的", "self.document", {"doc": "invoice"}),
    ("公司报销要发票抬头开公司", "self.document", {"doc": "invoice"}),
    ("猫把邻居挠了 这保险管不管 咋报", "self.claim_howto", {}),
    ("被狗咬了打疫苗的钱能不能走保险", "self.claim_howto", {}),
    ("被狗咬了 我要报案", "self.claim_report", {}),
    ("我的意外险身故保额是多少", "self.policy", {"product": "意外险", "field": "sum_insured"}),
    ("我那个重疾能赔几多 保额", "self.policy", {"field": "sum_insured"}),
    ("你们家百万医疗保不保甲状腺结节", "self.product", {"product": "百万医疗"}),
    ("老人家能买的医疗险都有啥", "self.product", {"product": "医疗险"}),
    ("我名下都有哪些保险", "self.policy", {}),
    ("给我六十岁的老爸买医疗险还来得及不", "self.product", {"product": "医疗险"}),
    ("给我妈买的医疗险什么时候到期", "self.policy", {"field": "due_date"}),
    ("这年金险合适我么 给我讲讲", "self.product", {"product": "年金险"}),
    ("我四十岁买重疾险一年大概多少钱", "self.product", {"product": "重疾险"}),
    ("不要把我的信息给第三方", "self.consent_withdraw", {}),
    ("我不想在你们这留任何信息 都给我抹了", "self.privacy_delete", {}),
    ("你们拿我的信息给谁了", "self.privacy_access", {}),
    ("之前签的那个授权我想收回来", "self.consent_withdraw", {}),
    ("报案三天了没人联系我", "self.claim_status", {}),
    ("把你们主管叫出来，我不跟你讲", "self.human", {"target": "manager"}),
    ("你们经理搁哪儿呢 叫他来", "self.human", {"target": "manager"}),
    ("赵经理在吗 我有急事", "self.human", {"target": "adviser"}),
    ("给我看看我保单", "self.policy", {}),
    ("保单给我一份", "self.document", {"doc": "e_policy"}),
    ("没让你们改我的电话 怎么改了", "self.complaint", {}),
    ("隔壁老王在别家退保亏了一半，你说气人不气人", "chitchat", {}),
    ("隔壁老王说退保亏一半 我那份退了有多少", "self.surrender", {"field": "cash_value"}),
    ("电话打错了", "chitchat", {}),
]
DENIED: Said = [
    ("我没说要退保，就是问问现金价值", "self.policy", {"field": "cash_value"}),
    ("我没说要退保啊 谁给我办的", "self.complaint", {}),
    ("朋友叫我投诉你们 我觉得没必要 你们服务还行", "none", {}),
    ("我又没说要退保 别紧张", "none", {}),
    ("我要是把保险退了能拿回来多少啊 就是问问", "self.surrender", {"field": "cash_value"}),
    ("不想投诉了，撤销吧", "self.complaint_withdraw", {}),
    ("没想到你们服务这么差 我要投诉", "self.complaint", {}),
]
FIELDS: Said = [
    ("重疾险我还得供几年", "self.policy", {"field": "remaining_terms"}), ("我那个百万医疗还有多久到期", "self.policy", {"field": "due_date"}),
    ("车险快到了没", "self.policy", {"field": "due_date"}), ("俺爹那份医疗险一年得掏多少啊", "self.policy", {"field": "premium"}),
    ("意外险还有没效", "self.policy", {"field": "status"}), ("查下保单几时交钱", "self.policy", {"field": "due_date"}),
    ("贷款还差几期还清", "self.loan_status", {"field": "remaining_terms"}), ("供楼供到几时", "self.loan_status", {"field": "remaining_terms"}),
    ("房贷还剩下多少没有还完啊", "self.loan_status", {"field": "balance"}), ("这月月供扣了没", "self.loan_status", {"field": "payment"}),
    ("消费贷申请交上去一周了 有结果没", "self.loan_status", {"field": "status"}), ("我的按揭利率有没有降下来", "self.loan_status", {"field": "rate"}),
    ("我的理赔还缺什么不", "self.claim_status", {"field": "missing_docs"}), ("理赔为什么给我拒了", "self.claim_status", {"field": "reject_reason"}),
    ("微信跟邮箱都换了 邮箱改成lily88@163.com", "self.update", {"field": "email", "value": "lily88@163.com"}),
    ("公司搬家了 寄送地址跟着改一下", "self.update", {"field": "address"}), ("我想改一下收款的卡", "self.update", {"field": "bank_card"}),
]
# What others did or suffered, what is supposed, asked about or already done: no wish and no report.
NEAR_MISSES: Said = [
    ("我要是出了车祸 你们赔吗", "self.claim_howto", {}), ("我同事出车祸了 还好没事", "chitchat", {}), ("听说隔壁小区着火了 吓死人", "chitchat", {}),
    ("邻居把我车撞了", "self.claim_report", {}), ("孩子被同学推倒 门牙磕掉了", "self.claim_report", {}), ("上次投诉的事怎么样了", "self.ticket", {}),
    ("如果我换手机号 保单短信还收得到吗", "self.policy", {}), ("你们一般多久删一次客户数据", "self.privacy_access", {}),
    ("我没投诉你们啊 别误会", "none", {}), ("不投诉 我就找经理问一句", "self.human", {"target": "manager"}), ("谁说我要投诉了", "none", {}),
    ("不是要改地址 是问保费扣了没", "self.payment", {}), ("昨天已经把电话改好了 谢谢", "chitchat", {}), ("注销账号的话，我的保单还作数不", "self.policy", {}),
    ("不用转人工，你就告诉我保费几号扣", "self.payment", {}), ("我姐去年在你们这儿投诉了，拖了俩月才完", "chitchat", {}),
    ("请删除我的全部个人信息 谢谢配合", "self.privacy_delete", {}), ("车贷结清了没 我记得还完了", "self.loan_status", {"product": "车贷"}),
    ("理赔证明给我开一份", "self.document", {}), ("需要医院开什么证明才能赔", "self.claim_howto", {}), ("12345", "none", {}), ("短信广告不要再发了 取消授权", "self.consent_withdraw", {}),
    ("住址变了 现在搬到女儿家 翠湖苑12号", "self.update", {"field": "address", "value": "翠湖苑12号"}), ("单位换了，现在在宁德时代，帮我登记", "self.update", {"field": "employer", "value": "宁德时代"}),
]
HINTS: Said = [
    ("我的钱在你们那还剩多少", "self.holding", {}), ("社保之外那些自费的呢", "self.claim_howto", {}), ("帮我写首诗", "none", {}), ("我们那边的案子", "self.claim_status", {}),
]
OF_THE_REGIONS: Said = [
    ("急用钱 保险退了能拿回好多", "self.surrender", {"field": "cash_value"}), ("你们的服务差 我等了好多天", "self.complaint", {}),
    ("我车子遭划了 报个案", "self.claim_report", {}), ("后天上午得闲 可以见下顾问伐", "self.appointment", {"when": "2025-06-11"}),
    ("住院了要咋个报销啊", "self.claim_howto", {}), ("大额存单三年而家几多厘", "self.product", {"field": "rate"}), ("整点啥理财好啊", "self.product", {}),
    ("俺还差多少没还哩", "self.loan_status", {"field": "balance"}), ("俾张发票我", "self.document", {"doc": "invoice"}),
]
SECOND_WISH = [("我要发票 还要换寄送地址", ["self.document", "self.update"]), ("我要投诉！！还要退保！！", ["self.complaint", "self.surrender"])]
# What was asked before, what is asked on, and what that comes to.
ASKED_ON = [
    ("住院能赔吗", "要哪些材料咧", "self.claim_howto"), ("我理赔批了没", "那要带什么材料", "self.claim_howto"), ("我要退保", "多久能到账", "self.surrender"),
    ("重疾险什么时候到期", "那第二张呢", "self.policy"), ("我的重疾险什么时候到期", "那车贷呢", "self.loan_status"), ("转人工", "你好", "chitchat"),
]


@pytest.mark.parametrize(("text", "intent", "slots"), CLASHES + DENIED + FIELDS + NEAR_MISSES + HINTS + OF_THE_REGIONS)
def test_the_matter_that_is_meant(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, role="customer"), intent, slots)


@pytest.mark.parametrize(("text", "intents"), SECOND_WISH)
def test_a_second_wish_is_not_dropped(read: Any, text: str, intents: list[str]) -> None:
    assert [part.intent for part in read(text, role="customer").parts] == intents


@pytest.mark.parametrize(("before", "text", "intent"), ASKED_ON)
def test_a_short_question_goes_on_with_the_matter_before(read: Any, before: str, text: str, intent: str) -> None:
    assert read(text, role="customer", said=before).intent == intent


# What was said, what the bot asked for, and what is said to that.
ANSWERED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("想约我的经理见个面", "那就明天吧 早上", "self.appointment", {"when": "2025-06-10"}),
    ("开张发票", "车险的", "self.document", {"doc": "invoice", "product": "车险"}),
    ("开张发票", "我要转人工", "self.human", {}),
]


@pytest.mark.parametrize(("before", "text", "intent", "slots"), ANSWERED)
def test_what_was_asked_for_answers_the_matter(read: Any, check: Any, before: str, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, role="customer", said=before, pending="text"), intent, slots)


@pytest.mark.parametrize("snippet", ["我的", "，", "没有", "没说要", "投诉没必要", "把"])
def test_an_endless_text_is_read_in_time(read: Any, snippet: str) -> None:
    """No expression tries a text in all the ways in which its words may be parted; one that does takes years, not seconds."""
    assert read((snippet * 2048)[:2048], role="customer").intent
