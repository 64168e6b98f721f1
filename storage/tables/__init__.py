"""Every table. `Sealed` marks what is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from storage.columns import Json, Sealed, UTCDateTime, metadata
from storage.tables.mailboxes import card_actions, conversations, inbox, outbox
from storage.tables.records import (
    client_names,
    client_tags,
    clients,
    consents,
    contracts,
    instalments,
    interactions,
    parties,
    products,
    relations,
    reminders,
    segments,
    users,
)
from storage.tables.trail import audit, audit_head, audit_subjects, job_runs, puzzles, undo_steps

__all__ = [
    # Whoever writes statements on these tables needs the types as well.
    "Json", "UTCDateTime",
    "audit", "audit_head", "audit_subjects", "card_actions", "client_names", "client_tags", "clients", "consents",
    "contracts", "conversations", "inbox", "instalments", "interactions", "job_runs", "metadata", "outbox", "parties",
    "products", "puzzles", "relations", "reminders", "sealed_columns", "segments", "undo_steps", "users",
]  # fmt: skip


def sealed_columns() -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    """Every sealed column with its table and the column that its values are bound to."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, Sealed):
                yield table, column, table.c[column.type.row]
