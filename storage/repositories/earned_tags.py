"""Tags that follow from a condition: who earns them is computed once a day over all books, in one pass for each tag,
and kept apart from what people put on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, delete, exists, insert, literal, select, update

from storage.repositories.base import Repository
from storage.tables import clients, earned_tags


@dataclass(frozen=True, slots=True)
class Earned:
    """`reason` is the condition by which it was computed; `since` the day from which it has held."""

    tag: str
    reason: str
    since: date


class EarnedTagRepository(Repository):
    def compute(self, conditions: Mapping[str, tuple[ColumnElement[bool], str]], today: date) -> tuple[int, int]:
        """Give each tag to whom its condition (told by the second part) chooses, and take it from all others; how many
        were given and taken. A second run changes nothing."""
        t, given, taken = earned_tags.c, 0, self._taken(earned_tags.c.tag.not_in(list(conditions)))
        for tag, (condition, reason) in conditions.items():
            earns = exists().where(clients.c.id == t.client_id, condition).correlate(earned_tags)
            taken += self._taken(t.tag == tag, ~earns)
            self.uow.conn.execute(update(earned_tags).where(t.tag == tag, t.reason != reason).values(reason=reason))
            has = exists().where(t.client_id == clients.c.id, t.tag == tag).correlate(clients)
            new = select(
                clients.c.id, clients.c.owner_id, literal(tag), literal(reason), literal(today, Date)
            ).where(condition, ~has)  # fmt: skip
            names = ["client_id", "owner_id", "tag", "reason", "since"]
            statement = insert(earned_tags).from_select(names, new).execution_options(preserve_rowcount=True)
            given += max(0, self.uow.conn.execute(statement).rowcount)
        return given, taken

    def of_client(self, client_id: int) -> list[Earned]:
        """Those of a client in scope."""
        t = earned_tags.c
        query = select(t.tag, t.reason, t.since).where(t.client_id == client_id, self.mine(earned_tags))
        return [Earned(row.tag, row.reason, row.since) for row in self.uow.execute(query.order_by(t.since, t.tag))]

    def _taken(self, *which: ColumnElement[bool]) -> int:
        statement = delete(earned_tags).where(*which).execution_options(preserve_rowcount=True)
        return max(0, self.uow.conn.execute(statement).rowcount)
