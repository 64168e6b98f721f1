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


@pytest.mark.parametrize("text", ["提醒我问陈静同意关怀提醒没", "取消陈静的提醒"])
def test_a_reminder_is_no_consent(read: Any, text: str) -> None:
    assert read(text).intent != "consent.record"


def test_the_shared_list_of_intents_keeps_the_finer_purpose(read: Any) -> None:
    now = datetime(2025, 6, 9, 9, 0)  # noqa: DTZ001 - the wall clock

    assert described(read("陈静 拒收营销短信"), now)["slots"]["scope"] == "sms_marketing"
