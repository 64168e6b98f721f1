"""The typed columns of the tables in `storage.tables`, as the dictionary may speak of them.

A field of a pack may use one, not invent one, and not as something else than it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from config.pack_fields import FieldType, Record

# A moment is no day, though the dictionary reads and shows it as one: a rule cannot count days from it.
INSTANT = "instant"

# Records whose tables have columns alone: any other field would have nowhere to be kept.
WITHOUT_OWN_FIELDS: frozenset[Record] = frozenset({
    "party", "instalment", "interaction", "account", "transaction", "opportunity",
})


def _columns(**names_by_type: str) -> Mapping[str, str]:
    assert names_by_type.keys() <= {*get_args(FieldType), INSTANT}
    return {name: of_type for of_type, names in names_by_type.items() for name in names.split()}


COLUMNS: Mapping[str, Mapping[str, str]] = {
    "client": _columns(
        text="name industry owner_id",
        choice="kind gender birthday_calendar stage bank_tier insurance_tier risk_class source preferred_channel "
        "loss_reason",
        date="birthday risk_class_expires_on id_expires_on licence_expires_on next_follow_up_on",
        lunar_day="lunar_birthday", money="aum", instant="last_contact_at lost_at",
    ),
    "contract": _columns(
        text="product_code product_name", choice="kind state line currency pay_mode renewal_intent",
        date="starts_on ends_on renewal_lost_on", money="amount premium balance", percent="rate_percent",
        integer="pay_years",
    ),
    "party": _columns(choice="role", client="client_id", text="name", percent="share_percent"),
    "instalment": _columns(
        integer="number", date="due_on grace_ends_on paid_on", money="amount principal interest", choice="state"
    ),
    "product": _columns(
        text="code name", choice="kind family line risk_class", integer="grace_days cooling_off_days"
    ),
    "interaction": _columns(choice="kind", instant="happened_at", text="text", date="next_on"),
    "account": _columns(choice="kind state currency", text="number_tail", money="balance", date="opened_on"),
    "transaction": _columns(date="happened_on", money="amount", choice="category"),
    "opportunity": _columns(text="product note", choice="stage", money="amount", date="expected_on"),
}  # fmt: skip


def types_of(record: str, column: str) -> tuple[str, ...]:
    """What a pack may declare a column as. Free text may be narrowed to a choice, nothing else changes."""
    kept_as = COLUMNS[record][column]
    if kept_as == INSTANT:
        return ("date",)
    return ("text", "choice") if kept_as == "text" else (kept_as,)


def is_instant(record: str, name: str) -> bool:
    return COLUMNS[record].get(name) == INSTANT
