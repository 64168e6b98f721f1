"""Which of a client's contracts is meant; asked as a numbered choice when the words do not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import named, state_text
from handlers.contracts.shelf import answers_to, product_said
from handlers.language import Meaning
from handlers.whose import number_mark
from storage.model.contracts import Contract
from storage.model.errors import NotFound
from storage.model.people import Client


def matching(ctx: Context, client: Client, meaning: Meaning, kinds: Sequence[str] = ()) -> list[Contract]:
    """The client's contracts, in any role, cut to the product or number that was said.

    Raises NotFound when he has none, or none like that."""
    found = ctx.uow.contracts.of_client(client.id, kinds)
    what = "、".join(ctx.packs.kind(k).label for k in kinds) or "合同"
    if not found:
        raise NotFound(f"「{client.name}」名下没有登记{what}。")
    if line := line_shown(ctx, meaning, client):
        found = [c for c in found if c.id == line["contract_id"]] or found
    said, number = meaning.get("product"), meaning.get("policy_no")
    if number:
        wanted = str(number).upper()
        found = [c for c in found if wanted in ((c.number or "").upper(), c.number_tail.upper())]
    if said:
        said = product_said(ctx.packs, str(said), ctx.text)
        found = [c for c in found if answers_to(ctx.packs, c, said)]
    if not found:
        sought = said or f"尾号 {str(number)[-4:]}"
        raise NotFound(f"「{client.name}」名下没有「{sought}」。发送「{client.name} 合同」可查看已登记的合同。")
    return found


def line_shown(ctx: Context, meaning: Meaning, client: Client) -> Mapping[str, Any] | None:
    """The line of the list shown last that 「第一个」 or 「1」 speaks of, where it tells a contract of this client."""
    listing, number = ctx.conversation.listing, meaning.get("index")
    if listing is None or not isinstance(number, int) or not 1 <= number <= len(listing.items):
        return None
    line = listing.items[number - 1]
    return line if line.get("contract_id") and line.get("client_id") == client.id else None


def pick(ctx: Context, client: Client, found: Sequence[Contract], then: str, **data: Any) -> Contract | None:
    """The only contract, or None after having asked: the answer goes to `@confirmed(then)` as `chosen`."""
    if len(found) == 1:
        return found[0]
    options = list(found)[:20]
    labels = [f"{named(ctx, c)} {state_text(ctx, c)}" + (f" {c.ends_on} 到期" if c.ends_on else "") for c in options]
    ctx.conversation.ask(
        "choice", "contract", options=[c.id for c in options], labels=labels, then=then, client_id=client.id, **data
    )
    lines = [f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1)]
    ctx.say("\n".join([f"「{client.name}」有 {len(options)} 份可能的合同，回复序号选择：", *lines]))
    return None


def holder_of(ctx: Context, contract: Contract, client: Client) -> Client:
    """The client who has the contract; the one that was named may only be insured."""
    return client if contract.client_id == client.id else ctx.uow.clients.get(contract.client_id)
