"""What a tier standard would do, beside the one in force (试算)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from handlers.context import Context
from handlers.rules.trying import masked
from handlers.tier_words import NO_TIER, move_text
from storage.model.tiers import Mover, Moves
from storage.model.values import short_money
from storage.tiers import Standard

MOST_ADVISERS, SAMPLES = 10, 3
NOBODY_TOLD = "批准后按新标准重算并记进客户的历史，顾问在早报里看到；客户不会收到通知。"


def trial_text(ctx: Context, standard: Standard, *, names: bool = True) -> str:
    """How many clients would enter and leave each tier, whose they are, what they have, and samples.

    Clients' names are told to those who may see all clients, and not in what goes to others (`names` False)."""
    moves = ctx.uow.tiers.would_move(standard)
    going, staying = [m for m in moves if not m.by_hand], sum(m.count for m in moves if m.by_hand)
    count = sum(move.count for move in going)
    ctx.uow.audit.record("try", "tier_standard", standard.scheme, hits=count)
    lines = [f"试算：{count} 位客户会换等级，管理资产合计 {_money(going)}。" if count else "试算：没有客户会换等级。"]
    if count:
        lines += [*_by_tier(going, standard), *_by_adviser(ctx, going), *_samples(ctx, standard, names=names)]
    lines += [f"另有 {staying} 位的等级是手工定的，不随标准变；发送「手工分层」看在谁名下。"] if staying else []
    return "\n".join([*lines, NOBODY_TOLD])


def _money(moves: Iterable[Moves]) -> str:
    return f"{short_money(sum((move.amount for move in moves), Decimal(0)))}元"


def _by_tier(moves: Sequence[Moves], standard: Standard) -> list[str]:
    """贵宾：进 0 位；出 9 位，490万元"""
    lines = []
    for tier in reversed(standard.tiers):
        entering = [move for move in moves if move.became == tier.name]
        leaving = [move for move in moves if move.was == tier.name]
        if entering or leaving:
            lines.append(f"{tier.name}：进 {_counted(entering)}；出 {_counted(leaving)}")
    return lines


def _counted(moves: Sequence[Moves]) -> str:
    count = sum(move.count for move in moves)
    return f"{count} 位，{_money(moves)}" if count else "0 位"


def _by_adviser(ctx: Context, moves: Sequence[Moves]) -> list[str]:
    by_owner: dict[str, list[Moves]] = {}
    for move in moves:
        by_owner.setdefault(move.owner_id, []).append(move)
    most = sorted(by_owner, key=lambda owner: -sum(move.count for move in by_owner[owner]))
    names = {user.id: user.name for user in ctx.uow.users.all()}
    lines = [
        f"{names.get(owner, owner)}：{'；'.join(map(move_text, by_owner[owner]))}" for owner in most[:MOST_ADVISERS]
    ]
    rest = [move for owner in most[MOST_ADVISERS:] for move in by_owner[owner]]
    more = [f"其余 {len(most) - MOST_ADVISERS} 位顾问：{_counted(rest)}"] if rest else []
    return ["按顾问：", *lines, *more]


def _samples(ctx: Context, standard: Standard, *, names: bool) -> list[str]:
    names = names and ctx.uow.scope == "all"
    found = ctx.uow.tiers.would_move_first(standard, SAMPLES)
    if names:
        ctx.uow.audit.listed("client", [(mover.client_id, mover.client_id) for mover in found], section="tiers")
    return [f"样本 {n}：{_sample(ctx, mover, names=names)}" for n, mover in enumerate(found, 1)]


def _sample(ctx: Context, mover: Mover, *, names: bool) -> str:
    owner = ctx.uow.users.find(mover.owner_id)
    name = mover.name if names else masked(mover.name)
    amount = f"{short_money(mover.amount)}元，" if mover.amount is not None else ""
    return f"{name}，{amount}{mover.was or NO_TIER}→{mover.became}，{owner.name if owner else mover.owner_id}"
