"""Turns that follow a change, a question or a list, and must not write what nobody ordered."""

from __future__ import annotations

import time
from typing import Any

import pytest

from handlers.language import ClientRef, after_a_change, answers, by_lines
from handlers.language.intents import delays, diary

TAGGED, CREATED = {"said": "给王芳打标签 高净值", "focus": True}, {"said": "新客户 王芳 女 45岁", "focus": True}
LINES = {"pending": "list", "list_kind": "reminders", "choices": 3}
PEOPLE = {"pending": "list", "list_kind": "clients", "choices": 3, "items": (ClientRef(2, "李雷"), ClientRef(9, "高兴"), ClientRef(3, "张敏"))}
DELETE, HAND_OVER = "确认删除张三？", "确认把李雷移交给周敏吗？"


@pytest.mark.parametrize("text", ["再给他打个招呼", "再给他打个折扣", "再加个好友", "也打个折", "顺便给她加个价", "再打个赌", "再给他打个圆场"])
def test_what_else_is_given_or_added_is_no_tag(read: Any, text: str) -> None:
    assert read(text, **TAGGED).intent != "tag.add"


@pytest.mark.parametrize(("text", "tag"), [("也给她加个高意向", "高意向"), ("再加个标签 爱钓鱼", "爱钓鱼"), ("再打个企业主", "企业主"), ("也给他加个爱钓鱼的标签", "爱钓鱼")])
def test_one_more_tag_that_is_known_or_named_as_one(read: Any, text: str, tag: str) -> None:
    meaning = read(text, **TAGGED)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("tag")) == ("tag.add", 1, tag)


@pytest.mark.parametrize("text", ["再来一位服务员", "还有一位家属要来", "还有一位没来", "再来一位老师", "还有一位朋友"])
def test_somebody_without_a_name_is_no_new_client(read: Any, text: str) -> None:
    assert read(text, **CREATED).intent != "client.create"


@pytest.mark.parametrize("text", ["微信还没加", "地址待定", "地址不详", "邮箱还没问", "微信晚点给", "地址之后再补", "职业保密", "地址也没变"])
def test_that_there_is_no_value_yet_is_no_value(read: Any, text: str) -> None:
    assert read(text, **CREATED).intent != "client.update"


@pytest.mark.parametrize(("text", "value"), [("地址无锡滨湖区", "无锡滨湖区"), ("微信 abc123", "abc123"), ("地址通州梨园", "通州梨园")])
def test_a_value_of_the_new_client_is_kept(read: Any, text: str, value: str) -> None:
    assert read(text, **CREATED).get("value") == value


@pytest.mark.parametrize("text", ["都贴了春联", "都贴过福字", "这几个都贴了春联", "全都打上了春联"])
def test_what_is_told_of_all_is_no_order_for_all(read: Any, text: str) -> None:
    assert read(text, **PEOPLE).intent not in {"tag.add", "tier.set"}


@pytest.mark.parametrize("text", ["看过了", "名字对的", "按新的来", "移交", "保存", "改", "关了", "查一下", "名字没错", "核对过了", "处理吧"])
def test_what_answers_another_question_is_no_yes(read: Any, text: str) -> None:
    assert read(text, pending="confirm", labels=(DELETE,)).intent != "confirm.yes"


@pytest.mark.parametrize("asked", [DELETE, HAND_OVER, "删除后 30 天内可恢复。确定删除客户 罗永浩 吗？"])
@pytest.mark.parametrize("text", ["恢复", "恢复吧"])
def test_to_bring_back_is_no_yes_where_nothing_is_brought_back(read: Any, text: str, asked: str) -> None:
    assert read(text, pending="confirm", labels=(asked,)).intent in {"undo", "confirm.no"}


@pytest.mark.parametrize(("text", "asked"), [
    ("删", DELETE), ("删了吧", DELETE), ("执行", DELETE), ("办吧", DELETE), ("嗯 保存", DELETE), ("移交吧", HAND_OVER), ("转给他吧", HAND_OVER), ("恢复吧", "确认恢复客户李雷吗？"), ("并了吧", "确认把 王芳 并入 王芳芳 吗？"),
    ("信息没错", "请核对新客户：姓名 赵六。确认保存吗？"), ("名字对的", "请核对新客户：姓名 赵六。确认保存吗？"), ("按新的来", "将郭涛的电话由 1 改为 2，确认？"), ("改吧", "将王芳从 B 类调整为 A 类，确认吗？"), ("交吧", "确认把胡军移交给陈静吗？"),
    ("就这么删", DELETE), ("存好", "确认保存吗？"), ("改成", "将郭涛的电话改成 2？"),
])
def test_the_act_that_is_asked_about_is_a_yes(read: Any, text: str, asked: str) -> None:
    assert read(text, pending="confirm", labels=(asked,)).intent == "confirm.yes"


@pytest.mark.parametrize("text", ["提交", "保存吧", "录入"])
def test_a_draft_is_saved_by_the_verb_alone(read: Any, text: str) -> None:
    assert read(text, pending="form", form="client.create").intent == "confirm.yes"


@pytest.mark.parametrize("text", ["不给李娜", "不是给李娜", "哦不是给李娜", "不派给李娜", "不应该给李娜"])
def test_who_is_not_meant_gets_no_ticket(read: Any, text: str) -> None:
    assert read(text, said="1024派给王磊", role="manager").intent != "ticket.assign"


