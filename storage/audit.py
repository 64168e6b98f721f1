"""The audit trail: who did what to which record, chained so that a change or a gap shows.

Entries are collected during a unit of work and written just before its commit, in the same transaction.
`mac = HMAC(audit key, previous mac, SHA-256(entry))`. Values are ids, field names and masked old/new pairs;
never a full phone or ID number. The chain alone cannot see a cut tail or a rewritten head by someone who
holds the database, so `head()` is meant to be kept elsewhere (`python -m bot audit head`).

An entry that shows one client names him; whom one about several showed stands in `audit_subjects`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, bindparam, func, select, union, update

from storage.model.errors import Corrupt
from storage.model.people import Actor
from storage.prepared import Prepared, Rows, in_one_go
from storage.tables import audit, audit_head, audit_subjects
from storage.vault import Vault

GENESIS = bytes(32)
MOST_IDS = 500  # of a longer list an entry names the first ones and the count
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_HEAD = select(audit_head.c.seq, audit_head.c.mac).where(audit_head.c.id == 1)
_HEAD_LOCKED = Prepared(_HEAD.with_for_update())  # SQLite knows no such lock and needs none
_ENTRIES, _SUBJECTS = Rows(audit), Rows(audit_subjects)
_MOVE_HEAD = Prepared(
    update(audit_head).where(audit_head.c.id == 1).values(seq=bindparam("seq"), mac=bindparam("mac"))
)
# Head and last entry in one statement: between two, others may append.
_END = select(
    select(audit_head.c.seq).where(audit_head.c.id == 1).scalar_subquery().label("seq"),
    select(audit_head.c.mac).where(audit_head.c.id == 1).scalar_subquery().label("mac"),
    select(func.max(audit.c.seq)).scalar_subquery().label("last"),
)
_CHUNK = Prepared(
    select(audit).where(audit.c.seq > bindparam("after"), audit.c.seq <= bindparam("last"))
    .order_by(audit.c.seq).limit(5000)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry as it is read back."""

    seq: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    client_id: int | None
    outcome: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain first fails, and why."""

    seq: int
    reason: str


Pending = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _List:
    """What was listed, in order, and whom it showed."""

    ids: dict[int, None] = field(default_factory=dict)
    clients: set[int] = field(default_factory=set)


class AuditTrail:
    """Collects the entries of one unit of work."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self._actor, self._now = actor, now
        self._pending: list[Pending] = []
        self._read: set[tuple[str, str, str]] = set()
        self._lists: dict[tuple[str, str, str], _List] = {}  # by actor, sort and section
        self._opened: dict[int, str] = {}  # clients whose record was opened, and by whom

    def act_as(self, actor: Actor) -> None:
        """Entries from here on are this actor's."""
        self._actor = actor

    def record(
        self, action: str, object_type: str, object_id: object, *,
        client_id: int | None = None, clients: Collection[int] = (), outcome: str = "ok", **detail: Any,
    ) -> None:
        """Note an act about one client, or that showed several. `detail` must be JSON and masked already."""
        if len(clients) == 1:
            (client_id,), clients = clients, ()
        self._pending.append({
            "at": self._now, "actor": self._actor.user_id, "action": action, "object_type": object_type,
            "object_id": str(object_id), "client_id": client_id, "clients": clients, "outcome": outcome,
            "detail": _detail(detail),
        })

    def adopt_attempts(self, other: AuditTrail) -> None:
        """Take over what a rolled-back unit of work tried: searches by number, and refusals."""
        self._pending += [entry for entry in other._pending if entry["action"] in ("search", "refuse")]

    def read(
        self, object_type: str, object_id: object, *, client_id: int | None = None, section: str
    ) -> None:
        """Note a read of personal data, once per record and section in a unit of work."""
        mark = (object_type, str(object_id), section)
        if self._actor.role != "system" and mark not in self._read:
            self._read.add(mark)
            self.record("read", object_type, object_id, client_id=client_id, section=section)

    def opened(self, client_id: int) -> None:
        """Note that a client's record was opened. It is an entry only when nothing else says so: whoever asks for
        the contracts or the time line has looked once, not twice."""
        if self._actor.role != "system":
            self._opened.setdefault(client_id, self._actor.user_id)

    def listed(self, object_type: str, found: Iterable[tuple[int, int | None]], *, section: str) -> None:
        """Note that a list was read: one entry per sort and section in a unit of work, with the ids. `found` gives
        the id of each record and of the client it is about."""
        shown = dict(found)
        if shown and self._actor.role != "system":
            noted = self._lists.setdefault((self._actor.user_id, object_type, section), _List())
            noted.ids.update(dict.fromkeys(shown))
            noted.clients.update(client_id for client_id in shown.values() if client_id is not None)

    @staticmethod
    def on_behalf(entry: Pending, whose: Collection[str]) -> Pending:
        """An entry of somebody who covered for these colleagues."""
        if not whose:
            return entry
        return {**entry, "detail": _detail({**json.loads(entry["detail"]), "covering": sorted(whose)})}

    def take(self) -> list[Pending]:
        """What was collected, to be appended to the chain; the trail is empty afterwards."""
        for (who, object_type, section), noted in self._lists.items():
            ids = list(noted.ids)
            self.record(
                "list", object_type, "*", clients=noted.clients, section=section, count=len(ids), ids=ids[:MOST_IDS]
            )
            self._pending[-1]["actor"] = who
        told = {entry["client_id"] for entry in self._pending if not _only_found(entry)}
        for client_id, who in self._opened.items():
            if client_id not in told:
                self.record("read", "client", client_id, client_id=client_id, section="record")
                self._pending[-1]["actor"] = who
        self._lists, self._opened = {}, {}
        taken, self._pending = self._pending, []
        return taken


