"""Several acts in one sentence: each is read, in the order in which it was said, and about the client it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from handlers.language.meaning import Meaning

Act = tuple[str, int | None, dict[str, Any]]
WANG, LI, ZHANG, CHEN = 1, 2, 3, 4

SEVERAL: list[tuple[str, list[Act]]] = [
    ("看下张敏的电话，再提醒我周四给她回电", [("client.lookup", ZHANG, {"field": "phone"}), ("reminder.create", ZHANG, {"when": "2025-06-12"})]),
    ("王芳的微信是多少 顺便提醒我明天跟进续保", [("client.lookup", WANG, {"field": "wechat"}), ("reminder.create", WANG, {"when": "2025-06-10"})]),
    ("查查李雷的房贷余额再记一下他想提前还款", [("loan.lookup", LI, {"field": "balance"}), ("note.add", LI, {})]),
    ("陈静去掉犹豫标签，加上已成交", [("tag.remove", CHEN, {"tag": "犹豫"}), ("tag.add", CHEN, {"tag": "已成交"})]),
    ("张敏的生日是哪天，她老公叫什么", [("client.lookup", ZHANG, {"field": "birthday"}), ("client.lookup", ZHANG, {"field": "family"})]),
    ("李雷理赔到哪步了，还缺什么材料", [("claim.lookup", LI, {}), ("claim.lookup", LI, {"field": "missing_docs"})]),
    ("王芳的职业改成律师，年收入改成60万", [("client.update", WANG, {"field": "occupation"}), ("client.update", WANG, {"field": "annual_income"})]),
    ("明天9点提醒我给王芳送合同 后天下午提醒我给李雷打电话", [("reminder.create", WANG, {"when": "2025-06-10T09:00"}), ("reminder.create", LI, {"when": "2025-06-11"})]),
    ("每周一早上9点提醒我开会，还有每月1号提醒我对账", [("reminder.create", None, {"recurrence": "FREQ=WEEKLY;BYDAY=MO"}), ("reminder.create", None, {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1"})]),
    ("提醒我下午3点开会，5点给李雷打电话", [("reminder.create", None, {"when": "2025-06-09T15:00"}), ("reminder.create", LI, {"when": "2025-06-09T17:00"})]),
    ("李雷车险什么时候到期、保费多少", [("policy.lookup", LI, {"field": "due_date"}), ("premium.lookup", LI, {})]),
    ("提醒我今晚八点给王芳发资料，明早九点给陈静回电话", [("reminder.create", WANG, {"when": "2025-06-09T20:00"}), ("reminder.create", CHEN, {"when": "2025-06-10T09:00"})]),
    ("调出王芳 给她加个标签宝妈 明天上午十点提醒我联系她", [("client.lookup", WANG, {}), ("tag.add", WANG, {"tag": "宝妈"}), ("reminder.create", WANG, {"when": "2025-06-10T10:00"})]),
    ("后天十点约了李雷 周四下午三点约了陈静 都提醒我", [("reminder.create", LI, {"when": "2025-06-11T10:00"}), ("reminder.create", CHEN, {"when": "2025-06-12T15:00"})]),
    ("提醒我明天给李雷打电话 后天给陈静打电话", [("reminder.create", LI, {"when": "2025-06-10"}), ("reminder.create", CHEN, {"when": "2025-06-11"})]),
    ("王芳那份合同寄出去了你记上 周三再提醒我问她收到没", [("note.add", WANG, {}), ("reminder.create", WANG, {"when": "2025-06-11"})]),
    ("明天的日程发我 逾期没做的也列一下", [("reminder.list", None, {}), ("reminder.list", None, {"status": "overdue"})]),
    ("记一下跟王芳今天聊了教育金 后天下午回访她 提醒我", [("note.add", WANG, {}), ("reminder.create", WANG, {"when": "2025-06-11"})]),
    ("取消周五拜访李雷的提醒，改天再说；另外陈静的微信发我", [("reminder.cancel", LI, {}), ("client.lookup", CHEN, {"field": "wechat"})]),
    ("李雷投诉了 说没人接电话 建单 另外把他电话发我", [("ticket.create", LI, {}), ("client.lookup", LI, {"field": "phone"})]),
    ("王芳的地址是啥？邮箱也给我", [("client.lookup", WANG, {"field": "address"}), ("client.lookup", WANG, {"field": "email"})]),
    ("李雷说下周三面谈，记一下，下周三上午十点提醒我", [("note.add", LI, {}), ("reminder.create", LI, {"when": "2025-06-18T10:00"})]),
    ("提醒我8点开早会，9点给李雷打电话", [("reminder.create", None, {"when": "2025-06-10T08:00"}), ("reminder.create", LI, {})]),
    ("后天上午提醒我拜访李雷，下午提醒我拜访陈静", [("reminder.create", LI, {"when": "2025-06-11"}), ("reminder.create", CHEN, {"when": "2025-06-11"})]),
    ("明天九点见李雷 十点半见陈静 都给我设上提醒", [("reminder.create", LI, {"when": "2025-06-10T09:00"}), ("reminder.create", CHEN, {"when": "2025-06-10T10:30"})]),
    ("李雷生日几号 车险还有多久到期", [("client.lookup", LI, {"field": "birthday"}), ("policy.lookup", LI, {"field": "due_date"})]),
    ("先看看李雷的理财，没到期的话提醒我7月1号联系他", [("holding.lookup", LI, {}), ("reminder.create", LI, {"when": "2025-07-01"})]),
    ("明天有约吗 后天呢", [("reminder.list", None, {"range": ("2025-06-10", "2025-06-11")}), ("reminder.list", None, {"range": ("2025-06-11", "2025-06-12")})]),
    ("今天有什么安排、这周谁过生日", [("reminder.list", None, {}), ("birthday.list", None, {"range": ("2025-06-09", "2025-06-16")})]),
]


@pytest.mark.parametrize(("text", "acts"), SEVERAL)
def test_every_act_is_read_in_order(read: Callable[..., Meaning], check: Callable[..., None], text: str, acts: list[Act]) -> None:
    meaning = read(text)
    assert [(p.intent, p.get("client_id")) for p in meaning.parts] == [(intent, client) for intent, client, _slots in acts]
    for part, (intent, _client, slots) in zip(meaning.parts, acts, strict=True):
        check(part, intent, slots)


@pytest.mark.parametrize(("text", "intent"), [
    ("给王芳记一下：周三见面，聊了车险，另外她想看下年金", "note.add"), ("提醒我明天给李雷送合同，顺便带上身份证复印件", "reminder.create"),
    ("同时买了车险和意外险的客户有哪些", "client.search"), ("那份周报晚点再说 明早再提醒我", "reminder.postpone"), ("王芳的电话和地址", "client.lookup"),
])
def test_one_act_told_in_two_breaths_stays_one(read: Callable[..., Meaning], text: str, intent: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.parts) == (intent, ())
