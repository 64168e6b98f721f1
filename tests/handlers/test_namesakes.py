"""Two clients of one name: who was chosen is meant until somebody else is, and that is said each time."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳", phone="13800000101")
        a_client(uow, "王芳", phone="13900000002")
    return Desk(database, clock, "lixiang")


@pytest.mark.parametrize("said", ["记 王芳 今天电话聊了", "王芳的手机号"])
def test_who_was_chosen_is_meant_again(li: Desk, said: str):
    li.says("王芳")
    li.says("1")
    heard = li.says(said)
    assert "回复序号选择" not in heard
    assert "按刚才的「王芳」" in heard


def test_before_anybody_was_chosen_it_is_asked(li: Desk):
    assert "有 2 位「王芳」" in li.says("记 王芳 今天电话聊了")


def test_the_name_alone_asks_again(li: Desk):
    li.says("王芳")
    li.says("1")
    assert "有 2 位「王芳」" in li.says("王芳")


def test_who_is_told_apart_by_his_number_is_the_other_one(li: Desk):
    li.says("王芳")
    first = li.says("1")
    other = "0002" if "0101" in first else "0101"
    assert f"尾号 {other}" in li.says(f"记 王芳尾号{other} 今天电话聊了")


@pytest.mark.parametrize("said", ["陈默的商机", "陈默的手机号"])
def test_a_colleague_is_no_client_to_be_made(li: Desk, said: str):
    heard = li.says(said)
    assert "「陈默」是同事，不是您的客户" in heard
    assert "新增客户" not in heard
