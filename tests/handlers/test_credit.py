"""A credit line that is there is raised, cut and drawn on; no second one is made for that."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.contracts import Contract
from tests.builders import Cast, a_client, a_contract
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        firm = a_client(uow, "宏达科技有限公司", kind="enterprise")
        a_contract(uow, firm, "credit_line", product_name="综合授信", amount=Decimal(50_000_000),
                   used_amount=Decimal(32_000_000), balance=Decimal(18_000_000))
    return Desk(database, clock, "lixiang")


def line(li: Desk) -> Contract:
    """The one line of the firm."""
    def look(uow) -> Contract:
        (only,) = uow.contracts.of_client(uow.clients.named(["宏达"])[0].client_id)
        return only
    return li.sees(look)


@pytest.mark.parametrize("words", ["宏达 授信提到8000万", "宏达授信从5000万提到8000万", "宏达 授信调整到8000万"])
def test_raising_a_line_changes_the_one_that_is_there(li, words):
    assert "授信额度：5,000 万元 → 8,000 万元" in li.says(words)
    assert (line(li).amount, line(li).balance) == (Decimal(80_000_000), Decimal(48_000_000))
    li.undoes()
    assert line(li).amount == Decimal(50_000_000)


@pytest.mark.parametrize("words", ["宏达用信1000万", "宏达提款1000万", "宏达 授信放款1000万"])
def test_drawing_on_a_line_is_echoed_and_then_written(li, words):
    assert "已用 3,200 万元 → 4,200 万元，可用 800 万元" in li.says(words)
    assert line(li).balance == Decimal(18_000_000)
    assert "已登记" in li.says("确认")
    assert line(li).balance == Decimal(8_000_000)


@pytest.mark.parametrize(("words", "why"), [
    ("宏达用信3000万", "可用额度只有 1,800 万元"), ("宏达 授信降到1000万", "已用额度 3,200 万元"), ("宏达 授信增加3000万", "请说明"),
])
def test_what_does_not_add_up_or_is_not_clear_changes_nothing(li, words, why):
    before = line(li)
    assert why in li.says(words)
    assert line(li) == before


def test_a_wish_for_more_credit_is_noted_only(li):
    assert "已记录" in li.says("宏达 想把授信提到8000万")
    assert line(li).amount == Decimal(50_000_000)


@pytest.mark.parametrize("words", ["宏达还有多少额度", "宏达可用额度", "宏达还剩多少额度"])
def test_what_is_left_of_a_line_is_told_with_what_is_used(li, words):
    heard = li.says(words)
    assert "可用 1,800 万元" in heard
    assert "已用 3,200 万元" in heard
