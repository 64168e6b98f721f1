"""What was done: the audit chain, the steps that can be taken back, the jobs that ran, what was not understood."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from storage.columns import Id, Sealed, UTCDateTime, metadata

audit = Table(
    "audit", metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object_type", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("client_id", BigInteger),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON, exactly the bytes under the MAC
    Column("prev", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Index("ix_audit_client_at", "client_id", "at"),
    Index("ix_audit_actor_at", "actor", "at"),
)

# Whom an entry about several clients showed: lists and searches. The entry itself names one client at most.
audit_subjects = Table(
    "audit_subjects", metadata,
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
)

audit_head = Table(
    "audit_head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

undo_steps = Table(
    "undo_steps", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), nullable=False),
    Column("label", Sealed, nullable=False),
    Column("changes", Sealed, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    Index("ix_undo_steps_user_id", "user_id", "id"),
)

job_runs = Table(
    "job_runs", metadata,
    Column("job", String(100), primary_key=True),
    Column("slot", String(32), primary_key=True, index=True),
    Column("ran_at", UTCDateTime, nullable=False),
    Column("owner", String(64), nullable=False),
)

# Sentences that nobody could read, for operations: what `storage.repositories.puzzles` keeps names no client.
puzzles = Table(
    "puzzles", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), nullable=False),
    Column("text", Sealed, nullable=False),
    Column("said_at", UTCDateTime, nullable=False, index=True),
)
