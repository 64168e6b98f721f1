"""Tags that follow from a condition of the packs, computed every morning."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from reminders.rule_conditions import dictionary_of
from storage.conditions import View, compiled, describe, read
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.messages import cut
from storage.model.people import SYSTEM
from storage.repositories.earned_tags import EarnedTagRepository

LONGEST = 600  # of a condition in words, as the table keeps it


def recompute(uow: UnitOfWork, zone: ZoneInfo) -> tuple[int, int]:
    """How many tags were given, and how many taken away. A day that was missed is made good by the next."""
    today = local_date(uow.now, zone)
    view, dictionary = View(uow.packs, today, zone), dictionary_of(uow.packs)
    trees = {tag.name: read(tag.when, dictionary, SYSTEM.role, today) for tag in uow.packs.earned_tags if tag.when}
    conditions = {name: (compiled(tree, view), cut(describe(tree), LONGEST)) for name, tree in trees.items()}
    return EarnedTagRepository(uow).compute(conditions, today)
