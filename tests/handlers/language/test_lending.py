"""Lending in words: loans taken in, plans, debts, contacts, leased assets; and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from handlers.language import Meaning
from handlers.language.intents.lending import pressing
from tests.handlers.language.conftest import Reader

Check = Callable[[Meaning, str, dict[str, Any]], None]


@pytest.mark.parametrize(("said", "slots"), [
    ("进件 王芳 借20万 12期 年化12%", {"client": "王芳", "amount": 200000, "terms": 12, "rate": 12, "fee": None}),
    ("王芳 进件 30万 分24期 利率15% 手续费3000 等额本金 用途装修",
     {"amount": 300000, "terms": 24, "rate": 15, "fee": 3000, "method": "equal_principal", "purpose": "装修"}),
    ("进件 王芳 借5万", {"amount": 50000, "terms": None, "rate": None}),
    ("进件 王芳 20万 月息1%", {"amount": 200000, "rate": None}),
    ("给王芳进件 借20万 先息后本", {"amount": 200000, "method": "interest_only"}),
])  # fmt: skip
def test_a_loan_is_taken_in(read: Reader, check: Check, said: str, slots: dict[str, Any]) -> None:
    check(read(said), "loan.intake", slots)


@pytest.mark.parametrize("said", ["进件 何不识 借20万", "催收记录 何不识 电话 没人接"])
def test_a_name_that_nobody_bears_is_not_taken_for_the_client_in_mind(read: Reader, said: str) -> None:
    assert read(said).clarify == "not_found"


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("还款计划 T12", "loan.plan", {"ticket_no": "12"}), ("T12的还款计划", "loan.plan", {"ticket_no": "12"}),
    ("催收 王芳", "collection.open", {"client": "王芳"}), ("催收 LN20250012", "collection.open", {"policy_no": "LN20250012"}),
    ("催收清单", "collection.list", {}), ("谁在催收", "collection.list", {}),
    ("租赁物", "asset.list", {}), ("租赁物 ex-03", "asset.show", {"code": "EX-03"}),
    ("租赁物 EX-03 状态 维修中", "asset.update", {"field": "asset_state", "value": "维修中"}),
    ("租赁物EX-03的地点改成三号仓库", "asset.update", {"field": "asset_place", "value": "三号仓库"}),
    ("登记维保 EX-03 换液压泵 8000 下次9月", "asset.maintain", {"content": "换液压泵", "amount": 8000, "due": "2025-09-01"}),
    ("保养 EX-03 换机油 500元", "asset.maintain", {"content": "换机油", "amount": 500, "due": None}),
])  # fmt: skip
def test_what_else_is_ordered(read: Reader, check: Check, said: str, intent: str, slots: dict[str, Any]) -> None:
    found = read(said)
    check(found, intent, {name: value for name, value in slots.items() if name != "due"})
    assert "due" not in slots or (found.get("due").start if found.get("due") else None) == slots["due"]


@pytest.mark.parametrize(("said", "which", "content", "due", "amount"), [
    ("催收记录 LN2025 电话 承诺周五还5000", {"policy_no": "LN2025"}, "电话 承诺周五还5000", "2025-06-13", 5000),
    ("催收记录 T12 电话 没人接", {"ticket_no": "12"}, "电话 没人接", None, None),
    ("T12 催收记录 微信 承诺6月20日还1.5万", {"ticket_no": "12"}, "微信 承诺6月20日还1.5万", "2025-06-20", 15000),
    ("催收记录 王芳 上门 答应明天全部还清", {"client": "王芳"}, "上门 答应明天全部还清", "2025-06-10", None),
])  # fmt: skip
def test_a_contact_is_read_with_what_was_promised(
    read: Reader, check: Check, said: str, which: dict[str, Any], content: str, due: str | None, amount: int | None
) -> None:
    found = read(said)
    check(found, "collection.record", {**which, "content": content, "amount": amount})
    assert (found.get("due").start if found.get("due") else None) == due


@pytest.mark.parametrize(("said", "whom"), [
    ("给他发催收提醒", "debtor"), ("给王芳打催收电话", "debtor"), ("催收短信发给她", "debtor"), ("发催收函", "debtor"),
    ("给他妹妹打个电话", "妹妹"), ("联系他单位催一下", "单位"), ("打给她老公", "老公"), ("发给他同事", "同事"),
    ("给他发还款提醒", None), ("跟他老公约了明天见面", None), ("催收清单", None), ("给张总打电话", None),
])  # fmt: skip
def test_whom_words_would_have_contacted_about_a_debt(said: str, whom: str | None) -> None:
    assert pressing(said) == whom


@pytest.mark.parametrize("said", ["进件怎么走", "进件了没", "催收效果怎么样", "需要催收吗", "保养 下周三提醒我", "登记维保"])
def test_what_only_sounds_like_it_is_no_order(read: Reader, said: str) -> None:
    assert read(said).intent.partition(".")[0] not in ("loan", "collection", "asset")
