"""The row images that an undo restores: kept without loss, for every table that people change."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import journal, tables
from storage.journal import Change

names = st.text(min_size=1).filter(lambda key: not key.startswith("$"))
values = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text() | st.binary() | st.dates() | st.decimals(
    allow_nan=False, allow_infinity=False
) | st.datetimes(timezones=st.just(datetime.now().astimezone().tzinfo or None)) | st.dictionaries(
    names, st.integers() | st.text(), max_size=3
)  # fmt: skip


@given(st.lists(st.tuples(
    st.sampled_from(sorted(journal.JOURNALED)), st.none() | st.dictionaries(names, values, max_size=5),
    st.none() | st.dictionaries(names, values, max_size=5),
), max_size=4))  # fmt: skip
def test_changes_are_kept_without_loss(
    rows: list[tuple[str, dict[str, object] | None, dict[str, object] | None]],
) -> None:
    changes = [Change(*row) for row in rows]

    assert journal.load(journal.dump(changes)) == changes


def test_what_has_no_form_in_the_journal_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        journal.dump([Change("clients", None, {"x": {1, 2}})])


def test_everything_a_person_can_change_can_be_taken_back() -> None:
    for_itself = {
        "users", "products", "inbox", "outbox", "card_actions", "audit", "audit_head", "audit_subjects",
        "conversations", "undo_steps", "job_runs", "puzzles", "asset_history", "uploads", "verdicts", "campaigns",
        "rules", "rule_versions", "revisions", "standard_versions", "escalation_versions", "kf_accounts", "kf_talks",
        "kf_messages", "push_versions", "template_versions",
        "assignment_versions", "offers",
        "earned_tags", "bindings", "binding_tries", "binding_codes", "customer_states", "kf_replies", "ratings",
        "accounts", "account_months", "transactions", "counters", "flow_editions",
    }  # fmt: skip

    assert set(tables.metadata.tables) - set(journal.JOURNALED) == for_itself
