"""The clients by tier on one screen: counts, assets, moves of this month."""

from __future__ import annotations

from handlers.context import Context
from handlers.figure_words import whose_said
from handlers.figures import span_of
from handlers.language import Meaning
from handlers.router import FRONT, command
from reminders.figures import Ledger
from reminders.questions import TEAM
from reminders.tier_analysis import tier_lines


@command("tier.analysis", group="分层", help="各等级有多少客户和资产", example="分层分析", roles=FRONT)
def analyse(ctx: Context, meaning: Meaning) -> None:
    """Of the own book; of the team for a manager who does not speak of himself."""
    team = whose_said(ctx) == TEAM
    ids = [user.id for user in ctx.uow.users.team()] if team else [ctx.user.id]
    lines = tier_lines(Ledger(ctx.uow, ctx.zone), span_of(ctx, None), ids)
    if not lines:
        ctx.say("名下还没有登记过等级的客户。登记例如「王芳 改为 贵宾」，或登记管理资产后每天早上自动算。")
        return
    ctx.uow.audit.read("figure", "tiers", section="team" if team else "own")
    ctx.say("\n".join([
        f"{'团队' if team else '我的'}分层分析", *lines,
        "看变动名单发送「分层变动 本月」，分开看发送「各等级管理资产」，怎么算的发送「口径 管理资产」。",
    ]))  # fmt: skip
