"""Who may see whose clients: the one place where it is decided.

Every statement of the repositories that touches a scoped table carries `visible(scope, owner column)`.
Foreign records are filtered in SQL, so that "not yours" and "not there" cannot be told apart.

Who covers for a colleague sees that colleague's own clients as well, from the first instant of the cover to its last.
Only those who ever covered are asked for it: for all others the statements are what they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, true

from storage.model.people import Actor, Role, User
from storage.tables import UTCDateTime, covers, reminders, users

Scope = Literal["own", "team", "all", "none", "own and covered", "team and covered"]

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
_WITH_COVERED: dict[Scope, Scope] = {"own": "own and covered", "team": "team and covered"}
_WITHOUT: dict[Scope, Scope] = {wide: own for own, wide in _WITH_COVERED.items()}


def scope_of(actor: Actor, now: datetime | None = None) -> Scope:
    """Own book for advisers, the subtree for managers, all for compliance; nothing for the others. With `now` also
    the books that the actor covers then."""
    scope = _SCOPES[actor.role]
    if now is None or actor.covers_until is None or actor.covers_until <= now:
        return scope
    return _WITH_COVERED.get(scope, scope)


def visible(scope: Scope, owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition on an owner column; binds `actor_id`, `actor_now`, `actor_path` and `actor_path_end`."""
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
        case _:
            return or_(visible(_WITHOUT[scope], owner), owner.in_(covered()))


def received(scope: Scope) -> ColumnElement[bool]:
    """The condition on reminders: one's own, for managers those of the people below, and what lies with a colleague
    whom one covers about clients of his own. What he has for himself alone stays with him."""
    c = reminders.c
    if (own := _WITHOUT.get(scope)) is None:
        return visible("own" if scope == "none" else scope, c.receiver_id)
    of_his_clients = and_(c.client_id.is_not(None), c.owner_id == c.receiver_id)
    return or_(visible(own, c.receiver_id), and_(of_his_clients, c.receiver_id.in_(covered())))


def covered() -> Select[Any]:
    """Whom the actor stands in for at this moment."""
    now = bindparam("actor_now", type_=UTCDateTime())
    return select(covers.c.away_id).where(
        covers.c.cover_id == bindparam("actor_id"), covers.c.begins_at <= now, covers.c.ends_at > now
    )


def covers_somebody(scope: Scope) -> bool:
    """Whether somebody's book may be open to the actor besides his own."""
    return scope in _WITHOUT


def sees(actor: Actor, owner: User) -> bool:
    """What `visible` says of the clients of one owner, without those that the actor covers."""
    match scope_of(actor):
        case "own":
            return actor.user_id == owner.id
        case "team":
            return owner.path.startswith(actor.path)
        case "all":
            return True
        case _:
            return False


def sees_no_client(role: Role) -> bool:
    """Whether people of a role have no clients before them at all."""
    return _SCOPES[role] == "none"


def binds(actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """The values for the bound parameters of `visible`."""
    return {
        "actor_id": actor.user_id,
        "actor_now": now,
        "actor_path": actor.path,
        "actor_path_end": actor.path + "\U0010ffff",
    }
