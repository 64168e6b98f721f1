"""Inbox and outbox: every message in and out is a row, claimed under a lease, finished once. Whose turn it is says
`turns`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    func,
    select,
    update,
)

from storage.model.errors import Corrupt
from storage.model.ids import first_id_at, new_id
from storage.model.work import InboxRow, OutboxRow
from storage.prepared import Prepared, insert_ignoring
from storage.repositories import turns
from storage.repositories.base import Repository
from storage.tables import UNSENT, inbox, outbox, outbox_is

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
DEAD = ("uncertain", "refused")  # what only a person lets go again


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


_ADD = Prepared(insert_ignoring(inbox, "key"))
_CLAIM_INBOX = Prepared(turns.of_inbox, along_an_index=True)
_FINISH = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row_id"), inbox.c.state == "new", inbox.c.tries == bindparam("claim"))
    .where(inbox.c.lease_owner == bindparam("by"))
    .values(state="done", done_at=bindparam("now"), lease_until=None)
)
_PUT = Prepared(insert_ignoring(outbox, "key"))
_CLAIM_OUTBOX = Prepared(turns.of_outbox, along_an_index=True, never_whole=True)
_RELEASE = Prepared(
    update(outbox).where(outbox_is(outbox, "sending"), outbox.c.lease_until < bindparam("now"))
    .values(state="new", lease_until=None),
    along_an_index=True,
)  # fmt: skip
_SENT = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "sending")
    .values(state="sent", lease_until=None, sent_at=bindparam("now"), msgid=bindparam("its_msgid"),
            response_code=bindparam("its_code"))
)  # fmt: skip
_SENT_AT_ONCE = Prepared(turns.all_sent, along_an_index=True, never_whole=True)
_EMPTY_IN, _EMPTY_OUT = (
    dict.fromkeys(column.name for column in table.c if column.nullable) for table in (inbox, outbox)
)


class InboxRepository(Repository):
    def add(self, arrivals: Sequence[Arrival]) -> None:
        """Keep the arrivals; those whose key is known already are dropped silently."""
        _ADD.send_many(self.uow.conn, [
            {
                **_EMPTY_IN, "key": a.key, "sender": a.sender, "kind": a.kind, "received_at": a.received_at,
                "body": self.uow.vault.seal("inbox.body", a.key, a.body.encode()), "state": "new", "tries": 0,
            }
            for a in arrivals
        ])  # fmt: skip

    def claim(self, owner: str, limit: int) -> list[InboxRow]:
        """The oldest waiting message of up to `limit` senders, leased to `owner`.

        What was claimed before and is not done may be what ended the process: it comes alone, so that it does not
        take others along again, whose tries are counted too. An owner that asks again has let go of what it held
        before. A row that does not open is parked."""
        now = self.uow.now
        claimed = self.uow.rows(_CLAIM_INBOX, {"now": now, "until": now + LEASE, "by": owner, "most": limit})
        rows = sorted((row for r in claimed if (row := self._row(r))), key=lambda r: r.id)
        alone = next((row for row in rows if row.tries > 1), None)
        if alone is None:
            return rows
        for row in rows:
            if row is not alone:
                self._give_back(row, tries=row.tries - 1)
        return [alone]

    def finish(self, row: InboxRow, owner: str) -> bool:
        """Mark as handled; False when the lease went to somebody else, and nothing may be committed."""
        done = {"row_id": row.id, "claim": row.tries, "by": owner, "now": self.uow.now}
        return bool(self.uow.later(_FINISH, done))

    def retry(self, row: InboxRow, error: str, at: datetime, *, counts: bool = True) -> None:
        """Try again at `at`; later messages of the sender wait behind it. Unless it `counts`, this was no try."""
        self._give_back(row, not_before=at, error=error[:200], tries=row.tries - (not counts))

    def lease_owners(self) -> set[str]:
        """Who holds messages now."""
        return _lease_owners(self, inbox, inbox.c.state == "new")

    def end_leases(self, owner: str) -> None:
        """Free what an owner held that is no more."""
        self.uow.conn.execute(
            update(inbox).where(inbox.c.state == "new", inbox.c.lease_owner == owner).values(lease_until=None)
        )

    def park(self, row: InboxRow, error: str) -> None:
        """Stop trying: ops will look at it, and the sender's later messages go on."""
        self._give_back(row, state="parked", error=error[:200])

    def unpark(self, row_id: int) -> bool:
        """Try a parked message again; False when it is not parked."""
        freed = self.uow.conn.execute(
            update(inbox).where(inbox.c.id == row_id, inbox.c.state == "parked")
            .values(state="new", tries=0, lease_until=None, not_before=None)
        )
        if freed.rowcount:
            self.uow.audit.record("release", "inbox", row_id)
        return bool(freed.rowcount)

    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        return _counts(self, inbox)

    def counts_in_hand(self) -> dict[str, int]:
        """The same without what came to its end: that is kept for weeks, and who looks every few seconds must not
        count it each time."""
        return _counts(self, inbox, inbox.c.state.in_(("new", "parked")))

    def purge(self, before: datetime) -> int:
        """Delete handled messages older than `before`."""
        gone = self.uow.conn.execute(
            inbox.delete().where(inbox.c.state == "done", inbox.c.received_at < before)
        )
        return gone.rowcount

    def purge_parked(self, before: datetime) -> int:
        """Delete messages that were parked and that nobody has let go in all that time."""
        parked = inbox.delete().where(inbox.c.state == "parked", inbox.c.received_at < before)
        return self.uow.conn.execute(parked).rowcount

    def _give_back(self, row: InboxRow, **values: Any) -> None:
        """Only while the claim that `row` stems from is the last one: a late worker changes nothing."""
        self.uow.conn.execute(
            update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == "new", inbox.c.tries == row.tries)
            .values(lease_until=None, **values)
        )

    def _row(self, r: Any) -> InboxRow | None:
        try:
            body = self.uow.vault.open("inbox.body", r.key, r.body).decode()
        except Corrupt:
            log.error("inbox.corrupt", inbox_id=r.id)
            self.uow.conn.execute(
                update(inbox).where(inbox.c.id == r.id)
                .values(state="parked", lease_until=None, error="the body does not open")
            )
            return None
        return InboxRow(r.id, r.key, r.sender, r.kind, body, r.received_at, r.tries, r.lease_owner)


