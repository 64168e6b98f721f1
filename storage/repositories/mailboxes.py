"""Inbox and outbox: every message in and out is a row, claimed under a lease, finished once.

Only the first waiting row of a sender (or of a receiver, by priority) may be claimed, so messages of one
person keep their order over any number of processes. `FOR UPDATE SKIP LOCKED` keeps PostgreSQL workers out
of each other's way; SQLite has one writer anyway."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.model.ids import new_id
from storage.model.work import InboxRow, OutboxRow
from storage.prepared import Prepared, insert_ignoring
from storage.repositories.base import Repository
from storage.tables import inbox, outbox

LEASE = timedelta(seconds=60)


class KeyReused(ValueError):
    """The same outbox key was used for a different message: a bug of ours."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A decrypted callback on its way into the inbox."""

    key: str
    sender: str
    kind: str
    body: str
    received_at: datetime


_PUT = Prepared(insert_ignoring(outbox, "key"))
_UNTRIED = dict.fromkeys(column.name for column in outbox.c if column.nullable)


def _insert_ignoring(dialect: str, table: Any) -> Any:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing(index_elements=["key"])


def _claimable(query: Select[Any], dialect: str) -> Select[Any]:
    return query.with_for_update(skip_locked=True) if dialect == "postgresql" else query


class InboxRepository(Repository):
    def add(self, arrivals: Sequence[Arrival]) -> None:
        """Keep the arrivals; those whose key is known already are dropped silently."""
        self.uow.conn.execute(_insert_ignoring(self.uow.conn.dialect.name, inbox), [
            {
                "key": a.key, "sender": a.sender, "kind": a.kind, "received_at": a.received_at,
                "body": self.uow.vault.seal("inbox.body", a.key, a.body.encode()), "state": "new", "tries": 0,
            }
            for a in arrivals
        ])

    def claim(self, owner: str, limit: int) -> list[InboxRow]:
        """The oldest waiting message of up to `limit` senders, leased to `owner`."""
        now, earlier = self.uow.now, inbox.alias()
        heads = (
            select(inbox.c.id)
            .where(inbox.c.state == "new")
            .where(or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < now))
            .where(or_(inbox.c.not_before.is_(None), inbox.c.not_before <= now))
            .where(~exists().where(
                earlier.c.sender == inbox.c.sender, earlier.c.state == "new", earlier.c.id < inbox.c.id
            ))
            .order_by(inbox.c.id).limit(limit)
        )
        claimed = self.uow.conn.execute(
            update(inbox)
            .where(inbox.c.id.in_(_claimable(heads, self.uow.conn.dialect.name)))
            .values(lease_owner=owner, lease_until=now + LEASE, tries=inbox.c.tries + 1)
            .returning(inbox.c.id, inbox.c.key, inbox.c.sender, inbox.c.kind, inbox.c.body,
                       inbox.c.received_at, inbox.c.tries)
        )
        rows = [
            InboxRow(r.id, r.key, r.sender, r.kind,
                     self.uow.vault.open("inbox.body", r.key, r.body).decode(), r.received_at, r.tries)
            for r in claimed
        ]
        return sorted(rows, key=lambda r: r.id)

    def finish(self, row: InboxRow, owner: str) -> bool:
        """Mark as handled; False when the lease went to somebody else, and nothing may be committed."""
        done = self.uow.conn.execute(
            update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == "new", inbox.c.lease_owner == owner)
            .where(inbox.c.tries == row.tries)
            .values(state="done", done_at=self.uow.now, lease_until=None)
        )
        return bool(done.rowcount)

    def retry(self, row: InboxRow, error: str, at: datetime) -> None:
        """Try again at `at`; later messages of the sender wait behind it."""
        self.uow.conn.execute(
            update(inbox).where(inbox.c.id == row.id)
            .values(lease_until=None, not_before=at, error=error[:200])
        )

    def park(self, row: InboxRow, error: str) -> None:
        """Stop trying: ops will look at it, and the sender's later messages go on."""
        self.uow.conn.execute(
            update(inbox).where(inbox.c.id == row.id)
            .values(state="parked", lease_until=None, error=error[:200])
        )

    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        return _counts(self, inbox)

    def purge(self, before: datetime) -> int:
        """Delete handled messages older than `before`."""
        gone = self.uow.conn.execute(
            inbox.delete().where(inbox.c.state == "done", inbox.c.received_at < before)
        )
        return gone.rowcount


