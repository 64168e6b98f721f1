"""微信客服: the accounts with how far they were read, the customers' talks, and what they said."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Id, Json, Key, Sealed, UTCDateTime, metadata


def _of_client() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE")


kf_accounts = Table(
    "kf_accounts", metadata,
    Column("open_kfid", String(64), primary_key=True),
    Column("cursor", String(64), nullable=False, default=""),
    Column("token", String(128), nullable=False, default=""),
    Column("token_at", UTCDateTime),
    Column("bells", Integer, nullable=False, default=0),
    Column("closed", Boolean, nullable=False, default=False),
    Column("look_at", UTCDateTime, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
)

# `servicer_id`: who serves the customer in WeCom's own tool, or is to (`session`: wanted, trying, moved, or "").
kf_talks = Table(
    "kf_talks", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("open_kfid", String(64), nullable=False),
    Column("external_userid", String(64), nullable=False),
    Column("client_id", BigInteger),
    Column("owner_id", String(64)),
    Column("said_at", UTCDateTime, nullable=False),
    Column("servicer_id", String(64)),
    Column("session", String(8), nullable=False, default="", server_default=""),
    Column("session_look_at", UTCDateTime),
    Column("session_tries", SmallInteger, nullable=False, default=0, server_default="0"),
    Column("session_at", UTCDateTime),
    _of_client(),
    UniqueConstraint("open_kfid", "external_userid"),
    Index("ix_kf_talks_client", "client_id"),
    Index("ix_kf_talks_session", "session_look_at"),
)

# `key` is open_kfid:msgid. Whom a message tells of is known when it was told; before, client and owner are empty.
kf_messages = Table(
    "kf_messages", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Key, nullable=False, unique=True),
    Column("open_kfid", String(64), nullable=False),
    Column("external_userid", String(64), nullable=False),
    Column("client_id", BigInteger),
    Column("owner_id", String(64)),
    Column("origin", String(8), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", Sealed),
    Column("data", Json, nullable=False, default=dict),
    Column("said_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("state", String(8), nullable=False, default="new"),
    Column("tries", SmallInteger, nullable=False, default=0),
    _of_client(),
    Index("ix_kf_messages_state_account", "state", "open_kfid"),
    Index("ix_kf_messages_client_said", "client_id", "said_at"),
    Index("ix_kf_messages_talk_said", "open_kfid", "external_userid", "said_at"),
)
