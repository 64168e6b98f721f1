"""What the client is told of the states of his tickets: a row a state, and when it is due.

Tickets that run already go on by the edition they began with, which tells nothing.

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_news",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"],
            name=op.f("fk_ticket_news_ticket_id_owner_id"), onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "state", name=op.f("pk_ticket_news")),
    )
    op.create_index("ix_ticket_news_due", "ticket_news", ["due_at"])