@pytest.mark.parametrize("text", ["哦 给李娜", "不对 给李娜", "不是，是给李娜"])
def test_who_is_meant_instead_gets_the_ticket(read: Any, text: str) -> None:
    meaning = read(text, said="1024派给王磊", role="manager")
    assert (meaning.intent, meaning.get("ticket_no"), meaning.get("assignee")) == ("ticket.assign", "1024", "李娜")


@pytest.mark.parametrize(("text", "to"), [("不是给李娜", None), ("不是交给李娜", None), ("哦 给李娜", "李娜"), ("不是，给李娜", "李娜")])
def test_the_hand_over_goes_to_whom_is_meant_alone(read: Any, text: str, to: str | None) -> None:
    assert read(text, said="把李雷移交给周敏", pending="confirm", labels=(HAND_OVER,)).get("to") == to


@pytest.mark.parametrize(("text", "number"), [
    ("1 做完了 2 没做完", 1), ("1 做完了，2 没做完", 1), ("1做完了 2还没做", 1), ("1 完成 2 没完成", 1), ("1 没做完 2 做完了", 2), ("1 没办 2 办好了", 2),
])
def test_only_the_lines_that_are_done_are_completed(read: Any, text: str, number: int) -> None:
    meaning = read(text, **LINES)
    assert not meaning.parts
    assert meaning.intent in {"reminder.complete", "item.done"}
    assert (meaning.get("indexes"), meaning.get("content")) == ([number], None)


def test_only_the_line_that_is_to_go_is_dropped(read: Any) -> None:
    meaning = read("1 不用删 2 删掉", **LINES)
    assert (meaning.intent, meaning.get("indexes"), meaning.parts) == ("reminder.cancel", [2], ())


@pytest.mark.parametrize("text", [
    "除了2都没做完", "2没做完", "都没做完", "1 3没做完", "除了2都不用取消", "除了2都别取消", "二三都不要删", "二三都别删", "2不要删", "第二个不要取消", "除了2都不推到明天", "1 没做完 2 没做完",
])
def test_lines_that_are_to_stay_are_left_alone(read: Any, text: str) -> None:
    assert read(text, **LINES).intent == "none"


@pytest.mark.parametrize("text", ["两个都发了", "5 4 3都跑了", "十条都回了", "三个都打了", "两个都办完了"])
def test_a_count_is_no_line_where_none_were_shown(read: Any, text: str) -> None:
    assert read(text).intent not in {"reminder.complete", "item.done"}


@pytest.mark.parametrize("text", ["换到后天吧 时间不变", "后天吧 时间不变"])
@pytest.mark.parametrize("said", ["提醒我下午三点接丁总", "提醒我明天下午三点接丁总"])
def test_the_hour_is_kept_whatever_day_was_said(read: Any, text: str, said: str) -> None:
    meaning = read(text, said=said)
    assert (meaning.intent, meaning.get("to").start) == ("reminder.postpone", "2025-06-11T15:00")


@pytest.mark.parametrize("text", ["再过三天通知我", "再过十分钟叫我"])
def test_nothing_rings_again_that_has_not_rung(read: Any, text: str) -> None:
    meaning = read(text, said="你好")
    assert (meaning.intent, meaning.get("rung")) == ("reminder.create", None)


@pytest.mark.parametrize("dialogue", [LINES, {"pending": "list", "list_kind": "reminder.list", "choices": 1}])
def test_a_line_that_lies_is_put_off_and_its_time_asked_for(read: Any, dialogue: dict[str, Any]) -> None:
    meaning = read("1 先放放", **dialogue)
    assert (meaning.intent, meaning.get("indexes"), meaning.clarify) == ("reminder.postpone", [1], "when")


@pytest.mark.parametrize("text", ["不用喊我吃饭了", "别喊我老王了", "不用叫我老师了", "不用喊我名字了", "不用叫我起床了"])
def test_who_is_called_otherwise_drops_no_reminder(read: Any, text: str) -> None:
    assert read(text).intent != "reminder.cancel"


@pytest.mark.parametrize("text", ["不用喊我去外访了", "不用提醒我开会了"])
def test_who_needs_no_more_reminding_drops_it(read: Any, text: str) -> None:
    assert read(text).intent == "reminder.cancel"


@pytest.mark.parametrize(("text", "delay"), [("推迟一小时", "PT1H"), ("提前两天", "-P2D"), ("过十分钟再叫我", None)])
def test_a_delay_that_is_ordered(text: str, delay: str | None) -> None:
    found = delays.delay_said(text)
    assert (found[0] if found else None) == delay


@pytest.mark.parametrize("text", ["2 稍后 1小时", "2 晚点 再过1小时", "2 晚点 过1小时再说"])
def test_a_delay_alone(text: str) -> None:
    found = delays.bare_delay(text)
    assert found is not None
    assert found[0] == "PT1H"


@pytest.mark.parametrize("piece", ["都还没", "除了2和", "1 ", "不是 ", "再也", "还没", "上一个", "不要再", "1", "十", "两个1 "])
def test_no_turn_takes_long_to_be_refused(piece: str) -> None:
    text = (piece * 60)[:160] + "龘"
    patterns = [by_lines._LEFT, by_lines._ALL_LEFT, by_lines._COUNTED, after_a_change._NO_VALUE, after_a_change._GIVES_INSTEAD, after_a_change._TAG_TOO, diary._NO_MORE_CALLS]
    for pattern in patterns:
        pattern.match(text)
    begun = time.perf_counter()
    for pattern in patterns:
        pattern.match(text)
    answers.repeats(text[:answers.LONGEST], (DELETE,))
    assert time.perf_counter() - begun < 0.05
