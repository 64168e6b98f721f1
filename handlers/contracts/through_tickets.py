"""Changes of a contract that only a ticket's flow makes: 陈静退保, 陈静的受益人换成她妈.

What was already done outside is written down as it is told (陈静 已退保); what is only wanted is echoed and, once
confirmed, opens the ticket with its papers."""

from __future__ import annotations

import re

from config.pack import PartyRole, State
from handlers.context import Context
from handlers.contracts.describing import named
from storage.model.contracts import Contract
from storage.model.people import Client

_STATED = re.compile(r"已|状态|改[成为]|标[成为记]|登记|记一?下|办[完好]")
_ORDERED = re.compile(r"^\W*(?:请|麻烦)?(?:把|将|给|帮|替|为)")
_HAPPENED = re.compile(r"[了过完好](?:[\s,，。!！]|$)")
_NEW_ONE = re.compile(r"(?:换|改|变更|更改)(?:成|为|给|到)?\s*(?P<who>[^\s,，。;；!！]{1,20})")


def is_wanted(text: str) -> bool:
    """Do the words want a state that a contract has not come to yet? 退了 tells that it has, 把它退了 does not."""
    if not text or _STATED.search(text):
        return False
    return _ORDERED.search(text) is not None or _HAPPENED.search(text) is None


def changed_to(text: str) -> str:
    """Who is to come in place of somebody, in the member's own words; "" where nobody is replaced."""
    found = _NEW_ONE.search(text)
    return found["who"] if found is not None else ""


def ask_for_state(ctx: Context, client: Client, contract: Contract, state: State) -> bool:
    """Offer the ticket that brings a contract into this state; False where the packs have no such flow."""
    wanted = state.label.removeprefix("已")
    told = f"已经办完的，请发送「{client.name} {state.label}」补记状态。"
    return _offer(ctx, client, contract, state.through, wanted, told)


def ask_for_role(ctx: Context, client: Client, contract: Contract, role: PartyRole, who: str) -> bool:
    """Offer the ticket that puts somebody else into a role; False where the packs have no such flow."""
    told = f"只补记一位的，请发送「{client.name} {role.label} 姓名」。"
    return _offer(ctx, client, contract, role.through, f"换{role.label} {who}", told)


def _offer(ctx: Context, client: Client, contract: Contract, flow_id: str, wanted: str, told: str) -> bool:
    flow = ctx.packs.find_flow(flow_id) if flow_id else None
    if flow is None or ctx.user.role not in flow.opened_by:
        return False
    which = named(ctx, contract)
    ctx.ask_to_confirm(
        f"「{client.name}」的{which}：{wanted}要走{flow.label}。{told}\n现在登记{flow.label}工单吗？",
        "ticket.create", flow=flow.id, client=client.id, content=f"{wanted} {which}",
    )
    return True
