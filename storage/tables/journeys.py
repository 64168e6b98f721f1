"""Clients in journeys: a row for each time that a client came into one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, Integer, String, Table, text

from storage.columns import Id, Key, Sealed, UTCDateTime, metadata

_RUNNING = text("state = 'running'")

# `key` makes each entry unique: journey:origin:its id, or journey:hand:token. A client is in a journey once at a time.
journey_runs = Table(
    "journey_runs", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Key, nullable=False, unique=True),
    Column("journey", String(24), nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("origin", String(12), nullable=False),  # client, contract, campaign, hand
    Column("origin_id", BigInteger),
    Column("entered_on", Date, nullable=False),
    Column("since", UTCDateTime, nullable=False),  # what the client bought after this instant ends it
    Column("state", String(8), nullable=False, default="running"),
    Column("why", String(12)),
    Column("reason", Sealed("key")),
    Column("ended_at", UTCDateTime),
    Column("entered_by", String(64), nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", UTCDateTime, nullable=False),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    Index(
        "ix_journey_runs_running", "client_id", "journey", unique=True, sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index("ix_journey_runs_client", "client_id"),
    Index("ix_journey_runs_entered", "entered_on", "journey"),
    Index("ix_journey_runs_state", "state", "journey"),
    Index("ix_journey_runs_origin", "origin", "origin_id"),
    sqlite_autoincrement=True,  # the reminders of an entry taken back must not fall to the next
)
