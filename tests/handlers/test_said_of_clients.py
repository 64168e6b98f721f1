"""What is said of a client in passing: a date of birth, a death, that nothing more is wanted."""

from __future__ import annotations

from datetime import date

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
    return desk.sees(lambda uow: a_client(uow, name="陈静", phone="13800000103", birthday=date(1990, 7, 8)))


def birthday(desk: Desk, client: Client) -> date | None:
    return desk.sees(lambda uow: uow.clients.get(client.id)).birthday


def limit(desk: Desk, client: Client) -> object:
    return desk.sees(lambda uow: uow.clients.get(client.id)).value("contact_limit")


@pytest.mark.parametrize("said", ["陈静8月8号生日", "陈静 8月8日过生日", "陈静生日8月8号", "陈静是8月8号的生日", "陈静1990年8月8日出生"])
def test_a_date_of_birth_without_a_year_keeps_the_year(desk: Desk, jing: Client, said: str) -> None:
    desk.says(said)
    assert birthday(desk, jing) == date(1990, 8, 8)


def test_without_any_year_it_is_said_how_to_give_one(desk: Desk) -> None:
    client = desk.sees(lambda uow: a_client(uow, name="李强", phone="13800000102", birthday=None))
    assert "李强 生日 1990-08-08" in desk.says("李强8月8号生日")
    assert birthday(desk, client) is None


@pytest.mark.parametrize("said", ["陈静8月8号生日吗", "陈静今天生日", "8月8号生日的有谁"])
def test_a_birthday_asked_about_changes_nothing(desk: Desk, jing: Client, said: str) -> None:
    desk.says(said)
    assert birthday(desk, jing) == date(1990, 7, 8)


@pytest.mark.parametrize("said", ["陈静去世了", "陈静 已故", "陈静昨天病故了", "陈静女士不幸过世了"])
def test_nobody_writes_to_a_client_who_has_died(desk: Desk, jing: Client, said: str) -> None:
    assert "已故" in desk.says(said)
    assert limit(desk, jing) == "deceased"


@pytest.mark.parametrize("said", ["陈静的父亲去世了", "陈静去世了吗", "听说陈静去世了", "如果陈静去世了受益人怎么办"])
def test_of_another_death_nothing_is_concluded(desk: Desk, jing: Client, said: str) -> None:
    desk.says(said)
    assert limit(desk, jing) is None


def test_who_opts_out_is_written_down_after_an_echo(desk: Desk, jing: Client) -> None:
    desk.sees(lambda uow: uow.consents.record(jing, "marketing", True, channel="", notice_version=""))
    assert "撤回产品推荐、关怀提醒" in desk.says("陈静 退订")
    desk.confirms()
    assert "marketing" not in desk.sees(lambda uow: uow.consents.granted(jing.id))


def test_who_moved_to_a_city_keeps_the_address_that_is_there(desk: Desk, jing: Client) -> None:
    desk.says("陈静 地址 朝阳路8号")
    heard = desk.says("陈静搬到上海了")
    kept = desk.sees(lambda uow: uow.clients.get(jing.id))
    assert kept.value("city") == "上海"
    assert kept.value("address") == "朝阳路8号"
    assert "地址没有改动" in heard


def test_who_moved_to_a_street_has_a_new_address(desk: Desk, jing: Client) -> None:
    desk.says("陈静搬到人民路12号了")
    assert desk.sees(lambda uow: uow.clients.get(jing.id)).value("address") == "人民路12号"
