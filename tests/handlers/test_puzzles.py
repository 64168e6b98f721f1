"""Sentences that were not understood are kept without names and shown to operations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.model.clock import MovableClock
from storage.tables import puzzles
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")
    return Desk(database, clock, "lixiang")


@pytest.fixture
def he(database: Database, clock: MovableClock, li: Desk) -> Desk:
    return Desk(database, clock, "hexin")


def test_the_most_frequent_come_first_with_how_often_and_from_how_many(li: Desk, he: Desk) -> None:
    for _ in range(2):
        li.says("嗯嗯那个锅包肉呢这样")
    li.says("吭哧瘪肚的那种")
    heard = he.says("听不懂的话")
    assert "没听懂 3 句，来自 1 人" in heard
    assert heard.index("锅包肉") < heard.index("吭哧瘪肚")
    assert "（2 次）" in heard


def test_a_client_is_not_named(li: Desk, he: Desk) -> None:
    li.says("王芳那个锅包肉呢这样 13900001111")
    heard = he.says("听不懂的话 本周")
    assert "〔客户〕" in heard
    assert "王芳" not in heard
    assert "13900001111" not in heard


def test_they_lie_sealed(li: Desk, database: Database) -> None:
    li.says("嗯嗯那个锅包肉呢这样")
    with database.engine.connect() as conn:
        (kept,) = conn.execute(select(puzzles.c.text)).scalars()
    assert "锅包肉".encode() not in kept


def test_what_is_understood_and_noise_are_not_kept(li: Desk, he: Desk) -> None:
    li.says("今日待办")
    li.says("......")
    assert "没有听不懂的话" in he.says("听不懂的话")


def test_others_may_not_read_them(li: Desk) -> None:
    assert "您的角色不能使用" in li.says("听不懂的话")


def test_they_are_forgotten_in_time(database: Database, clock: MovableClock, li: Desk, he: Desk) -> None:
    li.says("嗯嗯那个锅包肉呢这样")
    with database.system(clock.now() + timedelta(days=1)) as uow:
        assert uow.puzzles.purge(clock.now() + timedelta(days=1)) == 1
    assert "没有听不懂的话" in he.says("听不懂的话")
