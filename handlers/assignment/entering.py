"""Operations enter a client whom nobody has: the rules say whose he is. They see no clients, so what they hear of one
who is there already is that he is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.assignment.offers import asked_text, tell_asked
from handlers.context import Context
from reminders.offering import enter
from storage.acting import as_system
from storage.model.errors import Invalid

_KNOWN = (
    "公司已经有手机号或证件号相同的客户，没有重复建档。请告诉主管核对归属；运营看不到客户资料，这里不能说是谁的客户。"
)
_NOBODY = (
    "没有保存：按现在的客户分配规则没有合适的顾问（都满了，或没有顾问）。草稿已保留；"
    "请先改规则（客户分配 规则 查看），再回复「确认」。"
)


def enter_for_rules(ctx: Context, values: Mapping[str, Any], tags: Sequence[str]) -> None:
    """Write the client down with the adviser that the rules choose, and ask him. Raises Invalid where there is none,
    and where the firm has such a client."""
    with as_system(ctx.uow):
        found = ctx.uow.clients.duplicates({name: value for name, value in values.items() if name != "name"})
    if found.same_person or found.alike:
        ctx.uow.audit.record("duplicate", "client", "elsewhere", outcome="stopped")
        ctx.conversation.drop_draft()
        ctx.say(_KNOWN)
        return
    entered = enter(ctx.uow, ctx.zone, values, "entered", ctx.user.id)
    if entered is None:
        raise Invalid(_NOBODY)
    client, offer = entered
    with as_system(ctx.uow):
        for tag in tags:
            ctx.uow.clients.add_tag(client, tag, reason="由建档内容提出")
    ctx.conversation.drop_draft()
    tell_asked(ctx, offer)
    ctx.wrote_for_good("新增客户")
    ctx.say(f"已新增客户，{asked_text(ctx, client.name, offer)}")
