"""What no rule knows the wording of: look-ups by what was found, changes in few words, contacts and errands by what is done."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES

LOOKUPS: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳的月收入登记的是多少", "client.lookup", {"client_id": 1, "field": "monthly_income"}), ("李雷放我们这儿多少钱了", "client.lookup", {"client_id": 2, "field": "aum"}),
    ("李雷都在咱这投了哪些保", "policy.lookup", {"client_id": 2}), ("王芳抵押的是哪套房", "loan.lookup", {"client_id": 1}), ("没人认领的工单", "ticket.list", {"status": "open"}),
    ("王芳上周报的那个案审到哪了", "claim.lookup", {"client_id": 1}), ("摸摸李雷的底", "client.lookup", {"client_id": 2}), ("王芳什么星座", "client.lookup", {"client_id": 1, "field": "birthday"}),
]
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳 45岁", "client.update", {"client_id": 1, "field": "age", "value": 45}), ("李雷 C", "tier.set", {"client_id": 2, "tier": "C"}),
    ("王芳 风险C3", "client.update", {"client_id": 1, "field": "risk_level", "value": "C3"}), ("李雷单身", "client.update", {"client_id": 2, "field": "marital_status", "value": "未婚"}),
    ("会计，王芳的职业", "client.update", {"client_id": 1, "field": "occupation", "value": "会计"}), ("给李雷加上微信wx8899", "client.update", {"client_id": 2, "field": "wechat", "value": "wx8899"}),
    ("王芳月入填3万", "client.update", {"client_id": 1, "field": "monthly_income", "value": 30000}), ("王芳尾号0101 职业 教师", "client.update", {"client_id": 1, "field": "occupation", "value": "教师"}),
    ("去掉王芳身上的VIP", "tag.remove", {"client_id": 1, "tag": "VIP"}), ("把高净值从李雷身上撤下来", "tag.remove", {"client_id": 2, "tag": "高净值"}),
    ("李雷的单子谈成了", "opportunity.update", {"client_id": 2, "stage": "won"}), ("王芳以后归陈国跟", "handover.create", {"client_id": 1, "to": "陈国"}),
    ("昨天认识的洪七公 电话13500005555 先录上", "client.create", {"name": "洪七公", "phone": "13500005555"}),
]
DOINGS: list[tuple[str, str, int]] = [
    ("陪王芳去柜台办了开户", "note.add", 1), ("李雷微信上问了存款 没多聊", "note.add", 2), ("打电话给王芳 约不到时间", "note.add", 1), ("昨天上门拜访李雷，不在家", "note.add", 2),
    ("一小时后回电王芳", "reminder.create", 1), ("今晚九点前给李雷发报价", "reminder.create", 2),
]
TALK = [
    "车险4300 比去年贵了五百", "信用贷额度最高30万 36期", "我记得王芳的房贷是四百万 30年", "刘洋那笔贷款500万没批 心情不好", "通常我们会提前一个月提醒客户", "没签隐私协议的不能建档", "新客户比老客户难搞",
    "昨天设的提醒没响", "王芳说她从来没收到过提醒", "改天约王芳喝个茶", "李雷的同事买了50万理财", "王芳他爸上个月退保了", "我还没给王芳报案", "早上刚给李雷记过跟进", "例如王芳 35岁 建议重疾保额100万",
    "你把李雷的地址改成啥了", "王芳贷的是两百万还是三百万", "这周关了多少工单", "不是我给王芳打的标签", "李雷车险明天就到期了吧", "王芳 身份证号 报一下",
]


@pytest.mark.parametrize(("text", "intent", "slots"), [*LOOKUPS, *CHANGES])
def test_it_is_read_by_what_was_found(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "intent", "client_id"), DOINGS)
def test_what_is_done_with_a_client_is_noted_or_planned(read: Any, text: str, intent: str, client_id: int) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client_id")) == (intent, client_id), meaning.rule


@pytest.mark.parametrize("text", TALK)
def test_what_is_only_told_changes_nothing(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, meaning.rule


@pytest.mark.parametrize("text", ["王芳的标签有用吗", "你怎么又把提醒取消了", "谁让你改王芳电话的", "想不通为什么要建那么多工单"])
def test_an_opinion_or_a_reproach_shows_nothing(read: Any, text: str) -> None:
    assert read(text).intent in {"none", "chitchat"}


@pytest.mark.parametrize("text", [
    "明天上午九点见王芳，下午三点见李雷", "提醒我明天九点给王芳打电话后天三点给李雷打电话", "王芳周三下午三点，李雷周四上午十点 提醒我拜访", "明天上午十点拜访王芳和下午两点拜访李雷",
])
def test_clients_with_a_time_each_are_an_appointment_each(read: Any, text: str) -> None:
    parts = read(text).parts
    assert [(p.intent, p.get("client_id")) for p in parts] == [("reminder.create", 1), ("reminder.create", 2)]
    assert len({p.get("when").start for p in parts}) == 2


def test_a_little_is_no_hour(read: Any) -> None:
    assert not read("想加一点基金").spans or all(s.kind != "time" for s in read("想加一点基金").spans)
