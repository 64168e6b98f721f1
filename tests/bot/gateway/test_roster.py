"""Members of the visible range become users; users stay as they are."""

from __future__ import annotations

from bot.roster import enlist, enlist_newcomers
from bot.wecom.members import Member


async def test_members_of_the_range_become_advisers_below_their_leader(fake, client, database, clock):
    added = await enlist_newcomers(client, database, clock)
    assert [(u.id, u.name, u.role, u.manager_id) for u in added] == [
        ("wang", "王主管", "adviser", None), ("liguwen", "李顾问", "adviser", "wang"),
    ]
    assert added[1].path == "/wang/liguwen/"


async def test_a_second_look_adds_nobody_and_changes_no_role(fake, client, database, clock):
    with database.system(clock.now()) as uow:
        uow.users.add("wang", "王总", "manager")
        uow.users.deactivate(uow.users.get("wang"))
    assert [user.id for user in await enlist_newcomers(client, database, clock)] == ["liguwen"]
    assert await enlist_newcomers(client, database, clock) == []
    with database.system(clock.now()) as uow:
        wang = uow.users.get("wang")
    assert (wang.name, wang.role, wang.active) == ("王总", "manager", False)


def test_leaders_in_a_circle_who_left_or_are_unknown_stop_nobody(sqlite_database, clock):
    members = [
        Member("a", "甲", direct_leaders=("b",)), Member("b", "乙", direct_leaders=("A",)),
        Member("c", "丙", direct_leaders=("stranger",)), Member("gone", "丁", status=5),
        Member("d", "戊", direct_leaders=("gone",)),
    ]
    with sqlite_database.system(clock.now()) as uow:
        added = {user.id: user.manager_id for user in enlist(uow, members)}
    assert added == {"a": None, "b": "a", "c": None, "d": None}
