"""A task for a colleague who is named: what, by when, about whom; told to him, tracked, and only about clients he sees."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Text
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def wang(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")
    return Desk(database, clock, "wangke")


@pytest.mark.parametrize("said", ["派任务 李顾问 周五前 回访王芳", "派任务给 李顾问 周五前回访王芳", "布置任务 李顾问 本周五前 回访王芳"])
def test_it_is_told_to_the_colleague_and_tracked(wang: Desk, said: str):
    assert "已派给 李顾问：回访王芳，06-13 前" in wang.says(said)
    ((who, letter),) = wang.letters
    assert who == "lixiang"
    assert isinstance(letter, Text)
    assert "王珂 派给您一件任务，06-13 前：回访王芳" in letter.content
    assert "李顾问 回访王芳，06-13 前" in wang.says("派出的任务")
    assert "回访王芳" in Desk(wang.database, wang.clock, "lixiang").says("今日待办")


def test_it_can_be_taken_back_and_the_colleague_hears_of_it(wang: Desk):
    wang.says("派任务 李顾问 周五前 回访王芳")
    assert "已通知对方" in wang.undoes()
    assert "没有派出过任务" in wang.says("派出的任务")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("派任务 陈默 周五前 回访王芳", "团队里没有「陈默」"),
        ("派任务 李顾问 回访王芳", "请写上期限"),
        ("派任务 李顾问 2月30日前 回访王芳", "请写上期限"),
    ],
)
def test_what_is_not_clear_gives_no_task(wang: Desk, said: str, why: str):
    assert why in wang.says(said)
    assert "没有派出过任务" in wang.says("派出的任务")
