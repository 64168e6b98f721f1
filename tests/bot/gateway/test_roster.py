"""Members of the visible range become users; users stay as they are."""

from __future__ import annotations

import pytest

from bot.roster import Enlisted, enlist, enlist_newcomers
from bot.wecom.errors import Misconfigured
from bot.wecom.members import Member
from tests.bot.gateway.scripted import error, ok


async def test_members_of_the_range_become_advisers_below_their_leader(fake, client, database, clock):
    added = (await enlist_newcomers(client, database, clock)).added
    assert [(u.id, u.name, u.role, u.manager_id) for u in added] == [
        ("wang", "王主管", "adviser", None), ("liguwen", "李顾问", "adviser", "wang"),
    ]
    assert added[1].path == "/wang/liguwen/"


async def test_a_second_look_adds_nobody_and_changes_no_role(fake, client, database, clock):
    with database.system(clock.now()) as uow:
        uow.users.add("wang", "王总", "manager")
        uow.users.deactivate(uow.users.get("wang"))
    assert [user.id for user in (await enlist_newcomers(client, database, clock)).added] == ["liguwen"]
    assert await enlist_newcomers(client, database, clock) == Enlisted()
    with database.system(clock.now()) as uow:
        wang = uow.users.get("wang")
    assert (wang.name, wang.role, wang.active) == ("王总", "manager", False)


def test_leaders_in_a_circle_who_left_or_are_unknown_stop_nobody(sqlite_database, clock):
    members = [
        Member("a", "甲", direct_leaders=("b",)), Member("b", "乙", direct_leaders=("A",)),
        Member("c", "丙", direct_leaders=("stranger",)), Member("gone", "丁", status=5),
        Member("d", "戊", direct_leaders=("gone",)),
    ]
    enlisted = Enlisted()
    with sqlite_database.system(clock.now()) as uow:
        enlist(uow, members, enlisted)
    assert {user.id: user.manager_id for user in enlisted.added} == {"a": None, "b": "a", "c": None, "d": None}


@pytest.mark.parametrize("userid", ["张三", "corp/user", "@all", "a" * 65])
async def test_a_member_of_an_unusual_userid_is_named_and_keeps_nobody_out(fake, client, database, clock, userid):
    fake.add_member(userid, "某人", leader="wang")
    fake.add_member("below", "下属", leader=userid)
    enlisted = await enlist_newcomers(client, database, clock)
    assert [user.id for user in enlisted.added] == ["wang", "liguwen", "below"]
    assert list(enlisted.left_out) == [userid]
    assert "账号只能含字母" in enlisted.left_out[userid]


async def test_a_member_who_vanished_meanwhile_keeps_nobody_out(fake, client, sqlite_database, clock, monkeypatch):
    async def agent() -> dict:
        return ok(allow_userinfos={"user": [{"userid": "gone"}]})

    monkeypatch.setattr(client, "get_agent", agent)
    enlisted = await enlist_newcomers(client, sqlite_database, clock)
    assert [user.id for user in enlisted.added] == ["wang", "liguwen"]
    assert list(enlisted.left_out) == ["gone"]
    assert "60111" in enlisted.left_out["gone"]


async def test_members_come_through_tags_and_the_departments_under_them(scripted, scripted_client, sqlite_database, clock):
    scripted.script["agent/get"] = [ok(allow_userinfos={"user": []}, allow_tags={"tagid": [7, 8]})]
    scripted.script["tag/get"] = [ok(userlist=[{"userid": "Wang", "name": "王主管"}], partylist=[5]), error(40068)]
    scripted.script["user/simplelist"] = [ok(userlist=[{"userid": "xu", "name": "许"}])]
    scripted.script["user/get"] = [ok(userid="Wang", name="王主管", status=1), ok(userid="xu", name="许", status=1)]
    enlisted = await enlist_newcomers(scripted_client, sqlite_database, clock)
    assert sorted(user.id for user in enlisted.added) == ["wang", "xu"]
    assert [call["tagid"] for call in scripted.calls["tag/get"]] == ["7", "8"]
    assert [call["department_id"] for call in scripted.calls["user/simplelist"]] == ["5"]
    assert "40068" in enlisted.left_out["标签 8"]


async def test_what_would_meet_every_member_ends_it_at_once(scripted, scripted_client, sqlite_database, clock):
    scripted.script["agent/get"] = [ok(allow_userinfos={"user": [{"userid": "wang"}]})]
    scripted.script["user/get"] = [error(60020)]
    with pytest.raises(Misconfigured):
        await enlist_newcomers(scripted_client, sqlite_database, clock)
