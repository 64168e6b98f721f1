"""Self-service of customers: bindings, tries, codes, what a talk has in mind, and the bot's answers.

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
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
        "bindings",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=False),
        _of_client("bindings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bindings")),
    )
    op.create_index(op.f("ix_bindings_external_userid"), "bindings", ["external_userid"])
    op.create_index(op.f("ix_bindings_client_id"), "bindings", ["client_id"])
    op.create_table(
        "binding_tries",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_tries")),
    )
    op.create_index("ix_binding_tries_who_at", "binding_tries", ["external_userid", "at"])
    op.create_index("ix_binding_tries_what_at", "binding_tries", ["what", "at"])
    op.create_table(
        "binding_codes",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        _of_client("binding_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_codes")),
    )
    op.create_index(op.f("ix_binding_codes_external_userid"), "binding_codes", ["external_userid"])
    op.create_index(op.f("ix_binding_codes_client_id"), "binding_codes", ["client_id"])
    op.create_index("ix_binding_codes_state_look", "binding_codes", ["state", "look_at"])
    op.create_table(
        "customer_states",
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("external_userid", name=op.f("pk_customer_states")),
    )
    _replies()
    op.create_index("ix_kf_messages_talk_said", "kf_messages", ["open_kfid", "external_userid", "said_at"])


def _replies() -> None:
    op.create_table(
        "kf_replies",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("open_kfid", sa.String(length=64), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("talk_id", sa.BigInteger(), nullable=True),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("binding_id", sa.BigInteger(), nullable=True),
        sa.Column("to_person", sa.Boolean(), nullable=False),
        sa.Column("welcome_code", sa.String(length=128), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("msgid", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        _of_client("kf_replies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kf_replies")),
        sa.UniqueConstraint("key", name=op.f("uq_kf_replies_key")),
    )
    op.create_index(op.f("ix_kf_replies_talk_id"), "kf_replies", ["talk_id"])
    op.create_index(op.f("ix_kf_replies_client_id"), "kf_replies", ["client_id"])
    op.create_index(op.f("ix_kf_replies_msgid"), "kf_replies", ["msgid"])
    op.create_index("ix_kf_replies_state_look", "kf_replies", ["state", "look_at"])
