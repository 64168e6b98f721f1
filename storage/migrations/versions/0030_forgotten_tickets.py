"""Since when what was said with a ticket is not kept any more.

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("forgotten_at", sa.DateTime(timezone=True)))
