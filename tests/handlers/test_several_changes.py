"""Several changes in one sentence: all are done and echoed, or none; and the words around a value are no part of it."""

from __future__ import annotations

import pytest

from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def jing(desk: Desk) -> Client:
    return desk.sees(lambda uow: a_client(uow, "陈静"))


def values(desk: Desk, client: Client, *names: str) -> list[str]:
    now = desk.sees(lambda uow: uow.clients.get(client.id))
    return [str(now.value(name)) for name in names]


@pytest.mark.parametrize("said", [
    "改 陈静 职业 教师 年收入 30万 城市 杭州",
    "陈静 职业 教师 年收入 30万 城市 杭州",
    "陈静 职业教师，年收入30万，城市杭州",
    "修改陈静 职业：教师；年收入：30万；城市：杭州",
    "陈静 职业改成教师，年收入改成30万，城市改成杭州",
    "把陈静的职业改为教师、年收入改为30万、城市改为杭州",
    "更新陈静 职业 更新为 教师 年收入 从20万 改成 30万 和 城市 换成 杭州",
])
def test_each_of_several_changes_is_done_and_echoed(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert all(echo in heard for echo in ("→ 教师", "→ 30 万元", "→ 杭州"))
    assert values(desk, jing, "occupation", "annual_income", "city") == ["教师", "300000.00", "杭州"]


def test_the_client_in_mind_takes_several_changes_too(desk: Desk, jing: Client):
    desk.says("查客户 陈静")
    desk.says("年收入 30万 职业 教师")
    assert values(desk, jing, "occupation", "annual_income") == ["教师", "300000.00"]


def test_one_change_that_cannot_be_refuses_all_of_them_and_says_why(desk: Desk, jing: Client):
    assert "手机号" in desk.says("陈静 职业 教师 手机 不方便")
    assert values(desk, jing, "occupation") == ["None"]


@pytest.mark.parametrize("said", ["陈静 等级 贵宾 职业 教师", "陈静 职业 教师 等级 贵宾", "陈静 改为贵宾 职业 教师"])
def test_a_tier_among_the_changes_is_done_with_them(desk: Desk, jing: Client, said: str):
    desk.says(said)
    assert values(desk, jing, "occupation", "bank_tier") == ["教师", "贵宾"]


def test_a_lunar_birthday_among_the_changes_leaves_the_others(desk: Desk, jing: Client):
    desk.says("陈静 生日农历八月初三 职业 教师")
    assert values(desk, jing, "occupation", "lunar_birthday") == ["教师", "803"]


@pytest.mark.parametrize("verb", ["改为 ", "改成 ", "变成 ", "换成 ", "更新为 ", "修改为 ", "改为", "设为"])
def test_the_verb_of_a_change_is_no_part_of_the_value(desk: Desk, jing: Client, verb: str):
    desk.says(f"陈静 职业 {verb}银行职业经理")
    desk.says(f"陈静 城市 {verb}成都")
    assert values(desk, jing, "occupation", "city") == ["银行职业经理", "成都"]


@pytest.mark.parametrize("said", ["修改 陈静 投诉处理中 是", "改 陈静 投诉处理中 改成是", "陈静 投诉处理中 改为 是"])
def test_a_yes_is_a_value_where_the_field_asks_for_one(desk: Desk, jing: Client, said: str):
    desk.says(said)
    assert values(desk, jing, "complaint_open") == ["True"]


@pytest.mark.parametrize("said", ["陈静的职业和城市改一下", "陈静 职业、城市要改"])
def test_fields_without_values_are_asked_for(desk: Desk, jing: Client, said: str):
    assert "改成什么" in desk.says(said)
    assert values(desk, jing, "occupation") == ["None"]


@pytest.mark.parametrize("said", ["陈静 生日1990-13-45", "陈静生日 1990/13/45", "陈静 生日19901345", "陈静 生日1990年2月30日"])
def test_a_birthday_that_does_not_exist_is_refused(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "核对日期" in heard
    assert values(desk, jing, "birthday") == ["None"]


def test_a_birthday_that_does_not_exist_is_refused_for_the_client_in_mind(desk: Desk, jing: Client):
    desk.says("查客户 陈静")
    assert "核对日期" in desk.says("生日1990-13-45")


def test_several_corrections_of_a_draft_are_all_taken(desk: Desk):
    desk.says("新增客户 李小强 13800000011")
    heard = desk.says("职业 改为 教师，年收入 改为 30万，城市 改为 杭州")
    assert all(value in heard for value in ("教师", "30 万元", "杭州"))


@pytest.mark.parametrize("said", ["别提交", "先别保存", "先不提交", "等一下再提交", "别保存了", "晚点再说"])
def test_not_yet_keeps_the_draft_and_says_so(desk: Desk, said: str):
    desk.says("新增客户 李小强 13800000011")
    assert "草稿还在" in desk.says(said)
    assert "李小强" in desk.says("草稿")
    assert "已新增" in desk.says("确认")


@pytest.mark.parametrize("said", ["取消", "算了", "不要了", "不提交了"])
def test_giving_up_still_gives_the_draft_up(desk: Desk, said: str):
    desk.says("新增客户 李小强 13800000011")
    assert "已取消" in desk.says(said)
    assert "没有未保存的草稿" in desk.says("草稿")