class OutboxRepository(Repository):
    def put(
        self, key: str, recipient: str, call: str, body: bytes, *, row_id: int, priority: int,
        not_before: datetime | None = None, expires_at: datetime | None = None,
    ) -> bool:
        """Queue a message under a key that is used once; False when one is queued under it already.

        The first one stands: a brief made again after a crash may differ by a minute, and only one is sent.
        Raises KeyReused when the key stands for another kind of call."""
        added = self.uow.later(_PUT, {
            **_EMPTY_OUT, "id": row_id, "key": key, "body_hash": hashlib.sha256(body).digest(),
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
        """The next message of up to `limit` receivers, most urgent first, leased to `owner`.

        A row that does not open is parked and logged; the others go on."""
        now = self.uow.now
        with self.uow.in_one_go():
            self.uow.run(_RELEASE, {"now": now})  # on its own, so that the claim reads one index in order
            claimed = self.uow.ask(_CLAIM_OUTBOX, {"now": now, "until": now + LEASE, "by": owner, "most": limit})
        return sorted((row for r in claimed() if (row := self._row(r))), key=lambda r: (r.priority, r.id))

    def sent(self, row_id: int, msgid: str, response_code: str) -> None:
        """WeCom took it."""
        self.all_sent([(row_id, msgid, response_code)])

    def all_sent(self, answers: Iterable[tuple[int, str, str]]) -> None:
        """WeCom took these: (row id, msgid, response code) each."""
        now, rows = self.uow.now, list(answers)
        if not rows:
            return
        if self.uow.conn.dialect.name == "postgresql":
            ids, msgids, codes = (list(column) for column in zip(*rows, strict=True))
            self.uow.run(_SENT_AT_ONCE, {"now": now, "ids": ids, "msgids": msgids, "codes": codes})
        else:
            _SENT.send_many(
                self.uow.conn,
                ({"row_id": row, "now": now, "its_msgid": msgid, "its_code": code} for row, msgid, code in rows),
            )()

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

    def not_tried(self, row_id: int, at: datetime, reason: str) -> None:
        """Put a claimed message back that was not sent after all: the claim counts as no try."""
        first = case((outbox.c.tries <= 1, None), else_=outbox.c.first_tried_at)
        self._end(
            row_id, "new", not_before=at, tries=outbox.c.tries - 1, first_tried_at=first, reason=reason[:200]
        )

    def in_doubt(self, since: datetime) -> list[tuple[str, datetime]]:
        """Who may have missed a message tried since then, for nobody knows whether it arrived; when it was tried."""
        query = (
            select(outbox.c.recipient, func.max(outbox.c.first_tried_at).label("tried"))
            .where(outbox_is(outbox, "uncertain"), outbox.c.first_tried_at >= since)
            .group_by(outbox.c.recipient).order_by(outbox.c.recipient)
        )
        return [(row.recipient, row.tried) for row in self.uow.conn.execute(query)]

    def lease_owners(self) -> set[str]:
        """Who is sending messages now."""
        return _lease_owners(self, outbox, outbox_is(outbox, "sending"))

    def end_leases(self, owner: str, at: datetime) -> None:
        """End the leases of an owner that is no more at `at`, if not before."""
        self.uow.conn.execute(
            update(outbox)
            .where(outbox_is(outbox, "sending"), outbox.c.lease_owner == owner, outbox.c.lease_until > at)
            .values(lease_until=at)
        )

    def sent_since(self, at: datetime) -> list[tuple[str, datetime]]:
        """(recipient, sent at) of the messages sent since, oldest first; of those queued in the day before."""
        query = (
            select(outbox.c.recipient, outbox.c.sent_at)
            .where(outbox.c.id >= first_id_at(at - timedelta(days=1)), outbox.c.call != "update_card")
            .where(outbox.c.state == "sent", outbox.c.sent_at >= at)
            .order_by(outbox.c.sent_at)
        )
        return [(row.recipient, row.sent_at) for row in self.uow.conn.execute(query)]

    def release(self, row_id: int) -> bool:
        """Let a message of uncertain fate, or one that was refused, go out after all; False when it is none."""
        released = self.uow.conn.execute(
            update(outbox).where(outbox.c.id == row_id, outbox.c.state.in_(DEAD))
            .values(state="new", not_before=self.uow.now, first_tried_at=None, expires_at=None, reason=None)
        ).rowcount  # fmt: skip
        if released:
            self.uow.audit.record("release", "outbox", row_id)
        return bool(released)

    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        unsent = self.counts_unsent()
        kept = self.uow.conn.execute(select(func.count()).select_from(outbox)).scalar_one()
        sent = kept - sum(unsent.values())
        return {**unsent, "sent": sent} if sent else unsent

    def counts_unsent(self) -> dict[str, int]:
        """The same without what was sent."""
        return _counts(self, outbox, UNSENT)

    def purge(self, before: datetime) -> int:
        """Delete messages that came to an end and are older than `before`."""
        ended: ColumnElement[bool] = outbox.c.state.in_(("sent", "refused", "expired"))
        gone = self.uow.conn.execute(outbox.delete().where(ended, outbox.c.created_at < before))
        return gone.rowcount

    def purge_dead(self, before: datetime) -> int:
        """Delete messages of uncertain fate, and parked ones, that nobody has let go in all that time."""
        dead = outbox_is(outbox, "uncertain", "parked")
        return self.uow.conn.execute(outbox.delete().where(UNSENT, dead, outbox.c.created_at < before)).rowcount

    def _end(self, row_id: int, state: str, **values: Any) -> None:
        self.uow.conn.execute(
            update(outbox).where(outbox.c.id == row_id, outbox.c.state == "sending")
            .values(state=state, lease_until=None, **values)
        )

    def _row(self, r: Any) -> OutboxRow | None:
        try:
            body = self.uow.vault.open("outbox.body", r.id, r.body)
        except Corrupt:
            log.error("outbox.corrupt", outbox_id=r.id)
            self._end(r.id, "parked", reason="the body does not open")
            return None
        return OutboxRow(**{**r._asdict(), "body": body})


def _lease_owners(repository: Repository, table: Any, claimed: ColumnElement[bool]) -> set[str]:
    query = select(table.c.lease_owner).where(claimed, table.c.lease_until.is_not(None)).distinct()
    return {row.lease_owner for row in repository.uow.conn.execute(query)}


def _counts(repository: Repository, table: Any, *of: ColumnElement[bool]) -> dict[str, int]:
    query = select(table.c.state, func.count()).where(*of).group_by(table.c.state)
    return {row.state: row[1] for row in repository.uow.conn.execute(query)}
