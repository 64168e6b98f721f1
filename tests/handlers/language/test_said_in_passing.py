"""What uses the words of an order and is none: deeds done to things, people met on other business, hopes, jests, refusals that only ask."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES


def acts(meaning: Any) -> set[str]:
    return {meaning.intent, *(part.intent for part in meaning.parts)}


@pytest.mark.parametrize("text", [
    "把王芳的水杯拿走", "把王芳的尾款清掉", "王芳从我这儿拿走了样品", "小偷从我这儿拿走王芳的钱", "王芳说别在我名下挂车", "张敏别在我列表里留坏账", "名单里不要再出现王芳这种情况了", "别在我这儿挂王芳的号",
    "给王芳的优惠券作废", "给张敏的报价作废了", "给王芳的方案先不发", "转给王芳的钱收回了", "给客户的礼品先不送",
    "王芳张敏合了影", "王芳张敏合到一起拍照", "王芳和张敏的账户合并了",
    "王芳疫苗打到b了", "王芳坐地铁改到b", "王芳身上那颗痣去掉了", "王芳挂个vip病房", "王芳加个高净值社群", "王芳他妹叫外卖加辣补一下",
    "3306端口给关了", "1234号车位归王芳处理", "王芳那单车丢了", "王芳的项目部没了", "王芳年收入填高了5万", "王芳风险等级更新不了 一直是C3",
])
def test_a_deed_done_to_a_thing_changes_no_record(read: Any, text: str) -> None:
    assert not acts(read(text)) & WRITES


@pytest.mark.parametrize("text", [
    "今天来了个面试的，钱学文，28岁，程序员", "公司新来了个同事 何小满 26岁 女", "今天新闻里介绍了李大钊 男 教授", "孩子班上来了个新老师 朱小妹 女 28岁", "昨天我们网点新增员工 郝建，男，25岁",
])
def test_who_is_met_on_other_business_becomes_no_client(read: Any, text: str) -> None:
    assert not acts(read(text)) & WRITES


@pytest.mark.parametrize("text", [
    "那个不用谢", "那个不要紧", "那个别提了", "我的闹钟不叫", "提醒功能不用交钱", "明天联系不上王芳怎么办", "周五催王芳也没用", "明天联系王芳的是张敏", "后天王芳上门骂人", "3201 客户说不满意还没收口", "1503 收口前先别关",
    "王芳投诉处理完毕前别联系他", "客户没写时间，我按上午10点去的", "但愿王芳别闹退保", "哈哈哈你干脆给王芳建个客户档案得了", "全部转给李娜 啊打错窗口了 不是发你的", "王芳那条祝福先不用写", "明儿放假咯 提前拜个早年",
    "不用提醒我，我就问问大后天周几",
])
def test_what_is_only_said_orders_nothing(read: Any, text: str) -> None:
    assert not acts(read(text)) & WRITES


@pytest.mark.parametrize(("text", "intent", "slots"), [
    ("给王芳发短信……哦不用发，我就想知道他生日哪天", "client.lookup", {"client": "王芳", "field": "birthday"}),
    ("给王芳加标签 哎不对 先调他的档案我看下", "client.lookup", {"client": "王芳"}),
    ("录个理赔 不是 我是想查张敏那个理赔走到哪步了", "claim.lookup", {"client": "张敏"}),
    ("马上的身份证号 填单子要用", "none", {}),
    ("部门新增客户环比上月", "none", {}),
    ("清明出行提醒文案来一条", "draft.message", {}),
])
def test_only_what_is_asked_in_the_end_is_answered(read: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    meaning = read(text)
    assert not acts(meaning) & WRITES
    assert intent in {meaning.intent, "none"}
    assert {name: meaning.get(name) for name in slots} == slots


@pytest.mark.parametrize(("text", "intent"), [
    ("今早去王芳公司 人没在 前台说出差了", "note.add"), ("刚打完电话 王芳说这个月手头紧 下个月再说", "note.add"), ("王芳又已读不回 第三次了 mark一下", "note.add"), ("给王芳写个跟进 电话没接", "note.add"),
    ("客诉一单：王芳，卡年费乱收，紧急！", "ticket.create"), ("帮王芳提个诉求 她想把扣款日改到20号", "ticket.create"), ("王芳改名王方了", "client.update"),
    ("新保单 客户王芳 增额终身寿 3年交 每年10w 下个月1号生效", "policy.add"), ("王芳是不是退订短信了？", "consent.list"), ("下下周三去王芳厂里做贷后 到时提型我", "reminder.create"), ("王芳相关的提醒", "reminder.list"),
])
def test_what_came_of_it_and_what_is_wanted_is_read_in_any_words(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize(("text", "value"), [("王芳生日不是1980年5月1日 应该是1981年5月1日", "1981-05-01")])
def test_of_two_values_the_one_that_holds_is_taken(read: Any, text: str, value: str) -> None:
    assert read(text).get("value") == value


def test_an_hour_until_which_to_be_quiet_is_asked_from_when(read: Any) -> None:
    meaning = read("9点前别给我弹")
    assert (meaning.get("key"), meaning.get("value")) == ("quiet_hours", None)
