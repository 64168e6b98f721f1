"""Customers in their own words: what decides is the thing and what is wanted of it, in any order."""

from __future__ import annotations

from typing import Any

import pytest

ASKED: list[tuple[str, str]] = [
    ("我女儿的教育金哪年开始返", "self.policy"), ("投保人是我还是我先生 忘了", "self.policy"), ("我买的那个封闭的 开放日是几号", "self.holding"), ("我账户一共在你行有多少", "self.holding"),
    ("我借的二十万还要还多少个月", "self.loan_status"), ("上个月忘还了两天 信用会花吗", "self.loan_status"), ("公积金够了 想冲掉一部分商贷", "self.loan_prepay"), ("卖房了 想把按揭尾款一把结掉", "self.loan_prepay"),
    ("门诊拔牙花了八百 走得了保险吗", "self.claim_howto"), ("我在滑雪场把腿摔折了 现在在医院", "self.claim_report"), ("家里昨晚暖气管崩了 地板全泡了", "self.claim_report"),
    ("半个月前交的报销单 钱怎么还没见", "self.claim_status"), ("材料寄过去十天了 收到回个话啊", "self.claim_status"), ("上礼拜刚签的 能撤单不", "self.surrender"), ("退的话扣我多少钱啊", "self.surrender"),
    ("我现在不在华为了 去了比亚迪", "self.update"), ("预留的手机早不用了 收不到验证码", "self.update"), ("离婚了 受益人写前夫的那个要弄掉", "self.update"),
    ("改到下周一下午四点吧 今天来不及了", "self.appointment"), ("后天早上十点我闺女陪我去柜台", "self.appointment"), ("五十万放你们那儿一年能有多少", "self.product"), ("有糖尿病能投保吗", "self.product"),
    ("换成按季交可以吗", "self.payment"), ("我老公替我交可以不", "self.payment"), ("出国签证要存款证明 50万的", "self.document"),
    ("想问一下解除合同要带什么", "self.surrender"), ("联系地址填的还是老房子", "self.update"), ("孕妇生孩子的钱保险出吗", "self.claim_howto"), ("请问车祸的话 第一步该做什么", "self.claim_howto"),
    ("拆迁款下来了 想把银行的账全清", "self.loan_prepay"), ("网上申请的消费贷 审到哪了", "self.loan_status"), ("绑的卡余额不够 会不会扣失败", "self.payment"), ("二手房能做抵押不 能批多少", "self.product"),
]
SERIOUS: list[tuple[str, str]] = [
    ("你们那个小姑娘答应回我电话 三天了没影儿", "self.complaint"), ("等了四十分钟没人叫号 你们柜台睡着了吗", "self.complaint"), ("大堂那个保安凶得很", "self.complaint"), ("哎 你听不懂我说的 换个人来", "self.human"),
    ("让你们行长出来", "self.human"), ("赵经理在吗 我有急事", "self.human"), ("你们的人说话太难听了", "self.complaint"), ("以后有活动也不用通知我了", "self.consent_withdraw"), ("把我从短信名单里拿出去", "self.consent_withdraw"),
    ("我不做你们客户了 我的记录都清了吧", "self.privacy_delete"), ("你们手上都攥着我啥信息", "self.privacy_access"),
]
SMALL: list[tuple[str, str]] = [
    ("姐 忙吗", "chitchat"), ("祝你们端午安康", "chitchat"), ("嗯行吧 知道了", "chitchat"), ("今天生日 开心", "chitchat"), ("好的 我知道啦", "chitchat"), ("早上好呀", "chitchat"), ("隔壁老王买了多少保险", "none"), ("我又没说要退保 别紧张", "none"),
]


AGAIN: list[tuple[str, str]] = [
    ("我要取消退订", "self.consent_restore"), ("取消退订", "self.consent_restore"), ("我想恢复接收消息", "self.consent_restore"), ("以后可以给我发消息了", "self.consent_restore"),
    ("之前退订了 现在想恢复", "self.consent_restore"), ("不要恢复推送", "self.consent_withdraw"), ("可以不要再给我发消息了吗", "self.consent_withdraw"), ("我早就退订了 你们还继续发短信", "self.consent_withdraw"),
    ("我不想投诉了，撤销吧", "self.complaint_withdraw"), ("投诉的事算了，不投诉了", "self.complaint_withdraw"), ("撤诉", "self.complaint_withdraw"),
    ("再不处理我就投诉了", "self.complaint"), ("为什么撤销我的投诉", "self.complaint"), ("投诉没人管 算了", "self.complaint"),
    ("T16 怎么样了", "self.ticket"), ("工单T17", "self.ticket"), ("t16", "self.ticket"), ("投诉处理得怎么样了", "self.ticket"),
]
PASSING_BY: list[tuple[str, str]] = [
    ("我下期要交多少钱", "self.payment"), ("房贷下个月要交多少", "self.loan_status"), ("你觉得我该买重疾险还是医疗险", "self.product"), ("我要买保险", "self.product"), ("能贷款吗", "self.product"),
    ("能借钱吗 利息多少", "self.product"), ("我的贷款还能批吗", "self.loan_status"), ("你们有没有人啊", "self.human"), ("你们公司电话多少", "self.human"), ("我妈的贷款还欠多少", "self.loan_status"),
]


@pytest.mark.parametrize(("text", "intent"), ASKED + SERIOUS + SMALL + AGAIN + PASSING_BY)
def test_a_customer_is_understood_in_any_words(read: Any, text: str, intent: str) -> None:
    assert read(text, role="customer").intent == intent
