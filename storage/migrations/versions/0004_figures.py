"""Figures: assets over time, reports that come by themselves, pictures that were uploaded.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_history",
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE",
            name=op.f("fk_asset_history_client_id_owner_id_clients"),
        ),
        sa.PrimaryKeyConstraint("client_id", "since", name=op.f("pk_asset_history")),
    )
    op.create_index("ix_asset_history_owner_since", "asset_history", ["owner_id", "since"])
    op.create_table(
        "saved_reports",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_reports_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reports")),
    )
    op.create_index("ix_saved_reports_user", "saved_reports", ["user_id"])
    op.create_table(
        "uploads",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_id", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_uploads")),
    )
