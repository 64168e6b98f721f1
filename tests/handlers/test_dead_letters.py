"""Operations see the messages that stopped, without their content, and let them go again (R268)."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.dead_letters import DeadLetterRepository
from tests.builders import Cast
from tests.handlers.asking import Desk

SECRET = "王芳的保单周五到期"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营; one message to 李顾问 was refused, the fate of one to 王珂 is not known, a third is on its way."""
    with database.system(clock.now()) as uow:
        for number, who in enumerate(("lixiang", "wangke", "lixiang")):
            row_id = uow.outbox.new_row_id()
            uow.outbox.put(f"m{number}", who, "send", SECRET.encode(), row_id=row_id, priority=20)
        first, second = uow.outbox.claim("a process", 2)
        uow.outbox.refused(first.id, 81013, "invalid_user")
        uow.outbox.uncertain(second.id)
    return Desk(database, clock, "hexin")


def states(he: Desk) -> dict[str, int]:
    with he.database.system(he.clock.now()) as uow:
        return dict(uow.outbox.counts())


def test_the_list_says_to_whom_and_why_but_not_what(he: Desk) -> None:
    heard = he.says("失败消息")
    assert "失败的消息 2 条" in heard
    assert "发给 李顾问：企业微信拒收，invalid_user" in heard
    assert "发给 王珂：结果不明" in heard
    assert "王芳" not in heard


def test_one_goes_again_by_its_number_after_a_question(he: Desk) -> None:
    he.says("失败消息")
    assert "重推 1 条消息？" in he.says("重推 1")
    assert states(he) == {"refused": 1, "uncertain": 1, "new": 1}
    assert "已重推 1 条" in he.confirms()
    assert states(he) == {"uncertain": 1, "new": 2}


def test_all_go_again_at_once(he: Desk) -> None:
    he.says("重推 全部")
    assert "已重推 2 条" in he.confirms()
    assert states(he) == {"new": 3}
    assert "没有失败的消息" in he.says("失败消息")


def test_what_somebody_else_let_go_meanwhile_is_said(he: Desk) -> None:
    he.says("失败消息")
    he.says("重推 1、2")
    with he.database.system(he.clock.now()) as uow:
        uow.outbox.release(DeadLetterRepository(uow).all()[0].id)
    assert "另有 1 条没有重推" in he.confirms()


@pytest.mark.parametrize("said", ["重推 1", "重推"])
def test_without_the_list_it_says_what_to_type(he: Desk, said: str) -> None:
    assert "失败消息" in he.says(said)


def test_a_number_that_is_not_there_is_refused(he: Desk) -> None:
    he.says("失败消息")
    assert "清单里有 2 条" in he.says("重推 7")


def test_an_adviser_may_not(database: Database, clock: MovableClock, he: Desk) -> None:
    assert "您的角色不能使用" in Desk(database, clock, "lixiang").says("失败消息")