class OutboxRepository(Repository):
    def put(
        self, key: str, recipient: str, call: str, body: bytes, *, row_id: int, priority: int,
        not_before: datetime | None = None, expires_at: datetime | None = None,
    ) -> bool:
        """Queue a message under a key that is used once; False when one is queued under it already.

        The first one stands: a brief made again after a crash may differ by a minute, and only one is sent.
        Raises KeyReused when the key stands for another kind of call."""
        added = self.uow.run(_PUT, {
            **_UNTRIED, "id": row_id, "key": key, "body_hash": hashlib.sha256(body).digest(),
            "recipient": recipient, "call": call, "body": self.uow.vault.seal("outbox.body", row_id, body),
            "priority": priority, "state": "new", "tries": 0, "created_at": self.uow.now,
            "not_before": not_before or self.uow.now, "expires_at": expires_at,
        })  # fmt: skip
        if added:
            return True
        known = self.uow.conn.execute(select(outbox.c.call).where(outbox.c.key == key)).scalar_one()
        if known != call:
            raise KeyReused(f"outbox key {key} is used for {known} and {call}")
        return False

    @staticmethod
    def new_row_id() -> int:
        """An id for a row to be put, known before its body is made."""
        return new_id()

    def has(self, key: str) -> bool:
        """Whether a message was ever queued under this key."""
        return self.uow.conn.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None

    def claim(self, owner: str, limit: int) -> list[OutboxRow]:
        """The next message of up to `limit` receivers, most urgent first, leased to `owner`."""
        now = self.uow.now
        claimed = self.uow.conn.execute(
            update(outbox)
            .where(outbox.c.id.in_(_claimable(self._heads(now, limit), self.uow.conn.dialect.name)))
            .values(
                state="sending", lease_owner=owner, lease_until=now + LEASE, tries=outbox.c.tries + 1,
                first_tried_at=func.coalesce(outbox.c.first_tried_at, now),
            )
            .returning(*(outbox.c[f] for f in OutboxRow.__slots__))
        )
        rows = [self._row(r) for r in claimed]
        return sorted(rows, key=lambda r: (r.priority, r.id))

    @staticmethod
    def _heads(now: datetime, limit: int) -> Select[Any]:
        earlier = outbox.alias()
        waiting = ("new", "sending")
        before = or_(
            earlier.c.priority < outbox.c.priority,
            and_(earlier.c.priority == outbox.c.priority, earlier.c.id < outbox.c.id),
        )
        return (
            select(outbox.c.id)
            .where(or_(
                and_(outbox.c.state == "new", outbox.c.not_before <= now),
                and_(outbox.c.state == "sending", outbox.c.lease_until < now),
            ))
            .where(~exists().where(
                earlier.c.recipient == outbox.c.recipient, earlier.c.state.in_(waiting), before
            ))
            .order_by(outbox.c.priority, outbox.c.id).limit(limit)
        )

    def sent(self, row_id: int, msgid: str, response_code: str) -> None:
        self._end(row_id, "sent", sent_at=self.uow.now, msgid=msgid, response_code=response_code)

    def refused(self, row_id: int, errcode: int, reason: str) -> None:
        """WeCom will not take it; trying again does not help."""
        self._end(row_id, "refused", errcode=errcode, reason=reason[:200])

    def expired(self, row_id: int) -> None:
        self._end(row_id, "expired", reason="expired before it could be sent")

    def uncertain(self, row_id: int) -> None:
        """Tried so long ago that WeCom's duplicate check no longer protects a further try."""
        self._end(row_id, "uncertain", reason="outcome of the last try is unknown")

    def again(self, row_id: int, at: datetime, errcode: int, reason: str) -> None:
        """Try the same bytes again at `at`."""
        self._end(row_id, "new", not_before=at, errcode=errcode, reason=reason[:200])

    def next_attempt(self) -> datetime | None:
        """When the next waiting message may be tried."""
        at = case((outbox.c.state == "sending", outbox.c.lease_until), else_=outbox.c.not_before)
        query = select(func.min(at, type_=outbox.c.not_before.type)).where(
            outbox.c.state.in_(("new", "sending"))
        )
        return self.uow.conn.execute(query).scalar_one_or_none()

    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        return _counts(self, outbox)

    def purge(self, before: datetime) -> int:
        """Delete messages that came to an end and are older than `before`."""
        ended: ColumnElement[bool] = outbox.c.state.in_(("sent", "refused", "expired"))
        gone = self.uow.conn.execute(outbox.delete().where(ended, outbox.c.created_at < before))
        return gone.rowcount

    def _end(self, row_id: int, state: str, **values: Any) -> None:
        self.uow.conn.execute(
            update(outbox).where(outbox.c.id == row_id, outbox.c.state == "sending")
            .values(state=state, lease_until=None, **values)
        )

    def _row(self, r: Any) -> OutboxRow:
        body = self.uow.vault.open("outbox.body", r.id, r.body)
        return OutboxRow(**{**r._mapping, "body": body})


def _counts(repository: Repository, table: Any) -> dict[str, int]:
    query = select(table.c.state, func.count()).group_by(table.c.state)
    return {state: count for state, count in repository.uow.conn.execute(query)}
