"""Row images before and after each change of a unit of work, so that a whole act can be taken back.

`undo` restores every touched row, newest change first, but only while each still looks as the act left it:
if anything was changed since, nothing is restored and Conflict is raised. Consents stay: their ledger is only
ever added to. They go only together with a client that the same act created."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage import tables
from storage.columns import Sealed
from storage.model.errors import Conflict, Corrupt
from storage.vault import Vault

JOURNALED = {
    t.name: t
    for t in (
        tables.clients, tables.client_names, tables.client_tags, tables.relations, tables.contracts,
        tables.parties, tables.instalments, tables.interactions, tables.reminders, tables.consents,
        tables.segments, tables.saved_reports, tables.contacts, tables.client_messages, tables.tier_history,
        tables.journey_runs, tables.opportunities, tables.covers, tables.tickets, tables.ticket_steps,
        tables.ticket_limits, tables.ticket_members, tables.ticket_news, tables.ticket_papers, tables.assessments,
        tables.outside_queries,
    )
}
# What the audit calls the record that a row belongs to, and the column with its id. Index rows of names are no
# record of their own.
RECORDS = {
    "clients": ("client", "id"), "client_tags": ("client", "client_id"), "relations": ("client", "client_id"),
    "contracts": ("contract", "id"), "parties": ("contract", "contract_id"), "instalments": ("instalment", "id"),
    "interactions": ("interaction", "id"), "reminders": ("reminder", "id"), "consents": ("consent", "id"),
    "segments": ("segment", "id"), "saved_reports": ("report", "id"), "contacts": ("contact", "id"),
    "client_messages": ("client_message", "id"), "tier_history": ("client", "client_id"),
    "journey_runs": ("journey", "id"), "opportunities": ("opportunity", "id"),
    "covers": ("cover", "id"), "tickets": ("ticket", "id"), "ticket_steps": ("ticket", "ticket_id"),
    "ticket_limits": ("ticket", "ticket_id"), "ticket_members": ("ticket", "ticket_id"),
    "ticket_news": ("ticket", "ticket_id"), "ticket_papers": ("ticket", "ticket_id"),
    "assessments": ("assessment", "id"), "outside_queries": ("ticket", "ticket_id"),
}  # fmt: skip
CHANGED_SINCE = "这之后又有新的改动，不能撤销了，请直接修改。"


@dataclass(frozen=True, slots=True)
class Change:
    """One row's image before (None: it was inserted) and after (None: it was deleted)."""

    table: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def differing(change: Change, vault: Vault) -> list[str]:
    """What the images differ in: columns, and in place of `attrs` and `secrets` the fields kept there; nothing
    for a row that came or went."""
    if change.before is None or change.after is None:
        return []
    before, after = (_spread(change.table, image, vault) for image in (change.before, change.after))
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _spread(name: str, image: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    if "attrs" not in image:
        return dict(image)
    opened = _opened(JOURNALED[name], "secrets", image, vault)
    sealed_still = opened is not None and opened == image["secrets"]
    secrets = {"secrets": opened} if sealed_still else json.loads(opened or "{}")
    return {**image, "attrs": None, "secrets": None, **image["attrs"], **secrets}


def dump(changes: list[Change]) -> bytes:
    """The changes as JSON with type tags, for keeping (sealed) in the database."""
    return json.dumps([[c.table, c.before, c.after] for c in changes], default=_encode).encode()


def load(data: bytes) -> list[Change]:
    """What `dump` wrote."""
    return [Change(*parts) for parts in json.loads(data, object_hook=_decode)]


def undo(conn: Connection, changes: list[Change], vault: Vault) -> list[Change]:
    """Take the changes back, newest first, and give them reversed (for the audit). Raises Conflict."""
    undone = []
    created = {c.after["id"] for c in changes if c.table == "clients" and c.before is None and c.after}
    if created:  # a mere look at a text left them; the audit trail keeps what was answered
        conn.execute(delete(tables.verdicts).where(tables.verdicts.c.client_id.in_(created)))
    for change in reversed(changes):
        if change.table == "consents" and change.after and change.after["client_id"] not in created:
            continue
        _undo_one(conn, JOURNALED[change.table], change, vault)
        undone.append(Change(change.table, change.after, change.before))
    return undone


def _undo_one(conn: Connection, table: Table, change: Change, vault: Vault) -> None:
    image = change.after or change.before
    assert image is not None
    where = and_(*(column == image[column.name] for column in table.primary_key.columns))
    # Locked, or PostgreSQL might commit somebody's change between this look and the write (SQLite has one writer).
    current = conn.execute(select(table).where(where).with_for_update()).one_or_none()
    if _differs(table, current, change.after, vault):
        raise Conflict(CHANGED_SINCE)
    try:
        before = change.before and _sealed_anew(table, change.before, vault)
        if before is None:
            conn.execute(delete(table).where(where))
        elif change.after is None:
            conn.execute(insert(table).values(**before))
        else:
            conn.execute(update(table).where(where).values(**before))
    except (IntegrityError, Corrupt):  # Corrupt: the key it was sealed with is gone since
        raise Conflict(CHANGED_SINCE) from None


def _differs(
    table: Table, current: Row[Any] | None, expected: Mapping[str, Any] | None, vault: Vault
) -> bool:
    if current is None or expected is None:
        return (current is None) != (expected is None)
    found = current._asdict()
    return any(
        found[name] != value and _opened(table, name, found, vault) != _opened(table, name, expected, vault)
        for name, value in expected.items()
    )


def _opened(table: Table, name: str, image: Mapping[str, Any], vault: Vault) -> Any:
    """The value; of a sealed one what it says, because a key rotation seals it anew in between."""
    kind, value = table.c[name].type, image[name]
    if not isinstance(kind, Sealed) or value is None:
        return value
    try:
        return vault.open(str(table.c[name]), image[kind.row], value)
    except Corrupt:
        return value


def _sealed_anew(table: Table, image: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """The image as it may be written: not with a key that is about to be retired."""
    values = dict(image)
    for column in table.c:
        value = values[column.name]
        if isinstance(column.type, Sealed) and value is not None and value[1:5] != vault.primary:
            row = values[column.type.row]
            values[column.name] = vault.seal(str(column), row, vault.open(str(column), row, value))
    return values


def _encode(value: object) -> dict[str, str]:
    match value:
        case datetime():
            return {"$at": value.isoformat()}
        case date():
            return {"$on": value.isoformat()}
        case Decimal():
            return {"$n": str(value)}
        case bytes():
            return {"$b": b64encode(value).decode()}
    raise TypeError(f"cannot keep a {type(value).__name__} in the journal")


def _decode(value: dict[str, Any]) -> Any:
    if len(value) != 1:
        return value
    (tag, text), = value.items()
    match tag:
        case "$at":
            return datetime.fromisoformat(text)
        case "$on":
            return date.fromisoformat(text)
        case "$n":
            return Decimal(text)
        case "$b":
            return b64decode(text)
    return value
