"""Members change their place: with the line of command moves who sees whose clients."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Invalid, NotFound
from storage.model.people import Actor
from storage.tables import audit
from tests.builders import Cast, a_client, a_user


def test_a_new_manager_takes_the_whole_subtree_along(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.system(clock.now()) as uow:
        a_user(uow, "li_xiang", manager_id="lixiang")
        a_user(uow, "lixiang2", manager_id="wangke")
        moved = uow.users.change(cast.lixiang, manager_id="ZHOUNING")
        paths = {user.id: user.path for user in uow.users.all()}

    assert (moved.manager_id, moved.path) == ("zhouning", "/zhouning/lixiang/")
    assert paths["li_xiang"] == "/zhouning/lixiang/li_xiang/"
    assert paths["lixiang2"] == "/wangke/lixiang2/"
    assert paths["wangke"] == "/wangke/"


def test_the_new_manager_sees_the_clients_and_the_old_one_no_longer(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        client = a_client(uow)
        uow.users.change(cast.lixiang, manager_id="zhouning")

    with database.transaction(Actor.of(cast.zhouning), clock.now()) as uow:
        assert uow.clients.get(client.id).name == "王芳"
    with database.transaction(Actor.of(cast.wangke), clock.now()) as uow, pytest.raises(NotFound):
        uow.clients.get(client.id)


def test_an_empty_manager_puts_a_member_at_the_top(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.system(clock.now()) as uow:
        moved = uow.users.change(cast.lixiang, manager_id="")
    assert (moved.manager_id, moved.path) == (None, "/lixiang/")


@pytest.mark.parametrize(("manager", "problem"), [
    ("nobody", "找不到上级"), ("wangke", "自己或下属"), ("lixiang", "自己或下属"), ("xiaoli", "自己或下属"),
])  # fmt: skip
def test_an_unknown_manager_and_a_circle_are_refused(
    database: Database, clock: MovableClock, cast: Cast, manager: str, problem: str
) -> None:
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaoli", manager_id="lixiang")
    with database.system(clock.now()) as uow, pytest.raises(Invalid, match=problem):
        uow.users.change(cast.wangke, manager_id=manager)
    with database.system(clock.now()) as uow:
        assert uow.users.get("xiaoli").path == "/wangke/lixiang/xiaoli/"


def test_only_what_is_given_changes_and_the_audit_has_no_name(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        changed = uow.users.change(cast.lixiang, name="李想", role="manager")
    assert (changed.name, changed.role, changed.manager_id) == ("李想", "manager", "wangke")
    with database.engine.connect() as conn:
        newest = conn.execute(select(audit).order_by(audit.c.seq.desc())).first()
    assert (newest.action, newest.object_id) == ("update", "lixiang")
    assert "manager" in str(newest.detail)
    assert "李想" not in str(newest.detail)


def test_a_disabled_member_comes_back_in_the_same_place(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        uow.users.deactivate(cast.lixiang)
        assert "lixiang" not in {user.id for user in uow.users.all()}
        uow.users.activate(uow.users.get("lixiang"))
        assert uow.users.get("lixiang") == cast.lixiang


def test_two_who_set_preferences_of_one_member_at_the_same_moment_both_have_their_way(
    postgres_database: Database, clock: MovableClock
) -> None:
    def beside() -> None:
        with postgres_database.system(clock.now()) as uow:
            uow.users.prefer(uow.users.get("lixiang"), kf_servicer=True)

    with postgres_database.system(clock.now()) as uow:
        a_user(uow)
    with postgres_database.system(clock.now()) as uow:
        user = uow.users.get("lixiang")
        other = threading.Thread(target=beside)
        other.start()
        other.join()
        uow.users.prefer(user, brief_at="08:45")
    with postgres_database.system(clock.now()) as uow:
        assert uow.users.get("lixiang").preferences == {"kf_servicer": True, "brief_at": "08:45"}
