"""A version of each conversation, so that who saves it later learns of who was quicker; indexes for what grows.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_job_runs_slot"), "job_runs", ["slot"])
    op.create_index(op.f("ix_contacts_external_userid"), "contacts", ["external_userid"])
