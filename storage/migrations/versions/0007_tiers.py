"""Tiers that follow the assets: the standard in versions, the history of each client's tier, who set it by hand.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard_versions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("scheme", sa.String(length=64), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_versions")),
        sa.UniqueConstraint("scheme", "version", name=op.f("uq_standard_versions_scheme_version")),
    )
    op.create_table(
        "tier_history",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("scheme", sa.String(length=64), nullable=False),
        sa.Column("was", sa.String(length=16), nullable=True),
        sa.Column("became", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE",
            name=op.f("fk_tier_history_client_id_owner_id_clients"),
        ),
        sa.PrimaryKeyConstraint("change_id", "client_id", name=op.f("pk_tier_history")),
    )
    op.create_index(op.f("ix_tier_history_client_id"), "tier_history", ["client_id"])
    op.create_index("ix_tier_history_owner_at", "tier_history", ["owner_id", "at"])
    op.add_column("clients", sa.Column("tier_set_by", sa.String(length=64), nullable=True))
    # Until now every tier was somebody's decision, so it stays until it is given to the computation.
    op.execute("UPDATE clients SET tier_set_by = updated_by WHERE bank_tier IS NOT NULL")
