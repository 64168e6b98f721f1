"""Assets under management: one client's over the year (刘洋 AUM), and whose moved most (AUM 变动 前10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from handlers.context import Context
from handlers.figure_words import whose_said
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.reminder_giving import colleague
from handlers.router import FRONT, READERS, command
from reminders.answers import in_words
from reminders.assets import border_of, border_words, by_month
from reminders.calendar import DAY, day_bounds
from reminders.questions import TEAM
from storage.model.charts import Chart
from storage.model.contracts import Contract
from storage.model.errors import NotAllowed
from storage.model.messages import Picture
from storage.model.people import Client
from storage.model.values import money_text, short_money
from storage.repositories.assets import AssetRepository, Moved

DEBTS = frozenset({"loan", "lease"})
HELD = frozenset({"deposit", "wealth", "fund"})
MOVERS, MOST_MOVERS, LOOK_BACK = 10, 50, 30
HIDDEN = "管理资产您无权查看。"


@command("assets.lookup", group="客户", help="一位客户的管理资产和趋势", example="刘洋 AUM", roles=READERS, client=True)
def lookup(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What a client has now, the change since last month, the year behind it, the next tier, assets and debts."""
    if not ctx.uow.dictionary.may(ctx.user.role, "see", ctx.uow.dictionary.field("client", "aum")):
        raise NotAllowed(HIDDEN)
    if client.aum is None:
        ctx.say(f"「{client.name}」还没有登记管理资产。登记请发送「{client.name} 管理资产 50万」。")
        return
    months = by_month(ctx.uow, client, ctx.today)
    tier = client.bank_tier or client.insurance_tier
    head = f"{client.name} 管理资产 {money_text(client.aum)}{f'（{tier}）' if tier else ''}"
    lines = [head, _since_last(months)]
    if standard := ctx.uow.standards.in_force().standard:
        lines += border_words(border_of(standard, client.aum), client.value(standard.scheme))
    lines += _balance(ctx, ctx.uow.contracts.of_client(client.id), client)
    chart = _chart(client.name, months)
    known = len(chart.labels) > 1
    lines.append(f"近 {len(chart.labels)} 个月：{in_words(chart)}" if known else "历史从登记后的第二天开始记。")
    ctx.say("\n".join(lines))
    if known:
        ctx.show(Picture(chart, f"「{chart.title}」的图没能发出，数字以上面的文字为准。"))


@command("assets.movers", group="客户", help="谁的管理资产变动最大", example="AUM 变动 前10", roles=FRONT)
def movers(ctx: Context, meaning: Meaning) -> None:
    """The clients whose assets changed most in 30 days, or since the day said; in the own book or the team."""
    said, name = meaning.get("range"), meaning.get("member")
    since = said.date if isinstance(said, When) and said.problem != "impossible" else ctx.today - DAY * LOOK_BACK
    since = min(since, ctx.today)
    owner = colleague(ctx, str(name)).id if name else "" if whose_said(ctx) == TEAM else ctx.user.id
    most = min(MOST_MOVERS, max(1, int(meaning.get("count") or MOVERS)))
    found = AssetRepository(ctx.uow).movers(since, day_bounds(since, ctx.zone)[0], most, owner)
    if not found:
        ctx.say(f"{since} 以来没有客户的管理资产有变动。")
        return
    head = f"管理资产变动（{since} 以来，按金额排，前 {len(found)} 位）。回复序号看客户。"
    names = {user.id: user.name for user in ctx.uow.users.team()}
    show_lines(ctx, "movers", head, [
        {"client_id": m.client_id, "name": m.name, "line": _line(m, names.get(m.owner_id, "") if not owner else "")}
        for m in found
    ])


def _line(moved: Moved, owner: str) -> str:
    sign, percent = "+" if moved.change > 0 else "−", moved.percent
    share = "新登记" if percent is None else f"{percent:+d}%".replace("-", "−")
    amounts = f"{sign}{money_text(abs(moved.change))}（{share}，现 {money_text(moved.now)}）"
    return " ".join(filter(None, [moved.name, moved.tier, amounts, owner]))


def _since_last(months: Sequence[tuple[str, Decimal | None]]) -> str:
    before, now = months[-2][1], months[-1][1]
    if before is None or now is None:
        return "上月末没有登记，暂时没有可比的数"
    change = now - before
    if not change:
        return f"和上月末一样（{money_text(before)}）"
    share = f"，{change / before * 100:+.1f}%".replace("-", "−") if before else ""
    return f"比上月末{'增加' if change > 0 else '减少'} {money_text(abs(change))}（{money_text(before)}{share}）"


def _balance(ctx: Context, contracts: Iterable[Contract], client: Client) -> list[str]:
    """Assets by kind, debts and what is left, as far as contracts are registered where the client is the holder."""
    own = [c for c in contracts if c.client_id == client.id and c.state in ctx.packs.kind(c.kind).open_states]
    held, owed = _sums(ctx, own, HELD), _sums(ctx, own, DEBTS)
    lines = [f"登记的资产：{_named(held)}"] if held else []
    if owed:
        lines.append(f"负债：{_named(owed)}")
        net = (client.aum or Decimal(0)) - sum(owed.values())
        lines.append(f"净资产（管理资产 − 负债）：{money_text(net)}")
    return lines


def _named(sums: Mapping[str, Decimal]) -> str:
    return "，".join(f"{label} {money_text(value)}" for label, value in sums.items())


def _sums(ctx: Context, contracts: Iterable[Contract], kinds: frozenset[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for contract in contracts:
        value = contract.balance if contract.balance is not None else contract.amount
        if contract.kind in kinds and value:
            label = ctx.packs.kind(contract.kind).label
            found[label] = found.get(label, Decimal(0)) + value
    return found


def _chart(name: str, months: Sequence[tuple[str, Decimal | None]]) -> Chart:
    known = [(month, amount) for month, amount in months if amount is not None]
    return Chart(
        "columns", f"{name} 管理资产，近 {len(known)} 个月", tuple(month for month, _ in known),
        tuple(float(amount) for _, amount in known), tuple(short_money(amount) for _, amount in known),
    )
