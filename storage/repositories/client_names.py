"""The names that clients go by: looked up by keys, for a whole group of messages at once where that pays, and kept up
to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, bindparam, select

from storage.model.people import Actor, Client
from storage.naming import name_keys
from storage.prepared import Prepared, for_each, one_of
from storage.repositories.client_links import ClientLinks
from storage.scope import Scope, visible
from storage.tables import client_names, clients

if TYPE_CHECKING:
    from storage.database import UnitOfWork

CLIENT_ROW = [clients.c[name] for name in Client.__slots__]
_WIDTH = len(CLIENT_ROW)


@cache
def _named(scope: Scope) -> Prepared:
    return Prepared(lambda dialect: (
        select(client_names.c.key, client_names.c.how, *CLIENT_ROW)
        .join(clients, clients.c.id == client_names.c.client_id)
        .where(one_of(client_names.c.key, "keys", dialect), visible(scope, client_names.c.owner_id))
    ))  # fmt: skip


@cache
def _named_by_advisers() -> Prepared:
    one = (
        select(client_names.c.key, client_names.c.how, *CLIENT_ROW)
        .join(clients, clients.c.id == client_names.c.client_id)
        .where(client_names.c.key == bindparam("key").collate("C"), visible("own", client_names.c.owner_id))
    )
    return for_each(one, actor_id=Text(), key=Text())


def _asked(user_id: str, keys: Collection[str]) -> tuple[str, str]:
    return "named", "\n".join((user_id, *sorted(keys)))


class NameHit(NamedTuple):
    """A key of the name index that a client goes by; `how` is name, alias, short, pinyin or initials."""

    client_id: int
    key: str
    how: str
    name: str


class ClientNames(ClientLinks):
    """A part of `ClientRepository`."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._named: dict[tuple[Actor, int], tuple[Any, ...]] = {}  # rows that the last look-up of names brought along

    def named(self, keys: Collection[str]) -> list[NameHit]:
        """Which of the keys are names (of any kind) of clients in scope, by client and key."""
        found = self.uow.foreseen.get(_asked(self.uow.actor.user_id, keys)) if self.uow.foreseen else None
        if found is None:
            found = self.uow.rows(_named(self.uow.scope), {"keys": list(keys)}) if keys else ()
        self._named = {(self.uow.actor, row[-_WIDTH]): row[-_WIDTH:] for row in found}
        return sorted(NameHit(row.id, row.key, row.how, row.name) for row in found)

    def foresee(self, asked: Sequence[tuple[str, Collection[str]]]) -> list[list[NameHit]]:
        """Read what `named` finds in these advisers' own books for all units of the group. PostgreSQL only."""
        sets = [(place, user_id, key) for place, (user_id, keys) in enumerate(asked) for key in keys]
        found: list[list[Any]] = [[] for _ in asked]
        if sets:
            params = {"actor_id": [user_id for _, user_id, _ in sets], "key": [key for _, _, key in sets]}
            for row in self.uow.rows(_named_by_advisers(), params):
                found[sets[row.place - 1][0]].append(row)
        for (user_id, keys), rows in zip(asked, found, strict=True):
            self.uow.foreseen[_asked(user_id, keys)] = rows
        return [[NameHit(row.id, row.key, row.how, row.name) for row in rows] for rows in found]

    def _write_names(
        self, client_id: int, owner_id: str, name: str, kind: str, aliases: Iterable[str]
    ) -> None:
        for how, key in sorted(name_keys(name, aliases, enterprise=kind == "enterprise")):
            self.uow.insert(
                client_names, {"client_id": client_id, "owner_id": owner_id, "how": how, "key": key}
            )

    def _rename(self, client: Client, name: str) -> None:
        query = select(client_names.c.how, client_names.c.key).where(client_names.c.client_id == client.id)
        kept = []
        for row in self.uow.conn.execute(query).all():
            if row.how == "alias":
                kept.append(row.key)
            self.uow.delete(client_names, {"client_id": client.id, "how": row.how, "key": row.key})
        self._write_names(client.id, client.owner_id, name, client.kind, kept)
