"""Who stands near the border of a tier (R129): listed when asked, and told in one line of the adviser's brief, once for
each time that somebody comes near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from reminders.assets import NEAR
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Conflict
from storage.model.work import Reminder
from storage.repositories.assets import AssetRepository, Span
from storage.tiers import Standard

Way = Literal["up", "down"]
WAYS: Sequence[Way] = ("up", "down")
CATEGORY, WEIGHT = "border", 25
WORDS: Mapping[str, str] = {"up": "快升档", "down": "快降档"}


def spans(standard: Standard, way: Way, tier: str = "") -> list[Span]:
    """What lies within a tenth of the floors of a standard (of one tier, if named): below them, or above."""
    floors = [floor for name, floor in standard.floors.items() if floor and tier in ("", name)]
    if way == "up":
        return [(int(floor * (1 - NEAR)), floor) for floor in floors]
    return [(floor, int(floor * (1 + NEAR)) + 1) for floor in floors]


def look_for_borders(uow: UnitOfWork, zone: ZoneInfo) -> int:
    """Tell the advisers how many of their clients came near a border by what was noted this morning; how many did."""
    standard = uow.standards.in_force().standard
    if standard is None:
        return 0
    today, assets = local_date(uow.now, zone), AssetRepository(uow)
    found: dict[str, dict[str, int]] = {
        way: assets.came_near(today, near) for way in WAYS if (near := spans(standard, way))
    }
    told = uow.reminders.open_notices(CATEGORY)
    for owner in sorted({owner for counts in found.values() for owner in counts}):
        counts = {way: found.get(way, {}).get(owner, 0) for way in WORDS}
        _tell(uow, owner, counts, told.get(owner), today)
    return sum(sum(counts.values()) for counts in found.values())


def _tell(uow: UnitOfWork, owner: str, counts: Mapping[str, int], before: Reminder | None, today: date) -> None:
    """One open line for each adviser, which counts on until he puts it away."""
    if before is not None:
        sums = {way: count + int(before.data.get(way, 0)) for way, count in counts.items()}
        try:
            uow.reminders.retell(before, _words(sums), dict(sums), today)
            return
        except Conflict:  # he has put it away a moment ago
            pass
    uow.reminders.add(
        receiver_id=owner, remind_at=uow.now, due_on=today, category=CATEGORY, weight=WEIGHT, timed=False,
        text=_words(counts), data=dict(counts),
    )


def _words(counts: Mapping[str, int]) -> str:
    """快升档 2、快降档 1，看「快升档」: short enough for one line of the brief, which is cut."""
    parts: Sequence[str] = [f"{word} {counts[way]}" for way, word in WORDS.items() if counts[way]]
    return f"{'、'.join(parts)}，看「{WORDS['up' if counts['up'] else 'down']}」"
