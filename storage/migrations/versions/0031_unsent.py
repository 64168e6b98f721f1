"""The outbox is looked for by its state only while it is not sent: indexes that a sent message leaves.

Revision ID: 0031
Revises: 0030
Create Date: 2026-12-01

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels = None
depends_on = None

UNSENT = sa.text(
    "state = 'new' OR state = 'sending' OR state = 'uncertain' OR state = 'refused' OR state = 'expired'"
    " OR state = 'parked'"
)
ON_ITS_WAY = sa.text("state = 'new' OR state = 'sending'")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_unsent", "outbox", ["state", "priority", "id"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
    op.create_index(
        "ix_outbox_on_its_way", "outbox", ["recipient", "state", "priority", "id"],
        sqlite_where=ON_ITS_WAY, postgresql_where=ON_ITS_WAY,
    )  # fmt: skip
    op.drop_index("ix_outbox_state_priority_id", "outbox")
    op.drop_index("ix_outbox_recipient_state_id", "outbox")
