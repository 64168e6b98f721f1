"""A member's own settings: when to be left alone (R154)."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.mark.parametrize("said", ["免打扰 20:00-9:00", "晚上8点到早上9点免打扰", "勿扰时间改成20:00到9:00"])
def test_a_longer_night_is_set_in_words(li: Desk, said: str) -> None:
    assert "每天 20:00 到次日 09:00 不打扰您" in li.says(said)


@pytest.mark.parametrize("said", ["周末免打扰", "节假日不要打扰我", "周末别推送"])
def test_days_off_are_kept_free_in_words(li: Desk, said: str) -> None:
    assert "周末和节假日全天" in li.says(said)


def test_both_are_switched_off_at_once(li: Desk) -> None:
    li.says("免打扰 20:00-9:00")
    li.says("周末免打扰")
    heard = li.says("关闭免打扰")
    assert "已关闭您自己的免打扰" in heard
    assert "周末" not in heard


@pytest.mark.parametrize("said", ["免打扰 12:00-13:00", "免打扰 22:00-6:00", "免打扰"])
def test_a_night_that_is_none_is_refused_with_what_to_say(li: Desk, said: str) -> None:
    assert "例如「免打扰 20:00-9:00」" in li.says(said)


@pytest.mark.parametrize("said", ["推送设置", "我的设置", "日报 收件人", "周报 时间", "日报的时间是几点"])
def test_what_comes_when_and_to_whom_is_shown_with_what_to_type(li: Desk, said: str) -> None:
    wang = Desk(li.database, li.clock, "wangke")
    wang.says("日报 时间改 8:30")
    wang.says("停月报")
    wang.says("日报 加收件人 李顾问")
    wang.says("确认")
    heard = wang.says(said)
    for line in ("早报：每天 08:30", "日报：每天 08:30", "周报：每周一 09:00（「停周报」）", "月报：已停（「开月报」）",
                 "日报、周报、月报的收件人：您，李顾问", "免打扰：每天 21:00 到次日 08:00 不打扰您"):
        assert line in heard


def test_an_adviser_is_shown_what_is_hers(li: Desk) -> None:
    heard = li.says("推送设置")
    assert "早报：每天 08:30" in heard
    assert "收件人" not in heard
