"""Members of the firm and the lines of command."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, literal, select, update

from storage.model.errors import Invalid, NotFound
from storage.model.people import Role, User
from storage.prepared import Prepared, one_of
from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import outbox, outbox_is, users

_COLUMNS = [users.c[f] for f in User.__slots__]

_BY_ID = Prepared(select(*_COLUMNS).where(users.c.id == bindparam("id")))
_BY_IDS = Prepared(lambda dialect: select(*_COLUMNS).where(one_of(users.c.id, "ids", dialect)))
_USERID = re.compile(r"[a-z0-9_.@-]{1,64}")


class UserRepository(Repository):
    def find(self, user_id: str) -> User | None:
        """The member with this userid, in any case (WeCom's userids are case-insensitive)."""
        user_id = user_id.casefold()
        if (known := self.uow.foreseen.get(("user", user_id))) is not None:
            return known  # type: ignore[no-any-return]
        found = self.uow.rows(_BY_ID, {"id": user_id})
        return User(*found[0]) if found else None

    def foresee(self, ids: Collection[str]) -> Callable[[], None]:
        """Ask for these members for all units of the group; call what is returned to take in the answer."""
        answer = self.uow.ask(_BY_IDS, {"ids": [user_id.casefold() for user_id in ids]})

        def take() -> None:
            for row in answer():
                self.uow.foreseen["user", row.id] = User(*row)

        return take

    def get(self, user_id: str) -> User:
        """Raises NotFound."""
        user = self.find(user_id)
        if user is None:
            raise NotFound("没有这位同事，请检查姓名。")
        return user

    def named(self, name: str) -> list[User]:
        """Active members with this name."""
        found = self.uow.conn.execute(select(*_COLUMNS).where(users.c.name == name, users.c.active.is_(True)))
        return [User(**row._mapping) for row in found]

    def all(self, role: Role | None = None) -> list[User]:
        """Active members, of one role if given, by id."""
        query = select(*_COLUMNS).where(users.c.active.is_(True)).order_by(users.c.id)
        if role:
            query = query.where(users.c.role == role)
        return [User(**row._mapping) for row in self.uow.conn.execute(query)]

    def names(self) -> dict[str, str]:
        """Everybody's name by userid; who has left is marked so."""
        found = self.uow.conn.execute(select(users.c.id, users.c.name, users.c.active))
        return {row.id: row.name if row.active else f"{row.name}（已离职）" for row in found}

    def team(self) -> list[User]:
        """Active members in the actor's scope, himself included."""
        query = select(*_COLUMNS).where(users.c.active.is_(True), visible(self.uow.own_scope, users.c.id))
        return [User(**row._mapping) for row in self.uow.execute(query.order_by(users.c.id))]

    def gone(self) -> list[User]:
        """Members in the actor's scope who were disabled."""
        query = select(*_COLUMNS).where(users.c.active.is_(False), visible(self.uow.own_scope, users.c.id))
        return [User(**row._mapping) for row in self.uow.execute(query.order_by(users.c.id))]

    def add(self, user_id: str, name: str, role: Role, manager_id: str | None = None, line: str = "") -> User:
        """A new member, under a manager. Raises Invalid for an unknown manager or a known userid."""
        user_id = user_id.casefold()
        if not _USERID.fullmatch(user_id):
            raise Invalid("成员账号只能是字母、数字和 _ - @ .，最多 64 位，请核对企业微信后台的账号。")
        if self.find(user_id):
            raise Invalid(f"成员 {user_id} 已经存在。")
        manager = self.find(manager_id) if manager_id else None
        if manager_id and manager is None:
            raise Invalid(f"找不到上级 {manager_id}，请先添加上级。")
        path = f"{manager.path if manager else '/'}{user_id}/"
        self.uow.conn.execute(insert(users).values(
            id=user_id, name=name, role=role, manager_id=manager.id if manager else None, path=path, line=line,
            active=True, preferences={}, created_at=self.uow.now,
        ))
        self.uow.audit.record("create", "user", user_id, role=role)
        return self.get(user_id)

    def prefer(self, user: User, **preferences: Any) -> None:
        """Set preferences such as brief_at or digest_at; those that somebody else sets at the same moment stay."""
        mine = users.c.id == user.id
        held = select(users.c.preferences).where(mine).with_for_update(key_share=True)
        kept = self.uow.conn.execute(held).scalar_one()
        self.uow.conn.execute(update(users).where(mine).values(preferences={**kept, **preferences}))
        self.uow.audit.record("update", "user", user.id, preferences=sorted(preferences))

    def change(
        self, user: User, *, name: str | None = None, role: Role | None = None,
        manager_id: str | None = None, line: str | None = None,
    ) -> User:  # fmt: skip
        """Set what is given; an empty manager puts the member at the top. Who stands below moves along, and
        with it who sees whose clients. Raises Invalid for an unknown manager or one below the member."""
        values: dict[str, Any] = {"name": name, "role": role, "line": line}
        values = {k: v for k, v in values.items() if v is not None and v != getattr(user, k)}
        if manager_id is not None and (manager_id.casefold() or None) != user.manager_id:
            manager = self._manager_for(user, manager_id)
            self._move(user.path, f"{manager.path if manager else '/'}{user.id}/")
            values["manager_id"] = manager.id if manager else None
        if values:
            self.uow.conn.execute(update(users).where(users.c.id == user.id).values(values))
            shown = {k: v for k, v in values.items() if k != "name"}  # names stay out of the audit
            self.uow.audit.record("update", "user", user.id, fields=sorted(values), **shown)
        return self.get(user.id)

    def _manager_for(self, user: User, manager_id: str) -> User | None:
        if not manager_id:
            return None
        manager = self.find(manager_id)
        if manager is None:
            raise Invalid(f"找不到上级 {manager_id}，请先添加上级。")
        if manager.path.startswith(user.path):
            raise Invalid(f"{manager.id} 是 {user.id} 自己或下属，不能做上级。")
        return manager

    def _move(self, old: str, new: str) -> None:
        """Give the whole subtree its new line of command. Userids may hold _, so no LIKE."""
        below = and_(users.c.path >= old, users.c.path < old + "\U0010ffff")
        path = literal(new).concat(func.substr(users.c.path, len(old) + 1))
        self.uow.conn.execute(update(users).where(below).values(path=path))

    def activate(self, user: User) -> None:
        """Let a disabled member back in."""
        self.uow.conn.execute(update(users).where(users.c.id == user.id).values(active=True))
        self.uow.audit.record("activate", "user", user.id)

    def deactivate(self, user: User) -> None:
        """Cut all access at once; what waits to be sent to him never leaves."""
        self.uow.conn.execute(update(users).where(users.c.id == user.id).values(active=False))
        waiting = (outbox.c.recipient == user.id, outbox_is(outbox, "new"))
        dropped = {"state": "expired", "reason": "the receiver was disabled"}
        self.uow.conn.execute(update(outbox).where(*waiting).values(dropped))
        self.uow.audit.record("deactivate", "user", user.id)
