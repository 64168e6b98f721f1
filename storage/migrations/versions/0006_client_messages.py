"""Messages to clients: customer relations in WeCom, the ledger, the verdicts of the gate, campaigns.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("campaigns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("template_version", sa.String(length=16), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("segment", sa.LargeBinary(), nullable=False),
        sa.Column("conditions", sa.LargeBinary(), nullable=True),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_campaigns_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns"))
    )
    op.create_index("ix_campaigns_name_created", "campaigns", ["name", "created_at"], unique=False)
    op.create_table("client_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("template_version", sa.String(length=16), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=True),
        sa.Column("msgid", sa.String(length=200), nullable=True),
        sa.Column("reminder_id", sa.BigInteger(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("overrides", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("alone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged", sa.SmallInteger(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("task_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], name=op.f("fk_client_messages_client_id_owner_id"), onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_client_messages_key"))
    )
    op.create_index(op.f("ix_client_messages_campaign_id"), "client_messages", ["campaign_id"], unique=False)
    op.create_index("ix_client_messages_client_created", "client_messages", ["client_id", "created_at"], unique=False)
    op.create_index("ix_client_messages_msgid", "client_messages", ["msgid"], unique=False)
    op.create_index("ix_client_messages_sender_state", "client_messages", ["sender_id", "state"], unique=False)
    op.create_index("ix_client_messages_state_look", "client_messages", ["state", "look_at"], unique=False)
    op.create_table("contacts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("nickname", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost_by", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], name=op.f("fk_contacts_client_id_owner_id"), onupdate="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_contacts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("user_id", "external_userid", name=op.f("uq_contacts_user_id_external_userid"))
    )
    op.create_index("ix_contacts_client", "contacts", ["client_id"], unique=False)
    op.create_index("ix_contacts_state_look", "contacts", ["state", "look_at"], unique=False)
    op.create_table("verdicts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("template_version", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("codes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], name=op.f("fk_verdicts_client_id_owner_id"), onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts"))
    )
    op.create_index("ix_verdicts_client_at", "verdicts", ["client_id", "at"], unique=False)
