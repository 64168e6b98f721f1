"""Changing clients: fields, tags, tiers, relations; echoed, undoable, never guessed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import tables
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, an_id_number
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def fang(database: Database, clock: MovableClock, cast: Cast) -> int:
    with database.transaction(cast.li, clock.now()) as uow:
        return a_client(uow, "王芳", phone="13800000001").id


def test_a_change_is_echoed_old_and_new_and_can_be_undone(li, fang, database, clock, cast):
    heard = li.asks("client.update", client="王芳", client_id=fang, field="phone", value="13900000009")
    assert "138****0001 → 139****0009" in heard
    assert "已撤销" in li.asks("undo")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(fang).secrets["phone"] == "13800000001"
        assert [r.id for r in uow.clients.with_phone("13800000001")] == [fang]
        assert uow.clients.with_phone("13900000009") == []


def test_an_age_is_asked_for_as_a_birthday(li, fang):
    assert "请告诉我生日" in li.asks("client.update", client="王芳", client_id=fang, field="age", value=45)


def test_a_number_that_was_empty_needs_no_second_person(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        jing = a_client(uow, "陈静", phone=None)
    assert "已更新「陈静」" in li.asks("client.update", client="陈静", client_id=jing.id, field="phone", value="13900000009")


def test_other_fields_of_the_sentence_are_written_at_once(li, fang, database, clock, cast):
    heard = li.asks("client.update", client="王芳", client_id=fang, fields={"phone": "13900000009", "occupation": "教师"})
    assert "职业：（空） → 教师" in heard
    assert "已提交变更 T1" in heard
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(fang).secrets["phone"] == "13800000001"


def test_a_second_change_of_the_same_field_waits_for_the_first(li, fang):
    for phone in ("13900000009", "13900000010"):
        heard = li.asks("client.update", client="王芳", client_id=fang, field="phone", value=phone)
    assert "已有一份变更在等审批（T1）" in heard


def test_undo_refuses_when_the_record_moved_on(li, fang, database, clock, cast):
    li.asks("client.update", client="王芳", client_id=fang, field="occupation", value="教师")
    with database.transaction(cast.wang, clock.now()) as uow:
        uow.clients.update(uow.clients.get(fang), occupation="校长")
    assert "不能撤销" in li.asks("undo")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(fang).value("occupation") == "校长"


def test_a_lunar_birthday_is_dated(li, fang):
    heard = li.asks("client.update", client="王芳", client_id=fang, field="birthday", value="农历八月初三",
                    birthday_lunar="08-03")
    assert "2025-09-24" in heard


def test_another_clients_phone_is_asked_about_first(li, fang, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "张敏", phone="13900000002")
    assert "另一位客户" in li.asks("client.update", client="王芳", client_id=fang, field="phone", value="13900000002")
    assert "已提交变更 T1" in li.asks("confirm.yes")


def test_a_new_name_is_found_and_the_old_one_is_not(li, fang, database, clock, cast):
    li.asks("client.update", client="王芳", client_id=fang, field="name", value="王芳芳")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.named(["王芳"]) == []
        assert {hit.how for hit in uow.clients.named(["王芳芳", "wangfangfang", "wff"])} == {"name", "pinyin", "initials"}


def test_health_needs_its_own_consent(li, fang):
    heard = li.asks("client.update", client="王芳", client_id=fang, field="health_condition", value="高血压")
    assert "单独同意" in heard


def test_an_unknown_tag_gets_the_nearest_offered(li, fang, packs):
    known = packs.tags[0]
    assert "已给「王芳」加标签" in li.asks("tag.add", client="王芳", client_id=fang, tags=[known.name])
    assert "相近的有" in li.asks("tag.add", client="王芳", client_id=fang, tags=[known.name[:2] + "啊"])


def test_a_tier_of_any_scheme_is_set(li, fang, database, clock, cast):
    assert "贵宾" in li.asks("tier.set", client="王芳", client_id=fang, tier="贵宾")
    assert "可选" in li.asks("tier.set", client="王芳", client_id=fang, tier="钻石无敌")


def test_an_introduced_stranger_becomes_a_draft_with_the_referrer(li, fang):
    heard = li.asks("client.relate", client="陈静", client_id=None, other="王芳", other_id=fang,
                    relation="referrer", phone="13700000003")
    assert "陈静" in heard
    assert "介绍人：王芳" in heard
    assert "已新增" in li.asks("confirm.yes")


def test_a_change_without_a_value_asks_for_it(li, fang):
    assert "改成什么" in li.asks("client.update", client="王芳", client_id=fang, field="occupation", clarify="value")


def test_a_manager_of_another_team_cannot_change_the_client(database, clock, cast, fang):
    heard = Desk(database, clock, "zhouning").asks("client.update", client_id=fang, field="occupation", value="教师")
    assert "没有找到" in heard


def test_the_owner_is_no_field_to_type_into(li, fang, database, clock, cast):
    """Clients change hands by 移交."""
    assert "不能修改「归属顾问」" in li.asks("client.update", client="王芳", client_id=fang, field="owner_id", value="李想")
    wang = Desk(database, clock, "wangke")
    assert "不能修改「归属顾问」" in wang.asks("client.update", client="王芳", client_id=fang, field="owner_id", value="李想")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(fang).owner_id == "lixiang"


def test_probing_for_a_colleagues_client_by_a_change_leaves_a_trace(li, fang, database, clock, cast):
    with database.system(clock.now()) as uow:
        number = an_id_number()
        a_client(uow, "外人", owner_id="chenmo", phone="13900000009", id_number=number)
    heard = li.asks("client.update", client="王芳", client_id=fang,
                    fields={"phone": "13900000009", "id_number": number})
    assert "已登记在另一位客户名下" in heard
    assert duplicates_noted(database) == 1
    with database.system(clock.now()) as uow:
        own = a_client(uow, "陈静", phone="13900000008")
    assert own.id != fang
    li.asks("client.update", client="王芳", client_id=fang, field="phone", value="13900000008")
    assert duplicates_noted(database) == 1


def duplicates_noted(database: Database) -> int:
    with database.engine.connect() as conn:
        rows = conn.execute(select(tables.audit.c.outcome).where(tables.audit.c.action == "duplicate")).all()
    assert all(row.outcome == "stopped" for row in rows)
    return len(rows)


def test_what_is_told_beside_a_new_address_goes_on_the_time_line(li, fang):
    heard = li.says("王芳搬家了，新地址海淀区中关村1号，孩子今年上小学，想给孩子买教育金")
    assert "地址：（空） → " in heard
    assert "其余已记为跟进：孩子今年上小学，想给孩子买教育金" in heard
    assert "建议标签「教育金意向」" in heard
    assert li.sees(lambda uow: uow.contracts.of_client(fang)) == []


@pytest.mark.parametrize(("choice", "answer"), [(1, "已记录：陈静 的介绍人是 王芳"), (2, "请核对新客户")])
def test_an_introduced_person_with_another_number_may_be_somebody_else(li, fang, database, clock, cast, choice, answer):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "陈静", phone="13900000001")
    assert "登记的手机是 139****0001，和您说的不一样" in li.says("王芳介绍了陈静 13700000003")
    assert answer in li.chooses(choice)
