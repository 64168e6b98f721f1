"""What only a ticket's flow changes in a contract: asked about, and opened as a ticket with its papers."""

from __future__ import annotations

from datetime import date

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import Desk


@pytest.fixture
def database(sqlite_database):
    """What is read and said here does not depend on the engine."""
    return sqlite_database


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def policy(desk: Desk):
    fang = desk.sees(a_client)
    return desk.sees(lambda uow: a_policy(
        uow, fang, product_name="安康重疾险", product_code="INS-CI-01", premium=5200, due_on=[date(2026, 5, 20)]
    ))


def state_of(desk: Desk, policy) -> str:
    return desk.sees(lambda uow: uow.contracts.get(policy.id)).state


@pytest.mark.parametrize("said", ["王芳退保", "王芳要退保", "我要给王芳办退保", "把王芳的重疾险退了", "王芳 退保"])
def test_a_surrender_that_is_wanted_opens_a_ticket_once_it_is_confirmed(desk: Desk, policy, said: str):
    asked = desk.says(said)
    assert "退保要走保全" in asked
    assert "现在登记保全工单吗？" in asked
    assert state_of(desk, policy) == "active"

    opened = desk.says("确认")
    assert "已登记「王芳」的保全，工单 T1" in opened
    assert "保全申请书" in opened
    assert state_of(desk, policy) == "active"


@pytest.mark.parametrize("said", ["王芳 已退保", "王芳的重疾险退保了", "王芳重疾险状态改成已退保"])
def test_a_surrender_that_was_made_is_written_down(desk: Desk, policy, said: str):
    assert "有效 → 已退保" in desk.says(said)
    assert state_of(desk, policy) == "surrendered"


@pytest.mark.parametrize(("said", "who"), [
    ("王芳的受益人换成她妈", "她妈"), ("王芳要把受益人改成她妈妈李秀兰", "她妈妈李秀兰"), ("王芳的重疾险受益人改成李秀兰", "李秀兰"),
])
def test_somebody_else_becomes_the_beneficiary_by_a_ticket(desk: Desk, policy, said: str, who: str):
    assert f"换受益人 {who}要走保全" in desk.says(said)
    assert "工单 T1" in desk.says("确认")
    assert f"换受益人 {who}" in desk.says("T1")
    assert desk.sees(lambda uow: [p for p in uow.contracts.parties([policy.id]) if p.role == "beneficiary"]) == []


def test_a_first_beneficiary_is_only_written_down(desk: Desk, policy):
    assert "受益人 小雨" in desk.says("王芳 重疾险 受益人 小雨")


def test_what_is_not_confirmed_opens_nothing(desk: Desk, policy):
    desk.says("王芳退保")
    desk.says("取消")
    assert desk.sees(lambda uow: uow.tickets.of_client(policy.client_id)) == []
