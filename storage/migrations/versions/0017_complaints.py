"""An index of the complaints among the contacts, from which rules count.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    complaints = sa.text("kind = 'complaint'")
    op.create_index(
        "ix_interactions_complaints", "interactions", ["happened_at"], sqlite_where=complaints,
        postgresql_where=complaints,
    )
