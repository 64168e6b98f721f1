"""The records of the business: who is served by whom, with what, and what is to be done.

Every scoped table carries `owner_id`, tied to its client by a composite foreign key with ON UPDATE
CASCADE: hand a client over and everything under it follows, and no row can disagree about its owner."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import Fixed, Id, Json, Key, Sealed, UTCDateTime, metadata, money, stamps


def _of_client(name: str = "client_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        [name, "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE"
    )


users = Table(
    "users", metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("manager_id", String(64), ForeignKey("users.id")),
    Column("path", Key, nullable=False, index=True),
    Column("line", String(16), nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("preferences", Json, nullable=False, default=dict),
    # A bound: until then `covers` must be asked for whom the member stands in; no cover of his ends later.
    Column("covers_until", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
)

# Who stands in for whom. A row is never deleted but by an undo: one that was called off ends when it begins, or now.
covers = Table(
    "covers", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("away_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("cover_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("begins_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_covers_cover_ends", "cover_id", "ends_at"),
    Index("ix_covers_away_ends", "away_id", "ends_at"),
)

clients = Table(
    "clients", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("owner_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("name", Key, nullable=False),
    Column("gender", String(4)),
    Column("birthday", Date),
    Column("birthday_calendar", String(8), nullable=False, default="solar"),
    Column("birth_day", SmallInteger, index=True),  # month * 100 + day of the solar birthday, for planning
    Column("lunar_birthday", SmallInteger, index=True),  # month * 100 + day, negative in a leap month
    Column("stage", String(16), nullable=False, default="lead"),
    Column("bank_tier", String(16)),
    Column("insurance_tier", String(16)),
    Column("tier_set_by", String(64)),  # who set the tier that goes by assets; null: it is computed
    Column("risk_class", String(8)),
    Column("risk_class_expires_on", Date, index=True),
    Column("id_expires_on", Date, index=True),
    Column("licence_expires_on", Date, index=True),
    Column("source", String(32)),
    Column("preferred_channel", String(32)),
    Column("industry", String(64)),
    money("aum"),
    Column("last_contact_at", UTCDateTime),
    Column("next_follow_up_on", Date, index=True),
    Column("loss_reason", String(64)),
    Column("lost_at", UTCDateTime),
    Column("erased_at", UTCDateTime),  # when he had his data erased; since then what the law keeps is locked
    Column("kept_until", Date),  # the last day on which the law has it kept; null: a contract runs on
    Column("attrs", Json, nullable=False, default=dict),
    Column("secrets", Sealed),
    Column("phone_index", LargeBinary, index=True),
    Column("phone_tail_index", LargeBinary),
    Column("id_number_index", LargeBinary, index=True),
    Column("licence_index", LargeBinary, index=True),
    *stamps(),
    UniqueConstraint("id", "owner_id"),
    Index("ix_clients_owner_created", "owner_id", "created_at"),
    Index("ix_clients_created_at", "created_at"),
    Index("ix_clients_owner_tail", "owner_id", "phone_tail_index"),
    # Since when a client is silent: the last contact, else the day of entry.
    Index("ix_clients_last_contact_at_created_at", "last_contact_at", "created_at"),
)

client_names = Table(
    "client_names", metadata,
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("owner_id", String(64), nullable=False),
    Column("how", String(8), primary_key=True),  # name, given, alias, short, pinyin, initials
    Column("key", Key, primary_key=True),
    _of_client(),
    Index("ix_client_names_owner_key", "owner_id", "key"),
    Index("ix_client_names_key", "key"),
)

client_tags = Table(
    "client_tags", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("tag", String(64), nullable=False),
    Column("reason", Sealed),
    Column("created_at", UTCDateTime, nullable=False),
    _of_client(),
    UniqueConstraint("client_id", "tag"),
)

# Tags that clients have by a condition of the packs, as of the last morning; `reason` is that condition in words. A
# client who is taken back takes them along.
earned_tags = Table(
    "earned_tags", metadata,
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", String(64), primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("reason", String(600), nullable=False),
    Column("since", Date, nullable=False),
    ForeignKeyConstraint(
        ["client_id", "owner_id"], ["clients.id", "clients.owner_id"], onupdate="CASCADE", ondelete="CASCADE"
    ),
    Index("ix_earned_tags_tag", "tag"),
)

relations = Table(
    "relations", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("owner_id", String(64), nullable=False),
    Column("client_id", BigInteger, nullable=False, index=True),
    Column("other_id", BigInteger, ForeignKey("clients.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("note", Sealed),
    Column("created_at", UTCDateTime, nullable=False),
    _of_client(),
    UniqueConstraint("client_id", "other_id", "kind"),
)

products = Table(
    "products", metadata,
    Column("code", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("family", String(32), nullable=False),
    Column("line", String(16), nullable=False),
    Column("risk_class", String(4)),
    Column("grace_days", SmallInteger),
    Column("cooling_off_days", SmallInteger),
    Column("attrs", Json, nullable=False, default=dict),
)

contracts = Table(
    "contracts", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("line", String(16), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("number_tail", String(8), nullable=False, default=""),
    Column("number_index", LargeBinary, index=True),
    Column("product_code", String(64)),
    Column("product_name", String(100), nullable=False, default=""),
    Column("starts_on", Date, index=True),
    Column("ends_on", Date),
    money("amount"),
    money("premium"),
    Column("currency", String(3), nullable=False, default="CNY"),
    Column("pay_mode", String(16)),
    Column("pay_years", SmallInteger),
    Column("rate_percent", Fixed(6)),
    money("balance"),
    Column("renewal_intent", String(8)),
    Column("renewal_lost_on", Date, index=True),  # when it was noted that there will be no next term
    Column("previous_id", BigInteger),
    Column("attrs", Json, nullable=False, default=dict),
    Column("secrets", Sealed),
    *stamps(),
    _of_client(),
    UniqueConstraint("id", "owner_id"),
    Index("ix_contracts_client", "client_id"),
    Index("ix_contracts_ends_on_kind", "ends_on", "kind"),
    Index("ix_contracts_owner_ends_on", "owner_id", "ends_on"),
)


def _of_contract() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["contract_id", "owner_id"], ["contracts.id", "contracts.owner_id"],
        onupdate="CASCADE",
    )


parties = Table(
    "parties", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", BigInteger, nullable=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("name", String(100), nullable=False),
    Column("client_id", BigInteger, ForeignKey("clients.id"), index=True),
    Column("share_percent", Fixed(6)),
    _of_contract(),
)

instalments = Table(
    "instalments", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", BigInteger, nullable=False),
    Column("client_id", BigInteger, nullable=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("grace_ends_on", Date),
    Column("amount", Fixed(2), nullable=False),
    money("principal"),
    money("interest"),
    Column("state", String(8), nullable=False, default="due"),
    Column("paid_on", Date),
    Column("version", Integer, nullable=False, default=1),
    _of_contract(),
    UniqueConstraint("contract_id", "number"),
    Index("ix_instalments_state_due_on", "state", "due_on"),
    Index("ix_instalments_state_grace_ends_on", "state", "grace_ends_on"),
    Index("ix_instalments_owner_due_on", "owner_id", "due_on"),
)

_COMPLAINTS = text("kind = 'complaint'")  # few, and rules count from them

interactions = Table(
    "interactions", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("happened_at", UTCDateTime, nullable=False),
    Column("text", Sealed),
    Column("next_on", Date),
    Column("created_at", UTCDateTime, nullable=False),
    _of_client(),
    Index("ix_interactions_client_happened", "client_id", "happened_at"),
    Index("ix_interactions_author_happened", "author_id", "happened_at"),
    Index("ix_interactions_complaints", "happened_at", sqlite_where=_COMPLAINTS, postgresql_where=_COMPLAINTS),
)

reminders = Table(
    "reminders", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Key, nullable=False, unique=True),  # rule:object:due:offset:receiver, or manual:token
    Column("rule", String(64), nullable=False),
    Column("category", String(16), nullable=False),
    Column("receiver_id", String(64), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("client_id", BigInteger, index=True),
    Column("object_type", String(16), nullable=False, default=""),
    Column("object_id", BigInteger),
    Column("due_on", Date, nullable=False),
    Column("offset_days", SmallInteger, nullable=False, default=0),
    Column("remind_at", UTCDateTime, nullable=False),
    Column("weight", SmallInteger, nullable=False, default=50),
    Column("timed", Boolean, nullable=False, default=False),
    Column("state", String(12), nullable=False, default="open"),
    Column("text", Sealed("key")),
    Column("data", Json, nullable=False, default=dict),
    Column("result", Sealed("key")),
    Column("reason", Sealed("key")),
    Column("cause", String(40)),  # in words of ours, where it was closed because its cause is gone
    Column("done_at", UTCDateTime),
    Column("done_by", String(64)),
    Column("pushed_at", UTCDateTime),
    Column("escalated_at", UTCDateTime),  # when the receiver's supervisor was told that it lies unhandled
    Column("snoozed", SmallInteger, nullable=False, default=0),
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_reminders_receiver_state_remind", "receiver_id", "state", "remind_at"),
    Index("ix_reminders_object", "object_type", "object_id"),
    Index("ix_reminders_state_timed_remind", "state", "timed", "remind_at"),
    sqlite_autoincrement=True,  # a reminder taken back must not leave its number, and its buttons, to the next
)

# What a client had under management, whenever it changed: `amount` from the morning of `since` until the next row.
# The present amount stands with the client.
asset_history = Table(
    "asset_history", metadata,
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Date, primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("amount", Fixed(2), nullable=False),
    _of_client(),
    Index("ix_asset_history_owner_since", "owner_id", "since"),
)

# Why a client's tier is what it is: a row for each change, and for each one by which it was given back to the
# computation. Clients that one computation moved have the `change_id` in common.
tier_history = Table(
    "tier_history", metadata,
    Column("change_id", BigInteger, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("scheme", String(64), nullable=False),  # the client field that holds the tier
    Column("was", String(16)),
    Column("became", String(16)),
    Column("reason", String(12), nullable=False),  # assets, standard, condition, hand, given_back
    Column("version", SmallInteger),  # of the standard by which it was computed; 0: the pack's
    money("amount"),  # the assets that it was computed from
    Column("set_by", String(64)),  # who set it by hand or gave it back
    Column("at", UTCDateTime, nullable=False),
    _of_client(),
    Index("ix_tier_history_owner_at", "owner_id", "at"),
)

# Questions that come by themselves every week or month. What is asked may name a city or a tag, so it is sealed.
saved_reports = Table(
    "saved_reports", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("every", String(8), nullable=False),  # weekly, monthly
    Column("day", SmallInteger, nullable=False),
    Column("at", String(5), nullable=False),
    Column("question", Sealed, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_saved_reports_user", "user_id"),
)

# Conditions that a member has given a name. They may hold any word of a client (a surname, a city), so they are sealed.
segments = Table(
    "segments", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("user_id", String(64), ForeignKey("users.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("conditions", Sealed, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("user_id", "name"),
)

consents = Table(
    "consents", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", BigInteger, nullable=False, index=True),
    Column("owner_id", String(64), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("evidence", Sealed),
    Column("notice_version", String(32), nullable=False, default=""),
    Column("recorded_by", String(64), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    _of_client(),
)
