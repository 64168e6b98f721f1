"""Who stands above a member."""

from __future__ import annotations

from storage.database import UnitOfWork
from storage.model.people import Actor, User
from storage.scope import sees


def supervisor_of(uow: UnitOfWork, member_id: str) -> User | None:
    """Who is to be told of what a member leaves lying: the first one above him who is here and sees what is his."""
    member = above = uow.users.find(member_id)
    while member is not None and above is not None and above.manager_id:
        above = uow.users.find(above.manager_id)
        if above is not None and above.active and sees(Actor.of(above), member):
            return above
    return None


def is_above(user: User, member: User | None) -> bool:
    """Whether somebody stands above a member in the line of command, at any height."""
    return member is not None and user.id != member.id and member.path.startswith(user.path)
