"""Segments: conditions to choose clients by that a member has given a name. Each has only the own ones."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from storage.model.ids import new_id
from storage.repositories.base import Repository
from storage.tables import segments

_PLACE = "segments.conditions"


class SegmentRepository(Repository):
    def all(self) -> Mapping[str, str]:
        """The actor's segments: conditions by name, oldest first."""
        query = select(segments).where(segments.c.user_id == self.uow.actor.user_id).order_by(segments.c.id)
        return {row.name: self.uow.unseal(_PLACE, row.id, row.conditions) for row in self.uow.conn.execute(query)}

    def save(self, name: str, conditions: str) -> bool:
        """Keep conditions under a name; what stood there goes. False when it stood there already, word for word."""
        if self.all().get(name) == conditions:
            return False
        self._delete(name)
        row_id = new_id()
        self.uow.insert(segments, {
            "id": row_id, "user_id": self.uow.actor.user_id, "name": name,
            "conditions": self.uow.seal(_PLACE, row_id, conditions), "created_at": self.uow.now,
        })
        self.uow.audit.record("save", "segment", row_id)
        return True

    def remove(self, name: str) -> bool:
        """False when there is none of this name."""
        removed = self._delete(name)
        if removed:
            self.uow.audit.record("remove", "segment", "*")
        return removed

    def _delete(self, name: str) -> bool:
        return bool(self.uow.delete(segments, {"user_id": self.uow.actor.user_id, "name": name}))
