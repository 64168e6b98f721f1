"""Looking at clients: who may see what, and what a card holds."""

from __future__ import annotations

from datetime import date

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_firm, a_policy
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, "lixiang")


def _client(database: Database, clock: MovableClock, cast: Cast, name: str = "王芳", **values: object) -> int:
    with database.transaction(cast.li, clock.now()) as uow:
        return a_client(uow, name, **values).id


def test_the_card_has_at_most_eight_lines_and_masked_numbers(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="13800000001", gender="F", birthday=date(1987, 6, 10), bank_tier="贵宾")
        a_policy(uow, client)
    li.asks("client.lookup", client="王芳", client_id=client.id)
    card = li.replies[-1]
    assert isinstance(card, Card)
    assert 2 + len(card.lines) <= 8
    assert "138****0001" in str(card.payload())
    assert "13800000001" not in str(card.payload())
    assert [line.value for line in card.lines if line.key == "合同"] == ["保单 1"]
    assert "37 岁" in card.desc


def test_lines_without_anything_to_say_are_absent(li, database, clock, cast):
    client_id = _client(database, clock, cast, phone=None)
    li.asks("client.lookup", client="王芳", client_id=client_id)
    assert [line.key for line in li.replies[-1].lines] == []


def test_a_colleagues_client_and_no_client_read_the_same(li, database, clock, cast):
    with database.transaction(cast.chen, clock.now()) as uow:
        foreign = a_client(uow, "王芳", owner_id="chenmo").id
    assert li.asks("client.lookup", client_id=foreign) == li.asks("client.lookup", client_id=12345)


def test_two_of_one_name_are_told_apart_before_anything_is_shown(li, database, clock, cast):
    first = _client(database, clock, cast, phone="13800000001", bank_tier="贵宾")
    second = _client(database, clock, cast, phone="13900000002", bank_tier="大众")
    heard = li.asks("client.lookup", text="查客户 王芳", client="王芳", client_id=[first, second])
    assert "① 138****0001 贵宾" in heard
    assert "② 139****0002 大众" in heard
    assert "保单" not in heard


def test_the_manager_sees_the_team_and_a_stranger_manager_does_not(database, clock, cast):
    client_id = _client(database, clock, cast)
    assert Desk(database, clock, "wangke").asks("client.details", client_id=client_id)
    assert "没有找到" in Desk(database, clock, "zhouning").asks("client.details", client_id=client_id)


def test_operations_may_not_look_at_clients(database, clock, cast):
    client_id = _client(database, clock, cast)
    assert "不能使用" in Desk(database, clock, "hexin").asks("client.lookup", client_id=client_id)


def test_one_field_is_answered_in_one_line(li, database, clock, cast):
    client_id = _client(database, clock, cast, phone="13800000001")
    heard = li.asks("client.lookup", client="王芳", client_id=client_id, field="phone")
    assert heard == "「王芳」的手机号：138****0001"


def test_the_question_before_may_be_asked_of_somebody_else(li, database, clock, cast):
    _client(database, clock, cast, phone="13800000001")
    _client(database, clock, cast, "李雷", phone="13900000002")
    assert li.says("王芳的电话") == "「王芳」的手机号：138****0001"
    assert li.says("那李雷的呢").endswith("「李雷」的手机号：139****0002")


def test_a_field_of_two_clients_is_answered_for_each(li, database, clock, cast):
    _client(database, clock, cast, phone="13800000001")
    _client(database, clock, cast, "李雷", phone="13900000002")
    heard = li.says("王芳和李雷的电话")
    assert "138****0001" in heard
    assert "139****0002" in heard


def test_the_time_line_is_paged_newest_first(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        for n in range(12):
            uow.interactions.add(client, "call", f"第 {n} 次电话")
    heard = li.asks("client.timeline", client="王芳", client_id=client.id)
    assert "1–10 / 12" in heard
    assert "更多" in heard
    assert "第 0 次" in li.asks("page.next")


def test_a_part_of_a_name_is_offered_and_never_taken_unseen(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_firm(uow, "宏达科技有限公司")
    heard = li.asks("client.lookup", client="达科", client_id=None)
    assert "① 宏达科技有限公司" in heard


def test_a_phone_tail_finds_the_client(li, database, clock, cast):
    _client(database, clock, cast, phone="13800000001")
    li.asks("client.lookup", phone_tail="0001")
    assert isinstance(li.replies[-1], Card)


def test_the_same_words_after_the_choice_show_the_chosen_one(li, database, clock, cast):
    first = _client(database, clock, cast, phone="13800000001")
    second = _client(database, clock, cast, phone="13900000002")
    li.asks("client.lookup", text="王芳 详情", client="王芳", client_id=[first, second])
    assert "139****0002" in li.asks("clarify.answer", index=2)


def test_a_number_outside_the_choice_is_answered_with_the_range(li, database, clock, cast):
    ids = [_client(database, clock, cast), _client(database, clock, cast)]
    li.asks("client.lookup", text="王芳", client="王芳", client_id=ids)
    assert "1 到 2" in li.asks("clarify.answer", index=7)
