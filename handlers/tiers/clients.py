"""The tiers of clients: why one has the tier that he has, given back to the computation, and who moved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from config.pack import TierScheme
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import FRONT, READERS, command
from handlers.tier_words import NO_TIER, change_text, floor_text, move_text, moved_text, named
from handlers.tiers import by_condition
from handlers.tiers.forms import now_in_force
from reminders.calendar import day_bounds
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.tiers import Moves, TierChange
from storage.model.values import money_text
from storage.tiers import Standard

LOOK_BACK = timedelta(days=30)
MOST_MOVERS, LINES_OF_HISTORY, LINES_OF_MOVES = 50, 5, 12


@command(
    "tier.why", group="分层", help="看客户为什么是这个等级", example="为什么 王芳 贵宾", client=True, roles=READERS
)
def why(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Who set the tier by hand, or from which assets and by which standard it was computed, and what came before."""
    asked = meaning.get("tier")
    if (other := _other_scheme(ctx, asked)) is not None:
        ctx.uow.audit.read("client", client.id, client_id=client.id, section="tiers")
        ctx.say("\n".join(by_condition.why(ctx, client, other, asked or client.value(other.name) or "")))
        return
    standard = now_in_force(ctx)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="tiers")
    tier = client.value(standard.scheme)
    lines = []
    if asked and asked in standard.floors and asked != tier:
        lines.append(f"「{client.name}」现在不是「{asked}」。")
    history = [change for change in ctx.uow.tiers.of_client(client.id) if change.scheme == standard.scheme]
    lines.append(f"「{client.name}」的{standard.label}：{tier or NO_TIER}")
    lines.append(_because(ctx, client, standard, history))
    lines += _by_assets(ctx, client, standard)
    if history:
        lines.append("变动，新的在前：")
        lines += [change_text(ctx, change, with_day=True) for change in history[:LINES_OF_HISTORY]]
    ctx.say("\n".join(lines))


def _other_scheme(ctx: Context, asked: str | None) -> TierScheme | None:
    """The scheme of a tier that does not go by assets; where none does, the one by conditions."""
    if asked is None:
        return next(iter(ctx.packs.condition_schemes), None) if ctx.packs.asset_scheme is None else None
    scheme = ctx.packs.scheme_of(asked)
    return scheme if scheme is not None and not scheme.by_assets else None


def _because(ctx: Context, client: Client, standard: Standard, history: list[TierChange]) -> str:
    hand = ctx.uow.tiers.set_by(client.id)
    if hand is not None:
        set_on = next((f" {ctx.local(c.at):%Y-%m-%d}" for c in history if c.reason == "hand"), "")
        back = f"要按资产算，发送「{client.name} 分层 按资产」。"
        return f"原因：{named(ctx, hand)}{set_on} 手工定的，不随资产和分层标准变。{back}"
    if client.aum is None:
        return "原因：没有登记管理资产，保持原来的等级。"
    if client.stage == "lost":
        return "原因：已流失的客户保持原来的等级。"
    computed = next((change for change in history if change.reason != "hand"), None)
    if computed is not None and computed.became == client.value(standard.scheme):
        return f"原因：{_computed_text(ctx, computed)}，{ctx.local(computed.at):%Y-%m-%d}。"
    return "原因：登记时的等级，按资产算没有变过。"


def _by_assets(ctx: Context, client: Client, standard: Standard) -> list[str]:
    """What the standard in force makes of the assets, for whoever may see them."""
    if client.aum is None or not _sees_assets(ctx):
        return []
    tier = standard.tier_for(client.aum)
    return [
        f"按现在的标准（v{standard.version}）：管理资产 {money_text(client.aum)}，"
        f"「{tier.name}」{floor_text(tier.assets_from or 0)}。"
    ]


def _sees_assets(ctx: Context) -> bool:
    return ctx.uow.dictionary.may(ctx.user.role, "see", ctx.uow.dictionary.field("client", "aum"))


