"""Tiers that somebody set by hand: which they are, and all of them given back to the computation at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.approvals import OPS
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import FRONT, READERS, command, confirmed
from handlers.tier_words import NO_TIER, named
from handlers.tiers.forms import now_in_force
from reminders.tiers import give_back_all as give_back
from storage.model.errors import NotAllowed
from storage.tiers import Standard

MOST, MOST_ADVISERS = 100, 20
ALL_BACK = "手工分层 全部交还"
NONE = "没有手工定的等级，都是按管理资产计算的，或保持登记时的等级。"
WHO_GIVES_BACK = f"交还按资产计算由顾问本人或其主管来做，请他们发送「{ALL_BACK}」。"


@command("tier.by_hand", group="分层", help="看手工定的等级", example="手工分层", roles=(*READERS, "ops", "admin"))
def by_hand(ctx: Context, meaning: Meaning) -> None:
    """Whose tier somebody set, those first whose assets would make another one; counts alone for who sees no client."""
    standard = now_in_force(ctx)
    if ctx.uow.scope == "none":
        _show_counts(ctx, standard)
        return
    count, differing = ctx.uow.tiers.count_by_hand(standard)
    if not count:
        ctx.say(NONE)
        return
    found = ctx.uow.tiers.by_hand(standard, MOST)
    back = f"全部交还按资产计算，发送「{ALL_BACK}」。" if ctx.user.role in FRONT else WHO_GIVES_BACK
    head = f"手工定的等级 {count} 位，{_differing(differing)}。回复序号看客户。{back}"
    show_lines(ctx, "movers", head, [
        {
            "client_id": mover.client_id, "name": mover.name,
            "line": f"{mover.name} {mover.was or NO_TIER}（按资产：{mover.became or '没有登记管理资产'}）",
        }
        for mover in found
    ])  # fmt: skip


def _differing(count: int) -> str:
    return f"其中 {count} 位按现在的标准会是别的等级，排在前面" if count else "没有一位按现在的标准会是别的等级"


def _show_counts(ctx: Context, standard: Standard) -> None:
    """How many each adviser has, and whom to ask."""
    counts = ctx.uow.tiers.hands_by_owner(standard)
    if not counts:
        ctx.say(NONE)
        return
    count, differing = sum(of for _, of, _ in counts), sum(other for _, _, other in counts)
    lines = [f"手工定的等级 {count} 位，其中 {differing} 位按现在的标准会是别的等级："]
    lines += [f"{named(ctx, owner)}：{of} 位，{other} 位会变" for owner, of, other in counts[:MOST_ADVISERS]]
    if rest := counts[MOST_ADVISERS:]:
        lines.append(f"其余 {len(rest)} 位顾问：{sum(of for _, of, _ in rest)} 位，{sum(n for _, _, n in rest)} 位会变")
    ctx.say("\n".join([*lines, WHO_GIVES_BACK]))


@command(
    "tier.give_back_all", group="分层", help="把手工定的等级全部交还计算", example=ALL_BACK, roles=(*FRONT, *OPS)
)
def give_back_all(ctx: Context, meaning: Meaning) -> None:
    """Ask first: it cannot be taken back. Who has no book is told whom to ask."""
    if ctx.user.role not in FRONT:
        raise NotAllowed(WHO_GIVES_BACK)
    count, differing = ctx.uow.tiers.count_by_hand(now_in_force(ctx))
    if not count:
        ctx.say(NONE)
        return
    ctx.ask_to_confirm(
        f"{count} 位客户手工定的等级都交还给按资产计算，其中 {differing} 位马上会换等级；交还以后不能撤销。",
        "tier.give_back_all",
    )


@confirmed("tier.give_back_all")
def give_back_all_now(ctx: Context, data: Mapping[str, Any]) -> None:
    """Give them back after 确认, and compute them."""
    given, moved = give_back(ctx.uow, ctx.zone)
    ctx.wrote_for_good("交还手工定的等级")
    ctx.say(f"已交还 {given} 位客户的等级，{moved} 位换了等级。发送「分层变动 今天」看名单。")
