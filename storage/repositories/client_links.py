"""What hangs on a client by a word: tags, relations to other clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, exists, select

from config.pack import Counted
from storage.conditions.counting import counted_for, window
from storage.model.ids import new_id
from storage.model.people import Client, Relation
from storage.prepared import Prepared
from storage.repositories.base import Repository
from storage.scope import Scope, visible
from storage.tables import client_tags, clients, relations

_NOTE = "relations.note"
_REASON = "client_tags.reason"


@cache
def _tags(scope: Scope) -> Prepared:
    return Prepared(
        select(client_tags.c.tag)
        .where(client_tags.c.client_id == bindparam("client_id"), visible(scope, client_tags.c.owner_id))
        .order_by(client_tags.c.created_at, client_tags.c.tag)
    )


@dataclass(frozen=True, slots=True)
class GivenTag:
    """A tag that somebody put on a client; `reason` may be empty."""

    tag: str
    reason: str
    at: datetime


class ClientLinks(Repository):
    """A part of `ClientRepository`."""

    def tags(self, client_id: int) -> list[str]:
        """The tags of a client in scope, oldest first."""
        return [row.tag for row in self.uow.rows(_tags(self.uow.scope), {"client_id": client_id})]

    def given_tags(self, client_id: int) -> list[GivenTag]:
        """The tags that people put on a client in scope, with their reasons, oldest first."""
        t = client_tags.c
        query = select(t.id, t.tag, t.reason, t.created_at).where(t.client_id == client_id, self.mine(client_tags))
        return [
            GivenTag(row.tag, self.uow.unseal(_REASON, row.id, row.reason) or "", row.created_at)
            for row in self.uow.execute(query.order_by(t.created_at, t.tag))
        ]

    def counted(self, client_id: int, counted: Counted, today: date, zone: ZoneInfo) -> int:
        """How many records of a client in scope a counted tag finds in its days."""
        many = counted_for(counted, clients.c.id, window(counted.days, today, zone)).correlate(clients)
        query = select(many.scalar_subquery()).where(clients.c.id == client_id, self.mine(clients))
        return int(self.uow.execute(query).scalar() or 0)

    def add_tag(self, client: Client, tag: str, reason: str = "") -> bool:
        """False when the client has the tag already."""
        self.refuse_if_locked(client)
        if tag in self.tags(client.id):
            return False
        tag_id = new_id()
        self.uow.insert(client_tags, {
            "id": tag_id, "client_id": client.id, "owner_id": client.owner_id, "tag": tag,
            "reason": self._words(_REASON, tag_id, reason), "created_at": self.uow.now,
        })
        self.uow.audit.record("tag", "client", client.id, client_id=client.id, tag=tag)
        return True

    def remove_tag(self, client: Client, tag: str) -> bool:
        """False when the client does not have the tag."""
        removed = self.uow.delete(client_tags, {"client_id": client.id, "tag": tag})
        if removed:
            self.uow.audit.record("untag", "client", client.id, client_id=client.id, tag=tag)
        return removed

    def relate(self, client: Client, other: Client, kind: str, note: str = "") -> None:
        """`other` is the client's `kind` (spouse, referrer …). Stored once, read from both sides."""
        self.refuse_if_locked(client)
        self.refuse_if_locked(other)
        if any(r.other_id == other.id and r.kind == kind for r in self.relations(client.id)):
            return
        relation_id = new_id()
        self.uow.insert(relations, {
            "id": relation_id, "owner_id": client.owner_id, "client_id": client.id, "other_id": other.id,
            "kind": kind, "note": self._words(_NOTE, relation_id, note), "created_at": self.uow.now,
        })
        self.uow.audit.record("relate", "client", client.id, client_id=client.id, kind=kind, other=other.id)

    def relations(self, client_id: int) -> list[Relation]:
        """Relations seen from this client: kinds of rows written from the other side are reversed.

        Relatives outside the reader's scope are left out."""
        other = clients.alias("other")
        forward = select(
            relations.c.id, relations.c.kind, relations.c.note, other.c.id.label("other_id"), other.c.name,
        ).join(other, other.c.id == relations.c.other_id).where(relations.c.client_id == client_id)
        backward = select(
            relations.c.id, relations.c.kind, relations.c.note, other.c.id.label("other_id"), other.c.name,
        ).join(other, other.c.id == relations.c.client_id).where(relations.c.other_id == client_id)
        asked = exists().where(clients.c.id == client_id, self.mine(clients))
        seen = and_(visible(self.uow.scope, other.c.owner_id), asked)
        reverse = {kind.name: kind.reverse for kind in self.uow.packs.relations}
        out = [self._relation(r, r.kind) for r in self.uow.execute(forward.where(seen))]
        return out + [
            self._relation(r, reverse.get(r.kind, r.kind)) for r in self.uow.execute(backward.where(seen))
        ]

    def _relation(self, row: Any, kind: str) -> Relation:
        return Relation(row.id, kind, row.other_id, row.name, self.uow.unseal(_NOTE, row.id, row.note) or "")
