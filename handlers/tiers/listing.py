"""The tier standard in force, who set it, and how many clients are where."""

from __future__ import annotations

from handlers.approvals import DECIDERS
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from handlers.tier_words import floor_text
from handlers.tiers import by_condition
from handlers.tiers.deciding import SETTING
from handlers.tiers.forms import now_in_force
from storage.model.people import Role
from storage.model.values import short_money

READ: tuple[Role, ...] = (*DECIDERS, "adviser")


@command("standard.show", group="分层", help="看分层标准", example="分层标准", roles=READ)
def show_standard(ctx: Context, meaning: Meaning) -> None:
    """The tiers with their thresholds, the version and its author; the reader's clients in each, where he has any."""
    conditions = by_condition.standards(ctx)
    if conditions and ctx.packs.asset_scheme is None:
        ctx.say("\n".join(conditions))
        return
    standard, book = now_in_force(ctx), ctx.uow.standards.in_force()
    held = ctx.uow.tiers.held(standard.scheme)
    lines = [f"{standard.label}的分层标准（{SETTING.origin(ctx, standard.scheme)}），按管理资产："]
    for name, yuan in reversed(list(standard.floors.items())):
        count, amount = held.get(name, (0, 0))
        told = f"，{count} 位，{short_money(amount)}元" if ctx.uow.scope != "none" else ""
        lines.append(f"{name}：{floor_text(yuan)}{told}")
    lines += SETTING.waiting_line(ctx, standard.scheme)
    lines += [f"批准过的版本现在不能用：{book.broken}"] if book.broken else []
    ctx.say("\n".join([*lines, *conditions]))
