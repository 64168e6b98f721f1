"""A time that is taken back in the same breath is not the one that is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.language.conftest import Reader, plain


@pytest.mark.parametrize(("said", "when"), [
    ("给王芳约周五下午3点签字 不对周五上午10点", "2025-06-13T10:00"),
    ("明天下午3点提醒我给王芳打电话，不对，4点", "2025-06-10T16:00"),
    ("明天下午3点提醒我给王芳打电话，说错了，后天", "2025-06-11T15:00"),
    ("提醒我周三，哦不，周四上午9点给王芳打电话", "2025-06-12T09:00"),
    ("提醒我周五给王芳打电话，不是周六", "2025-06-13"),
])  # fmt: skip
def test_the_time_that_is_meant_is_set(read: Reader, said: str, when: str):
    meaning = read(said)
    assert (meaning.intent, meaning.get("client_id"), plain(meaning.get("when"))) == ("reminder.create", 1, when)
    assert "不对" not in str(meaning.get("content"))
    assert "不是" not in str(meaning.get("content"))


def test_a_note_keeps_the_words_as_they_were_meant(read: Reader):
    meaning = read("约了王芳周六来 哦不周日")
    assert (meaning.intent, meaning.get("content"), plain(meaning.get("next"))) == ("note.add", "约了王芳周日来", "2025-06-15")


@pytest.mark.parametrize("said", ["给王芳约周五下午3点签字 不对周五上午10点", "明天下午3点提醒我，说错了，後天", "周六 哦不周日 王芳生日"])
def test_spans_still_lie_within_what_was_typed(read: Reader, said: str):
    assert all(0 <= span.start < span.end <= len(said) for span in read(said).spans)


@pytest.mark.parametrize(("said", "slots"), [
    ("周五到周日提醒我给王芳打电话", {}), ("王芳3月5日生日，6月到期，不对吗", {}), ("周三和周五都不行，周六提醒我给王芳打电话", {"when": "2025-06-14"}),
])  # fmt: skip
def test_two_times_without_a_slip_are_two_times(read: Reader, said: str, slots: dict[str, Any]):
    meaning = read(said)
    assert all(plain(meaning.get(name)) == value for name, value in slots.items())
