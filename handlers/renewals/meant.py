"""Which policy a renewal speaks of, and what was pushed about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.context import Context
from handlers.contracts import changing
from handlers.contracts.describing import is_open
from handlers.contracts.picking import matching
from handlers.contracts.shelf import is_renewable
from handlers.language import Meaning
from storage.model.contracts import Contract
from storage.model.errors import NotFound
from storage.model.people import Client
from storage.model.plans import RENEWED_UNTIL_DAYS

# Renewals are talked about in this stretch around the last day; others are meant only if there are none here.
BEFORE, AFTER = timedelta(days=90), timedelta(days=RENEWED_UNTIL_DAYS)


def renewable(ctx: Context, client: Client, meaning: Meaning) -> list[Contract]:
    """The policies that may be meant, the one that ends first in front. Raises NotFound."""
    found = [
        c for c in matching(ctx, client, meaning, ("policy",))
        if is_open(ctx, c) and can_be_renewed(ctx, c)
    ]
    if not found:
        raise NotFound(
            f"「{client.name}」名下没有要续保的保单。长期险缴了保费请发送「{client.name} 已缴」。"
        )
    return _of_holder(client, _in_season(ctx, found))


def can_be_renewed(ctx: Context, contract: Contract) -> bool:
    """A policy that ends and then goes on for another term; whether it is still open is another question."""
    return contract.kind == "policy" and contract.ends_on is not None and is_renewable(ctx.packs, contract)


def _in_season(ctx: Context, found: Sequence[Contract]) -> list[Contract]:
    return [c for c in found if is_in_season(ctx, c.ends_on)] or list(found)


def is_in_season(ctx: Context, day: date | None) -> bool:
    """Does a term that ends, or begins, on this day belong to the renewals talked about now?"""
    return day is not None and ctx.today - AFTER <= day <= ctx.today + BEFORE


def _of_holder(client: Client, found: Sequence[Contract]) -> list[Contract]:
    """Whose policy it is goes before who is only insured in it."""
    return [c for c in found if c.client_id == client.id] or list(found)


def finish_shown(ctx: Context, contract: Contract, result: str) -> None:
    """What was already pushed about this renewal is done."""
    changing.finish_shown(ctx, contract.client_id, ("contract", contract.id), ("renewal",), result)
