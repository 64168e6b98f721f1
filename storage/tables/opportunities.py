"""What may be sold to a client, how far it has come, and by when it is expected."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, String, Table

from storage.columns import Id, Sealed, metadata, money, stamps

opportunities = Table(
    "opportunities", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("product", String(64), nullable=False),  # a product's name or the word for its sort
    Column("stage", String(16), nullable=False),
    money("amount"),
    Column("expected_on", Date),
    Column("note", Sealed),
    Column("reminder_id", BigInteger),  # the reminder whose answer opened it
    *stamps(),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    Index("ix_opportunities_client", "client_id"),
    Index("ix_opportunities_owner_stage", "owner_id", "stage"),
)
