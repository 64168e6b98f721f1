"""Accounts of clients at the bank, what went in and out of them, and the sums of each month.

All of it comes by a sync or an import; nobody edits it in a chat. The full number of an account is not kept: its last
four digits for people, a blind index by which the next sync finds it again."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Fixed, Id, UTCDateTime, metadata, money


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account_id", "owner_id"], ["accounts.id", "accounts.owner_id"], onupdate="CASCADE")


accounts = Table(
    "accounts", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(8), nullable=False, default="open"),  # open, closed
    Column("number_tail", String(8), nullable=False),
    Column("number_index", LargeBinary, nullable=False, unique=True),
    Column("currency", String(3), nullable=False, default="CNY"),
    money("balance"),
    Column("opened_on", Date),
    Column("updated_at", UTCDateTime, nullable=False),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    UniqueConstraint("id", "owner_id"),
    Index("ix_accounts_client", "client_id"),
)

# `amount` is signed: what comes in is above zero. `reference` is the bank's own mark, so that a sync that runs again
# enters nothing twice.
transactions = Table(
    "transactions", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("account_id", BigInteger, nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("amount", Fixed(2), nullable=False),
    Column("category", String(16), nullable=False, default="other"),
    Column("reference", String(64), nullable=False),
    _of_account(),
    UniqueConstraint("account_id", "reference"),
    Index("ix_transactions_client_happened", "client_id", "happened_on"),
    # For rules that look for large ones of a day.
    Index("ix_transactions_happened_amount", "happened_on", "amount"),
)

# `month` counts from the year 0 (year * 12 + month - 1), so that the month before is one less on every engine. `net` is
# what came in less what went out. The sums outlive the transactions that they were made of.
account_months = Table(
    "account_months", metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month", SmallInteger, primary_key=True, autoincrement=False),
    Column("owner_id", String(64), nullable=False),
    Column("money_in", Fixed(2), nullable=False),
    Column("money_out", Fixed(2), nullable=False),
    Column("net", Fixed(2), nullable=False),
    _of_account(),
    Index("ix_account_months_month_net", "month", "net"),
)
