"""The tier standard, and what became of a client's tier, in words."""

from __future__ import annotations

from handlers.context import Context
from storage.model.tiers import Moves, TierChange
from storage.model.values import money_text, short_money
from storage.tiers import Standard

NAME = "分层标准"
NO_STANDARD = "业务包里没有按管理资产分的等级，没有可以改的分层标准。"
NO_TIER = "未分层"


def floor_text(yuan: int) -> str:
    """50 万元起 · 0 起"""
    return f"{money_text(yuan)}起" if yuan else "0 起"


def changes_text(before: Standard, after: Standard) -> str:
    """贵宾 50 万元起 → 60 万元起；…, highest first; "" when nothing changes."""
    return "；".join(
        f"{name} {floor_text(before.floors.get(name, 0))} → {floor_text(yuan)}"
        for name, yuan in reversed(list(after.floors.items())) if before.floors.get(name) != yuan
    )


def rows_of(standard: Standard) -> dict[str, str]:
    """50 万元起 by 贵宾, highest first."""
    return {name: floor_text(yuan) for name, yuan in reversed(list(standard.floors.items()))}


def move_text(move: Moves) -> str:
    """贵宾→优质 5 位，271万元"""
    return f"{move.was or NO_TIER}→{move.became or NO_TIER} {move.count} 位，{short_money(move.amount)}元"


def change_text(ctx: Context, change: TierChange, *, with_day: bool = False) -> str:
    """贵宾 → 优质（管理资产变动，分层标准 v1） for a time line; with its day before it."""
    said = {
        "hand": f"{named(ctx, change.set_by)} 手工定", "given_back": f"{named(ctx, change.set_by)} 交还计算",
        "condition": "按条件算",
        "standard": f"分层标准改为 v{change.version}", "assets": f"资产变动，分层标准 v{change.version}",
    }[change.reason]
    day = f"{ctx.local(change.at):%Y-%m-%d} " if with_day else ""
    return f"{day}{moved_text(change.was, change.became)}（{said}）"


def moved_text(was: str | None, became: str | None) -> str:
    """贵宾 → 优质; 贵宾 for one that stayed."""
    return became or NO_TIER if was == became else f"{was or NO_TIER} → {became or NO_TIER}"


def named(ctx: Context, user_id: str | None) -> str:
    """The member's name; the product itself where nobody did it."""
    user = ctx.uow.users.find(user_id) if user_id else None
    return user.name if user else user_id or "系统"
