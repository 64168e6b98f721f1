"""Tickets, their steps, limits, members and papers; the editions of flows; counters of numbers.

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-29

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _editions()
    _tickets()
    _steps()
    _limits()
    _members()
    _papers()


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_ticket(table: str) -> sa.ForeignKeyConstraint:
    """The row belongs to a ticket and follows when its client gets another owner."""
    return sa.ForeignKeyConstraint(
        ["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"],
        name=op.f(f"fk_{table}_ticket_id_owner_id"), onupdate="CASCADE",
    )


def _editions() -> None:
    op.create_table(
        "flow_editions",
        sa.Column("flow", sa.String(length=24), nullable=False),
        sa.Column("edition", sa.String(length=12), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("flow", "edition", name=op.f("pk_flow_editions")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=24), nullable=False),
        sa.Column("edition", sa.String(length=12), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("pool", sa.String(length=16), nullable=False),
        sa.Column("handler_id", sa.String(length=64), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("origin_key", sa.String(length=200), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("moved_by", sa.String(length=64), nullable=False),
        _instant("answered_at", nullable=True),
        _instant("ended_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("created_at"),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        _instant("updated_at"),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_tickets_handler_id")),
        sa.ForeignKeyConstraint(
            ["client_id", "owner_id"], ["clients.id", "clients.owner_id"],
            name=op.f("fk_tickets_client_id_owner_id"), onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_tickets_origin_key")),
        sa.UniqueConstraint("id", "owner_id", name=op.f("uq_tickets_id_owner_id")),
    )
    op.create_index("ix_tickets_client", "tickets", ["client_id"])
    op.create_index("ix_tickets_handler_ended", "tickets", ["handler_id", "ended_at"])
    op.create_index("ix_tickets_owner_ended", "tickets", ["owner_id", "ended_at"])
    op.create_index("ix_tickets_pool_ended", "tickets", ["pool", "ended_at"])


def _steps() -> None:
    op.create_table(
        "ticket_steps",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        _instant("at"),
        _of_ticket("ticket_steps"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_steps")),
    )
    op.create_index("ix_ticket_steps_ticket", "ticket_steps", ["ticket_id", "id"])


def _limits() -> None:
    op.create_table(
        "ticket_limits",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        _instant("started_at"),
        _instant("limit_at"),
        _instant("red_at", nullable=True),
        _instant("stopped_at", nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        _instant("next_at", nullable=True),
        _of_ticket("ticket_limits"),
        sa.PrimaryKeyConstraint("ticket_id", "name", name=op.f("pk_ticket_limits")),
    )
    op.create_index("ix_ticket_limits_next", "ticket_limits", ["next_at"])


def _members() -> None:
    op.create_table(
        "ticket_members",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        _instant("added_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ticket_members_user_id")),
        _of_ticket("ticket_members"),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_members")),
    )
    op.create_index("ix_ticket_members_user", "ticket_members", ["user_id"])


def _papers() -> None:
    op.create_table(
        "ticket_papers",
        sa.Column("id", _id(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("origin_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("media_id", sa.String(length=300), nullable=True),
        _instant("look_at", nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        _instant("added_at"),
        _of_ticket("ticket_papers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_papers")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_ticket_papers_origin_key")),
    )
    op.create_index("ix_ticket_papers_ticket", "ticket_papers", ["ticket_id"])
    op.create_index("ix_ticket_papers_look", "ticket_papers", ["look_at"])
