"""The clients by tier on one screen, and those near a border; the clients of the highest tiers."""

from __future__ import annotations

from handlers.context import Context
from handlers.figure_words import owner_said, whose_said
from handlers.figures import span_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import FRONT, command
from handlers.tasks import how_to_give
from handlers.tiers.forms import now_in_force
from reminders.assets import Border, border_of
from reminders.borders import WORDS, Way, spans
from reminders.figures import Ledger, high_tiers
from reminders.questions import TEAM
from reminders.tier_analysis import tier_lines
from storage.model.errors import Invalid
from storage.model.values import money_text
from storage.repositories.assets import AssetRepository, Moved

USUAL, MOST = 10, 50


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


@command("tier.border", group="分层", help="快升档、快降档的客户", example="快升档的客户", roles=FRONT)
def near_border(ctx: Context, meaning: Meaning) -> None:
    """Whose assets lie within a tenth of the floor of a tier: below it, or above."""
    standard = now_in_force(ctx)
    way: Way = "down" if meaning.get("way") == "down" else "up"
    tier = str(meaning.get("tier") or "")
    if tier and not standard.floors.get(tier):
        known = "、".join(name for name, floor in standard.floors.items() if floor)
        raise Invalid(f"分层标准里没有「{tier}」这一档的起点，可以看：{known}。例如「{WORDS[way]}的客户」。")
    owner = owner_said(ctx, meaning)
    found = AssetRepository(ctx.uow).near(spans(standard, way, tier), MOST, owner or "")
    what = f"{WORDS[way]}的客户" + (f"（「{tier}」的起点）" if tier else "")
    if not found:
        ctx.say(f"现在没有{what}：没有人的管理资产在起点{'下' if way == 'up' else '上'}方一成以内。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if owner is None else {}
    show_lines(ctx, "movers", f"{what} {len(found)} 位，管理资产多的在前。回复序号看客户。", [
        {"client_id": m.client_id, "name": m.name, "line": " ".join(filter(None, [
            m.name, m.tier, names.get(m.owner_id, ""), _distance(border_of(standard, m.now), m, way),
        ]))}
        for m in found
    ])  # fmt: skip


def _distance(border: Border, moved: Moved, way: Way) -> str:
    has = money_text(moved.now)
    if way == "up" and border.above is not None:
        return f"{has}，离「{border.above.name}」还差 {money_text(border.to_rise)}"
    return f"{has}，比「{border.tier.name}」的起点多 {money_text(border.to_fall)}"


@command("value.list", group="团队", help="高价值客户：最高两档，按管理资产排", example="高价值客户", roles=FRONT)
def show_high(ctx: Context, meaning: Meaning) -> None:
    """The clients of the two highest tiers of any scheme, as in 高等级客户活跃度, the richest first."""
    owner = owner_said(ctx, meaning)
    most = min(MOST, max(1, int(meaning.get("count") or USUAL)))
    found = AssetRepository(ctx.uow).high(high_tiers(ctx.packs), most, owner or "")
    if not found:
        ctx.say("现在没有高价值客户：没有客户在各套等级最高的两档里。发送「分层分析」看各档有多少。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if owner is None else {}
    head = f"高价值客户 前 {len(found)} 位：各套等级最高两档的客户，管理资产多的在前。{how_to_give(ctx)}"
    show_lines(ctx, "potential", head, [
        {"client_id": m.client_id, "name": m.name, "why": "高价值客户", "line": " ".join(filter(None, [
            m.name, m.tier, money_text(m.now) if m.now else "管理资产未登记", names.get(m.owner_id, ""),
        ]))}
        for m in found
    ])  # fmt: skip
