"""Members of the app's visible range become users."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.wecom.client import WeComClient
from bot.wecom.errors import CallFailed, Do
from bot.wecom.members import Member
from reminders.sending import check_recipient
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.errors import UserError
from storage.model.people import User

_GONE = (2, 5)  # disabled, has left
_OF_THIS_ONE = (Do.DROP_RECEIVER, Do.BUG)  # what WeCom's refusal of one member, tag or department asks for


@dataclass
class Enlisted:
    """What a look at the visible range led to: users added, leaders first, and who or what was left out, and why."""

    added: list[User] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


async def enlist_newcomers(client: WeComClient, database: Database, clock: Clock) -> Enlisted:
    """Add who is in the visible range and no user yet, as advisers.

    Nobody who is a user already is changed, not even one who is disabled. One who cannot be added keeps nobody
    else out. Raises what `WeComClient` raises when the fault is not one member's."""
    enlisted = Enlisted()
    seen = await visible_userids(client, enlisted.left_out)
    with database.system(clock.now()) as uow:
        unknown = [userid for userid in seen if uow.users.find(userid) is None]
    asked = await asyncio.gather(*(_look_up(client, userid, enlisted.left_out) for userid in unknown))
    with database.system(clock.now()) as uow:
        enlist(uow, (one for one in asked if one), enlisted)
    return enlisted


async def visible_userids(client: WeComClient, left_out: dict[str, str]) -> list[str]:
    """Whom the app may see: named one by one, or through departments and tags; sorted."""
    agent = await client.get_agent()
    named = (agent.get("allow_userinfos") or {}).get("user") or []
    found = {str(one["userid"]).casefold() for one in named}
    departments = {department.id for department in await client.list_departments()}
    for tag in (agent.get("allow_tags") or {}).get("tagid") or []:
        try:
            members, below = await client.get_tag(int(tag))
        except CallFailed as error:
            left_out[f"标签 {tag}"] = _words(error)
            continue
        found |= {userid.casefold() for userid in members}
        departments |= below
    for department in sorted(departments):
        try:
            found |= {one.userid.casefold() for one in await client.list_users(department)}
        except CallFailed as error:
            left_out[f"部门 {department}"] = _words(error)
    return sorted(found)


async def _look_up(client: WeComClient, userid: str, left_out: dict[str, str]) -> Member | None:
    try:
        return await client.get_user(userid)
    except CallFailed as error:
        left_out[userid] = _words(error)
        return None


def _words(error: CallFailed) -> str:
    """Why WeCom keeps one of them from us. Raises the error when it would meet all others too."""
    if error.rule.do not in _OF_THIS_ONE:
        raise error
    return f"企业微信查不到，可能已删除或不在应用的可见范围（错误码 {error.errcode}）"


def enlist(uow: UnitOfWork, members: Iterable[Member], enlisted: Enlisted) -> None:
    """Add members as advisers, each below the first direct leader who is a user by then."""
    waiting = {m.userid.casefold(): m for m in members if m.status not in _GONE}
    while waiting:
        free = [key for key, m in waiting.items() if not _leaders(m) & (waiting.keys() - {key})]
        for key in free or [next(iter(waiting))]:  # leaders in a circle: somebody has to be first
            _add(uow, waiting.pop(key), enlisted)


def _leaders(one: Member) -> set[str]:
    return {leader.casefold() for leader in one.direct_leaders}


def _add(uow: UnitOfWork, one: Member, enlisted: Enlisted) -> None:
    known = (uow.users.find(leader) for leader in one.direct_leaders)
    leader = next((user for user in known if user), None)
    try:
        check_recipient(one.userid)
        user = uow.users.add(one.userid, one.name or one.userid, "adviser", leader.id if leader else None)
    except ValueError:
        enlisted.left_out[one.userid] = "账号只能含字母、数字和 _ . @ -，最多 64 位，请在企业微信后台改账号"
    except UserError as error:
        enlisted.left_out[one.userid] = str(error).rstrip("。")
    else:
        enlisted.added.append(user)
