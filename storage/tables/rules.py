"""What operations set: versions of rules, of the tier standard, of hours and of texts to clients over the
packs', and the marks that say when they changed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, SmallInteger, String, Table, UniqueConstraint

from storage.columns import Id, Json, Sealed, UTCDateTime, metadata

# The number by which people name a rule (R12). It is given once and to no other rule again.
rules = Table(
    "rules", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, unique=True),
    Column("created_at", UTCDateTime, nullable=False),
)


def _versions(name: str, subject: Column[str]) -> Table:
    return Table(
        name, metadata,
        Column("id", Id, primary_key=True, autoincrement=False),
        subject,
        Column("version", SmallInteger, nullable=False),
        Column("state", String(12), nullable=False),  # submitted, in_force, retired, rejected, withdrawn
        Column("act", String(12), nullable=False),  # create, change, stop, start, roll_back
        Column("body", Json),  # the rule, the standard, the hours; null: as the pack has it
        Column("author_id", String(64), nullable=False),
        Column("approver_id", String(64)),  # whom the author asked to approve; another one may
        Column("created_at", UTCDateTime, nullable=False),
        Column("decided_by", String(64)),
        Column("decided_at", UTCDateTime),
        Column("reason", Sealed),
        UniqueConstraint(subject.name, "version"),
    )


rule_versions = _versions("rule_versions", Column("rule_id", String(64), ForeignKey("rules.id"), nullable=False))
# `scheme` is the client field that holds the tier.
standard_versions = _versions("standard_versions", Column("scheme", String(64), nullable=False))

# `push` is what comes by itself: brief, digest.
push_versions = _versions("push_versions", Column("push", String(64), nullable=False))

escalation_versions = _versions("escalation_versions", Column("setting", String(64), nullable=False))

# Who gets a client without an adviser.
assignment_versions = _versions("assignment_versions", Column("setting", String(64), nullable=False))

# The words of a text to clients.
template_versions = _versions("template_versions", Column("template", String(64), nullable=False))

# A mark that is another one whenever what it is named after has changed, so that processes need not look further.
revisions = Table(
    "revisions", metadata,
    Column("name", String(16), primary_key=True),
    Column("mark", String(24), nullable=False),
)
