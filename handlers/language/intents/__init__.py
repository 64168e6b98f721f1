"""The intents, one module per capability. Each declares its rules as data; `rules_for` gathers them."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.intents import agenda, care, clients, contracts, customers, lists, small, team, update
from handlers.language.intents.pattern import Rule

ADVISER: tuple[Rule, ...] = (
    *small.RULES, *clients.RULES, *update.RULES, *contracts.RULES, *agenda.RULES, *lists.RULES, *care.RULES, *team.RULES,
)
CUSTOMER: tuple[Rule, ...] = customers.RULES


@lru_cache(maxsize=2)
def rules_for(role: str) -> dict[str, tuple[Rule, ...]]:
    """Rules by the concept that makes them worth a look. A customer only ever sees the customers' rules."""
    table: dict[str, list[Rule]] = {}
    for rule in CUSTOMER if role == "customer" else ADVISER:
        for concept in rule.on:
            table.setdefault(concept, []).append(rule)
    return {concept: tuple(rules) for concept, rules in table.items()}
