"""Clients who may buy more, by points with their reasons (S16, R126, R128): for advisers of their book, for managers of
the team; the list takes tasks by number."""

from __future__ import annotations

from config.pack import Potential
from handlers.context import Context
from handlers.figure_words import owner_said
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import FRONT, READERS, command
from handlers.tasks import how_to_give
from reminders.potential import Promising, factors, promising

EXAMPLE = "高潜客户 前10"
USUAL, MOST = 10, 50


@command("potential.list", group="团队", help="谁可能再买，按分数和原因", example=EXAMPLE, roles=FRONT)
def show_promising(ctx: Context, meaning: Meaning) -> None:
    """The clients with the most points: of the team, of one member, or of the own book."""
    owner = owner_said(ctx, meaning)
    limit = min(MOST, max(1, int(meaning.get("count") or USUAL)))
    total, found = promising(ctx.uow, ctx.zone, limit, owner or "")
    if not found:
        ctx.say("现在没有客户得分。发送「口径 高潜客户」看分数怎么算。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if owner is None else {}
    ctx.uow.audit.listed("client", [(p.client.id, p.client.id) for p in found], section="potential")
    head = f"高潜客户 前 {len(found)} 位（有分的共 {total} 位），口径发送「口径 高潜客户」。{how_to_give(ctx)}"
    show_lines(ctx, "potential", head, [
        {
            "client_id": p.client.id, "name": p.client.name, "line": _line(p, names.get(p.client.owner_id, "")),
            "why": "，".join(reason.label for reason in p.reasons if reason.weight > 0),
        }
        for p in found
    ])  # fmt: skip


def _line(found: Promising, owner: str) -> str:
    who = " ".join(filter(None, [found.client.name, found.client.tier, owner]))
    return f"{who}（{found.client.score} 分）：{'，'.join(map(_points, found.reasons))}"


def _points(reason: Potential) -> str:
    """临近升贵宾 +25, 常投诉 −20"""
    return f"{reason.label} {'+' if reason.weight > 0 else '−'}{abs(reason.weight)}"


@command("potential.define", group="团队", help="高潜客户的分数怎么算", example="口径 高潜客户", roles=READERS)
def define(ctx: Context, meaning: Meaning) -> None:
    """Every condition that gives or takes points, as the packs say it."""
    lines = [f"· {_points(factor)}：{factor.when}" for factor in factors(ctx.packs)]
    if not lines:
        ctx.say("业务包里没有定高潜客户怎么打分（figures.yaml 的 potentials）。")
        return
    ctx.say("\n".join(["高潜客户：符合一条就加（减）这些分，加起来从高到低排，已流失的不算。", *lines]))