def _only_found(entry: Pending) -> bool:
    """Whether the client was only among what was found: not yet that the record was looked into."""
    return entry["action"] == "search" or (entry["action"], entry["object_type"]) == ("list", "client")


def _detail(detail: Mapping[str, Any]) -> str:
    return orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode()


def are_few(entries: Sequence[Pending]) -> bool:
    """Whether they may be appended among statements that leave in one go."""
    return max(len(entries), sum(len(entry["clients"]) for entry in entries)) < Rows.MANY


def append(conn: Connection, vault: Vault, entries: Sequence[Pending]) -> None:
    """Write entries at the end of the chain. PostgreSQL locks the head row till commit. Raises Corrupt."""
    if not entries:
        return
    (head,) = _HEAD_LOCKED.rows(conn, {}) or (None,)
    if head is None:
        raise Corrupt("the head of the audit chain is missing")
    seq, mac, rows = head.seq, head.mac, []
    for entry in entries:
        seq, prev = seq + 1, mac
        mac = vault.chain(prev, _canonical(seq, entry))
        rows.append({**entry, "seq": seq, "prev": prev, "mac": mac})
    subjects = [{"client_id": client, "seq": row["seq"]} for row in rows for client in row["clients"]]
    with in_one_go(conn) if are_few(entries) else nullcontext():
        _ENTRIES.add(conn, rows)
        _SUBJECTS.add(conn, subjects)
        _MOVE_HEAD.run(conn, {"seq": seq, "mac": mac})


def _canonical(seq: int, row: Mapping[str, Any]) -> bytes:
    """A JSON list. Its texts are encoded one by one, because an encoder that takes the list is built anew each time."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    act = ", ".join([_encoded(row[name]) for name in ("actor", "action", "object_type", "object_id")])
    client = "null" if row["client_id"] is None else row["client_id"]
    return f'[{seq}, "{at}", {act}, {client}, {_encoded(row["outcome"])}, {_encoded(row["detail"])}]'.encode()


def head(conn: Connection) -> tuple[int, bytes]:
    """The number and MAC of the last entry; (0, zeros) when there is none."""
    row = conn.execute(_HEAD).one_or_none()
    return (row.seq, row.mac) if row else (0, GENESIS)


def verify(conn: Connection, vault: Vault, anchor: tuple[int, bytes] | None = None) -> Broken | None:
    """Walk the whole chain. None when it holds, else the first entry that does not.

    `anchor` is a head noted earlier elsewhere: the chain must still pass through it. Entries that others
    add meanwhile are left for the next time."""
    end = conn.execute(_END).one()
    if end.mac is None:
        return Broken(end.last or 0, "the head of the chain is missing")
    expected, prev = 1, GENESIS
    for row in _rows(conn, end.seq):
        if broken := _fault(row, expected, prev, vault):
            return broken
        if anchor and row.seq == anchor[0] and row.mac != anchor[1]:
            return Broken(row.seq, "differs from the anchor: history was rewritten")
        expected, prev = row.seq + 1, row.mac
    if end.seq != expected - 1 or end.mac != prev:
        return Broken(expected, "entries missing at the end")
    if (end.last or 0) > end.seq:
        return Broken(expected, "entries beyond the head")
    if anchor and anchor[0] > end.seq:
        return Broken(expected, "entries missing at the end: the anchor is further on")
    return None


def is_of(conn: Connection, vault: Vault) -> bool:
    """Whether the last entry was chained with this vault's key; True for an empty chain."""
    row = conn.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).one_or_none()
    return row is None or vault.chain(row.prev, _canonical(row.seq, row._asdict())) == row.mac


def _fault(row: Any, expected: int, prev: bytes, vault: Vault) -> Broken | None:
    if row.seq != expected:
        return Broken(expected, "entry missing")
    if row.prev != prev:
        return Broken(row.seq, "not chained to the entry before it")
    if vault.chain(prev, _canonical(row.seq, row._asdict())) != row.mac:
        return Broken(row.seq, "content altered")
    return None


def _rows(conn: Connection, last: int) -> Iterator[Any]:
    after = -1
    while rows := _CHUNK.rows(conn, {"after": after, "last": last}):
        yield from rows
        after = rows[-1].seq


def entries_about(
    conn: Connection, client_id: int, limit: int = 200, *,
    first: datetime | None = None, last: datetime | None = None,
) -> list[Entry]:
    """The latest entries about one client, newest first: reads, changes, and lists and searches that showed the
    client. From `first` up to and without `last`, where given."""
    about = union(
        select(audit.c.seq).where(audit.c.client_id == client_id),
        select(audit_subjects.c.seq).where(audit_subjects.c.client_id == client_id),
    )
    return _entries(conn, audit.c.seq.in_(about), limit, first, last)


def entries_by(
    conn: Connection, actor: str, limit: int = 200, *, first: datetime | None = None, last: datetime | None = None,
) -> list[Entry]:
    """The latest entries of what one member did, newest first. From `first` up to and without `last`, where given."""
    return _entries(conn, audit.c.actor == actor, limit, first, last)


def _entries(
    conn: Connection, where: ColumnElement[bool], limit: int, first: datetime | None, last: datetime | None
) -> list[Entry]:
    query = select(audit).where(where).order_by(audit.c.seq.desc()).limit(limit)
    if first is not None:
        query = query.where(audit.c.at >= first)
    if last is not None:
        query = query.where(audit.c.at < last)
    return [
        Entry(r.seq, r.at, r.actor, r.action, r.object_type, r.object_id, r.client_id, r.outcome,
              json.loads(r.detail))
        for r in conn.execute(query)
    ]
