"""Changes of key data that wait for a second person (R188): the old value counts until he said yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.pack import Flow
from handlers.context import Context
from handlers.tickets.engine import open_ticket
from handlers.tickets.opening import tell_new
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text

_EMPTY = (None, "")


def flow_of_changes(ctx: Context) -> Flow | None:
    """The flow that changes a field at its end; None where the packs have none."""
    changing = (flow for flow in ctx.packs.flows if any(move.effect == "change_field" for move in flow.moves))
    return next((flow for flow in changing if flow.enabled), None)


def guarded(ctx: Context, client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the new values that may not be written without a second person: of fields that say so and hold
    something else now."""
    if flow_of_changes(ctx) is None:
        return {}
    return {
        name: value for name, value in values.items()
        if ctx.uow.dictionary.field("client", name).approval and client.value(name) not in (*_EMPTY, value)
    }


def ask_for(ctx: Context, client: Client, values: Mapping[str, Any], reason: str) -> list[str]:
    """A ticket for each of these values; what to say of them. One that waits for the same field already stays."""
    flow = flow_of_changes(ctx)
    assert flow is not None
    waiting = {
        ticket.details.get("field"): ticket for ticket in ctx.uow.tickets.of_client(client.id, only_open=True)
        if ticket.flow == flow.id
    }
    lines = []
    for name, value in values.items():
        spec = ctx.uow.dictionary.field("client", name)
        label = spec.label
        if name in waiting:
            before = waiting[name].name
            lines.append(f"{label}已有一份变更在等审批（{before}），没有再提交；要改请先发送「{before} 撤回」。")
            continue
        said = {"field": name, "old": client.value(name), "new": value, "reason": cut(mask_free_text(reason), 200)}
        ticket = open_ticket(ctx.uow, ctx.zone, flow, client, said)
        old, new = (ctx.uow.dictionary.mask_for_audit(spec, each) for each in (client.value(name), value))
        ctx.uow.audit.record("ask_change", "client", client.id, client_id=client.id, fields=[[name, old, new]])
        tell_new(ctx, ticket, flow)
        handler = ctx.uow.users.find(ticket.handler_id) if ticket.handler_id else None
        whom = f"，等 {handler.name} 审批" if handler else ""
        lines.append(f"{label}：{old} → {new}，是关键资料，已提交变更 {ticket.name}{whom}；批准前仍按原来的用。")
    return lines
