"""What may not be done, whatever was meant: asked before every order, and of every part of one.

A guard raises NotAllowed with the rule that forbids it; what it writes to the audit as refused stays there."""

from __future__ import annotations

from collections.abc import Callable

from handlers.context import Context
from handlers.language import Meaning

Guard = Callable[[Context, Meaning], None]
GUARDS: list[Guard] = []


def guard(function: Guard) -> Guard:
    """Register one."""
    GUARDS.append(function)
    return function


def keep_to_rules(ctx: Context, meaning: Meaning) -> None:
    """Raises NotAllowed."""
    for each in GUARDS:
        each(ctx, meaning)
