"""Reminders, notes, the morning list answered by number, the agenda."""

from __future__ import annotations

from typing import Any

import pytest

BRIEF = {"pending": "list", "list_kind": "brief", "choices": 7}
REMINDERS: list[tuple[str, str, dict[str, Any]]] = [
    ("提醒我明天下午三点给王芳打电话", "reminder.create", {"client_id": 1, "when": "2025-06-10T15:00", "content": "给王芳打电话"}),
    ("下周三提醒我联系李雷", "reminder.create", {"client_id": 2, "when": "2025-06-18", "content": "联系李雷"}),
    ("半小时后叫我回电话", "reminder.create", {"when": "2025-06-09T09:30", "content": "回电话", "client": None}),
    ("明早8点喊我起床", "reminder.create", {"when": "2025-06-10T08:00", "content": "起床"}),
    ("3点提醒我给李雷发资料", "reminder.create", {"when": "2025-06-09T15:00", "content": "给李雷发资料"}),
    ("ding 明早9:30 产品会", "reminder.create", {"when": "2025-06-10T09:30", "content": "产品会"}),
    ("俺寻思着明儿个给李雷打个电话，你提醒俺一哈", "reminder.create", {"client_id": 2, "when": "2025-06-10"}),
    ("呃提醒我下周一就是早上十点钟给那个李雷回个电话说贷款的事", "reminder.create", {"client_id": 2, "when": "2025-06-16T10:00"}),
    ("周五前给李雷发计划书，别忘了", "reminder.create", {"client_id": 2, "when": "2025-06-13"}),
    ("明天上午约王芳喝茶", "reminder.create", {"client_id": 1, "when": "2025-06-10", "content": "约王芳喝茶"}),
    ("下个月1号给王芳打电话", "reminder.create", {"client_id": 1, "when": "2025-07-01"}),
    ("张伟下周三续保", "reminder.create", {"client_id": [5, 6], "when": "2025-06-18", "clarify": "client"}),
    ("李明明天下午三点见面", "reminder.create", {"client_id": 10, "when": "2025-06-10T15:00"}),
    ("后天下午两点半约了李雷签合同，提醒我提前半小时出发", "reminder.create", {"client_id": 2, "when": "2025-06-11T14:00"}),
    ("王芳下周三生日，周二提醒我订蛋糕", "reminder.create", {"client_id": 1, "when": "2025-06-10"}),
    ("明天下午三点跟李雷签约 两点半叫我带上合同", "reminder.create", {"client_id": 2, "when": "2025-06-10T14:30"}),
    ("周五跟王芳见面 前一天晚上八点提醒我", "reminder.create", {"client_id": 1, "when": "2025-06-12T20:00"}),
    ("下周二到周四我出差 下周五早上九点叫我回访李雷", "reminder.create", {"client_id": 2, "when": "2025-06-20T09:00"}),
    ("李雷的车险下月2号到期 记个提醒", "reminder.create", {"client_id": 2, "when": "2025-07-02"}),
    ("端午前两天给王芳打个电话 提醒我", "reminder.create", {"client_id": 1, "when": "2026-06-17"}),
    ("国庆后第一个工作日叫我联系王芳", "reminder.create", {"client_id": 1, "when": "2025-10-09"}),
    ("李雷下个月8号生日 提前5天叫我准备礼物", "reminder.create", {"client_id": 2, "when": "2025-07-03"}),
    ("芒种前一天提醒我发养生帖", "reminder.create", {"when": "2026-06-04"}),
    ("等下礼拜王芳出差回来我再联系她 周三吧 设个提醒", "reminder.create", {"client_id": 1, "when": "2025-06-18"}),
    ("王芳的存单到期头三天告诉我一声", "reminder.create", {"client_id": 1, "anchor": "holding_due", "offset": "-P3D"}),
    ("五一后头一个工作日约了王芳面签，别让我忘咯", "reminder.create", {"client_id": 1, "when": "2026-05-06"}),
    ("这周三变下周三 王芳那个见面", "reminder.postpone", {"client_id": 1, "orig": "2025-06-11", "to": "2025-06-18"}),
    ("刚才那条改成每周一提醒", "reminder.update", {"recurrence": "FREQ=WEEKLY;BYDAY=MO"}),
    ("李雷的私募9月15开放赎回，前一周提醒我跟他确认", "reminder.create", {"client_id": 2, "when": "2025-09-08"}),
    ("国庆假期结束第一天，记得提醒我回访王芳", "reminder.create", {"client_id": 1, "when": "2025-10-09"}),
    ("十个工作日之后盯一下李雷的赔款到账没", "reminder.create", {"client_id": 2, "when": "2025-06-23"}),
    ("王芳的保单检视约在6月16号下午两点到四点", "reminder.create", {"client_id": 1, "when": ("2025-06-16T14:00", "2025-06-16T16:00")}),
    ("昨天跟前天没完成的任务", "reminder.list", {"range": ("2025-06-07", "2025-06-09")}),
    ("周三周四有什么安排", "reminder.list", {"range": ("2025-06-11", "2025-06-13")}),
    ("下半个月谁生日", "birthday.list", {"range": ("2025-06-16", "2025-07-01")}),
    ("一三五早上八点叫我晨跑", "reminder.create", {"recurrence": "FREQ=WEEKLY;BYDAY=MO,WE,FR"}),
    ("下个星期的今天提醒我复查", "reminder.create", {"when": "2025-06-16"}),
    ("未来一个半月内到期的房贷", "repayment.list", {"range": ("2025-06-09", "2025-07-25")}),
    ("下周一到周三有几个约", "reminder.list", {"range": ("2025-06-16", "2025-06-19")}),
    ("农历七月廿八是李雷生日 提前两天上午九点叫我", "reminder.create", {"client_id": 2, "when": "2025-09-17T09:00"}),
    ("中秋节前一周的周一提醒我订月饼", "reminder.create", {"when": "2025-09-29"}),
    ("16号下午两点李雷面签，提前一天下午五点提醒我准备材料", "reminder.create", {"client_id": 2, "when": "2025-06-15T17:00"}),
    ("二月二龙抬头那天给王芳打个电话 提醒", "reminder.create", {"client_id": 1, "when": "2026-03-20"}),
    ("跟王芳约的喝茶 时间改周六三点", "reminder.postpone", {"client_id": 1, "to": "2025-06-14T15:00"}),
    ("今天下班前还有什么没弄完", "reminder.list", {}),
    ("每双周周五下午四点提醒我写周报", "reminder.create", {"recurrence": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"}),
    ("每隔一天提醒我看盘", "reminder.create", {"recurrence": "FREQ=DAILY;INTERVAL=2"}),
    ("每季度头一个月的10号提醒我做计划", "reminder.create", {"recurrence": "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10"}),
    ("每周一早上9点提醒我开例会", "reminder.create", {"recurrence": "FREQ=WEEKLY;BYDAY=MO", "content": "开例会"}),
    ("每月15号提醒我催刘洋还款", "reminder.create", {"client_id": 7, "recurrence": "FREQ=MONTHLY;BYMONTHDAY=15"}),
    ("每年农历八月初三提醒我给王芳祝寿", "reminder.create", {"recurrence": "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=3"}),
    ("工作日早上8点半提醒我看市场", "reminder.create", {"recurrence": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN"}),
    ("王芳生日前三天提醒我", "reminder.create", {"client_id": 1, "anchor": "birthday", "offset": "-P3D"}),
    ("王芳续保前一周提醒我", "reminder.create", {"client_id": 1, "anchor": "policy_due", "offset": "-P7D"}),
    ("李雷保单生效满一年的时候提醒我做检视", "reminder.create", {"client_id": 2, "anchor": "policy_effective", "offset": "P1Y", "content": "做检视"}),
    ("所有保单到期前30天都提醒我", "reminder.create", {"anchor": "policy_due", "offset": "-P30D", "scope": "all"}),
    ("所有客户生日当天提醒我", "reminder.create", {"anchor": "birthday", "offset": "P0D", "scope": "all"}),
    ("周四之前把方案发给刘洋", "reminder.create", {"client_id": 7, "when": "2025-06-12"}),
    ("过三天提醒我问问王芳考虑得怎么样", "reminder.create", {"client_id": 1, "when": "2025-06-12", "content": "问问王芳考虑得怎么样"}),
    ("下周二上午十点去拜访宏达", "reminder.create", {"client_id": 12, "when": "2025-06-17T10:00"}),
    ("每个月最后一个工作日提醒我做报表", "reminder.create", {"recurrence": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;X-WORKDAY=CN"}),
    ("张敏的事往后推一周", "reminder.postpone", {"client_id": 3, "delay": "P7D"}),
    ("张敏那个任务完成了", "reminder.complete", {"client_id": 3}),
    ("今天有哪些提醒", "reminder.list", {"range": ("2025-06-09", "2025-06-10")}),
    ("我的提醒", "reminder.list", {}),
    ("过期的提醒", "reminder.list", {"status": "overdue"}),
    ("下周有啥事", "reminder.list", {"range": ("2025-06-16", "2025-06-23")}),
    ("今天还有什么没做", "reminder.list", {"range": ("2025-06-09", "2025-06-10")}),
    ("给王芳打电话那个做完了", "reminder.complete", {"client_id": 1}),
    ("1、3、4都做完了", "reminder.complete", {"indexes": [1, 3, 4]}),
    ("今天的事情都做完了", "reminder.complete", {}),
    ("把李雷那个提醒推迟到后天", "reminder.postpone", {"client_id": 2, "to": "2025-06-11"}),
    ("刚才那个改到下午4点", "reminder.postpone", {"ref": "last", "to": "2025-06-09T16:00"}),
    ("王芳的提醒延后两小时", "reminder.postpone", {"client_id": 1, "delay": "PT2H"}),
    ("明天的会改到后天下午三点", "reminder.postpone", {"orig": "2025-06-10", "to": "2025-06-11T15:00"}),
    ("把下午三点的会推迟一小时", "reminder.postpone", {"orig": "2025-06-09T15:00", "delay": "PT1H"}),
    ("提前一天提醒我 原来说的后天那个李雷的事", "reminder.postpone", {"client_id": 2, "orig": "2025-06-11", "delay": "-P1D", "to": "2025-06-10"}),
    ("取消明天的提醒", "reminder.cancel", {"when": "2025-06-10"}),
    ("取消给李雷打电话的提醒", "reminder.cancel", {"client_id": 2, "content": "打电话"}),
    ("别再提醒我开例会了", "reminder.cancel", {"content": "开例会"}),
    ("每天早上9点那个别再提醒了", "reminder.cancel", {"recurrence": "FREQ=DAILY"}),
]
NOTES: list[tuple[str, dict[str, Any]]] = [
    ("记一下 王芳今天来电说想加保", {"client_id": 1, "content": "今天来电说想加保", "kind": "call", "date": "2025-06-09"}),
    ("王芳 跟进：聊了教育金，下周五再约", {"client_id": 1, "content": "聊了教育金，下周五再约", "next": "2025-06-20"}),
    ("今天拜访了李雷，他对养老险感兴趣", {"client_id": 2, "kind": "visit", "date": "2025-06-09"}),
    ("给王芳记个备注 不喜欢接电话", {"client_id": 1, "content": "不喜欢接电话", "kind": "note"}),
    ("给王芳备注：喜欢喝茶", {"client_id": 1, "content": "喜欢喝茶", "kind": "note"}),
    ("昨天跟刘洋通了电话，他说考虑一下", {"client_id": 7, "kind": "call", "date": "2025-06-08"}),
    ("跟进 王芳 已发方案，等回复", {"client_id": 1, "content": "已发方案，等回复"}),
    ("王芳今天微信回我了说考虑考虑", {"client_id": 1, "kind": "wechat"}),
    ("备注一下李雷 孩子今年高考", {"client_id": 2, "content": "孩子今年高考", "date": None}),
    ("陈静想买重疾险", {"client_id": 4, "content": "想买重疾险"}),
    ("跟李雷吃了个饭，他想给孩子买教育金", {"client_id": 2}),
    ("今天电话联系陈静，没人接", {"client_id": 4, "kind": "call", "date": "2025-06-09"}),
    ("王芳今天来店里了，聊了下年金险，意向挺高的", {"client_id": 1}),
]
NUMBERED: list[tuple[str, str, dict[str, Any]]] = [
    ("1 已联系", "item.done", {"index": 1, "indexes": [1]}),
    ("1、3 已联系", "item.done", {"indexes": [1, 3]}),
    ("第一个搞定了", "item.done", {"index": 1}),
    ("2 稍后 周三上午", "item.snooze", {"index": 2, "to": "2025-06-11"}),
    ("2 推迟到明天下午三点", "item.snooze", {"index": 2, "to": "2025-06-10T15:00"}),
    ("3 推迟两天", "item.snooze", {"index": 3, "delay": "P2D"}),
    ("3 不需要 客户已出国", "item.dismiss", {"index": 3, "reason": "客户已出国"}),
    ("3不用了", "item.dismiss", {"index": 3, "reason": None}),
    ("1 转交 小王", "item.hand_over", {"index": 1, "to": "小王"}),
    ("2转给李娜处理", "item.hand_over", {"index": 2, "to": "李娜"}),
    ("更多", "page.next", {}),
]
AGENDA: list[tuple[str, str, dict[str, Any]]] = [
    ("今日待办", "agenda.today", {}), ("我今天先做什么", "agenda.today", {}), ("今天有什么事", "agenda.today", {}), ("今天要做什么", "agenda.today", {}),
    ("明天日程", "agenda.day", {"range": ("2025-06-10", "2025-06-11")}),
    ("看看明天的日程", "agenda.day", {"range": ("2025-06-10", "2025-06-11")}),
    ("下周的安排", "agenda.day", {"range": ("2025-06-16", "2025-06-23")}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), REMINDERS + AGENDA)
def test_a_reminder_sentence_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "slots"), NOTES)
def test_what_happened_is_noted(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "note.add", slots)


@pytest.mark.parametrize(("text", "intent", "slots"), NUMBERED)
def test_the_morning_list_is_answered_by_number(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, **BRIEF), intent, slots)


def test_a_time_that_is_over_asks_back(read: Any) -> None:
    meaning = read("昨天下午三点提醒我打电话")
    assert (meaning.intent, meaning.clarify, meaning.get("when").start) == ("reminder.create", "past", "2025-06-08T15:00")


def test_a_day_that_does_not_exist_asks_back(read: Any) -> None:
    assert read("2月30日提醒我给王芳打电话").clarify == "when"


def test_a_reminder_without_time_or_content_asks_for_it(read: Any) -> None:
    assert read("提醒我给王芳打电话").clarify == "when"
    assert read("30分钟后提醒我").clarify == "content"
