"""Answers to what the bot waits for."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language import ClientRef

FORM = {"pending": "form", "form": "client.create"}


@pytest.mark.parametrize(("text", "index"), [("2", 2), ("第二个", 2), ("②", 2), ("２", 2), ("选2", 2), ("2号", 2), ("就第三个吧", 3), ("最后一个", 3), ("上面那个", 1)])
def test_a_choice_is_answered_by_position(read: Any, text: str, index: int) -> None:
    meaning = read(text, pending="choice", choices=3)
    assert (meaning.intent, meaning.get("index")) == ("clarify.answer", index)


def test_a_choice_is_answered_by_phone_tail_or_name(read: Any) -> None:
    assert read("尾号8888的那个", pending="choice", choices=2).get("phone_tail") == "8888"
    assert read("李雷", pending="choice", choices=2).get("client_id") == 2


def test_another_command_during_a_choice_is_not_taken_for_the_answer(read: Any) -> None:
    assert read("查李雷", pending="choice", choices=2).intent == "client.lookup"


OFFERED = {"pending": "choice", "choices": 2, "labels": ("138****0018 大众", "138****0082 大众"), "items": (ClientRef(91, "汪敏"), ClientRef(92, "汪敏"))}


@pytest.mark.parametrize("text", [
    "记 李雷 今天电话聊了重疾，2点再约", "李雷 生日 1986-02-03", "李雷 手机 13900000082", "续保清单 2天", "李雷 已续 保费5200", "记 李雷 今天聊到2万保费",
])
def test_a_digit_in_a_sentence_about_something_else_is_no_choice(read: Any, text: str) -> None:
    assert read(text, **OFFERED).intent != "clarify.answer"


LINES = {"pending": "choice", "choices": 3, "labels": ("张伟（深圳） 男 35岁 138****0007", "张伟（南山，建行） 男 52岁 139****0008", "张炜 女 41岁 137****0009")}


@pytest.mark.parametrize(("text", "index"), [
    ("建行那个", 2), ("深圳的", 1), ("我说的是南山的那位", 2), ("女的那个", 3), ("火字旁那个", 3), ("年纪大的那个", 2), ("年轻的", 1), ("第二个 谢谢", 2), ("嗯那就第三位吧", 3),
    ("中间那个", 2), ("倒数第二个", 2), ("就是最后一位", 3), ("最上面的", 1), ("要2", 2), ("编号3", 3),
])
def test_a_choice_is_answered_by_what_was_shown(read: Any, text: str, index: int) -> None:
    meaning = read(text, **LINES)
    assert (meaning.intent, meaning.get("index")) == ("clarify.answer", index)


@pytest.mark.parametrize(("text", "index"), [("太阳的阳", 2), ("海洋的洋", 1), ("三点水的", 1), ("刘阳那个阳，太阳的阳", 2)])
def test_a_choice_between_names_is_answered_by_a_character(read: Any, text: str, index: int) -> None:
    assert read(text, pending="choice", choices=2, labels=("刘洋", "刘阳")).get("index") == index


@pytest.mark.parametrize("text", [
    "嗯嗯对 就这么改", "可以 提交吧", "没错，存吧", "要得", "冇问题", "OK的", "对对对 赶紧改", "就按这个来", "好嘞", "是他，改吧", "行 办吧", "没毛病 发", "yes please", "嗯 好",
])
def test_yes_in_more_words(read: Any, text: str) -> None:
    assert read(text, pending="confirm").intent == "confirm.yes"


@pytest.mark.parametrize("text", [
    "别改了", "谁说要改了", "算了算了 我自己找", "先放着吧 不查了", "不是这个人", "暂时不用", "等下 我再看看", "唔使喇", "都不是", "没让你改", "还是先别提交", "点错了", "不对不对", "再想想吧", "不要发",
])
def test_no_in_more_words(read: Any, text: str) -> None:
    assert read(text, pending="confirm").intent == "confirm.no"
    assert read(text, pending="choice", choices=2).intent == "clarify.cancel"


@pytest.mark.parametrize("text", ["不对，是13900000009", "不是王芳是李雷", "好的客户有哪些", "是不是改错了", "可以改成13900000009吗"])
def test_more_than_a_yes_or_no_is_neither(read: Any, text: str) -> None:
    assert read(text, pending="confirm").intent not in {"confirm.yes", "confirm.no"}


@pytest.mark.parametrize("text", [
    "刚才那个撤了", "手滑点错了 撤回刚才那步", "哎呀记错人了 上一条不算", "撤销上一步", "改回来", "刚刚弄错了，恢复一下", "刚才的不算数", "undo", "能撤回吗", "前一步取消", "删错了，还原",
])
def test_taking_back_in_many_words(read: Any, text: str) -> None:
    assert read(text).intent == "undo"


@pytest.mark.parametrize("text", ["取消刚才的提醒", "怎么撤销", "王芳撤回了营销授权", "刚才那个移交撤了", "刚才电话里她说不算了，记一下"])
def test_taking_back_something_else_is_no_undo(read: Any, text: str) -> None:
    assert read(text).intent != "undo"


@pytest.mark.parametrize("text", ["下一页", "还有呢", "剩下的看看", "翻下一页", "往后翻", "再来十个", "后面的给我看看", "还有没有了", "继续", "其他的呢"])
def test_a_list_goes_on(read: Any, text: str) -> None:
    assert read(text, pending="list", list_kind="search", choices=5).intent == "page.next"


def test_a_name_answers_whom(read: Any) -> None:
    meaning = read("我说的是李雷", pending="text")
    assert (meaning.intent, meaning.get("client_id")) == ("clarify.answer", 2)


@pytest.mark.parametrize("text", ["确认", "好的", "可以", "是的", "OK", "就这样吧", "没问题", "确认保存"])
def test_yes_in_many_words(read: Any, text: str) -> None:
    assert read(text, pending="confirm").intent == "confirm.yes"
    assert read(text, **FORM).intent == "confirm.yes"


@pytest.mark.parametrize("text", ["取消", "不对", "算了", "先不", "不要了"])
def test_no_in_many_words(read: Any, text: str) -> None:
    assert read(text, pending="confirm").intent == "confirm.no"
    assert read(text, pending="choice", choices=2).intent == "clarify.cancel"


@pytest.mark.parametrize(("text", "field", "value"), [
    ("身份证改成110105199003071239", "id_number", "110105199003071239"),
    ("手机是13900000009", "phone", "13900000009"),
    ("电话不对，应该是13900000000", "phone", "13900000000"),
    ("职业写错了，是银行职员", "occupation", "银行职员"),
    ("姓名改成李强强", "name", "李强强"),
    ("生日1990年3月7日", "birthday", "1990-03-07"),
    ("月收入3万", "monthly_income", 30000),
])
def test_an_open_form_is_corrected(read: Any, text: str, field: str, value: object) -> None:
    meaning = read(text, **FORM)
    assert (meaning.intent, meaning.get("field"), meaning.get("value")) == ("form.correct", field, value)
    assert meaning.get("fields")[field] == value


def test_several_fields_for_the_open_form_come_together(read: Any) -> None:
    meaning = read("月收入3万，已婚", **FORM)
    assert (meaning.intent, meaning.get("fields")) == ("form.answer", {"monthly_income": 30000, "marital_status": "已婚"})


def test_the_same_correction_without_a_form_changes_the_client_in_mind(read: Any) -> None:
    meaning = read("手机号改成13900000009", focus=True)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("value")) == ("client.update", 1, "13900000009")


def test_a_number_under_a_list_names_its_client(read: Any) -> None:
    items = (ClientRef(1, "王芳"), ClientRef(2, "李雷"))
    assert read("2", pending="list", list_kind="birthdays", choices=2, items=items).get("client_id") == 2
    draft = read("给第一个写条祝福", pending="list", list_kind="birthdays", choices=2, items=items)
    assert (draft.intent, draft.get("client_id"), draft.get("occasion")) == ("draft.message", 1, "birthday")


def test_a_bare_number_means_nothing_when_nothing_was_asked(read: Any) -> None:
    assert read("2").intent == "none"


def test_free_text_answers_an_open_question(read: Any) -> None:
    meaning = read("下雨天不太方便出门", pending="text")
    assert (meaning.intent, meaning.get("text")) == ("clarify.answer", "下雨天不太方便出门")


CONTRACT = {"pending": "form", "form": "contract.add", "focus": True}


@pytest.mark.parametrize(("text", "intent", "client_id"), [
    ("张敏 电话改成13900000009", "client.update", 3), ("李雷 加贷款 经营贷 50万", "loan.add", 2), ("查客户 王芳", "client.lookup", 1),
    ("给张敏打标签 高净值", "tag.add", 3), ("张敏 已缴", "premium.paid", 3), ("王芳 电话改成13900000009", "client.update", 1),
])
def test_a_command_for_a_client_passes_an_open_form_by(read: Any, text: str, intent: str, client_id: int) -> None:
    meaning = read(text, **CONTRACT)
    assert (meaning.intent, meaning.get("client_id")) == (intent, client_id)


@pytest.mark.parametrize("text", ["张敏 沟通忌讳 早上不打电话", "张敏 沟通忌讳 早上不打电话，下午再打"])
def test_no_command_with_another_name_in_front_fills_the_open_form(read: Any, text: str) -> None:
    meaning = read(text, **CONTRACT)
    assert meaning.intent not in {"form.correct", "form.answer"}
    assert meaning.get("client_id") == 3


@pytest.mark.parametrize("text", ["刘洋 生日什么时候", "刘洋的手机号", "刘洋 手机号", "刘洋是谁介绍的"])
def test_a_question_about_another_client_fills_no_form(read: Any, text: str) -> None:
    meaning = read(text, **FORM, subject="王大海")
    assert (meaning.intent, meaning.get("client_id")) == ("client.lookup", 7)


@pytest.mark.parametrize("text", ["手机号是多少", "他的生日是哪天", "生日什么时候"])
def test_a_question_is_no_value_of_the_form(read: Any, text: str) -> None:
    assert not read(text, **FORM, subject="王大海").get("fields")


@pytest.mark.parametrize("text", ["身份证改成110105199003071239", "手机 13900000009", "2万", "保费 2万"])
def test_corrections_and_bare_values_still_go_to_the_open_form(read: Any, text: str) -> None:
    assert read(text, **CONTRACT).intent in {"form.correct", "form.answer"}


def test_the_client_of_the_form_may_be_named_in_a_correction(read: Any) -> None:
    assert read("王芳 电话改成13900000009", subject="王芳", **FORM).intent == "form.correct"


def test_a_field_of_another_client_does_not_go_into_the_form(read: Any) -> None:
    """Also when that client is the one in mind: the draft is of somebody new."""
    said = read("王芳 邮箱 a@b.com", focus=True, subject="赵强", **FORM)
    assert (said.intent, said.get("client_id")) == ("client.update", 1)


@pytest.mark.parametrize(("text", "delay"), [("1 稍后 1小时", "PT1H"), ("2 稍后 3天", "P3D"), ("1 晚点 半小时", "PT30M")])
def test_an_item_is_put_off_by_a_bare_length_of_time(read: Any, text: str, delay: str) -> None:
    meaning = read(text, pending="list", list_kind="brief", choices=3)
    assert (meaning.intent, meaning.get("delay"), meaning.get("to")) == ("item.snooze", delay, None)


@pytest.mark.parametrize(("text", "intent"), [("对，就改成A", "confirm.yes"), ("嗯 调到A类", "confirm.yes"), ("对，改成C", None), ("是李雷", None)])
def test_a_yes_that_repeats_what_was_asked_is_a_yes_and_another_value_is_not(read: Any, text: str, intent: str | None) -> None:
    found = read(text, pending="confirm", labels=("将王芳从 B 类调整为 A 类，确认吗？",)).intent
    assert found == intent if intent else found != "confirm.yes"


ROWS = (ClientRef(2, "李雷"), ClientRef(9, "高兴"), ClientRef(3, "张敏"))


@pytest.mark.parametrize(("text", "intent"), [
    ("看看第二位的保单", "policy.lookup"), ("第二个升B", "tier.set"), ("第二个的电话", "client.lookup"), ("给第二个打电话提醒，明天上午十点", "reminder.create"),
])
def test_a_line_of_a_list_stands_for_its_client(read: Any, text: str, intent: str) -> None:
    meaning = read(text, pending="list", choices=3, list_kind="clients", items=ROWS)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("index")) == (intent, 9, 2)


def test_a_line_of_the_brief_is_a_thing_to_do(read: Any) -> None:
    meaning = read("第二个推到明天", pending="list", choices=3, list_kind="brief", items=ROWS)
    assert meaning.get("client_id") is None


@pytest.mark.parametrize(("text", "intent"), [("后面的呢", "page.next"), ("后面那个", "clarify.answer"), ("三个里的第二个", "clarify.answer")])
def test_the_rest_of_a_list_or_one_of_it(read: Any, text: str, intent: str) -> None:
    assert read(text, pending="list", choices=3, list_kind="clients", items=ROWS).intent == intent


@pytest.mark.parametrize(("before", "text", "intent", "field"), [
    ("李雷电话", "那白雪的", "client.lookup", "phone"), ("李雷住哪", "白雪呢", "client.lookup", "address"), ("李雷的保单什么时候到期", "那白雪的呢", "policy.lookup", "due_date"),
    ("李雷电话", "搞错了，不是他，是白雪", "client.lookup", "phone"),
])
def test_the_question_before_is_asked_of_somebody_else(read: Any, before: str, text: str, intent: str, field: str) -> None:
    meaning = read(text, said=before)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("field")) == (intent, 17, field)


def test_an_order_that_waits_for_a_yes_is_given_for_somebody_else(read: Any) -> None:
    meaning = read("搞错了 不是他 是白雪", said="删除客户李雷", pending="confirm", labels=("确定删除客户 李雷 吗？",))
    assert (meaning.intent, meaning.get("client_id")) == ("client.delete", 17)


@pytest.mark.parametrize("text", ["那白雪呢", "不是他，是白雪"])
def test_a_change_that_was_made_is_not_made_again_for_somebody_else(read: Any, text: str) -> None:
    assert read(text, said="李雷升A").intent != "tier.set"


@pytest.mark.parametrize("text", ["周一", "就周一吧", "是周一"])
def test_a_day_that_is_a_name_answers_who_is_meant(read: Any, text: str) -> None:
    meaning = read(text, pending="text")
    assert (meaning.intent, meaning.get("client_id")) == ("clarify.answer", 11)


@pytest.mark.parametrize("text", ["取消合并", "别别别，两个人", "还是A吧别动了"])
def test_no_to_a_question_that_is_named(read: Any, text: str) -> None:
    assert read(text, pending="confirm", labels=("确认合并吗",)).intent == "confirm.no"


def test_the_old_number_comes_back(read: Any) -> None:
    assert read("恢复原号码", focus=True).intent == "undo"


def test_the_client_in_mind_goes_to_a_tier_by_its_letter(read: Any) -> None:
    meaning = read("升A", focus=True)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("tier")) == ("tier.set", 1, "A")


@pytest.mark.parametrize("text", ["啊？我没说三点啊 我是说五点", "不对，应该是五点"])
def test_the_reminder_just_set_was_meant_for_another_hour(read: Any, text: str) -> None:
    meaning = read(text, list_kind="reminder.list")
    assert (meaning.intent, meaning.get("to").start) == ("reminder.postpone", "2025-06-09T17:00")


@pytest.mark.parametrize(("text", "intent", "client_id"), [
    ("删掉白雪……手滑了 是查一下白雪", "client.lookup", 17), ("查王芳的电话 不对 查李雷的邮箱", "client.lookup", 2),
])
def test_only_what_is_said_after_a_slip_is_meant(read: Any, text: str, intent: str, client_id: int) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client_id")) == (intent, client_id)


def test_whether_the_one_in_mind_has_a_product(read: Any) -> None:
    meaning = read("有没有重疾险", focus=True)
    assert (meaning.intent, meaning.get("client_id")) == ("policy.lookup", 1)


@pytest.mark.parametrize(("text", "pending", "intent"), [("先不降", "confirm", "confirm.no"), ("哦不，降错了", "confirm", "confirm.no"), ("俩都不改", "choice", "clarify.cancel"), ("刚那条别记了", "none", "undo")])
def test_no_with_the_verb_of_the_question(read: Any, text: str, pending: str, intent: str) -> None:
    assert read(text, pending=pending, choices=2 if pending == "choice" else 0).intent == intent


@pytest.mark.parametrize(("text", "intent"), [("改成B", "tier.set"), ("改回A", "tier.set"), ("车险啥时候到期", "policy.lookup"), ("写个跟进 今天寄了样本", "note.add")])
def test_short_orders_are_for_the_client_in_mind(read: Any, text: str, intent: str) -> None:
    meaning = read(text, focus=True)
    assert (meaning.intent, meaning.get("client_id")) == (intent, 1)


def test_a_bare_number_before_an_order_is_a_line_of_the_list(read: Any) -> None:
    meaning = read("3 打标签 高净值", pending="list", choices=3, list_kind="clients", items=ROWS)
    assert (meaning.intent, meaning.get("client_id")) == ("tag.add", 3)


def test_somebody_else_was_meant_and_it_is_taken_back(read: Any) -> None:
    assert read("不是胡总！撤").intent == "undo"
    assert read("王芳不是我的客户 删掉").intent == "client.delete"
