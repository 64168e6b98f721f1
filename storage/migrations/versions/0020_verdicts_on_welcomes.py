"""Verdicts on welcome messages, which greet a contact that is no client yet.

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("verdicts") as verdicts:
        verdicts.alter_column("client_id", existing_type=sa.BigInteger(), nullable=True)
        verdicts.add_column(sa.Column("contact_id", sa.BigInteger()))
        verdicts.create_index(op.f("ix_verdicts_contact_id"), ["contact_id"])
