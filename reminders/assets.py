"""Assets of a client over time, how far it is to the next tier, and the morning look at whose assets fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from config.pack import Signal, Tier
from reminders.calendar import DAY, day_bounds
from reminders.figures import months_back
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.people import Client
from storage.model.values import money_text
from storage.repositories.assets import AssetRepository, Moved
from storage.tiers import Standard

CATEGORY = "assets"
WEIGHT = 85
NEAR = Decimal("0.1")  # a border of a tier within a tenth of it is near


@dataclass(frozen=True, slots=True)
class Border:
    """The tier that a client's assets make, and the border above and below it in yuan."""

    tier: Tier
    above: Tier | None
    to_rise: Decimal
    to_fall: Decimal

    @property
    def is_near(self) -> bool:
        """Whether a tenth more or less would change the tier."""
        up = self.above is not None and self.to_rise <= NEAR * (self.above.assets_from or 0)
        floor = self.tier.assets_from or 0
        return up or bool(floor and self.to_fall <= NEAR * floor)


def border_of(standard: Standard, amount: Decimal) -> Border:
    """Where an amount stands among the tiers of a standard."""
    tier = standard.tier_for(amount)
    above = next(iter(standard.tiers[standard.ranks[tier.name]:]), None)
    to_rise = Decimal(above.assets_from or 0) - amount if above else Decimal(0)
    return Border(tier, above, to_rise, amount - (tier.assets_from or 0))


def by_month(uow: UnitOfWork, client: Client, today: date, months: int = 12) -> list[tuple[str, Decimal | None]]:
    """(month, assets at its end) of a client, this month as it is now; None before anything was known."""
    rows = AssetRepository(uow).of_client(client.id)
    found: list[tuple[str, Decimal | None]] = []
    for month in months_back(today, months):
        known = [amount for since, amount in rows if since <= month.last + DAY]
        found.append((month.words, known[-1] if known else None))
    return [*found[:-1], (found[-1][0], client.aum if client.aum is not None else found[-1][1])]


def look_for_drops(uow: UnitOfWork, zone: ZoneInfo) -> tuple[int, int]:
    """Note what changed, then remind the adviser of each client whose assets fell over the threshold of ops, once in
    so many days as the threshold looks back. (Rows noted, reminders made.)"""
    today, assets = local_date(uow.now, zone), AssetRepository(uow)
    noted = assets.note_changes(today)
    signal = uow.packs.signal("assets_drop")
    if signal is None:
        return noted, 0
    since = today - DAY * signal.days
    fallen = assets.drops(since, day_bounds(since, zone)[0], signal.percent, signal.least)
    told = uow.reminders.told_of(CATEGORY, [moved.client_id for moved in fallen], day_bounds(since, zone)[0])
    new = [moved for moved in fallen if moved.client_id not in told]
    for moved in new:
        _remind(uow, moved, signal, today)
    return noted, len(new)


def _remind(uow: UnitOfWork, moved: Moved, signal: Signal, today: date) -> None:
    client = uow.clients.get(moved.client_id)
    uow.reminders.add(
        receiver_id=moved.owner_id, remind_at=uow.now, due_on=today, category=CATEGORY, weight=WEIGHT, timed=False,
        client=client, text=f"{moved.name} {drop_words(moved, signal.days)}，请联系",
    )


def drop_words(moved: Moved, days: int) -> str:
    """管理资产 30 天降了 25%（120 万元 → 90 万元）"""
    return f"管理资产 {days} 天降了 {-(moved.percent or 0)}%（{money_text(moved.before)} → {money_text(moved.now)}）"


def border_words(border: Border, tier: str | None) -> Sequence[str]:
    """What an amount means for the tier: the distance to the next one, the border that is near, a tier that differs."""
    lines = []
    if border.above is not None:
        start = money_text(Decimal(border.above.assets_from or 0))
        lines.append(f"离「{border.above.name}」（{start}起）还差 {money_text(border.to_rise)}")
    else:
        lines.append(f"已是最高一档「{border.tier.name}」")
    floor = Decimal(border.tier.assets_from or 0)
    if floor and border.to_fall <= NEAR * floor:
        lines.append(f"临界：再少 {money_text(border.to_fall)} 就低于「{border.tier.name}」的起点")
    elif border.is_near:
        lines.append("临界：很快就到下一档")
    if tier and tier != border.tier.name:
        lines.append(f"现在登记的等级是「{tier}」，按管理资产是「{border.tier.name}」")
    return lines
