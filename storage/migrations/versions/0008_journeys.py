"""Clients in journeys, and the dates by which they come in.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    op.create_table(
        "journey_runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", key, nullable=False),
        sa.Column("journey", sa.String(length=24), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("origin_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "owner_id"], ["clients.id", "clients.owner_id"],
            name=op.f("fk_journey_runs_client_id_owner_id"), onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey_runs")),
        sa.UniqueConstraint("key", name=op.f("uq_journey_runs_key")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    running = sa.text("state = 'running'")
    op.create_index(
        "ix_journey_runs_running", "journey_runs", ["client_id", "journey"], unique=True, sqlite_where=running,
        postgresql_where=running,
    )
    op.add_column("contracts", sa.Column("renewal_lost_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_contracts_renewal_lost_on"), "contracts", ["renewal_lost_on"])
    op.create_index(op.f("ix_contracts_starts_on"), "contracts", ["starts_on"])
    op.create_index("ix_clients_created_at", "clients", ["created_at"])
    op.create_index("ix_journey_runs_client", "journey_runs", ["client_id"])
    op.create_index("ix_journey_runs_entered", "journey_runs", ["entered_on", "journey"])
    op.create_index("ix_journey_runs_state", "journey_runs", ["state", "journey"])
    op.create_index("ix_journey_runs_origin", "journey_runs", ["origin", "origin_id"])
