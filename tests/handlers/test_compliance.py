"""The audit trail for compliance (S40), rules and state for operations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import Desk, on

GUARDS = {"sqlite": "DROP TRIGGER audit_no_update", "postgresql": "DROP TRIGGER audit_append_only ON audit"}


@pytest.fixture
def wangfang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    with database.system(clock.now()) as uow:
        client = a_client(uow, "王芳")
        a_policy(uow, client)
    return client


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def shen(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "shenyue")


def look_up(shen: Desk, wangfang: Client, **slots: object) -> str:
    return shen.asks("audit.lookup", client="王芳", client_id=wangfang.id, **slots)


def test_who_read_and_what_was_changed_is_told_with_old_and_new(li: Desk, shen: Desk, wangfang: Client):
    li.asks("client.lookup", client="王芳", client_id=wangfang.id)
    li.asks("client.update", client="王芳", client_id=wangfang.id, field="occupation", value="教师")
    heard = look_up(shen, wangfang)
    assert "李顾问 查看 客户资料：名片" in heard
    assert "李顾问 修改 客户资料：职业 （空）→教师" in heard


def test_lists_and_searches_that_showed_the_client_are_told(
    li: Desk, shen: Desk, wangfang: Client, database: Database, clock: MovableClock, cast: Cast
):
    with database.transaction(cast.li, clock.now()) as uow:
        phone = wangfang.value("phone")
        a_client(uow, "王明", phone=f"1380000{phone[-4:]}")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.newest(10)
        uow.clients.containing("王")
        uow.clients.with_phone(phone)
        uow.clients.with_phone_tail(phone[-4:])
        uow.contracts.ending(date(2025, 7, 1), date(2025, 7, 31), ["policy"])
    heard = look_up(shen, wangfang)
    assert "共 7 条，查看 5 条" in heard
    for line in (
        "李顾问 列表 客户资料：我的客户，共 2 条", "李顾问 列表 客户资料：按姓名查找，共 2 条", "李顾问 查找 客户资料：按手机号，共 1 条",
        "李顾问 查找 客户资料：按手机尾号，共 2 条", "李顾问 列表 合同：到期，共 1 条",
    ):
        assert line in heard


def test_a_busy_week_does_not_hide_an_earlier_one(
    li: Desk, shen: Desk, wangfang: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("handlers.compliance._MOST", 3)
    li.asks("client.lookup", client="王芳", client_id=wangfang.id)
    li.clock.advance(timedelta(days=7))
    for _ in range(3):
        li.asks("client.lookup", client="王芳", client_id=wangfang.id)
    heard = look_up(shen, wangfang, range=on("2025-06-09", end="2025-06-09"))
    assert "06-09 09:00 李顾问 查看 客户资料：名片" in heard


def test_an_undo_names_what_it_put_back(li: Desk, shen: Desk, wangfang: Client):
    li.asks("client.update", client="王芳", client_id=wangfang.id, field="occupation", value="教师")
    li.asks("undo")
    undone = next(line for line in look_up(shen, wangfang).splitlines() if "撤销" in line)
    assert undone.endswith("：职业")


def test_of_a_remark_it_is_told_that_it_was_changed_and_taken_back_but_not_what_it_says(
    li: Desk, shen: Desk, wangfang: Client
):
    li.asks("client.update", client="王芳", client_id=wangfang.id, field="remark", value="她妈妈刚出院")
    li.asks("undo")
    heard = look_up(shen, wangfang)
    assert "李顾问 修改 客户资料：备注已修改" in heard
    assert "李顾问 撤销 客户资料：备注" in heard
    assert "出院" not in heard


def test_phones_stay_masked_in_the_trail(li: Desk, shen: Desk, wangfang: Client):
    li.asks("client.update", client="王芳", client_id=wangfang.id, field="phone", value="19912345678")
    heard = look_up(shen, wangfang)
    assert "199****5678" in heard
    assert "19912345678" not in heard


def test_the_look_up_is_itself_on_the_trail(shen: Desk, wangfang: Client):
    look_up(shen, wangfang)
    assert "沈合规 审计查询" in look_up(shen, wangfang)


def test_days_outside_the_range_are_left_out(li: Desk, shen: Desk, wangfang: Client):
    li.asks("client.lookup", client="王芳", client_id=wangfang.id)
    heard = look_up(shen, wangfang, range=on("2025-05-01", end="2025-06-01"))
    assert "没有查看或改动记录" in heard


@pytest.mark.parametrize("intent", ["audit.lookup", "audit.verify"])
def test_others_may_not_read_the_trail(li: Desk, wangfang: Client, intent: str):
    assert "您的角色不能使用" in li.asks(intent, client="王芳", client_id=wangfang.id)


def test_the_chain_is_verified_and_a_broken_link_is_named(shen: Desk, database: Database):
    assert "日志完整" in shen.asks("audit.verify")
    with database.engine.begin() as conn:  # as somebody who holds the database would
        conn.execute(text(GUARDS[conn.dialect.name]))
        conn.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 3"))
    heard = shen.asks("audit.verify")
    assert "日志异常：第 3 条" in heard
    assert "内容被改动" in heard


def test_rules_are_listed_with_their_days(database: Database, clock: MovableClock, wangfang: Client):
    he = Desk(database, clock, "hexin")
    heard = he.asks("rules.list") + he.asks("page.next")
    assert "续保：保单的到期日，提前 60、30、7、1 天，当天（08:30，启用）" in heard
    assert "久未联系：超过等级规定的联系天数" in heard


def test_the_state_counts_messages_and_names_the_packs(database: Database, clock: MovableClock, wangfang: Client):
    heard = Desk(database, clock, "hexin").asks("system.status")
    assert "收到的消息" in heard
    assert "发出的消息" in heard
    assert database.packs.current.version in heard
    assert "没有需要人工处理的消息" in heard


def test_an_impossible_day_is_asked_about_and_nothing_is_looked_up(shen: Desk):
    assert "没有「2月30日」这一天，没有查询" in shen.says("审计 王芳 2月30日")


def test_the_trail_of_a_member_is_shown_by_name_whoever_was_in_mind(li: Desk, shen: Desk, wangfang: Client):
    li.asks("client.update", client="王芳", client_id=wangfang.id, field="occupation", value="教师")
    shen.asks("client.lookup", client="王芳", client_id=wangfang.id)
    heard = shen.says("审计 李顾问 今天")
    assert "审计成员「李顾问」" in heard
    assert "李顾问 修改 客户资料「王芳」：职业 （空）→教师" in heard
    assert "沈合规" not in heard


def test_a_name_that_a_member_and_a_client_bear_is_asked_about(database: Database, clock: MovableClock, shen: Desk):
    with database.system(clock.now()) as uow:
        a_client(uow, "李顾问")
    assert "① 成员 李顾问" in shen.says("审计 李顾问")
    assert "审计「李顾问」" in shen.chooses(2)


def test_compliance_is_never_told_to_create_a_client(shen: Desk):
    heard = shen.says("审计 张三丰")
    assert "没有找到客户「张三丰」。请核对姓名" in heard
    assert "新增" not in heard


def test_who_changed_a_field_is_told_of_that_field_alone(li: Desk, shen: Desk, wangfang: Client):
    li.says("王芳 职业改成教师")
    li.says("王芳 微信改成 wx8899")
    li.says("查客户 王芳")
    of_field, of_all, seen = shen.says("谁改过王芳的职业"), shen.says("谁改过王芳"), shen.says("谁看过王芳")
    assert "职业" in of_field
    assert "微信" not in of_field
    assert "查看 0 条" in of_field
    assert "微信" in of_all
    assert "其他 0 条" in seen


def test_what_a_member_looked_at_is_asked_in_plain_words(li: Desk, shen: Desk, wangfang: Client):
    li.says("查客户 王芳")
    assert "审计成员「李顾问」" in shen.says("李顾问今天都查了谁")
