"""The cause of a ticket, a word of its flow's list, as a column of its own, so that causes can be counted.

Tickets that ended before keep theirs among their sealed details alone, which no step here can open.

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("cause", sa.String(length=40), nullable=True))
    op.create_index("ix_tickets_ended", "tickets", ["ended_at"], unique=False)
