"""The intents, one module per capability. Each declares its rules as data; `rules_for` gathers them."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.intents.agenda import RULES as AGENDA
from handlers.language.intents.banking import RULES as BANKING
from handlers.language.intents.care import RULES as CARE
from handlers.language.intents.claims import RULES as CLAIMS
from handlers.language.intents.clients import RULES as CLIENTS
from handlers.language.intents.consents import RULES as CONSENTS
from handlers.language.intents.contacts import RULES as CONTACTS
from handlers.language.intents.contracts import RULES as CONTRACTS
from handlers.language.intents.credit import RULES as CREDIT
from handlers.language.intents.customers import RULES as CUSTOMER
from handlers.language.intents.data import RULES as DATA
from handlers.language.intents.dead_letters import RULES as DEAD_LETTERS
from handlers.language.intents.deals import RULES as DEALS
from handlers.language.intents.escalation import RULES as ESCALATION
from handlers.language.intents.figures import RULES as FIGURES
from handlers.language.intents.handovers import RULES as HANDOVERS
from handlers.language.intents.in_short import RULES as IN_SHORT
from handlers.language.intents.lists import RULES as LISTS
from handlers.language.intents.notes import RULES as NOTES
from handlers.language.intents.pattern import Rule
from handlers.language.intents.plain_orders import RULES as PLAIN_ORDERS
from handlers.language.intents.reminders import RULES as REMINDERS
from handlers.language.intents.reports import RULES as REPORTS
from handlers.language.intents.settings import RULES as SETTINGS
from handlers.language.intents.small import RULES as SMALL
from handlers.language.intents.tickets import RULES as TICKETS
from handlers.language.intents.told_facts import RULES as TOLD_FACTS
from handlers.language.intents.update import RULES as UPDATE

ADVISER: tuple[Rule, ...] = (
    *SMALL, *CLIENTS, *UPDATE, *IN_SHORT, *CONTACTS, *TOLD_FACTS, *CONTRACTS, *CREDIT, *CLAIMS, *REMINDERS, *NOTES, *AGENDA, *LISTS, *CARE, *DEALS, *CONSENTS, *DATA, *SETTINGS, *FIGURES, *TICKETS, *HANDOVERS, *ESCALATION, *DEAD_LETTERS,
    *REPORTS, *BANKING, *PLAIN_ORDERS,
)


@lru_cache(maxsize=2)
def rules_for(role: str) -> dict[str, tuple[Rule, ...]]:
    """Rules by the concept that makes them worth a look. A customer only ever sees the customers' rules."""
    table: dict[str, list[Rule]] = {}
    for rule in CUSTOMER if role == "customer" else ADVISER:
        for concept in rule.on:
            table.setdefault(concept, []).append(rule)
    return {concept: tuple(rules) for concept, rules in table.items()}
