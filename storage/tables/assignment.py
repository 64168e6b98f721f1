"""Offers of clients who have no adviser of their own yet."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, SmallInteger, String, Table, text

from storage.columns import Id, Sealed, UTCDateTime, metadata

# A row for each member who was asked; one at most of a client waits for an answer. The client is the asked one's
# meanwhile. `rule` and `rule_version` say what chose him.
offers = Table(
    "offers", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("origin", String(12), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("rule_version", SmallInteger, nullable=False),
    Column("by_id", String(64), nullable=False),
    Column("state", String(12), nullable=False),  # offered, accepted, declined, lapsed, moved
    Column("offered_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("decided_at", UTCDateTime),
    Column("reason", Sealed),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    Index(
        "uq_offers_open", "client_id", unique=True,
        sqlite_where=text("state = 'offered'"), postgresql_where=text("state = 'offered'"),
    ),
    Index("ix_offers_client", "client_id"),
    Index("ix_offers_state_due", "state", "due_at"),
    Index("ix_offers_user", "user_id"),
)
