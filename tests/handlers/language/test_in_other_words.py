"""Orders, newcomers and questions in words that no rule foresees: read by the deed or the thing that is named; and what only sounds like it."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES


def acts(meaning: Any) -> set[str]:
    return {meaning.intent, *(part.intent for part in meaning.parts)}


@pytest.mark.parametrize(("text", "intent", "slots"), [
    ("王芳跟张敏其实是一个人 我录重了 并成一个", "client.merge", {"clients": ["王芳", "张敏"]}),
    ("李雷销户了 我列表里不要再看到他了", "client.delete", {"client": "李雷"}),
    ("把李雷从我这儿划走吧", "client.delete", {"client": "李雷"}),
    ("陈静最近没啥动静 先放C", "tier.set", {"client": "陈静", "tier": "C"}),
    ("张敏资金都搬走咯 评级掉到C算了", "tier.set", {"client": "张敏", "tier": "C"}),
    ("李雷跟王芳都打个 高净值", "tag.add", {"clients": ["李雷", "王芳"], "tag": "高净值"}),
    ("张敏那个沉睡户标签摘了哈 人家又开始买基金了", "tag.remove", {"tag": "沉睡户", "reason": "人家又开始买基金了"}),
    ("李雷的标签「难搞」赶紧给我去掉", "tag.remove", {"tag": "难搞"}),
    ("李雷她爹叫李国栋 加进家庭", "client.family_add", {"client": "李雷", "relation": "father", "name": "李国栋"}),
    ("张敏家二小子叫郑浩然 今年五岁 给挂上", "client.family_add", {"client": "张敏", "relation": "son", "name": "郑浩然"}),
    ("每周例会那个闹铃甭要了", "reminder.cancel", {}),
    ("给王芳送油那个不用提啦", "reminder.cancel", {"client": "王芳"}),
    ("昨天交给孙浩那批客户不移交了", "handover.cancel", {}),
    ("李雷投诉那件事交给孙浩办，三天内给答复", "ticket.assign", {"client": "李雷", "assignee": "孙浩"}),
    ("5566号投诉给孙浩处理 明天下班前要有结果", "ticket.assign", {"ticket_no": "5566", "assignee": "孙浩"}),
    ("晚上十点到早上七点别给我弹消息", "settings.set", {"key": "quiet_hours"}),
    ("李雷的案子保司说还要补病历", "claim.update", {"client": "李雷", "status": "need_docs"}),
    ("张敏昨天下楼梯崴了脚，韧带撕裂，帮报意外", "claim.create", {"client": "张敏", "product": "意外险"}),
    ("李雷跳槽了，现在在顺丰，单位那栏给换一下", "client.update", {"field": "employer", "value": "顺丰"}),
    ("王芳年收入填错了 应该是十八万 不是八万", "client.update", {"field": "annual_income", "value": 180000}),
    ("李雷一年挣一百二十个w，之前填八十填少了", "client.update", {"field": "annual_income", "value": 1200000}),
    ("张敏昨天出单了 意外险 一年三百六 保额五十万", "policy.add", {"premium": 360, "sum_insured": 500000}),
    ("李雷房贷放下来了120万30年", "loan.add", {"amount": 1200000, "term_years": 30}),
])
def test_an_order_is_read_by_its_deed(read: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    meaning = read(text)
    assert meaning.intent == intent, meaning.rule
    assert {name: meaning.get(name) for name in slots} == slots


@pytest.mark.parametrize("text", [
    "王芳跟张敏是不是一个人 要不要并", "王芳和张敏不是一个人 别合并", "要不要把李雷从我名下删了", "李雷说要从你们名单里划走", "陈静是不是该放C", "张敏说她评级掉到C了很生气",
    "周敏把李雷的标签摘了吧", "张敏想把受益人改成孙子 还没定", "要是李雷的案子保司说还要补病历怎么办", "李雷一年能挣多少 之前填少了吗", "听说昨天那批客户不移交了 真的假的",
    "我要是把李雷删了还能找回来不", "上季度团队新客总数", "我让你提醒我给王芳送合同 你记没记", "后天还是大后天来着我跟王芳约的", "三天内给答复行不行",
])
def test_what_only_sounds_like_one_changes_nothing(read: Any, text: str) -> None:
    assert not acts(read(text)) & WRITES


@pytest.mark.parametrize("text", ["张敏说她想把等级调到A 我没答应 先记一笔", "李雷问我能不能把他的保单退了，我说先别急，记一下", "陈静说她已经在别家买过重疾了，写进跟进里"])
def test_what_a_client_wishes_is_noted_and_not_done(read: Any, text: str) -> None:
    assert read(text).intent == "note.add"


@pytest.mark.parametrize(("text", "slots"), [
    ("刚加的微信，赫连城，三十五，程序员，年薪60个w，张敏介绍来的", {"name": "赫连城", "age": 35, "annual_income": 600000, "referrer": "张敏"}),
    ("厅堂今天捡到个阿姨 姓施 施美凤 61岁 退休老师 建一下档", {"name": "施美凤", "gender": "F", "age": 61}),
    ("新增潜客 戴玉婷 农历八月十六生日 邮箱daiyt@163.com 其他先空着", {"name": "戴玉婷", "birthday_lunar": "08-16"}),
    ("录入 蒙根其其格 女 通辽的 养牛 一年纯挣三十来万", {"name": "蒙根其其格", "gender": "F", "occupation": "养牛"}),
    ("录一下，彭于，男，41岁，公积金中心上班，手机15800672211", {"name": "彭于", "employer": "公积金中心", "age": 41}),
    ("有个新认识的 姓闫叫闫冰 电话还没要到 先建上", {"name": "闫冰"}),
])
def test_somebody_new_is_known_by_what_is_told(read: Any, text: str, slots: dict[str, Any]) -> None:
    meaning = read(text)
    assert meaning.intent == "client.create", meaning.rule
    assert {name: meaning.get(name) for name in slots} == slots


@pytest.mark.parametrize("text", ["王芳 女 45岁 老师 录一下", "新加个标签叫潜力客户", "赫连城是谁介绍来的", "认识一个程序员能买什么险"])
def test_nobody_new_is_made_of_somebody_known_or_of_a_thing(read: Any, text: str) -> None:
    assert "client.create" not in acts(read(text))


@pytest.mark.parametrize(("text", "intent", "slots"), [
    ("没买过重疾的都给我捞出来 我挨个打", "client.search", {}),
    ("我手上六十往上的客户都有谁", "client.search", {}),
    ("所有车险单子列一下子", "policy.search", {"product": "车险"}),
    ("逾期客户名单 发我", "repayment.list", {"status": "overdue"}),
    ("年前到期的大额存单 我好提前去揽", "maturity.list", {"product": "大额存单"}),
    ("三月生日的客户 拉个单", "birthday.list", {}),
    ("还没处理的工单", "ticket.list", {"status": "open"}),
    ("4410有人接手了没", "ticket.list", {"ticket_no": "4410"}),
    ("李雷的续保提醒我设了没", "reminder.list", {"client": "李雷"}),
    ("李雷离婚了还是没离", "client.lookup", {"field": "marital_status"}),
    ("李雷房贷利率降下来没有 现在几个点", "loan.lookup", {"field": "rate"}),
    ("尾号0037是谁啊 刚给我打俩电话没接着", "client.lookup", {"phone_tail": "0037"}),
    ("删客户会不会把保单也一起删掉", "help", {}),
    ("改客户手机号得咋说你才听得懂", "help", {}),
    ("我这有份Excel的客户名单 你给导一下", "data.import", {"what": "clients"}),
    ("除夕给李雷发条拜年的 别太油腻 50字内", "draft.message", {"occasion": "festival", "max_len": 50}),
])
def test_a_wish_to_see_is_read_by_the_thing(read: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    meaning = read(text)
    assert meaning.intent == intent, meaning.rule
    assert {name: meaning.get(name) for name in slots} == slots


@pytest.mark.parametrize(("text", "start"), [
    ("后天下午两点见王芳，上午提醒我带合同", "2025-06-11"), ("大后天去送材料 上午 提醒", "2025-06-12"), ("年底前提醒我把高净值客户都过一遍", "2025-12-31"), ("下周三十点半喊我跟王芳过一下合同", "2025-06-18T10:30"),
])
def test_a_reminder_is_for_the_time_that_is_meant(read: Any, text: str, start: str) -> None:
    meaning = read(text)
    assert meaning.intent == "reminder.create"
    assert meaning.get("when").start == start


def test_somebody_new_and_then_a_reminder_are_two_acts(read: Any) -> None:
    meaning = read("新客户 任贤 13688990011 明早十点提醒我给他打电话")
    assert [part.intent for part in meaning.parts] == ["client.create", "reminder.create"]


@pytest.mark.parametrize(("text", "intent"), [
    ("听朝九点搵王芳签合同 唔好唔记得", "reminder.create"), ("逢礼拜五下昼四点提我写周报", "reminder.create"), ("张敏有个细佬叫徐亮 加埋落家庭成员", "client.family_add"), ("返主页", "home"), ("接落嚟点做好", "suggest.next"),
])
def test_words_of_the_regions_are_understood(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent
