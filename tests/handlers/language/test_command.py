"""`python -m bot understand`: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from typing import Any

from handlers.language.command import RosterBook, amount_answers, answers, dialogue_of, time_answers

ROSTER = {"roster": {"clients": [{"id": "c1", "name": "王芳", "aliases": ["王姐"]}, {"id": "c2", "name": "孙丽华", "aliases": ["孙阿姨"]}, {"id": "c3", "name": "张伟", "aliases": ["张伟（深圳）"]},
                                  {"id": "c4", "name": "张伟", "aliases": []}]}}


def ask(text: str, **record: Any) -> dict[str, Any]:
    lines = [json.dumps(ROSTER), json.dumps({"id": "1", "role": "adviser", "now": "2026-06-17T12:10:00+08:00", "context": [], "text": text, **record})]
    (answer,) = answers(lines)
    found: dict[str, Any] = json.loads(answer)
    return found


def test_a_record_is_answered_with_intent_and_plain_slots() -> None:
    assert ask("后天上午十点跟王姐见面 别忘了提醒我") == {
        "id": "1", "intent": "reminder.create",
        "slots": {"client": "王姐", "client_id": "c1", "when": {"start": "2026-06-19T10:00", "grain": "minute"}, "content": "跟王姐见面"},
    }


def test_an_ambiguous_client_is_a_list_with_a_question() -> None:
    assert ask("查张伟")["slots"] == {"client": "张伟", "client_id": ["c3", "c4"], "clarify": "client"}


def test_an_alias_with_a_bracket_is_found() -> None:
    assert ask("查张伟（深圳）")["slots"]["client_id"] == "c3"


def test_earlier_turns_give_the_client_in_mind() -> None:
    found = ask("给他加个标签 重点跟进", context=["用户：查一下王芳", "助手：王芳，女，38岁"])
    assert (found["intent"], found["slots"]["client_id"], found["slots"]["tag"]) == ("tag.add", "c1", "重点跟进")


def test_earlier_turns_give_the_list_that_a_position_means() -> None:
    found = ask("给第一个写条祝福", context=["用户：这个月谁过生日", "助手：2 位：1. 孙丽华 3月8日 2. 王芳 3月15日"])
    assert (found["intent"], found["slots"]["client_id"], found["slots"]["occasion"]) == ("draft.message", "c2", "birthday")


def test_a_question_of_the_assistant_is_waiting_for_its_answer() -> None:
    book = RosterBook(ROSTER["roster"]["clients"])
    assert dialogue_of(["用户：删除王芳", "助手：确认删除「王芳」吗？"], book).pending == "confirm"
    assert dialogue_of(["用户：查张伟", "助手：有 2 位张伟：1. 张伟 138****0001 2. 张伟 139****0002 请选择"], book).choices == 2


def test_several_acts_are_parts() -> None:
    parts = ask("今天有什么安排 还有谁过生日")["slots"]["parts"]
    assert [p["intent"] for p in parts] == ["reminder.list", "birthday.list"]


def test_a_customer_has_no_book() -> None:
    assert ask("查一下王芳", role="customer")["intent"] == "none"


def test_finer_intents_go_by_the_names_of_the_shared_list() -> None:
    assert ask("今日待办")["intent"] == "reminder.list"
    assert ask("今日待办")["slots"]["range"] == {"start": "2026-06-17", "end": "2026-06-18", "grain": "day"}


def test_times_alone_are_answered_with_offsets_into_the_text() -> None:
    (line,) = time_answers([json.dumps({"id": "t", "text": "下周三下午３点到5点开会", "now": "2025-06-09T09:00:00"})])
    (entity,) = json.loads(line)["entities"]
    assert (entity["text"], entity["start"], entity["length"]) == ("下周三下午３点到5点", 0, 10)
    assert (entity["start_iso"], entity["end_iso"], entity["kind"]) == ("2025-06-18T15:00:00", "2025-06-18T17:00:00", "datetimerange")


def test_durations_deadlines_and_rules_have_their_own_kinds() -> None:
    def first(text: str) -> dict[str, Any]:
        (line,) = time_answers([json.dumps({"id": "t", "text": text, "now": "2025-06-09T09:00:00"})])
        found: dict[str, Any] = json.loads(line)["entities"][0]
        return found

    assert (first("两个半小时")["kind"], first("两个半小时")["duration"]) == ("duration", "PT2H30M")
    assert (first("周五前")["mod"], first("周五前")["start_iso"], first("周五前")["end_iso"]) == ("before", None, "2025-06-13T00:00:00")
    assert (first("每周一早上9点")["kind"], first("每周一早上9点")["recurrence"]) == ("set", "FREQ=WEEKLY;BYDAY=MO")


def test_amounts_alone_are_answered_in_yuan_percent_or_plain() -> None:
    (line,) = amount_answers([json.dumps({"id": "a", "text": "保额５０万，利率3.85%"})])
    assert [(e["text"], e["value"], e["unit"]) for e in json.loads(line)["entities"]] == [("５０万", 500000, "yuan"), ("3.85%", 3.85, "percent")]
