"""Records, claims, notes and reminders told in everybody's words: what decides is what is told, not the order of the words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.language import Dialogue, understand
from handlers.language.command import RosterBook

NOW = datetime(2025, 6, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

RECORDS: list[tuple[str, str, dict[str, Any]]] = [
    ("李雷 意外险 一年299 今儿起保 帮我录一下", "policy.add", {"client_id": 2, "product": "意外险", "premium": 299, "pay_mode": "annual", "effective": "2025-06-09"}),
    ("刘总的抵押贷批下来了 500个 3.1% 十年 存档", "loan.add", {"client_id": 7, "amount": 5_000_000, "rate_percent": 3.1, "term_years": 10}),
    ("陈静的家财险 半年付 一次350 录一下", "policy.add", {"premium": 350, "pay_mode": "semiannual"}),
    ("张姐 定期寿险 100w 每个月扣235", "policy.add", {"sum_insured": 1_000_000, "premium": 235, "pay_mode": "monthly"}),
    ("李雷昨儿存了五十万大额存单 三年期 两个点三五", "holding.add", {"amount": 500_000, "term_years": 3, "rate_percent": 2.35, "date": "2025-06-08"}),
    ("刘总存了笔定期 60w 一年 1.5", "holding.add", {"amount": 600_000, "term_years": 1, "rate_percent": 1.5}),
    ("李雷房贷放了265万 3.2% 30年 每月8号扣", "loan.add", {"amount": 2_650_000, "rate_percent": 3.2, "term_years": 30, "repay_day": 8}),
    ("把刘总年金险改成月缴", "policy.update", {"field": "pay_mode", "pay_mode": "monthly"}),
    ("张姐意外险保额调到80万", "policy.update", {"field": "sum_insured", "value": 800_000, "sum_insured": 800_000}),
    ("把李雷重疾保额从30万加到50万", "policy.update", {"sum_insured": 500_000}),
    ("李雷医疗险退掉了 系统里改下", "policy.update", {"status": "surrendered"}),
    ("陈静的重疾复效了 改成正常", "policy.update", {"status": "active"}),
    ("李雷意外险到期日更新为2027年6月30号", "policy.update", {"field": "due_date", "due": "2027-06-30"}),
]
QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("张姐保单受益人写的谁", "policy.lookup", {"client_id": 3, "field": "beneficiary"}),
    ("李雷的重疾还得交几年", "policy.lookup", {"field": "remaining_terms"}),
    ("李雷那份增额寿现在退能拿回多少", "policy.lookup", {"field": "cash_value"}),
    ("刘总的信用贷每个月还多少", "loan.lookup", {"field": "repay_amount"}),
    ("刘总那笔抵押贷几号扣钱", "loan.lookup", {"field": "repay_date"}),
    ("刘总私募现在是亏是赚", "holding.lookup", {"field": "profit"}),
    ("李雷的赔款打没打", "claim.lookup", {"field": "payment"}),
    ("为啥不给李雷赔", "claim.lookup", {"field": "reject_reason"}),
    ("李雷的意外险录进去了吗", "policy.lookup", {"client_id": 2, "product": "意外险"}),
    ("李雷年金是不是改月交了", "policy.lookup", {"product": "年金险"}),
    ("给李雷设过什么提醒", "reminder.list", {"client_id": 2}),
    ("季缴的年金险找出来", "policy.search", {"product": "年金险", "pay_mode": "quarterly"}),
    ("断交的保单有哪些", "policy.search", {"status": "lapsed"}),
    ("要是李雷断交两年还能复效吗", "policy.lookup", {"client_id": 2}),
]
CLAIMS_AND_NOTES: list[tuple[str, str, dict[str, Any]]] = [
    ("陈静的车今早被追尾了 帮她报下案", "claim.create", {"client_id": 4, "date": "2025-06-09"}),
    ("李雷做了个手术花了4万多 想走百万医疗 先立案吧", "claim.create", {"product": "百万医疗"}),
    ("陈静的案子被保司拒了", "claim.update", {"status": "rejected"}),
    ("李雷那个理赔资料交齐了 更新一下", "claim.update", {"status": "submitted"}),
    ("李雷的理赔要补件 差病理报告", "claim.update", {"status": "need_docs"}),
    ("CL330219 结案了", "claim.update", {"claim_no": "CL330219", "status": "closed"}),
    ("刚和张姐通完电话 说年底资金回笼再说", "note.add", {"client_id": 3}),
    ("备忘下 陈静孩子明年高考", "note.add", {"client_id": 4}),
    ("刘总亏了20个点 情绪很差 备注", "note.add", {"client_id": 7}),
    ("李雷来电 想把定投停掉 先观望", "note.add", {"client_id": 2}),
]
REMINDERS: list[tuple[str, str, dict[str, Any]]] = [
    ("刘总还款日提前两天提醒我一下", "reminder.create", {"client_id": 7, "anchor": "repay_date", "offset": "-P2D"}),
    ("李雷车险到期提前一个月提醒我", "reminder.create", {"anchor": "policy_due", "offset": "-P1M"}),
    ("陈静生日当天上午十点提醒我给她打电话", "reminder.create", {"anchor": "birthday", "offset": "P0D", "time": "10:00"}),
    ("所有客户生日前一天早上9点提醒我", "reminder.create", {"anchor": "birthday", "offset": "-P1D", "scope": "all", "time": "09:00"}),
    ("每个月25号叫我看一下李雷有没有还款", "reminder.create", {"client_id": 2, "recurrence": "FREQ=MONTHLY;BYMONTHDAY=25"}),
    ("明天九点提醒我取消机票", "reminder.create", {"when": "2025-06-10T09:00"}),
    ("取消明天机票的提醒", "reminder.cancel", {}),
    ("给刘总送材料的提醒不要了", "reminder.cancel", {"client_id": 7}),
    ("不用每天提醒我喝水了", "reminder.cancel", {}),
    ("跟刘总有关的待办都调出来", "reminder.list", {"client_id": 7}),
    ("手头还有哪些没弄完的", "reminder.list", {"status": "open"}),
    ("下午那个会往后推一个钟", "reminder.postpone", {"delay": "PT1H"}),
    ("把开会的提醒改成每周一早上九点", "reminder.update", {"recurrence": "FREQ=WEEKLY;BYDAY=MO"}),
]
LISTS: list[tuple[str, str, dict[str, Any]]] = [
    ("下个礼拜要交保费的有谁呀", "premium.list", {"range": ("2025-06-16", "2025-06-23")}),
    ("后面一个月车险要续的有几单", "renewal.list", {"product": "车险"}),
    ("下周该还租金的承租人", "repayment.list", {"range": ("2025-06-16", "2025-06-23")}),
    ("年底前到期的存单给我捋一捋", "maturity.list", {"product": "大额存单"}),
    ("十月做寿的客户", "birthday.list", {"range": ("2025-10-01", "2025-11-01")}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), [*RECORDS, *QUESTIONS, *CLAIMS_AND_NOTES, *REMINDERS, *LISTS])
def test_a_sentence_nobody_has_seen_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, now=NOW), intent, slots)


@pytest.mark.parametrize(("text", "intent", "numbers"), [
    ("前两条都OK了", "reminder.complete", [1, 2]),
    ("一和三搞定了", "reminder.complete", [1, 3]),
    ("最后那条也搞掂了", "reminder.complete", [3]),
    ("第三条删掉", "reminder.cancel", [3]),
    ("第2个往后推两天", "reminder.postpone", [2]),
])
def test_lines_of_a_list_are_named_by_their_places(read: Any, text: str, intent: str, numbers: list[int]) -> None:
    meaning = read(text, pending="list", choices=3, list_kind="reminder.list", items=(None, None, None))
    assert (meaning.intent, meaning.get("indexes")) == (intent, numbers)


@pytest.mark.parametrize("text", [
    "如果李雷现在退保 损失多大", "李雷没说要退保", "陈静想退保", "李雷的理赔不是我报的吧？", "张姐：帮我把保单退了吧", "别给李雷改受益人", "李雷问能不能改成月交", "要是陈静断交了会怎样",
])
def test_talk_about_a_change_changes_no_contract(read: Any, text: str) -> None:
    assert read(text).intent not in {"policy.update", "policy.add", "claim.create", "claim.update", "reminder.create", "loan.add", "holding.add"}


@pytest.mark.parametrize(("text", "following", "happened"), [
    ("给王芳打了电话，她说周五还5000", "2025-06-13", None), ("给王芳打了电话，她答应周三过来签字", "2025-06-11", None), ("给王芳打了电话，她说周五还了5000", None, "2025-06-06"),
])
def test_what_is_promised_for_a_day_comes_next_and_did_not_happen_before(read: Any, text: str, following: str | None, happened: str | None) -> None:
    meaning = read(text)
    said = {name: when.start if (when := meaning.get(name)) else None for name in ("next", "date")}
    assert (meaning.intent, said) == ("note.add", {"next": following, "date": happened})


NOTED = RosterBook({"id": n, "name": name} for n, name in enumerate(("王芳", "李雷", "陈记餐饮"), 1))


@pytest.mark.parametrize(("text", "told"), [
    ("帮我把王芳和李雷都记一下：今天寄了台历", [("王芳", "今天寄了台历"), ("李雷", "今天寄了台历")]),
    ("记 王芳和李雷 今天寄了台历", [("王芳", "王芳和李雷 今天寄了台历"), ("李雷", "王芳和李雷 今天寄了台历")]),
    ("记 陈记餐饮 老板娘接的电话", [("陈记餐饮", "老板娘接的电话")]), ("记 王芳 😀很开心🎉", [("王芳", "😀很开心🎉")]), ("记 王芳 😀很开心 谢谢", [("王芳", "😀很开心")]),
    ("记王芳今天微信聊了，她儿子叫小宝，今年中考；另外周五提醒我寄台历", [("王芳", "今天微信聊了，她儿子叫小宝，今年中考"), (None, "寄台历")]),
])
def test_a_note_keeps_all_that_is_told_and_nothing_of_the_order(lexicon: Any, text: str, told: list[tuple[str | None, str]]) -> None:
    meaning = understand(text, now=NOW, role="adviser", book=NOTED, dialogue=Dialogue(), lexicon=lexicon)
    assert [(part.get("client"), part.get("content")) for part in meaning.parts or (meaning,)] == told
