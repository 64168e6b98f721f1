"""Questionnaires that clients answered: a row each time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, Integer, String, Table, text

from storage.columns import Id, Sealed, UTCDateTime, metadata

_RUNNING = text("state = 'running'")

# `edition` is the wording that was asked; the questions and answers themselves stand in `answers`, so that a row says
# everything by itself. A client answers one questionnaire once at a time.
assessments = Table(
    "assessments", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("questionnaire", String(40), nullable=False),
    Column("edition", String(12), nullable=False),
    Column("state", String(8), nullable=False),  # running, done, dropped
    Column("answers", Sealed, nullable=False),
    Column("points", Integer),
    Column("result", String(40)),
    Column("valid_until", Date),
    Column("asked_by", String(64), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("version", Integer, nullable=False, default=1),
    ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"),
    Index(
        "ix_assessments_running", "client_id", "questionnaire", unique=True, sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index("ix_assessments_client", "client_id", "ended_at"),
)
