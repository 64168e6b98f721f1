"""Tickets: what clients ask of the firm, the way each has gone, its time limits, who works on it, and its papers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Id, Json, Sealed, UTCDateTime, metadata, stamps

# The flow as it stood when a ticket began under it: a running ticket keeps it, whatever the packs say later.
flow_editions = Table(
    "flow_editions", metadata,
    Column("flow", String(24), primary_key=True),
    Column("edition", String(12), primary_key=True),
    Column("body", Json, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

# Numbers that people say (T12). A row a sort; the number that was given last.
counters = Table(
    "counters", metadata,
    Column("name", String(24), primary_key=True),
    Column("value", Integer, nullable=False),
)

# `pool` is the role before whom all tickets of its sort lie, or empty. What people said stands in `details`, sealed;
# `cause` is a word of the flow's list, never one of theirs, so that causes can be counted. `forgotten_at`: since
# when the words are not kept any more.
tickets = Table(
    "tickets", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("flow", String(24), nullable=False),
    Column("edition", String(12), nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("contract_id", BigInteger),
    Column("state", String(40), nullable=False),
    Column("pool", String(16), nullable=False, default=""),
    Column("handler_id", String(64), ForeignKey("users.id")),
    Column("opened_by", String(64), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("origin_key", String(200), unique=True),
    Column("details", Sealed, nullable=False),
    Column("cause", String(40)),
    Column("moved_by", String(64), nullable=False),
    Column("answered_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("forgotten_at", UTCDateTime),
    *stamps(),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    UniqueConstraint("id", "owner_id"),
    Index("ix_tickets_client", "client_id"),
    Index("ix_tickets_ended", "ended_at"),
    Index("ix_tickets_handler_ended", "handler_id", "ended_at"),
    Index("ix_tickets_owner_ended", "owner_id", "ended_at"),
    Index("ix_tickets_pool_ended", "pool", "ended_at"),
)

# Every step of a ticket: opened, a move, given to somebody, somebody asked to look, a note.
ticket_steps = Table(
    "ticket_steps", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("move", String(40)),
    Column("state", String(40), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("to_id", String(64)),
    Column("words", Sealed),
    Column("at", UTCDateTime, nullable=False),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_ticket_steps_ticket", "ticket_id", "id"),
)

# Time limits that run or ran. `next_at` is when somebody is to be told next, at `level` (0: nobody was told yet).
ticket_limits = Table(
    "ticket_limits", metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("limit_at", UTCDateTime, nullable=False),
    Column("red_at", UTCDateTime),
    Column("stopped_at", UTCDateTime),
    Column("level", SmallInteger, nullable=False, default=0),
    Column("next_at", UTCDateTime),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_ticket_limits_next", "next_at"),
)

# Of which states of a ticket the client is told. `due_at`: when he is, if the ticket is still there; `told_at`: he was.
ticket_news = Table(
    "ticket_news", metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(40), primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("due_at", UTCDateTime),
    Column("told_at", UTCDateTime),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_ticket_news_due", "due_at"),
)

# What was asked of an outside source about the client of a ticket, and what it said. `mark` is a keyed hash of whom it
# was about; `look_at` is when it is to be asked, or asked again by somebody else.
outside_queries = Table(
    "outside_queries", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),  # queued, asking, agrees, differs, unclear
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("asked_at", UTCDateTime, nullable=False),
    Column("look_at", UTCDateTime),
    Column("answered_at", UTCDateTime),
    Column("reference", Sealed),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_outside_queries_ticket", "ticket_id"),
    Index("ix_outside_queries_client", "client_id"),
    Index("ix_outside_queries_look", "look_at"),
)

# Who was asked to look at a ticket besides who has it.
ticket_members = Table(
    "ticket_members", metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", String(64), ForeignKey("users.id"), primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_ticket_members_user", "user_id"),
)

# Papers that came in. The file itself is sealed; `digest` is the SHA-256 of its bytes. A file that was sent into a chat
# is fetched from WeCom by its `media_id` within three days: `fetching`, then `kept` or `refused`; `gone` when
# it was kept long enough.
ticket_papers = Table(
    "ticket_papers", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("paper", String(40), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("origin_key", String(200), unique=True),
    Column("state", String(8), nullable=False),
    Column("media_id", String(300)),
    Column("look_at", UTCDateTime),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("media_type", String(40)),
    Column("digest", LargeBinary),
    Column("size", Integer, nullable=False, default=0),
    Column("content", Sealed),
    Column("added_by", String(64), nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    ForeignKeyConstraint(["ticket_id", "owner_id"], ["tickets.id", "tickets.owner_id"], onupdate="CASCADE"),
    Index("ix_ticket_papers_ticket", "ticket_id"),
    Index("ix_ticket_papers_look", "look_at"),
)
