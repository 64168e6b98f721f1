"""A talk in 微信客服 may be moved to whoever serves customers in WeCom's own tool: to whom, and how far that is.

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kf_talks", sa.Column("servicer_id", sa.String(length=64)))
    op.add_column("kf_talks", sa.Column("session", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("kf_talks", sa.Column("session_look_at", sa.DateTime(timezone=True)))
    op.add_column("kf_talks", sa.Column("session_tries", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("kf_talks", sa.Column("session_at", sa.DateTime(timezone=True)))
    op.create_index("ix_kf_talks_session", "kf_talks", ["session_look_at"])
