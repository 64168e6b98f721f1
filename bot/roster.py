"""Members of the app's visible range become users."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.wecom.client import WeComClient
from bot.wecom.members import Member
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.people import User

_GONE = (2, 5)  # disabled, has left


async def enlist_newcomers(client: WeComClient, database: Database, clock: Clock) -> list[User]:
    """Add who is in the visible range and no user yet, as advisers; who was added, leaders first.

    Nobody who is a user already is changed, not even one who is disabled. Raises what `WeComClient` raises."""
    seen = await visible_userids(client)
    with database.system(clock.now()) as uow:
        unknown = [userid for userid in seen if uow.users.find(userid) is None]
    members = await asyncio.gather(*(client.get_user(userid) for userid in unknown))
    with database.system(clock.now()) as uow:
        return enlist(uow, members)


async def visible_userids(client: WeComClient) -> list[str]:
    """Whom the app may see: named one by one, or through their departments; sorted."""
    agent = await client.get_agent()
    named = (agent.get("allow_userinfos") or {}).get("user") or []
    found = {str(one["userid"]).casefold() for one in named}
    for department in await client.list_departments():
        found |= {one.userid.casefold() for one in await client.list_users(department.id)}
    return sorted(found)


def enlist(uow: UnitOfWork, members: Iterable[Member]) -> list[User]:
    """Add members as advisers, each below the first direct leader who is a user by then."""
    waiting = {m.userid.casefold(): m for m in members if m.status not in _GONE}
    added: list[User] = []
    while waiting:
        free = [key for key, m in waiting.items() if not _leaders(m) & (waiting.keys() - {key})]
        for key in free or [next(iter(waiting))]:  # leaders in a circle: somebody has to be first
            added.append(_add(uow, waiting.pop(key)))
    return added


def _leaders(one: Member) -> set[str]:
    return {leader.casefold() for leader in one.direct_leaders}


def _add(uow: UnitOfWork, one: Member) -> User:
    known = (uow.users.find(leader) for leader in one.direct_leaders)
    leader = next((user for user in known if user), None)
    return uow.users.add(one.userid, one.name or one.userid, "adviser", leader.id if leader else None)
