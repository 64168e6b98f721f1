"""Who used the assistant: from the messages in the inbox, as long as they are kept, and sentences nobody could read.

Only counts and userids of colleagues; nothing that anybody wrote is opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, distinct, func, select

from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import inbox, puzzles, users

# What a member himself sends or taps, by the kind of the inbox row; that he opened the app is nothing that he did.
_SAID = ("TextMessage", "MediaMessage", "LocationMessage", "LinkMessage", "click", "template_card_event")
_AT_WORK = ("adviser", "manager")


class UsageRepository(Repository):
    """Of the actor's people, himself included; of the whole firm for who sees no clients (operations), for whom these
    are numbers alone."""

    def members(self) -> list[str]:
        """Advisers and managers who are here now, by id."""
        query = select(users.c.id).where(*self._members()).order_by(users.c.id)
        return [row.id for row in self.uow.execute(query)]

    def active(self, spans: Sequence[tuple[datetime, datetime]]) -> list[frozenset[str]]:
        """For each [first, end): the members of whom at least one message was handled. Reads the inbox once."""
        c = inbox.c
        heard = [
            _sum((c.received_at >= first) & (c.received_at < end)).label(f"n{n}")
            for n, (first, end) in enumerate(spans)
        ]
        query = (
            select(c.sender, *heard).join(users, users.c.id == c.sender)
            .where(
                c.state == "done", c.kind.in_(_SAID), *self._members(),
                c.received_at >= min(first for first, _ in spans), c.received_at < max(end for _, end in spans),
            )
            .group_by(c.sender)
        )  # fmt: skip
        found = [tuple(row) for row in self.uow.execute(query)]
        return [frozenset(row[0] for row in found if row[n + 1]) for n in range(len(spans))]

    def puzzled(self, first: datetime, end: datetime) -> tuple[int, int]:
        """How many sentences nobody could read from `first` up to and without `end`, and from how many people."""
        query = select(func.count().label("said"), func.count(distinct(puzzles.c.user_id)).label("people")).where(
            puzzles.c.said_at >= first, puzzles.c.said_at < end, self._seen(puzzles.c.user_id)
        )
        row = self.uow.execute(query).one()
        return int(row.said), int(row.people)

    def _members(self) -> tuple[ColumnElement[bool], ...]:
        return users.c.active.is_(True), users.c.role.in_(_AT_WORK), self._seen(users.c.id)

    def _seen(self, user_id: ColumnElement[str]) -> ColumnElement[bool]:
        scope = self.uow.own_scope
        return visible("all" if scope == "none" else scope, user_id)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
