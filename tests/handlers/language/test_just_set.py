"""What is said of the reminder that was just set or has just rung, and of several lines of a list at once."""

from __future__ import annotations

from typing import Any

import pytest

SET = {"said": "18号提醒我给梁静送结清证明"}
RINGS = {"list_kind": "reminder.list"}


@pytest.mark.parametrize("text", [
    "发错日期了 应该是20号 同一条", "日期错了 是20号", "是20号不是18号", "不是18号 是20号", "我说错了 20号", "换个日子 20号吧", "改到20号", "挪到20号", "还是20号吧", "那就20号吧", "定在20号吧", "日子不对 该是20号",
    "写错了 是20号才对", "刚才那个改成20号", "刚刚那条日期不对 应该是20号", "提醒时间改一下 20号", "往后推到20号", "20号 我刚说错了", "哦不 20号",
])
@pytest.mark.parametrize("pending", ["none", "list"])
def test_a_reminder_just_set_was_meant_for_another_day(read: Any, text: str, pending: str) -> None:
    meaning = read(text, pending=pending, choices=3 if pending == "list" else 0, list_kind="brief" if pending == "list" else "", **SET)
    assert (meaning.intent, meaning.get("ref")) == ("reminder.postpone", "last")
    assert meaning.get("to").start == "2025-06-20"


@pytest.mark.parametrize("text", ["刚定的那个提醒时间不对 应该是明天早上八点", "不对 明早八点", "早点 明早八点吧", "我说的是明早八点", "听错了吧 我说明早八点", "明早八点吧 九点来不及"])
def test_a_reminder_just_set_was_meant_for_another_hour(read: Any, text: str) -> None:
    meaning = read(text, said="提醒我明早九点接丁总")
    assert (meaning.intent, meaning.get("to").start) == ("reminder.postpone", "2025-06-10T08:00")


@pytest.mark.parametrize("text", [
    "20号有什么安排", "20号谁过生日", "20号提醒我开会", "还有20号呢", "20号吗", "是20号吗", "不是20号吧", "20号是周几", "我20号不在", "改成20号了吗", "另外20号提醒我拜访李雷",
])
def test_another_day_in_other_words_moves_nothing(read: Any, text: str) -> None:
    assert read(text, **SET).intent not in {"reminder.postpone", "reminder.update"}


@pytest.mark.parametrize("text", ["应该是20号", "换个日子 20号吧", "20号吧"])
def test_nothing_is_moved_where_nothing_was_set(read: Any, text: str) -> None:
    assert read(text, said="李雷电话").intent != "reminder.postpone"


@pytest.mark.parametrize(("text", "delay"), [
    ("先别响 过十分钟再叫我", "PT10M"), ("再过半个钟先提我", "PT30M"), ("晚点再讲 两个钟头后再叫我", "PT2H"), ("现在没空 半小时后再提醒我", "PT30M"), ("一小时以后再弹", "PT1H"), ("再过一刻钟喊我", "PT15M"),
    ("知道了 十分钟后再叫一次", "PT10M"), ("一个半小时后再响", "PT90M"), ("停一停 一个钟之后再提我", "PT1H"),
])
@pytest.mark.parametrize("dialogue", [RINGS, {}])
def test_what_has_rung_rings_again(read: Any, text: str, delay: str, dialogue: dict[str, Any]) -> None:
    meaning = read(text, **dialogue)
    assert (meaning.intent, meaning.get("ref"), meaning.get("delay"), meaning.get("to")) == ("reminder.postpone", "last", delay, None)


@pytest.mark.parametrize("text", ["半小时后再说", "等十分钟", "过15分钟再弄"])
def test_what_is_shown_alone_is_put_off_by_fewer_words(read: Any, text: str) -> None:
    assert read(text, **RINGS).intent == "reminder.postpone"


@pytest.mark.parametrize("text", ["过十分钟再叫我给李雷打电话", "十分钟后提醒我开会", "半小时后李雷来", "三点再打给李雷"])
def test_something_else_to_be_reminded_of_puts_nothing_off(read: Any, text: str) -> None:
    assert read(text, **RINGS).intent != "reminder.postpone"


@pytest.mark.parametrize("text", ["刚设的那个提醒不要了哈", "刚才设的提醒作废", "刚建的提醒删掉", "撤掉刚设的提醒", "上一个提醒删了", "刚定的那个提醒取消"])
def test_a_reminder_just_set_is_dropped(read: Any, text: str) -> None:
    meaning = read(text, **SET)
    assert (meaning.intent, meaning.get("ref")) == ("reminder.cancel", "last")


