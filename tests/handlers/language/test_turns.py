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
