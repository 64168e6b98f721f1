"""What was asked of outside sources, and what they said.

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_queries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"],
            name=op.f("fk_outside_queries_ticket_id_owner_id"), onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_queries")),
    )
    op.create_index("ix_outside_queries_ticket", "outside_queries", ["ticket_id"])
    op.create_index("ix_outside_queries_client", "outside_queries", ["client_id"])
    op.create_index("ix_outside_queries_look", "outside_queries", ["look_at"])
