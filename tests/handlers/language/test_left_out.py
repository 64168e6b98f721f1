"""Sentences that leave out what the command before said, and orders for all that were shown."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language import ClientRef, Meaning


def read_after(read: Any, said: str, text: str, **dialogue: Any) -> Meaning:
    found: Meaning = read(text, said=said, focus=True, **dialogue)
    return found


@pytest.mark.parametrize(("text", "field"), [
    ("那保费呢", "premium"), ("保费多少", "premium"), ("那张单几多钱一年", "premium"), ("什么时候到期", "due_date"), ("到期日呢", "due_date"), ("受益人呢", "beneficiary"), ("现金价值呢", "cash_value"), ("还要交几年", "remaining_terms"), ("状态呢", "status"),
])
def test_another_field_of_the_same_policy(read: Any, text: str, field: str) -> None:
    meaning = read_after(read, "王芳重疾险保额多少", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field"), meaning.get("product")) == ("policy.lookup", 1, field, "重疾险")


@pytest.mark.parametrize(("text", "field"), [("那还有多少期", "remaining_terms"), ("几号还款", "repay_date"), ("利率呢", "rate"), ("月供呢", "repay_amount"), ("有逾期吗", "overdue")])
def test_another_field_of_the_same_loan(read: Any, text: str, field: str) -> None:
    meaning = read_after(read, "王芳贷款余额", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == ("loan.lookup", 1, field)


def test_a_field_of_the_client_behind_the_policy(read: Any) -> None:
    meaning = read_after(read, "王芳重疾险保额多少", "生日呢")
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == ("client.lookup", 1, "birthday")


@pytest.mark.parametrize("text", ["团队保费呢", "我这个月保费多少", "哪些客户没交保费", "提醒我明天交保费", "李雷保费多少"])
def test_what_names_somebody_or_something_else_is_no_further_field(read: Any, text: str) -> None:
    meaning = read_after(read, "王芳重疾险保额多少", text)
    assert meaning.get("client_id") != 1 or meaning.intent == "reminder.create"


@pytest.mark.parametrize("text", ["另外那个李雷呢", "李雷的咧", "也看下李雷的", "李雷也查一下", "再看看李雷的", "换李雷"])
def test_the_same_of_somebody_else(read: Any, text: str) -> None:
    meaning = read_after(read, "王芳贷款余额", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == ("loan.lookup", 2, "balance")


@pytest.mark.parametrize(("text", "slots"), [
    ("上个月嘅呢", {"metric": "new_clients"}), ("去年同期呢", {"metric": "new_clients"}), ("上季度的", {"metric": "new_clients"}), ("那保费呢", {"metric": "premium"}), ("成交呢", {"metric": "deals"}),
])
def test_another_time_or_figure(read: Any, text: str, slots: dict[str, Any]) -> None:
    meaning = read("" + text, said="这个月我新增几多客")
    assert meaning.intent == "stats.me"
    assert {name: meaning.get(name) for name in slots} == slots
    assert meaning.get("range") is not None


def test_the_same_figure_of_the_team(read: Any) -> None:
    meaning = read("那整个团队呢", said="这个月我新增几多客")
    assert (meaning.intent, meaning.get("metric")) == ("stats.team", "new_clients")


@pytest.mark.parametrize("text", ["只看车险的", "就车险的", "光看车险", "车险有哪些"])
def test_fewer_of_what_falls_due(read: Any, text: str) -> None:
    meaning = read(text, said="30天内要续的单", pending="list", list_kind="renewals", choices=2)
    assert (meaning.intent, meaning.get("product")) == ("renewal.list", "车险")
    assert meaning.get("range") is not None


@pytest.mark.parametrize(("text", "tone"), [("短啲 唔好咁客气", "brief"), ("太长了", "brief"), ("别这么官方", "casual"), ("再正式一点", "formal"), ("加个表情", None), ("再来一条", None)])
def test_a_text_in_other_words(read: Any, text: str, tone: str | None) -> None:
    meaning = read(text, said="帮王芳写条感谢她介绍客户的话")
    assert (meaning.intent, meaning.get("client_id"), meaning.get("tone")) == ("draft.message", 1, tone)


@pytest.mark.parametrize("text", ["短一点", "太长了", "那保费呢", "上个月呢", "只看车险的", "地址也得变 通州梨园那边", "标签还是拿掉吧"])
def test_nothing_is_left_out_where_nothing_was_said(read: Any, text: str) -> None:
    assert read(text).intent not in {"draft.message", "stats.me", "renewal.list", "client.update", "tag.remove"} or read(text).clarify


@pytest.mark.parametrize(("text", "field", "value"), [
    ("地址也得变 通州梨园那边", "address", "通州梨园"), ("还有地址 通州梨园", "address", "通州梨园"), ("地址也改一下 通州梨园", "address", "通州梨园"), ("邮箱也改成 a@b.com", "email", "a@b.com"),
])
def test_a_second_change_of_the_same_client(read: Any, text: str, field: str, value: str) -> None:
    meaning = read_after(read, "王芳电话改成13811220099", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field"), meaning.get("value")) == ("client.update", 1, field, value)


@pytest.mark.parametrize("text", ["那地址呢", "地址也变了吗", "地址改了没", "地址也要变吗", "地址也得变 是不是"])
def test_a_question_changes_nothing_more(read: Any, text: str) -> None:
    assert read_after(read, "王芳电话改成13811220099", text).intent != "client.update"


@pytest.mark.parametrize("text", ["标签还是拿掉吧", "标签去掉", "标签不要了", "还是去掉吧", "刚加的标签拿掉", "那个标签撤了", "不要这个标签了", "把标签删了"])
def test_the_tag_comes_off_again(read: Any, text: str) -> None:
    meaning = read_after(read, "给王芳加标签 孕妈", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("tag")) == ("tag.remove", 1, "孕妈")


@pytest.mark.parametrize("text", ["标签去掉", "标签还是拿掉吧", "把标签删了"])
def test_words_for_taking_off_are_no_tag(read: Any, text: str) -> None:
    meaning = read(text, focus=True)
    assert meaning.intent != "tag.remove" or meaning.clarify


@pytest.mark.parametrize("text", [
    "咋给删了呢 快给我恢复喽", "怎么删了 快恢复", "给我弄回来", "找回来", "哎 删错了 弄回来", "不该删的 撤回", "别删啊 恢复回来", "刚给刘强派的单撤回来 不派了", "派错了 撤回来", "刚派的那个撤了", "标签加错了", "刚才派的单收回来",
])
def test_the_last_act_is_taken_back(read: Any, text: str) -> None:
    assert read(text).intent == "undo"


@pytest.mark.parametrize("text", ["怎么恢复", "为什么删了", "刚给刘强派的单撤回了吗", "咋恢复啊"])
def test_a_question_takes_nothing_back(read: Any, text: str) -> None:
    assert read(text).intent != "undo"


SHOWN = {"pending": "list", "choices": 2, "list_kind": "segment", "items": (ClientRef(4, "陈静"), ClientRef(17, "白雪"))}


@pytest.mark.parametrize(("text", "intent"), [
    ("把这几个都打上 春季回访", "tag.add"), ("这几个都打上春季回访标签", "tag.add"), ("给她们俩都加个标签 春季回访", "tag.add"), ("全部打标签 春季回访", "tag.add"), ("这两个升到A类", "tier.set"),
    ("她俩都移交给李娜", "handover.create"), ("给这俩各写一条问候", "draft.message"), ("提醒我明天给她俩打电话", "reminder.create"),
])
def test_an_order_for_all_that_were_shown(read: Any, text: str, intent: str) -> None:
    meaning = read(text, **SHOWN)
    assert (meaning.intent, meaning.get("client_ids"), meaning.clarify) == (intent, [4, 17], None)


@pytest.mark.parametrize("text", ["这三个都打上 春季回访", "这几个打上标签了吗", "都贴了春联", "这几天都有什么安排", "这两年保费多少", "他们说要打上标签"])
def test_what_speaks_of_others_or_asks_is_no_order_for_all(read: Any, text: str) -> None:
    assert not read(text, **SHOWN).get("client_ids")


def test_nothing_is_ordered_for_more_than_one_page_shows(read: Any) -> None:
    many = tuple(ClientRef(n, f"客户{n}") for n in range(1, 13))
    assert not read("把这几个都打上 春季回访", pending="list", choices=12, list_kind="segment", items=many).get("client_ids")


@pytest.mark.parametrize(("text", "tag"), [("也给她加个高意向", "高意向"), ("再加个高净值", "高净值"), ("还要贴个VIP", "VIP")])
def test_one_more_tag_of_the_same_client(read: Any, text: str, tag: str) -> None:
    meaning = read_after(read, "给王芳加标签 孕妈", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("tag")) == ("tag.add", 1, tag)


@pytest.mark.parametrize("text", ["再加个提醒", "再加个微信", "也给她打个电话", "再加点钱", "她说再加一个", "再加一个人", "再给他打个招呼", "也打个折", "再加个好友", "顺便给她加个价", "也给她加上", "再贴个标签"])
def test_something_else_to_be_added_is_no_tag(read: Any, text: str) -> None:
    assert not read_after(read, "给王芳加标签 孕妈", text).get("tag")


@pytest.mark.parametrize("text", ["换成周敏", "还是给周敏吧", "派错了 给周敏", "改派给周敏"])
def test_a_ticket_goes_to_somebody_else(read: Any, text: str) -> None:
    meaning = read(text, said="1790派给王磊", role="manager")
    assert (meaning.intent, meaning.get("ticket_no"), meaning.get("assignee")) == ("ticket.assign", "1790", "周敏")


@pytest.mark.parametrize("text", ["不给周敏", "不是给周敏", "换成下周三", "换一个", "换人", "给我看看", "给客户打电话", "换成紧急", "交给他了吗"])
def test_a_ticket_goes_to_nobody_by_chance(read: Any, text: str) -> None:
    assert read(text, said="1790派给王磊", role="manager").intent != "ticket.assign"


@pytest.mark.parametrize(("text", "field"), [("电话13800135577", "phone"), ("生日1990年3月7号", "birthday"), ("年收入50万", "annual_income")])
def test_what_is_still_to_be_said_of_a_new_client(read: Any, text: str, field: str) -> None:
    meaning = read_after(read, "新客户 王芳 女 45岁", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == ("client.update", 1, field)


@pytest.mark.parametrize(("text", "name"), [("再加一个 戚薇 31岁 护士", "戚薇"), ("再来一位 王强 13800001111", "王强"), ("还有一个客户 李响", "李响")])
def test_one_more_new_client(read: Any, text: str, name: str) -> None:
    meaning = read(text, said="新客户 傅明 13800138111")
    assert (meaning.intent, meaning.get("name")) == ("client.create", name)


@pytest.mark.parametrize("text", ["微信还没加", "地址待定", "再来一位服务员", "还有一位家属要来", "电话多少", "电话是啥", "再建一个提醒", "再加一个保单", "再来一条"])
def test_nothing_is_written_of_the_new_client_by_chance(read: Any, text: str) -> None:
    assert read_after(read, "新客户 王芳 女 45岁", text).intent not in {"client.update", "client.create"}


@pytest.mark.parametrize(("text", "intent", "field"), [
    ("没让你删 我想看看他的保单", "policy.lookup", None), ("我不是要删他，我是问他电话", "client.lookup", "phone"), ("别动 我要他的地址", "client.lookup", "address"), ("不是要删 我是要改他电话", "confirm.no", None),
])
def test_what_is_asked_for_after_a_denial(read: Any, text: str, intent: str, field: str | None) -> None:
    meaning = read(text, focus=True, pending="confirm", labels=("您是要移除 王芳 吗？",))
    assert (meaning.intent, meaning.get("field")) == (intent, field)


def test_a_denial_after_which_nothing_is_asked_orders_what_it_says(read: Any) -> None:
    assert read("别忘了 我要给她打电话", focus=True).intent == "reminder.create"


@pytest.mark.parametrize(("text", "content"), [("把给常乐打电话改成发微信", "发微信"), ("内容改成送资料", "送资料"), ("改成发微信", "发微信"), ("打电话改成上门", "上门")])
def test_a_reminder_just_set_is_put_in_other_words(read: Any, text: str, content: str) -> None:
    meaning = read(text, said="周五提醒我给常乐打电话")
    assert (meaning.intent, meaning.get("ref"), meaning.get("content")) == ("reminder.update", "last", content)


@pytest.mark.parametrize("text", ["电话改成13800001111", "打电话改成了吗", "把电话改成13800001111"])
def test_a_change_of_the_client_is_none_of_the_reminder(read: Any, text: str) -> None:
    assert read_after(read, "周五提醒我给王芳打电话", text).intent != "reminder.update"


@pytest.mark.parametrize("text", ["她老公呢", "那她老公呢", "孩子呢", "她家里人呢"])
def test_the_family_of_the_client_who_was_shown(read: Any, text: str) -> None:
    meaning = read_after(read, "查王芳", text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == ("client.lookup", 1, "family")


def test_a_field_of_a_relative_adds_nobody(read: Any) -> None:
    assert read("她老公生日", focus=True).intent != "client.family_add"


@pytest.mark.parametrize(("text", "member"), [("那王磊的呢", "王磊"), ("王磊呢", "王磊"), ("那李娜业绩呢", "李娜"), ("那大家呢", None)])
def test_the_figures_of_another_colleague(read: Any, text: str, member: str | None) -> None:
    meaning = read(text, said="赵倩7月业绩", role="manager")
    assert (meaning.intent, meaning.get("member")) == ("stats.team", member)


@pytest.mark.parametrize(("text", "field"), [("其中A类的呢", "tier"), ("那上海的呢", "city"), ("没买重疾的呢", "lacks_product"), ("女的呢", "gender")])
def test_other_people_of_the_list(read: Any, text: str, field: str) -> None:
    meaning = read(text, said="北京的客户", pending="list", list_kind="segment", choices=3)
    assert meaning.intent == "client.search"
    assert meaning.get("conditions")[0]["field"] == field


def test_the_same_field_of_another_product(read: Any) -> None:
    meaning = read_after(read, "王芳的医疗险保额", "那重疾的呢")
    assert (meaning.intent, meaning.get("product"), meaning.get("field")) == ("policy.lookup", "重疾险", "sum_insured")


@pytest.mark.parametrize(("said", "text", "intent"), [
    ("医疗险住院怎么报销", "那要准备哪些材料", "self.claim_howto"), ("想约我的经理见个面", "那就明天吧 早上", "self.appointment"), ("我贷款合同丢了", "能补一份电子的吗", "self.document"),
])
def test_what_a_customer_leaves_out(read: Any, said: str, text: str, intent: str) -> None:
    assert read(text, said=said, role="customer").intent == intent


@pytest.mark.parametrize("text", ["对，全转", "是的 转给陈静", "对 都给陈静"])
def test_yes_repeats_to_whom(read: Any, text: str) -> None:
    asked = "将李雷名下全部 37 位客户移交给陈静，确认？"
    assert read(text, pending="confirm", labels=(asked,)).intent == "confirm.yes"
    assert read("是的 转给李雷", pending="confirm", labels=(asked,)).intent != "confirm.yes"


@pytest.mark.parametrize("text", ["错了，是交给李娜", "不对 应该给李娜"])
def test_a_hand_over_that_waits_goes_to_another_colleague(read: Any, text: str) -> None:
    meaning = read(text, said="把李雷移交给周敏", pending="confirm", labels=("确认把李雷移交给周敏吗？",))
    assert (meaning.intent, meaning.get("client_id"), meaning.get("to")) == ("handover.create", 2, "李娜")


@pytest.mark.parametrize("text", ["江总发来语音，说贷款的事先放放", "五一放假前一天叫我把合同给李雷送去", "删错的客户还能不能捞回来"])
def test_what_is_told_or_asked_moves_and_takes_back_nothing(read: Any, text: str) -> None:
    assert read(text).intent not in {"reminder.postpone", "undo"}
