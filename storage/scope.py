"""Who may see whose clients: the one place where it is decided.

Every statement of the repositories that touches a scoped table carries `visible(scope, owner column)`.
Foreign records are filtered in SQL, so that "not yours" and "not there" cannot be told apart."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, false, select, true

from storage.model.people import Actor, Role, User
from storage.tables import users

Scope = Literal["own", "team", "all", "none"]

_SCOPES: dict[Role, Scope] = {
    "adviser": "own",
    "manager": "team",
    "compliance": "all",
    "system": "all",
    "claims": "none",
    "risk": "none",
    "ops": "none",
    "admin": "none",
}


def scope_of(actor: Actor) -> Scope:
    """Own book for advisers, the subtree for managers, all for compliance; nothing for the others."""
    return _SCOPES[actor.role]


def visible(scope: Scope, owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition on an owner column; binds `actor_id`, `actor_path` and `actor_path_end`."""
    match scope:
        case "own":
            return owner == bindparam("actor_id")
        case "team":
            below = and_(users.c.path >= bindparam("actor_path"), users.c.path < bindparam("actor_path_end"))
            return owner.in_(select(users.c.id).where(below))
        case "all":
            return true()
        case "none":
            return false()


def sees(actor: Actor, owner: User) -> bool:
    """What `visible` says of the clients of one owner."""
    match scope_of(actor):
        case "own":
            return actor.user_id == owner.id
        case "team":
            return owner.path.startswith(actor.path)
        case "all":
            return True
        case "none":
            return False


def sees_no_client(role: Role) -> bool:
    """Whether people of a role have no clients before them at all."""
    return _SCOPES[role] == "none"


def binds(actor: Actor) -> dict[str, str]:
    """The values for the bound parameters of `visible`."""
    return {
        "actor_id": actor.user_id,
        "actor_path": actor.path,
        "actor_path_end": actor.path + "\U0010ffff",
    }
