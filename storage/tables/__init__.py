"""Every table. `Sealed` marks what is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from storage.columns import Json, Sealed, UTCDateTime, metadata
from storage.tables.accounts import account_months, accounts, transactions
from storage.tables.assessments import assessments
from storage.tables.assignment import offers
from storage.tables.care import campaigns, client_messages, contacts, verdicts
from storage.tables.journeys import journey_runs
from storage.tables.kf import kf_accounts, kf_messages, kf_talks
from storage.tables.mailboxes import UNSENT, card_actions, conversations, inbox, outbox, outbox_is, uploads
from storage.tables.opportunities import opportunities
from storage.tables.records import (
    asset_history,
    client_names,
    client_tags,
    clients,
    consents,
    contracts,
    covers,
    earned_tags,
    instalments,
    interactions,
    parties,
    products,
    relations,
    reminders,
    saved_reports,
    segments,
    tier_history,
    users,
)
from storage.tables.rules import (
    assignment_versions,
    escalation_versions,
    push_versions,
    revisions,
    rule_versions,
    rules,
    standard_versions,
    template_versions,
)
from storage.tables.self_service import (
    binding_codes,
    binding_tries,
    bindings,
    customer_states,
    kf_replies,
    ratings,
)
from storage.tables.tickets import (
    counters,
    flow_editions,
    outside_queries,
    ticket_limits,
    ticket_members,
    ticket_news,
    ticket_papers,
    ticket_steps,
    tickets,
)
from storage.tables.trail import audit, audit_head, audit_subjects, job_runs, puzzles, undo_steps

__all__ = [
    # Whoever writes statements on these tables needs the types as well.
    "UNSENT", "Json", "UTCDateTime",
    "account_months", "accounts", "assessments", "asset_history", "assignment_versions", "audit", "audit_head",
    "audit_subjects", "binding_codes", "binding_tries", "bindings", "campaigns", "card_actions", "client_messages",
    "client_names", "client_tags", "clients", "consents", "contacts", "contracts", "conversations", "counters",
    "covers", "customer_states", "earned_tags", "escalation_versions", "flow_editions", "inbox", "instalments",
    "interactions", "job_runs", "journey_runs", "kf_accounts", "kf_messages", "kf_replies", "kf_talks", "metadata",
    "offers", "opportunities", "outbox", "outbox_is", "outside_queries", "parties", "products", "push_versions",
    "puzzles", "ratings", "relations", "reminders", "revisions", "rule_versions", "rules", "saved_reports",
    "sealed_columns", "segments", "standard_versions", "template_versions", "ticket_limits", "ticket_members",
    "ticket_news", "ticket_papers", "ticket_steps", "tickets", "tier_history", "transactions", "undo_steps", "uploads",
    "users", "verdicts",
]  # fmt: skip


def sealed_columns() -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    """Every sealed column with its table and the column that its values are bound to."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, Sealed):
                yield table, column, table.c[column.type.row]
