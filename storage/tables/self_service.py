"""Customers who ask for themselves: bindings to clients, tries and codes, their talk's state, and the bot's answers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Table,
)

from storage.columns import Id, Key, Sealed, UTCDateTime, metadata


def _of_client() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE")


bindings = Table(
    "bindings", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("external_userid", String(64), nullable=False, index=True),
    Column("client_id", BigInteger, nullable=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("how", String(8), nullable=False),
    Column("bound_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("revoked_at", UTCDateTime),
    Column("revoked_by", String(64), nullable=False, default=""),
    _of_client(),
)

# Also of those whom nobody knows: what is counted must not tell them apart. `what`: failed, or code (asked for one).
binding_tries = Table(
    "binding_tries", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("external_userid", String(64), nullable=False),
    Column("what", String(8), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("ix_binding_tries_who_at", "external_userid", "at"),
    Index("ix_binding_tries_what_at", "what", "at"),
)

binding_codes = Table(
    "binding_codes", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("external_userid", String(64), nullable=False, index=True),
    Column("client_id", BigInteger, index=True),
    Column("owner_id", String(64)),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("used_at", UTCDateTime),
    Column("look_at", UTCDateTime),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
    _of_client(),
    Index("ix_binding_codes_state_look", "state", "look_at"),
)

customer_states = Table(
    "customer_states", metadata,
    Column("external_userid", String(64), primary_key=True),
    Column("state", Sealed("external_userid"), nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

kf_replies = Table(
    "kf_replies", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Key, nullable=False, unique=True),
    Column("open_kfid", String(64), nullable=False),
    Column("external_userid", String(64), nullable=False),
    Column("talk_id", BigInteger, index=True),
    Column("client_id", BigInteger, index=True),
    Column("owner_id", String(64)),
    Column("binding_id", BigInteger),
    Column("to_person", Boolean, nullable=False, default=False),
    Column("welcome_code", String(128), nullable=False, default=""),
    Column("text", Sealed, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False, default=""),
    Column("msgid", String(64), nullable=False, index=True),
    Column("said_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("look_at", UTCDateTime),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("tried_at", UTCDateTime),
    Column("sent_at", UTCDateTime),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
    _of_client(),
    Index("ix_kf_replies_state_look", "state", "look_at"),
)

# What a client thought of how his ticket was dealt with; once.
ratings = Table(
    "ratings", metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False, index=True),
    _of_client(),
)
