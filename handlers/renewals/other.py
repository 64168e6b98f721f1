"""What 「续了」 means where no policy is near its end: one that was renewed just now, a premium of a long one,
or one that was suspended and is in force again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.context import Context
from handlers.contracts import changing
from handlers.contracts.describing import is_open, named, state_text
from handlers.contracts.picking import matching
from handlers.dues.payments import PREMIUM, SOON, pay_or_ask
from handlers.language import Meaning
from handlers.renewals.meant import can_be_renewed, is_in_season
from handlers.whose import number_mark
from storage.model.contracts import Contract, Instalment
from storage.model.people import Client
from storage.model.values import money_text

_PREMIUM = "续费"  # the word for a premium; a policy is 续保
_RESUMED = "续上"  # also of what was broken off


def _ends_soon(ctx: Context, found: Sequence[Contract]) -> bool:
    return any(is_open(ctx, c) and can_be_renewed(ctx, c) and is_in_season(ctx, c.ends_on) for c in found)


def put_in_force(ctx: Context, client: Client, meaning: Meaning) -> bool:
    """续上了 of a long policy that was suspended: there is no next term, it counts again."""
    if _RESUMED not in ctx.text:
        return False
    found = [c for c in matching(ctx, client, meaning, ("policy",)) if is_open(ctx, c)]
    if not found or any(c.state != "suspended" or can_be_renewed(ctx, c) for c in found):
        return False
    slots = {**meaning.slots, "status": "active", "field": "status", "value": "active"}
    changing.update(ctx, replace(meaning, intent="policy.update", slots=slots), client)
    return True


def renewed_before(ctx: Context, client: Client, meaning: Meaning) -> bool:
    """The next term of all that may be meant was noted already: said, and nothing is written a second time."""
    found = matching(ctx, client, meaning, ("policy",))
    if _ends_soon(ctx, found):
        return False
    old = {c.id for c in found if c.state == "renewed"}
    new = next((c for c in found if c.previous_id in old and is_open(ctx, c) and is_in_season(ctx, c.starts_on)), None)
    if new is None or (_PREMIUM in ctx.text and _due(ctx, found)):
        return False
    premium = f"，保费 {money_text(new.premium)}" if new.premium else ""
    ctx.say(
        f"「{client.name}」的{named(ctx, new)}已经记过续保了："
        f"新一期 {new.starts_on} 至 {new.ends_on}{premium}，没有再记。"
        f"要改新一期的保费，请发送「{client.name} {new.product_name} 保费改为 5200」。"
    )
    return True


def premium_meant(ctx: Context, client: Client, meaning: Meaning, said: Mapping[str, Any]) -> bool:
    """A premium that is due may be meant: noted where 续费 was said and nothing ends soon, else asked about."""
    found = matching(ctx, client, meaning, ("policy",))
    near = _ends_soon(ctx, found)
    if near and _PREMIUM not in ctx.text:
        return False
    due = _due(ctx, found)
    if _PREMIUM in ctx.text and not near and len(due) == 1:
        pay_chosen(ctx, client.id, due[0].id, said.get("premium"))
        return True
    return _ask(ctx, client, found, due, said)


def _due(ctx: Context, found: Sequence[Contract]) -> list[Instalment]:
    """Of each policy the oldest unpaid premium, where it is late or due soon."""
    first: dict[int, Instalment] = {}
    for part in ctx.uow.contracts.instalments([c.id for c in found if is_open(ctx, c)]):
        if part.state == "due" and part.due_on <= ctx.today + SOON:
            first.setdefault(part.contract_id, part)
    return list(first.values())


def _ask(
    ctx: Context, client: Client, found: Sequence[Contract], due: Sequence[Instalment], said: Mapping[str, Any]
) -> bool:
    """The premiums first, then the policies that can be renewed; False where nothing has to be asked."""
    ending = [c for c in found if is_open(ctx, c) and can_be_renewed(ctx, c)]
    ending.sort(key=lambda c: (c.ends_on or ctx.today, c.id))
    if near := [c for c in ending if is_in_season(ctx, c.ends_on)]:
        ending = near
    if not due and (near or not ending):
        return False
    contracts = {c.id: c for c in found}
    labels = [
        f"缴费：{named(ctx, contracts[p.contract_id])} 第 {p.number} 期 {money_text(p.amount)}（{p.due_on} 应缴）"
        for p in due
    ]
    labels += [f"续保：{named(ctx, c)} {state_text(ctx, c)} {c.ends_on} 到期" for c in ending]
    ctx.conversation.ask(
        "choice", "contract", options=[f"part {p.id}" for p in due] + [c.id for c in ending], labels=labels,
        then="renewal.done", client_id=client.id, parts={f"part {p.id}": p.id for p in due}, **said,
    )
    why = "" if near else "近期没有到期的保单。"
    lines = [f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1)]
    ctx.say("\n".join([f"「{client.name}」{why}您说的是哪一件？回复序号选择，都不是请发送「取消」：", *lines]))
    return True


def pay_chosen(ctx: Context, client_id: int, instalment_id: int, amount: str | None) -> None:
    """The premium was meant."""
    part = ctx.uow.contracts.instalment(instalment_id)
    contract = ctx.uow.contracts.get(part.contract_id)
    said = {"amount": amount, "paid_on": ctx.today.isoformat()}
    pay_or_ask(ctx, ctx.uow.clients.get(client_id), contract, part, said, PREMIUM)
