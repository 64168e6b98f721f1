"""Tiers follow the assets: computed every morning and when the standard changes; and in schemes by conditions these,
every morning. Advisers are told in one line of their brief; clients never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, case, literal, null

from config.pack import TierScheme
from reminders.rule_conditions import dictionary_of
from storage.conditions import View, compiled, read
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Conflict
from storage.model.people import SYSTEM
from storage.model.tiers import Moves, TierReason, rises
from storage.model.work import Reminder

CATEGORY = "tier"
WEIGHT = 20


def recompute(uow: UnitOfWork, reason: TierReason, zone: ZoneInfo) -> int:
    """Give every client the tier of the standard in force, and tell the advisers; how many clients changed. A second
    run changes nothing, and a day that was missed is made good by the next."""
    standard = uow.standards.held()
    change_id = None if standard is None else uow.tiers.compute(standard, reason)
    if standard is None or change_id is None:
        return 0
    moves = uow.tiers.moves_of(change_id)
    _tell(uow, moves, standard.ranks, zone)
    return sum(move.count for move in moves)


def recompute_by_conditions(uow: UnitOfWork, zone: ZoneInfo) -> int:
    """Give every client whose tier no hand has set the one that the conditions of the packs make, and tell the
    advisers of whom it moved; how many changed. A first tier is no move to tell of: on the morning on which conditions
    are switched on everybody gets one. A second run changes nothing."""
    moved = 0
    for scheme in uow.packs.condition_schemes:
        change_id = uow.tiers.compute_by_conditions(scheme.name, made_by(uow, scheme, zone))
        if change_id is not None:
            moves = uow.tiers.moves_of(change_id)
            ranks = {tier.name: tier.rank for tier in scheme.tiers}
            _tell(uow, [move for move in moves if move.was is not None], ranks, zone)
            moved += sum(move.count for move in moves)
    return moved


def made_by(uow: UnitOfWork, scheme: TierScheme, zone: ZoneInfo) -> ColumnElement[str]:
    """For a row of `clients`: the first tier from the top whose condition holds; else the one that has no condition,
    where there is one."""
    today, dictionary = local_date(uow.now, zone), dictionary_of(uow.packs)
    view = View(uow.packs, today, zone)
    steps = [
        (compiled(read(tier.when, dictionary, SYSTEM.role, today), view), literal(tier.name, String))
        for tier in scheme.from_the_top if tier.when is not None
    ]
    left = [tier.name for tier in scheme.tiers if tier.when is None]
    return case(*steps, else_=literal(left[0], String) if left else null())


def give_back_all(uow: UnitOfWork, zone: ZoneInfo) -> tuple[int, int]:
    """Give the tiers that hands have set in the actor's scope to the computation, and tell the other advisers whose
    clients moved; how many were given back, and how many of them changed."""
    standard = uow.standards.held()
    change_id = None if standard is None else uow.tiers.give_back_all(standard)
    if standard is None or change_id is None:
        return 0, 0
    given = uow.tiers.moves_of(change_id)
    moved = [move for move in given if (move.was or "") != move.became]
    _tell(uow, [move for move in moved if move.owner_id != uow.actor.user_id], standard.ranks, zone)
    return sum(move.count for move in given), sum(move.count for move in moved)


def counted(moves: Iterable[Moves], ranks: Mapping[str, int]) -> tuple[int, int]:
    """How many clients went up, and how many down."""
    counts = Counter[bool]()
    for move in moves:
        counts[rises(move.was, move.became, ranks)] += move.count
    return counts[True], counts[False]


def _tell(uow: UnitOfWork, moves: Iterable[Moves], ranks: Mapping[str, int], zone: ZoneInfo) -> None:
    """One open line for each adviser: what has moved since he put the last one away."""
    today, told = local_date(uow.now, zone), uow.reminders.open_notices(CATEGORY)
    by_owner: dict[str, list[Moves]] = {}
    for move in moves:
        by_owner.setdefault(move.owner_id, []).append(move)
    for user in uow.users.all():
        if not (mine := by_owner.get(user.id)):
            continue
        before = told.get(user.id)
        up, down = counted(mine, ranks)
        counts = {"up": up, "down": down}
        if before is not None and _told_more(uow, before, counts, today):
            continue
        uow.reminders.add(
            receiver_id=user.id, remind_at=uow.now, due_on=today, category=CATEGORY, weight=WEIGHT, timed=False,
            text=_words(counts), data=counts,
        )


def _told_more(uow: UnitOfWork, before: Reminder, counts: Mapping[str, int], today: date) -> bool:
    """Count on in an open line; False when its receiver has put it away a moment ago."""
    sums = {name: count + int(before.data.get(name, 0)) for name, count in counts.items()}
    try:
        uow.reminders.retell(before, _words(sums), sums, today)
    except Conflict:
        return False
    return True


def _words(counts: Mapping[str, int]) -> str:
    """分层变动：升 1 位、降 2 位，发送「分层变动」看名单"""
    parts = [f"{word} {counts[name]} 位" for name, word in (("up", "升"), ("down", "降")) if counts[name]]
    return f"分层变动：{'、'.join(parts)}，发送「分层变动」看名单"
