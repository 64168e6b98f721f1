"""Messages to clients: customer relations in WeCom, the ledger, the verdicts of the gate, campaigns."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Id, Json, Key, Sealed, UTCDateTime, metadata


def _of_client() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE")


# `user_id` is whose customer it is in WeCom, `owner_id` whose client here; they differ after a hand-over.
contacts = Table(
    "contacts", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("external_userid", String(64), nullable=False, index=True),
    Column("client_id", BigInteger),
    Column("owner_id", String(64)),
    Column("nickname", Sealed),
    Column("state", String(12), nullable=False, default="new"),
    Column("how", String(8), nullable=False, default=""),  # phone, hand, asked; apart: unlinked by hand
    Column("added_at", UTCDateTime, nullable=False),
    Column("look_at", UTCDateTime),
    Column("lost_at", UTCDateTime),
    Column("lost_by", String(8), nullable=False, default=""),
    _of_client(),
    UniqueConstraint("user_id", "external_userid"),
    Index("ix_contacts_client", "client_id"),
    Index("ix_contacts_state_look", "state", "look_at"),
)

client_messages = Table(
    "client_messages", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Key, nullable=False, unique=True),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("sender_id", String(64), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("template", String(64), nullable=False, default=""),
    Column("template_version", String(16), nullable=False, default=""),
    Column("own", Boolean, nullable=False, default=False),
    Column("text", Sealed, nullable=False),
    Column("route", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("external_userid", String(64)),
    Column("msgid", String(200)),
    Column("reminder_id", BigInteger),
    Column("campaign_id", BigInteger, index=True),
    Column("talk_id", BigInteger, index=True),
    Column("overrides", Json, nullable=False, default=list),
    Column("created_at", UTCDateTime, nullable=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("confirmed_at", UTCDateTime),
    Column("tried_at", UTCDateTime),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("alone_at", UTCDateTime),
    Column("look_at", UTCDateTime),
    Column("nudged", SmallInteger, nullable=False, default=0),
    Column("nudged_at", UTCDateTime),
    Column("wanted", String(12), nullable=False, default=""),
    Column("reason", String(40), nullable=False, default=""),
    Column("task_at", UTCDateTime),
    Column("sent_at", UTCDateTime),
    Column("done_at", UTCDateTime),
    Column("lease_owner", String(64)),
    Column("lease_until", UTCDateTime),
    Column("version", Integer, nullable=False, default=1),
    _of_client(),
    Index("ix_client_messages_state_look", "state", "look_at"),
    Index("ix_client_messages_client_created", "client_id", "created_at"),
    Index("ix_client_messages_sender_state", "sender_id", "state"),
    Index("ix_client_messages_msgid", "msgid"),
)

# What the gate said of each message, when drafting and when sending; codes only, the words are the gate's.
verdicts = Table(
    "verdicts", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger),  # nobody knows yet whom a welcome greets: the contact stands for him
    Column("contact_id", BigInteger, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("message_id", BigInteger),
    Column("stage", String(8), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("template", String(64), nullable=False, default=""),
    Column("template_version", String(16), nullable=False, default=""),
    Column("outcome", String(8), nullable=False),
    Column("codes", Json, nullable=False, default=list),
    Column("until", UTCDateTime),
    Column("at", UTCDateTime, nullable=False),
    _of_client(),
    Index("ix_verdicts_client_at", "client_id", "at"),
)

campaigns = Table(
    "campaigns", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("template", String(64), nullable=False),
    Column("template_version", String(16), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("segment", Sealed, nullable=False),
    Column("conditions", Sealed),
    Column("chosen", Integer, nullable=False),
    Column("left_out", Json, nullable=False, default=dict),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_campaigns_name_created", "name", "created_at"),
)