@pytest.mark.parametrize("text", ["下午三点吧", "三点", "9点半", "晚上七点", "15:30", "就十点"])
def test_an_hour_answers_when(read: Any, text: str) -> None:
    assert read(text, pending="text", labels=("明天几点提醒您？",), list_kind="reminder.list").intent == "clarify.answer"


LIST = {"pending": "list", "list_kind": "reminders", "choices": 5}


@pytest.mark.parametrize(("text", "intents", "numbers"), [
    ("第二个和第五个整完了", {"reminder.complete", "item.done"}, [2, 5]), ("二五完事了", {"reminder.complete", "item.done"}, [2, 5]), ("头俩都完事儿了", {"reminder.complete"}, [1, 2]),
    ("第1跟第4条 唔要", {"reminder.cancel", "item.dismiss"}, [1, 4]), ("第一第四删掉", {"reminder.cancel", "item.dismiss"}, [1, 4]), ("一四不要", {"reminder.cancel", "item.dismiss"}, [1, 4]),
    ("倒数第二条删了", {"reminder.cancel"}, [4]), ("第二个放明天", {"reminder.postpone", "item.snooze"}, [2]),
])
def test_lines_are_named_in_many_ways(read: Any, text: str, intents: set[str], numbers: list[int]) -> None:
    meaning = read(text, **LIST)
    assert meaning.intent in intents
    assert meaning.get("indexes") == numbers


@pytest.mark.parametrize(("text", "intents"), [
    ("2号做完了 1号没人接 推到下周一", ("item.done", "reminder.postpone")), ("1 完成了，2 取消", ("reminder.complete", "reminder.cancel")), ("第一个打了 第二个明天再弄", ("item.done", "item.snooze")),
    ("2先放放 1弄好了", ("reminder.postpone", "item.done")), ("1 2 4 完成 3 推到明天", ("reminder.complete", "item.snooze")), ("第一个联系了 说再想想 第二个没打通 周五再打", ("item.done", "item.done")),
])
def test_each_line_has_its_own_act(read: Any, text: str, intents: tuple[str, ...]) -> None:
    meaning = read(text, **LIST)
    assert tuple(part.intent for part in meaning.parts) == intents


@pytest.mark.parametrize("text", ["1 已联系 他有 2 套房", "1 没接 3号再打", "1 聊了 孩子 3 岁", "1 打过了 3 天后再说"])
def test_a_number_within_a_report_is_no_line(read: Any, text: str) -> None:
    assert not read(text, **LIST).parts


@pytest.mark.parametrize("text", ["除了2都没做完", "除了2都不用取消", "二三都不要删"])
def test_what_is_not_done_and_not_to_be_dropped_stays(read: Any, text: str) -> None:
    assert read(text, **LIST).intent not in {"reminder.complete", "reminder.cancel", "item.done", "item.dismiss"}


def test_only_the_line_that_is_done_is_completed(read: Any) -> None:
    meaning = read("1 做完了 2 没做完", **LIST)
    assert not meaning.parts
    assert (meaning.get("index"), meaning.get("indexes", [1])) == (1, [1])


@pytest.mark.parametrize("text", ["不用喊我吃饭了", "别喊我老王了", "不用叫我老师了"])
def test_how_somebody_is_called_drops_no_reminder(read: Any, text: str) -> None:
    assert read(text).intent != "reminder.cancel"


@pytest.mark.parametrize(("text", "numbers"), [("除了2都做完了", [1, 3, 4, 5]), ("除了1和3都取消", [2, 4, 5]), ("除了第2条都推到明天", [1, 3, 4, 5])])
def test_all_but_some_lines_are_asked_about_first(read: Any, text: str, numbers: list[int]) -> None:
    meaning = read(text, **LIST)
    assert (meaning.get("indexes"), meaning.get("scope")) == (numbers, "all")


def test_a_line_named_by_its_words_is_not_the_last_one(read: Any) -> None:
    meaning = read("把交周报那条删了", **LIST)
    assert (meaning.intent, meaning.get("ref"), meaning.get("content")) == ("reminder.cancel", None, "交周报")
    assert read("那条删了", **LIST).get("ref") == "last"
