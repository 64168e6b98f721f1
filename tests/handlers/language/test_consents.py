"""What a client agreed to or took back, by the purposes the house keeps consent for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from handlers.language.command import described


@pytest.mark.parametrize(("text", "granted", "scope"), [
    ("陈静 同意关怀提醒", True, "care"), ("陈静 不同意生日祝福", False, "care"), ("陈静 不同意营销", False, "marketing"), ("陈静 拒收营销短信", False, "marketing"),
    ("陈静 撤回授权", False, None), ("登记授权 陈静", None, None), ("登记授权 陈静 全部", None, "all"), ("陈静 同意隐私政策", True, "service"),
    ("陈静 同意健康信息", True, "health"), ("陈静已授权", True, None),
])
def test_a_consent_is_read_with_its_purpose(read: Any, text: str, granted: bool | None, scope: str | None) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("granted"), meaning.get("scope")) == ("consent.record", 4, granted, scope)


@pytest.mark.parametrize("text", [
    "刘洋说他对理财没兴趣，别推了", "刘洋不想听理财推荐了", "刘洋 不想听理财推荐了，以后别推", "刘洋说不想再收到推荐了",
])
def test_who_wants_to_hear_of_no_more_products_withdraws_and_it_is_echoed_first(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client_id")) == ("consent.record", 7)
    assert (meaning.get("granted"), meaning.get("told"), meaning.get("scope")) == (False, True, "marketing")


@pytest.mark.parametrize("text", ["刘洋对理财没兴趣", "提醒我别再给刘洋推荐理财", "刘洋不想听课", "刘洋最近不想听理财推荐，以后别推"])
def test_no_interest_in_one_thing_or_for_now_withdraws_nothing(read: Any, text: str) -> None:
    assert read(text).intent != "consent.record"


@pytest.mark.parametrize("text", ["提醒我问陈静同意关怀提醒没", "取消陈静的提醒"])
def test_a_reminder_is_no_consent(read: Any, text: str) -> None:
    assert read(text).intent != "consent.record"


def test_the_shared_list_of_intents_keeps_the_finer_purpose(read: Any) -> None:
    now = datetime(2025, 6, 9, 9, 0)  # noqa: DTZ001 - the wall clock

    assert described(read("陈静 拒收营销短信"), now)["slots"]["scope"] == "sms_marketing"
