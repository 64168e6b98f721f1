"""微信客服: accounts, talks, what customers said, and answers in the ledger.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["client_id", "owner_id"], ["clients.id", "clients.owner_id"],
        name=op.f(f"fk_{table}_client_id_owner_id"), onupdate="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "kf_accounts",
        sa.Column("open_kfid", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.Column("token_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bells", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("open_kfid", name=op.f("pk_kf_accounts")),
    )
    op.create_table(
        "kf_talks",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("open_kfid", sa.String(length=64), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _of_client("kf_talks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kf_talks")),
        sa.UniqueConstraint("open_kfid", "external_userid", name=op.f("uq_kf_talks_open_kfid_external_userid")),
    )
    op.create_index("ix_kf_talks_client", "kf_talks", ["client_id"])
    op.create_table(
        "kf_messages",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("open_kfid", sa.String(length=64), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        _of_client("kf_messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kf_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_kf_messages_key")),
    )
    op.create_index("ix_kf_messages_state_account", "kf_messages", ["state", "open_kfid"])
    op.create_index("ix_kf_messages_client_said", "kf_messages", ["client_id", "said_at"])
    op.add_column("client_messages", sa.Column("talk_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_client_messages_talk_id"), "client_messages", ["talk_id"])
