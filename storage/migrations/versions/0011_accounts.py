"""Accounts, their transactions and months; opportunities.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    _movements()
    _opportunities()


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of(table: str, record: str, records: str) -> sa.ForeignKeyConstraint:
    """The row belongs to a record and its owner, and follows when the record gets another owner."""
    column = f"{record}_id"
    return sa.ForeignKeyConstraint(
        [column, "owner_id"], [f"{records}.id", f"{records}.owner_id"],
        name=op.f(f"fk_{table}_{column}_owner_id"), onupdate="CASCADE",
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("number_tail", sa.String(length=8), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _of("accounts", "client", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("number_index", name=op.f("uq_accounts_number_index")),
        sa.UniqueConstraint("id", "owner_id", name=op.f("uq_accounts_id_owner_id")),
    )
    op.create_index("ix_accounts_client", "accounts", ["client_id"])


def _movements() -> None:
    op.create_table(
        "transactions",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        _of("transactions", "account", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("account_id", "reference", name=op.f("uq_transactions_account_id_reference")),
    )
    op.create_index("ix_transactions_client_happened", "transactions", ["client_id", "happened_on"])
    op.create_index("ix_transactions_happened_amount", "transactions", ["happened_on", "amount"])
    op.create_table(
        "account_months",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("money_in", sa.BigInteger(), nullable=False),
        sa.Column("money_out", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        _of("account_months", "account", "accounts"),
        sa.PrimaryKeyConstraint("account_id", "month", name=op.f("pk_account_months")),
    )
    op.create_index("ix_account_months_month_net", "account_months", ["month", "net"])


def _opportunities() -> None:
    op.create_table(
        "opportunities",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("reminder_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        _of("opportunities", "client", "clients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
    )
    op.create_index("ix_opportunities_client", "opportunities", ["client_id"])
    op.create_index("ix_opportunities_owner_stage", "opportunities", ["owner_id", "stage"])
