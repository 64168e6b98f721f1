"""What comes in and goes out, and what a conversation has in mind between two messages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    literal_column,
    or_,
    text,
)

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
)


def outbox_is(table: Any, *states: str) -> ColumnElement[bool]:
    """In the words of the indexes below, or SQLite uses none: each state compared by itself, and no parameter."""
    return or_(*(table.c.state == literal_column(f"'{state}'") for state in states))


# Nothing looks for what was sent by its state. It leaves these indexes, so they stay small however many messages are
# kept, and to leave one costs less than to move in it.
UNSENT = outbox_is(outbox, "new", "sending", "uncertain", "refused", "expired", "parked")
_ON_ITS_WAY = outbox_is(outbox, "new", "sending")
Index("ix_outbox_unsent", outbox.c.state, outbox.c.priority, outbox.c.id, sqlite_where=UNSENT, postgresql_where=UNSENT)
Index(
    "ix_outbox_on_its_way", outbox.c.recipient, outbox.c.state, outbox.c.priority, outbox.c.id,
    sqlite_where=_ON_ITS_WAY, postgresql_where=_ON_ITS_WAY,
)  # fmt: skip

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
