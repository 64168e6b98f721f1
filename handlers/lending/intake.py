"""Taking a loan in: 进件 陈记餐饮 借20万 12期 年化12%."""

from __future__ import annotations

from typing import Any

from handlers.context import Context
from handlers.contracts.shelf import product_said
from handlers.language import Meaning
from handlers.router import command
from handlers.tickets.asking import understood
from handlers.tickets.opening import go_on
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.values import mask_free_text

FLOW = "loan"
_SAID = ("amount", "terms", "rate", "fee", "method", "purpose")


@command(
    "loan.intake", group="贷款", help="进件：登记借款申请", example="进件 陈记餐饮 借20万 12期 年化12%", client=True,
)
def take_in(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Open the ticket with what was said; amount, instalments and rate are asked where they were not."""
    flow = ctx.packs.find_flow(FLOW)
    if flow is None:
        raise Invalid("这里没有启用贷款进件，请联系运营。")
    said: dict[str, Any] = {}
    for name in _SAID:
        if (value := meaning.get(name)) is not None:
            wanted = flow.ask(name)
            said[name] = value if wanted.type == "choice" else understood(ctx, wanted, mask_free_text(str(value)))
    if product := meaning.get("product"):
        said["product"] = product_said(ctx.packs, str(product), ctx.text)
    go_on(ctx, {"flow": flow.id, "client": client.id, "said": said})
