"""The buttons of renewal cards: 记意向 and 已续."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import is_open, named
from handlers.renewals.done import renew
from handlers.renewals.intent import note_intent
from handlers.router import action
from storage.model.contracts import Contract
from storage.model.errors import Invalid

LEVELS = ("high", "medium", "low")


@action("renewal.intent")
def tap_intent(ctx: Context, args: Mapping[str, Any]) -> None:
    """Note the level bound to the button, or picked in the card's list."""
    level = args.get("level") or _picked(args.get("selections") or {})
    if level not in LEVELS:
        raise Invalid("请先选择意向：高、中或低。")
    contract = _open_contract(ctx, args)
    if contract and _spend(ctx, args):
        note_intent(ctx, ctx.uow.clients.get(contract.client_id), contract, {"level": level})
        ctx.grey_out("已记录")


@action("renewal.done")
def tap_done(ctx: Context, args: Mapping[str, Any]) -> None:
    """Renewed at the old premium; another one is said in words afterwards."""
    contract = _open_contract(ctx, args)
    if contract is None:
        return
    if not contract.premium:
        raise Invalid("这份保单没有登记保费，请发送「客户姓名 已续 保费5200」。")
    if _spend(ctx, args):
        renew(ctx, ctx.uow.clients.get(contract.client_id), contract, contract.premium)
        ctx.grey_out("已记录")


def _open_contract(ctx: Context, args: Mapping[str, Any]) -> Contract | None:
    """The card's contract; None after having said that nothing is left to note. Said, not raised: an error
    would take the greying of the card back."""
    contract = ctx.uow.contracts.get(args["contract_id"])
    if not is_open(ctx, contract):
        ctx.grey_out("已处理")
        ctx.say(f"{named(ctx, contract)}已经处理过了，不用再记。")
        return None
    return contract


def _spend(ctx: Context, args: Mapping[str, Any]) -> bool:
    if ctx.uow.cards.use(args["card"]):
        return True
    ctx.say("这张卡片已经处理过了，不会重复执行。")
    return False


def _picked(selections: Mapping[str, Any]) -> str:
    """The first option picked in any list of the card."""
    for chosen in selections.values():
        if chosen:
            return str(chosen if isinstance(chosen, str) else next(iter(chosen)))
    return ""
