"""What comes in and goes out, and what a conversation has in mind between two messages."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, String, Table, text

from storage.columns import Id, Json, Sealed, UTCDateTime, metadata

WAITING = text("state = 'new'")

inbox = Table(
    "inbox", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("sender", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("body", Sealed("key"), nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("state", String(8), nullable=False, default="new"),  # new, done, parked
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
    Column("not_before", UTCDateTime),
    Column("error", String(200)),
    Column("done_at", UTCDateTime),
    Index("ix_inbox_state_id", "state", "id"),
    # Only what waits, so it stays small and hot however many messages are kept. The state is in it for SQLite,
    # which would otherwise take the other index and read the whole backlog for each message in it.
    Index("ix_inbox_waiting", "sender", "state", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("call", String(16), nullable=False),
    Column("body", Sealed, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    # new, sending, sent, uncertain, refused, expired, parked
    Column("state", String(12), nullable=False, default="new"),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
    Column("first_tried_at", UTCDateTime),
    Column("sent_at", UTCDateTime),
    Column("msgid", String(200)),
    Column("response_code", String(200)),
    Column("errcode", Integer),
    Column("reason", String(200)),
    Index("ix_outbox_state_priority_id", "state", "priority", "id"),
    Index("ix_outbox_recipient_state_id", "recipient", "state", "id"),
)

# Pictures that were uploaded, by what is drawn on them: a retry sends the same media id, so the same bytes.
uploads = Table(
    "uploads", metadata,
    Column("digest", String(64), primary_key=True),
    Column("media_id", String(200), nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)

card_actions = Table(
    "card_actions", metadata,
    Column("key", String(64), primary_key=True),
    Column("task_id", String(64), nullable=False, index=True),
    Column("user_id", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("args", Json, nullable=False, default=dict),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False, index=True),
    Column("used_at", UTCDateTime),
)

conversations = Table(
    "conversations", metadata,
    Column("user_id", String(64), primary_key=True),
    Column("state", Sealed("user_id"), nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
)