def _computed_text(ctx: Context, change: TierChange) -> str:
    has = f"管理资产 {money_text(change.amount)}，" if change.amount is not None and _sees_assets(ctx) else ""
    return f"{has}按分层标准 v{change.version} 计算"


# ---------------------------------------------------------------- given back


@command("tier.give_back", group="分层", help="把等级交还给按资产计算", example="王芳 分层 按资产", client=True)
def give_back(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What somebody set by hand goes by the assets again, from now on; or by the conditions, where that was said."""
    if meaning.get("way") == "condition":
        by_condition.give_back(ctx, client)
        return
    standard = ctx.uow.standards.held() or now_in_force(ctx)
    if ctx.uow.tiers.set_by(client.id) is None:
        ctx.say(f"「{client.name}」的等级本来就是按资产计算的，没有改动。发送「为什么 {client.name} 等级」看原因。")
        return
    was = client.value(standard.scheme)
    became = ctx.uow.tiers.give_back(client, standard)
    moved = moved_text(was, became) if was != became else f"仍是{became or NO_TIER}"
    waits = "，登记管理资产以后会重算" if client.aum is None else ""
    ctx.wrote(f"「{client.name}」的等级交还给按资产计算：{moved}{waits}。", f"交还「{client.name}」的等级")


# ---------------------------------------------------------------- who moved


@command("tier.moves", group="分层", help="看谁的等级变了", example="分层变动 本月", roles=READERS)
def moves(ctx: Context, meaning: Meaning) -> None:
    """How many clients in scope went from which tier to which, and who they are; of 30 days, or since the day said."""
    if not ctx.packs.condition_schemes:
        now_in_force(ctx)
    since = _since(ctx, meaning)
    start = day_bounds(since, ctx.zone)[0]
    counted, found = ctx.uow.tiers.moves_since(start), ctx.uow.tiers.moved_since(start, MOST_MOVERS)
    if not found:
        ctx.say(f"{since} 以来没有客户的等级变动。")
        return
    total = sum(move.count for move in counted)
    part = f"（列最近 {len(found)} 次）" if total > len(found) else ""
    summary = [move_text(move) for move in _together(counted)[:LINES_OF_MOVES]]
    head = "\n".join([f"等级变动（{since} 以来）{total} 次{part}：", *summary, "回复序号看客户。"])
    owners = {user.id: user.name for user in ctx.uow.users.team()} if ctx.user.role in FRONT else {}
    show_lines(ctx, "movers", head, [
        {
            "client_id": mover.client_id, "name": mover.name, "line": " ".join(filter(None, [
                mover.name, f"{mover.was or NO_TIER}→{mover.became or NO_TIER}",
                money_text(mover.amount) if mover.amount is not None and _sees_assets(ctx) else "",
                f"（{owners[mover.owner_id]}）" if mover.owner_id != ctx.user.id and mover.owner_id in owners else "",
            ])),
        }
        for mover in found
    ])  # fmt: skip


def _since(ctx: Context, meaning: Meaning) -> date:
    """The first day that was said. Raises Invalid for one that there is not, or not yet."""
    said = meaning.get("range")
    if not isinstance(said, When):
        return ctx.today - LOOK_BACK
    if said.problem == "impossible":
        raise Invalid(f"没有「{said.text}」这一天。请核对日期再说一次，例如「分层变动 本月」。")
    if said.date > ctx.today:
        raise Invalid(f"{said.date} 还没有到，没有变动可看。例如「分层变动 本月」「分层变动 近30天」。")
    return said.date


def _together(counted: list[Moves]) -> list[Moves]:
    """The same for all advisers together, the most frequent first."""
    sums: dict[tuple[str | None, str], tuple[int, Decimal]] = {}
    for move in counted:
        count, amount = sums.get((move.was, move.became), (0, Decimal(0)))
        sums[move.was, move.became] = count + move.count, amount + move.amount
    found = [Moves("", was, became, False, count, amount) for (was, became), (count, amount) in sums.items()]
    return sorted(found, key=lambda move: -move.count)
