"""Who stands in for whom while he is away.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "covers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("away_id", sa.String(length=64), nullable=False),
        sa.Column("cover_id", sa.String(length=64), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["away_id"], ["users.id"], name=op.f("fk_covers_away_id_users")),
        sa.ForeignKeyConstraint(["cover_id"], ["users.id"], name=op.f("fk_covers_cover_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    op.create_index("ix_covers_cover_ends", "covers", ["cover_id", "ends_at"])
    op.create_index("ix_covers_away_ends", "covers", ["away_id", "ends_at"])
    op.add_column("users", sa.Column("covers_until", sa.DateTime(timezone=True), nullable=True))
