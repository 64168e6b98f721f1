"""Reminders know when a supervisor was told of them.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reminders", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
